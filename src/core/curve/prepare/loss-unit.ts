import type { TrainingRun } from '../../evidence/index.js'
import { median, quantileSorted } from '../../stats/quantile.js'

/** What the numbers in a loss column are; `text` is the unit of every size that the judgement gives. */
export type LossUnit =
  | { readonly kind: 'nats'; readonly text: string }
  | { readonly kind: 'perplexity'; readonly text: string }
  | { readonly kind: 'sum'; readonly text: string; readonly factor: number }

const NATS = 'nats/token'

/** ln of a vocabulary of 1.2 million: a per-token loss that never comes below this is none. */
const NO_TOKEN_LOSS = 14
/** A perplexity begins near the size of the vocabulary and falls to a fiftieth or less. */
const LEAST_VOCABULARY = 1000
const MOST_VOCABULARY = 1e8
const PERPLEXITY_FALL = 50
/** Level that a sum is brought to, by a power of two: near the per-token loss of a language model. */
const USUAL_LOSS = 3

const SAMPLED = 4096

/** Up to twice 4,096 finite values spread evenly over the log, the first ones among them. */
function sample(values: Float64Array): number[] {
  const stride = Math.max(1, Math.floor(values.length / SAMPLED))
  const out: number[] = []
  for (let i = 0; i < values.length; i += i < 3 ? 1 : stride)
    if (Number.isFinite(values[i])) out.push(values[i])
  if (out.length > 0 || stride === 1) return out
  // Sparse columns may be missed by every stride.
  return Array.from(values.filter((v) => Number.isFinite(v)))
}

/**
 * The unit of a run's losses, from their size alone: nats per token unless that cannot be. Bits per token look like
 * nats and are taken as such; every threshold is then 1.44 times as strict.
 */
export function lossUnitOf(run: TrainingRun): LossUnit {
  const finite = sample(run.loss.length > 0 ? run.loss : run.validationLoss)
  if (finite.length === 0) return { kind: 'nats', text: NATS }
  const start = median(finite.slice(0, 3))
  const low = quantileSorted(Float64Array.from(finite).sort(), 0.05)
  const plausible = start >= LEAST_VOCABULARY && start <= MOST_VOCABULARY && finite[0] >= 1
  if (plausible && start >= PERPLEXITY_FALL * low) return { kind: 'perplexity', text: NATS }
  if (low <= NO_TOKEN_LOSS) return { kind: 'nats', text: NATS }
  const factor = 2 ** Math.round(Math.log2(low / USUAL_LOSS))
  return { kind: 'sum', text: `logged loss ÷ ${factor}`, factor }
}

/** The run with its losses per token: the natural logarithm of a perplexity, a share of a sum. */
export function inNats(run: TrainingRun, unit: LossUnit): TrainingRun {
  if (unit.kind === 'nats') return run
  const convert = (v: number): number => (unit.kind === 'perplexity' ? Math.log(v) : v / unit.factor)
  return { ...run, loss: run.loss.map(convert), validationLoss: run.validationLoss.map(convert) }
}
