import { groupBy } from '../../collections.js'
import { mean } from '../../stats/index.js'
import type { Measured } from './measured.js'

/** Share of a run's own tokens below which a checkpoint counts as warm-up. */
export const WARM_UP_SHARE = 0.05
/** Share of a run's own tokens from which its schedule counts as decayed. */
export const DECAYED_SHARE = 0.9
/** Checkpoints of one run that enter a fit: beyond, neighbours are averaged, since they tell the same. */
export const MOST_CHECKPOINTS = 32

const SHARES: Readonly<Record<Checkpoints, number>> = {
  final: 1,
  decayed: DECAYED_SHARE,
  all: WARM_UP_SHARE,
  auto: WARM_UP_SHARE,
}

function meanKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((v) => v !== null)
  return known.length === values.length && known.length > 0 ? mean(known) : null
}

/** Neighbouring checkpoints as one: means of what was measured, geometric means of tokens and FLOPs. */
function averaged<T extends Measured>(points: readonly T[]): T {
  if (points.length === 1) return points[0]
  const last = points[points.length - 1]
  const geometric = (values: readonly (number | null)[]): number | null => {
    const logs = meanKnown(values.map((v) => (v === null ? null : Math.log(v))))
    return logs === null ? null : Math.exp(logs)
  }
  return {
    ...last,
    checkpoint: null,
    accuracy: mean(points.map((p) => p.accuracy)),
    tokens: geometric(points.map((p) => p.tokens)),
    flops: geometric(points.map((p) => p.flops)) ?? last.flops,
    loss: meanKnown(points.map((p) => p.loss)),
    taskLoss: meanKnown(points.map((p) => p.taskLoss)),
  }
}

/** A run's checkpoints in equal steps of ln C; the last one, the run's end, stays by itself. */
function inSteps<T extends Measured>(points: readonly T[]): T[] {
  if (points.length <= MOST_CHECKPOINTS) return [...points]
  const sorted = points.toSorted((a, b) => a.flops - b.flops)
  const last = sorted[sorted.length - 1]
  const low = Math.log(sorted[0].flops)
  const width = (Math.log(last.flops) - low) / (MOST_CHECKPOINTS - 1) || 1
  const steps = groupBy(sorted.slice(0, -1), (p) =>
    Math.min(MOST_CHECKPOINTS - 2, Math.floor((Math.log(p.flops) - low) / width)),
  )
  return [...[...steps.values()].map(averaged), last]
}

/** Which checkpoints of a run a forecast sees; `auto` is `all` without those that are recognised as undecayed. */
export type Checkpoints = 'auto' | 'final' | 'all' | 'decayed'

/**
 * Keep the checkpoints that a forecast should see. A run's length is the most tokens (or FLOPs) that any of its
 * checkpoints saw; `all` leaves the warm-up out, `decayed` keeps what lies near the end of the schedule,
 * `final` the last one alone. Of `all`, a run enters with at most {@link MOST_CHECKPOINTS}.
 */
export function thinCheckpoints<T extends Measured>(points: readonly T[], keep: Checkpoints): T[] {
  const runs = groupBy(points, (p) => `${p.family ?? ''}\u0000${p.run}`)
  return [...runs.values()].flatMap((run) => {
    const length = run.reduce((most, p) => Math.max(most, p.flops), 0)
    const kept = run.filter((p) => p.flops >= SHARES[keep] * length)
    return keep === 'final' ? kept : inSteps(kept)
  })
}
