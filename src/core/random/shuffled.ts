import type { Random } from './random.js'

/** Fisher–Yates shuffle of a copy. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const copy = items.slice()
  for (let i = copy.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const held = copy[i]
    copy[i] = copy[j]
    copy[j] = held
  }
  return copy
}
