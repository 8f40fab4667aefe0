import { groupBy } from '../../collections.js'
import { inverseGram, leastSquares } from '../../linear/index.js'
import { mean, studentQuantile } from '../../stats/index.js'
import type { Measured } from './measured.js'

/** Checkpoints from before the decay of the learning rate: they score below a finished run of as many tokens. */
export interface Undecayed {
  /** How it is known. */
  readonly toldBy: 'schedule' | 'loss' | 'accuracy'
  readonly runs: number
  readonly is: (point: Measured) => boolean
}

/** Shares of a run's length between which its own trend is read: past the warm-up, before a usual decay. */
const TREND = { from: 0.3, to: 0.8 } as const
/** Fewer checkpoints there tell no trend (three coefficients and their error). */
const LEAST_CHECKPOINTS = 6
/** A jump is this improbable under the run's own scatter … */
const LEVEL = 0.999
/** … and at least so large, in nats or in accuracy: less is of no use to a forecast. */
const LEAST_JUMP = { loss: 0.02, accuracy: 0.015 } as const

interface Series {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly toldBy: 'loss' | 'accuracy'
}

function keyOf(p: Measured): string {
  return `${p.family ?? ''}\u0000${p.run}`
}

/** A run's loss, else its mean accuracy over the benchmarks that every checkpoint has, on the trend's part and at the end. */
function seriesOf(points: readonly Measured[], length: number): Series | null {
  const isIn = (p: Measured): boolean =>
    p.flops === length || (p.flops >= TREND.from * length && p.flops <= TREND.to * length)
  const steps = [...groupBy(points.filter(isIn), (p) => p.flops)].sort(([a], [b]) => a - b)
  if (steps.length <= LEAST_CHECKPOINTS) return null
  const x = steps.map(([flops]) => Math.log(flops / length))
  const losses = steps.map(([, own]) => own.find((p) => p.loss !== null)?.loss ?? null)
  if (!losses.includes(null)) return { x, y: losses.map((l) => -(l ?? 0)), toldBy: 'loss' }
  const names = [...new Set(steps[0][1].map((p) => p.benchmark))].filter((name) =>
    steps.every(([, own]) => own.some((p) => p.benchmark === name)),
  )
  if (names.length === 0) return null
  const wanted = new Set(names)
  const y = steps.map(([, own]) => mean(own.filter((p) => wanted.has(p.benchmark)).map((p) => p.accuracy)))
  return { x, y, toldBy: 'accuracy' }
}

/**
 * Whether the last point lies above the parabola in ln C through those before it, by Student's t of a regression that
 * gives it a coefficient of its own. A cosine's slow bend is in the parabola; a late, linear decay is not.
 */
function jumps({ x, y, toldBy }: Series): boolean {
  const columns = [x.map(() => 1), x, x.map((v) => v * v), x.map((_, i) => (i === x.length - 1 ? 1 : 0))]
  const { coefficients, squares } = leastSquares(columns, y)
  const { inverse } = inverseGram(columns)
  const degrees = x.length - columns.length
  if (inverse === null || degrees < 1) return false
  const deviation = Math.sqrt((squares / degrees) * inverse[15])
  return coefficients[3] > Math.max(LEAST_JUMP[toldBy], studentQuantile(LEVEL, degrees) * deviation)
}

/**
 * Undecayed checkpoints of a table, or null where none are recognised: by the sources of rows whose schedule says so, else
 * where the loss (or accuracy) of at least half of the runs with enough checkpoints jumps at their end; then of every
 * checkpoint but a run's last.
 *
 * @param told sources of rows that a column of the table tells to be from before the decay
 */
export function undecayedCheckpoints(
  points: readonly Measured[],
  told: ReadonlySet<string>,
): Undecayed | null {
  const own = points.filter((p) => told.has(p.source))
  if (own.length > 0)
    return {
      toldBy: 'schedule',
      runs: new Set(own.map(keyOf)).size,
      is: (p) => told.has(p.source),
    }
  const runs = groupBy(points, keyOf)
  const lengths = new Map([...runs].map(([key, run]) => [key, Math.max(...run.map((p) => p.flops))]))
  const series = [...runs].flatMap(([key, run]) => seriesOf(run, lengths.get(key) ?? 0) ?? [])
  const jumped = series.filter(jumps)
  if (jumped.length === 0 || 2 * jumped.length < series.length) return null
  return {
    toldBy: jumped[0].toldBy,
    runs: jumped.length,
    is: (p) => p.flops < (lengths.get(keyOf(p)) ?? 0),
  }
}
