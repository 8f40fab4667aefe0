/** Share of a run's own tokens below which a checkpoint counts as warm-up. */
export const WARM_UP_SHARE = 0.05
/** Share of a run's own tokens from which its schedule counts as decayed. */
export const DECAYED_SHARE = 0.9

interface Checkpointed {
  readonly run: string
  readonly family: string | null
  readonly tokens: number | null
  readonly flops: number
}

/**
 * Keep the checkpoints that a forecast should see. A run's length is the most tokens (or FLOPs) that any of its
 * checkpoints saw; `all` leaves the warm-up out, `decayed` keeps what lies near the end of the schedule,
 * `final` the last one alone.
 */
export function thinCheckpoints<T extends Checkpointed>(
  points: readonly T[],
  keep: 'final' | 'all' | 'decayed',
): T[] {
  const key = (p: T): string => `${p.family ?? ''}\u0000${p.run}`
  const length = new Map<string, number>()
  for (const p of points) length.set(key(p), Math.max(length.get(key(p)) ?? 0, p.flops))
  const share = { final: 1, decayed: DECAYED_SHARE, all: WARM_UP_SHARE }[keep]
  return points.filter((p) => p.flops >= share * (length.get(key(p)) ?? 0))
}
