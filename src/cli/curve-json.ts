import { defined } from '../core/collections.js'
import type { CurveEvent, JudgedRun, Landing, LogAnalysis } from '../core/index.js'
import { estimateToJson } from '../core/index.js'

function eventJson(event: CurveEvent) {
  const { code, fromStep, toStep, magnitude, unit, cause, confidence, text, action, cost, size } = event
  return {
    code,
    fromStep,
    toStep,
    magnitude,
    unit,
    ...(cause === undefined ? {} : { cause }),
    ...(size === undefined ? {} : { size: estimateToJson(size) }),
    confidence,
    text,
    ...defined({ action, cost }),
  }
}

function landingJson({ loss, step, schedule, assumed, law, runs }: Landing) {
  return { loss: estimateToJson(loss), step, schedule, assumed, law, runs }
}

/** The run that a branch leaves, by its id, which another piece may have given a longer source since. */
function branchJson({ run }: JudgedRun, { runs, reference }: LogAnalysis) {
  const { branchOf } = run
  if (branchOf === undefined) return {}
  const [first] = branchOf.source.split(' + ')
  const base = [...runs, ...(reference === undefined ? [] : [reference])].find(
    (other) => other.run !== run && other.run.source.split(' + ').includes(first),
  )
  return { branchOf: { run: base?.run.id ?? branchOf.source, step: branchOf.step } }
}

function runJson(run: JudgedRun, analysis: LogAnalysis) {
  const { schedule, comparison, earlyWarning } = run
  const { differs } = run.rates
  return {
    id: run.run.id,
    format: run.run.format,
    source: run.run.source,
    steps: run.prepared.lastStep,
    ...branchJson(run, analysis),
    verdict: run.verdict,
    events: run.events.map(eventJson),
    schedule: {
      kind: schedule?.kind ?? 'unknown',
      ...(schedule?.decay === undefined ? {} : { decay: schedule.decay }),
      warmupSteps: schedule?.warmupSteps ?? null,
      peak: schedule?.peak ?? null,
      end: schedule?.end ?? null,
      ...(schedule === undefined
        ? {}
        : {
            flatFrom: schedule.flatFrom ?? null,
            flatShare: schedule.flatShare,
            unfinished: schedule.unfinished,
          }),
    },
    finalLoss: estimateToJson(run.finalLoss),
    finalValidationLoss: estimateToJson(run.finalValidationLoss),
    ...(run.landing.loss.kind === 'estimate' ? { predictedFinalLoss: estimateToJson(run.landing.loss) } : {}),
    ...(run.landing.loss.kind === 'estimate' || run.run.plan !== undefined
      ? { landing: landingJson(run.landing) }
      : {}),
    ...(differs.length === 0 ? {} : { planDiffers: differs }),
    ...(run.annealNow?.loss.kind === 'estimate' ? { annealNow: estimateToJson(run.annealNow.loss) } : {}),
    scores: Object.fromEntries(
      Object.entries(run.scores).map(([name, score]) => [name, estimateToJson(score)]),
    ),
    ...(run.law === undefined ? {} : { law: { ...run.law.law, fromStep: run.law.fromStep } }),
    ...(earlyWarning === undefined ? {} : { earlyWarning }),
    ...(comparison === undefined
      ? {}
      : {
          comparison: {
            reference: comparison.reference,
            method: comparison.method,
            difference: estimateToJson(comparison.difference),
            byLaw: estimateToJson(comparison.byLaw),
            until: comparison.until,
            reachedAt: comparison.reachedAt ?? null,
          },
        }),
    notes: run.run.notes,
  }
}

/** Fields of `assay curve --json` beside those that every command has. */
export function curveJson(analysis: LogAnalysis) {
  return {
    runs: analysis.runs.map((run) => runJson(run, analysis)),
    ...(analysis.best === undefined
      ? {}
      : { bestSchedule: { ...analysis.best, gain: estimateToJson(analysis.best.gain) } }),
    ...(analysis.shared.length === 0 ? {} : { sharedSpikes: analysis.shared }),
    ...(analysis.reference === undefined
      ? {}
      : { reference: { id: analysis.reference.run.id, verdict: analysis.reference.verdict } }),
  }
}
