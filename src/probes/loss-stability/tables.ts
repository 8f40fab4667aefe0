import type { LogAnalysis, TableView } from '../../core/index.js'

/** A line a run. */
export function runsTable(analysis: LogAnalysis): TableView {
  return {
    title: 'Runs',
    columns: [
      'run',
      'format',
      'steps',
      'verdict',
      'final loss',
      'final validation loss',
      'predicted final loss',
      'spikes',
    ],
    rows: analysis.runs.map((r) => [
      r.run.id,
      r.run.format,
      r.prepared.lastStep,
      r.verdict,
      r.finalLoss,
      r.finalValidationLoss,
      r.landing.loss,
      r.events.filter((e) => e.code === 'spike' || e.code === 'slow-recovery').length,
    ]),
  }
}

/** Spike scores and ZClip's share. */
export function scoresTable(analysis: LogAnalysis): TableView {
  return {
    title: 'Stability scores, shares of the logged values',
    columns: [
      'run',
      'loss, spike score',
      'loss, robust',
      'gradient norm, spike score',
      'gradient norm, robust',
      'gradient norm, clipped by ZClip',
    ],
    rows: analysis.runs.map(({ run, scores: s }) => [
      run.id,
      s.loss,
      s.lossRobust,
      s.gradNorm,
      s.gradNormRobust,
      s.clipped,
    ]),
  }
}

/** Every event of every run, up to 200 each. */
export function eventsTable(analysis: LogAnalysis): TableView {
  return {
    title: 'Events',
    columns: ['run', 'event', 'from step', 'to step', 'size', 'unit', 'confidence', 'cause'],
    rows: analysis.runs.flatMap((r) =>
      r.events
        .slice(0, 200)
        .map((e) => [
          r.run.id,
          e.code,
          e.fromStep,
          e.toStep,
          e.magnitude,
          e.unit,
          e.confidence,
          e.cause ?? null,
        ]),
    ),
  }
}
