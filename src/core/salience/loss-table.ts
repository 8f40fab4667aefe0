import type { Span } from '../evidence/index.js'
import type { Random } from '../random/index.js'

export type { Span }

/** A model (or a checkpoint of a run) whose losses are known. Checkpoints of one run, and sizes of one series, are one family. */
export interface SalienceModel {
  readonly id: string
  readonly family: string
  /** Parameters and training tokens, or null where unknown. */
  readonly params: number | null
  readonly tokens: number | null
}

/** What a set of models loses on one text. */
export interface LossTable {
  readonly models: readonly SalienceModel[]
  readonly spans: readonly Span[]
  /** Bits/byte by model, each of shape (spans). */
  readonly losses: readonly Float64Array[]
}

/** Bytes of each span, or equal weights where the table does not tell. Shape (spans). */
export function spanWeights(spans: readonly Span[]): Float64Array {
  const known = spans.every((s) => s.bytes !== null)
  return Float64Array.from(spans, (s) => (known && s.bytes !== null ? s.bytes.end - s.bytes.start : 1))
}

/** Families in the order of their first model, each with the positions of its models. */
export function familiesOf(models: readonly SalienceModel[], among?: readonly number[]): number[][] {
  const groups = new Map<string, number[]>()
  for (const m of among ?? models.keys()) {
    const group = groups.get(models[m].family)
    if (group === undefined) groups.set(models[m].family, [m])
    else group.push(m)
  }
  return [...groups.values()]
}

/** Families dealt at random into `folds` groups (or one each, where there are fewer). */
export function familyFolds(families: readonly number[][], folds: number, random: Random): number[][] {
  const order = families.map((_, i) => ({ i, key: random.uniform() })).sort((a, b) => a.key - b.key)
  const groups: number[][] = Array.from({ length: Math.min(folds, families.length) }, () => [])
  order.forEach(({ i }, place) => {
    groups[place % groups.length].push(...families[i])
  })
  return groups
}
