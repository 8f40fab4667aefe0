import type { TrainingLogEvidence } from '../evidence/index.js'
import type { ChartAxis } from './axis.js'
import { compareWithReference, degradedEvent, type ReferenceComparison } from './compare/reference.js'
import { type SharedSpikes, sharedSpikes } from './compare/shared-spikes.js'
import { inOrder } from './in-order.js'
import { judgeRun } from './judge-run.js'
import type { RunJudgement } from './judgement.js'
import { type BestSchedule, bestSchedule } from './law/best-schedule.js'
import { landedJointly } from './law/joint.js'
import { verdictOfRun } from './verdict.js'

/** A run as judged, with its comparison when a reference was named. */
export type JudgedRun = RunJudgement & { readonly comparison?: ReferenceComparison }

/** Everything that is concluded from a set of logs. */
export interface LogAnalysis {
  /** The runs that were asked about: the reference itself is left out. */
  readonly runs: readonly JudgedRun[]
  readonly reference: RunJudgement | undefined
  readonly shared: readonly SharedSpikes[]
  /** What the law of all runs would have for schedule, where they are of one model. */
  readonly best?: BestSchedule
  /** What charts count along their x axis; steps when left out. */
  readonly axis?: ChartAxis
}

function against(run: RunJudgement, reference: RunJudgement): JudgedRun {
  const comparison = compareWithReference(run, reference)
  const degraded = degradedEvent(run, comparison)
  if (degraded === undefined) return { ...run, comparison }
  const events = inOrder([...run.events, degraded])
  const verdictEvents = [...run.verdictEvents, degraded]
  return { ...run, comparison, events, verdictEvents, verdict: verdictOfRun(verdictEvents) }
}

/** Spikes that another run has at the same step carry the data as their cause. */
function withSharedCause(run: JudgedRun, shared: readonly SharedSpikes[]): JudgedRun {
  const others = (step: number): string[] =>
    shared.flatMap((s) => {
      const other = s.a === run.run.id ? s.b : s.b === run.run.id ? s.a : undefined
      return other !== undefined && s.steps.some((x) => Math.abs(x - step) <= run.prepared.interval)
        ? [other]
        : []
    })
  const events = run.events.map((e) => {
    if (e.code !== 'spike' && e.code !== 'slow-recovery') return e
    const named = others(e.fromStep)
    return named.length === 0
      ? e
      : {
          ...e,
          cause: `the data at this step: ${named.join(', ')} spike${named.length === 1 ? 's' : ''} there too`,
        }
  })
  return { ...run, events }
}

/** Judge every run, hold each against the reference where one is named, and look for shared spikes. */
export function analyseLogs(evidence: TrainingLogEvidence): LogAnalysis {
  const alone = evidence.runs.map(judgeRun)
  const all = evidence.joint === true ? alone.map((run) => landedJointly(run, alone)) : alone
  const reference = all.find((j) => j.run.id === evidence.reference)
  const shared = sharedSpikes(all)
  const asked = all.filter((j) => j !== reference)
  const runs = (asked.length === 0 ? all : asked).map((j) =>
    withSharedCause(reference === undefined || j === reference ? j : against(j, reference), shared),
  )
  const best = evidence.joint === true ? bestSchedule(all) : undefined
  return { runs, reference, shared, ...(best === undefined ? {} : { best }) }
}
