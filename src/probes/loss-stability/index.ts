import {
  analyseLogs,
  type CurveVerdict,
  defineProbe,
  type Estimate,
  exact,
  type Judgement,
  type LogAnalysis,
  type Metric,
  notEstimable,
} from '../../core/index.js'
import { findingsOf, PROBE } from './findings.js'
import { lossSection } from './section.js'
import { statusOfVerdict, worstFirst } from './words.js'

export { summaryOf } from './words.js'

/** 1 for a healthy run, 0 for one that is not; a log that cannot tell gives no estimate. */
function healthOf(verdict: CurveVerdict): Estimate {
  const status = statusOfVerdict(verdict)
  if (status === 'insufficient') return notEstimable(`the log's verdict is ${verdict}`)
  return exact(status === 'pass' ? 1 : 0, 'share', 1)
}

/** The worst run's end: what a gate on a training log refers to. */
function metricsOf(analysis: LogAnalysis): Metric[] {
  const [run] = worstFirst(analysis)
  if (run === undefined) return []
  return [
    {
      id: `${PROBE}.healthy`,
      title: 'The training run is healthy',
      estimate: healthOf(run.verdict),
      better: 'higher',
    },
    { id: `${PROBE}.final-loss`, title: 'Final training loss', estimate: run.finalLoss, better: 'lower' },
    {
      id: `${PROBE}.predicted-final-loss`,
      title: 'Predicted final training loss',
      estimate: run.predictedFinalLoss,
      better: 'lower',
    },
    {
      id: `${PROBE}.spike-score`,
      title: 'Spike score of the loss (OLMo 2)',
      estimate: run.scores.loss,
      better: 'lower',
    },
    {
      id: `${PROBE}.spike-score-gradient-norm`,
      title: 'Spike score of the gradient norm (OLMo 2)',
      estimate: run.scores.gradNorm,
      better: 'lower',
    },
    {
      id: `${PROBE}.clipped-share`,
      title: 'Gradient norms that ZClip would clip',
      estimate: run.scores.clipped,
      better: 'lower',
    },
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
  judge: ({ trainingLog }) => judgeLossStability(analyseLogs(trainingLog)),
})
