import type { MeasuredTask, ShotCondition } from '../../core/index.js'

/** `0.41 nats` */
export const nats = (value: number): string =>
  `${value.toFixed(2).replace('-0.00', '0.00').replace('-', '−')} nats`

/**
 * Whether made-up rules are shown to be learned: by accuracy behind the most shots alone. One measure, named before, so
 * that a model that guesses passes in one of forty cases at 95 %.
 */
export function learnsRules({ shots, chance }: MeasuredTask): boolean {
  const accuracy = shots.at(-1)?.accuracy
  return accuracy?.kind === 'estimate' && accuracy.interval.low > chance
}

/** What a curve's shots say, for legends and tables. */
export const SAYS: Readonly<Record<ShotCondition, string>> = {
  given: 'shots as they are',
  flipped: 'wrong labels',
  symbols: 'labels renamed',
  shuffled: 'labels dealt anew',
  'true-statement': 'true statement',
}
