import type { RunJudgement } from '../judgement.js'

/** Two runs that spike at the same steps: the data (or their order) is the cause. */
export interface SharedSpikes {
  readonly a: string
  readonly b: string
  /** Steps at which both spike. */
  readonly steps: readonly number[]
  /** Spikes of each within the steps that both cover. */
  readonly ofA: number
  readonly ofB: number
  /** How many chance would have put together. */
  readonly expected: number
}

const LEAST_SHARED = 2
const LEAST_SHARE = 0.5

function spikeSteps(judgement: RunJudgement): number[] {
  return judgement.events
    .filter((e) => e.code === 'spike' || e.code === 'slow-recovery')
    .map((e) => e.fromStep)
}

function pair(a: RunJudgement, b: RunJudgement): SharedSpikes | undefined {
  const tolerance = Math.max(a.prepared.interval, b.prepared.interval)
  const from = Math.max(a.prepared.firstStep, b.prepared.firstStep)
  const to = Math.min(a.prepared.lastStep, b.prepared.lastStep)
  const within = (steps: number[]): number[] => steps.filter((s) => s >= from && s <= to)
  const ofA = within(spikeSteps(a))
  const ofB = within(spikeSteps(b))
  const free = new Set(ofB)
  const steps = ofA.filter((s) => {
    const match = [...free].find((o) => Math.abs(o - s) <= tolerance)
    if (match !== undefined) free.delete(match)
    return match !== undefined
  })
  const expected = (ofA.length * ofB.length * (2 * tolerance + 1)) / Math.max(1, to - from)
  const enough =
    steps.length >= LEAST_SHARED && steps.length >= LEAST_SHARE * Math.min(ofA.length, ofB.length)
  if (!enough || steps.length < 3 * expected) return undefined
  return { a: a.run.id, b: b.run.id, steps, ofA: ofA.length, ofB: ofB.length, expected }
}

/** Every pair of runs whose spikes fall together far more often than by chance. */
export function sharedSpikes(judgements: readonly RunJudgement[]): SharedSpikes[] {
  return judgements.flatMap((a, i) =>
    judgements.slice(i + 1).flatMap((b) => {
      const found = pair(a, b)
      return found === undefined ? [] : [found]
    }),
  )
}
