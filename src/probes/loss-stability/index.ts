import {
  type CurveVerdict,
  defineProbe,
  type Estimate,
  exact,
  type Judgement,
  type LogAnalysis,
  type Measurement,
  notEstimable,
  statusOfVerdict,
} from '../../core/index.js'
import { findingsOf, PROBE } from './findings.js'
import { METRICS } from './metrics.js'
import { lossSection } from './section.js'
import { worstFirst } from './words.js'

export { summaryOf } from './words.js'

/** 1 for a healthy run, 0 for one that is not; a log that cannot tell gives no estimate. */
function healthOf(verdict: CurveVerdict): Estimate {
  const status = statusOfVerdict(verdict)
  if (status === 'insufficient') return notEstimable(`the log's verdict is ${verdict}`)
  return exact(status === 'pass' ? 1 : 0, 'share', 1)
}

/** The worst run's end: what a gate on a training log refers to. */
function metricsOf(analysis: LogAnalysis): Measurement[] {
  const [run] = worstFirst(analysis)
  if (run === undefined) return []
  return [
    { metric: `${PROBE}.healthy`, estimate: healthOf(run.verdict) },
    { metric: `${PROBE}.final-loss`, estimate: run.finalLoss },
    { metric: `${PROBE}.predicted-final-loss`, estimate: run.landing.loss },
    { metric: `${PROBE}.spike-score`, estimate: run.scores.loss },
    { metric: `${PROBE}.spike-score-gradient-norm`, estimate: run.scores.gradNorm },
    { metric: `${PROBE}.clipped-share`, estimate: run.scores.clipped },
  ]
}

/** Findings, metrics and section of an analysis, for the probe and for `assay curve`. */
export function judgeLossStability(analysis: LogAnalysis): Judgement {
  return { findings: findingsOf(analysis), metrics: metricsOf(analysis), sections: [lossSection(analysis)] }
}

/** Is the training run healthy; if not, what happened, when, why, and what did it cost? */
export const lossStability = defineProbe({
  id: PROBE,
  title: 'Loss curve is stable',
  failureTitle: 'Loss curve is not stable',
  needs: ['trainingLog'],
  sources: [
    'docs/methods/curve.md',
    'OLMo 2, arXiv:2501.00656',
    'ZClip, arXiv:2504.02507',
    'Tissue et al., arXiv:2408.11029',
  ],
  metrics: METRICS,
  judge: ({ trainingLog }, { analyseLogs }) => judgeLossStability(analyseLogs(trainingLog)),
})
