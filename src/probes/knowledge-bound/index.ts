import {
  analyseRetention,
  defineProbe,
  type Judgement,
  joinObservations,
  type RetentionAnalysis,
  withoutLeaks,
} from '../../core/index.js'
import { findingsOf, metricsOf, PROBE } from './findings.js'
import { METRICS } from './metrics.js'
import { boundSection } from './section.js'

/** What a retention analysis means: findings, metrics and the section that shows it. */
export function judgeRetention(analysis: RetentionAnalysis): Judgement {
  return { findings: findingsOf(analysis), metrics: metricsOf(analysis), sections: [boundSection(analysis)] }
}

/** Readings in the order in which one is taken for the fit; two are never mixed. */
const PREFERRED = ['ranking', 'generation', 'ranking-summed', 'sampled'] as const

/** How much of what the corpus states does the model keep, and what should retrieval serve? */
export const knowledgeBound = defineProbe({
  id: PROBE,
  title: 'The model keeps the facts that its corpus states',
  failureTitle: 'The model does not keep many facts that its corpus states',
  needs: ['factCounts', 'answers'],
  sources: ['docs/methods/smi.md', 'SMI, arXiv:2502.04066'],
  metrics: METRICS,
  judge: ({ factCounts, answers }, { random }) => {
    const reading = PREFERRED.find((r) => answers.answers.some((a) => a.reading === r))
    const clean = new Set(withoutLeaks(answers))
    const own = answers.answers.filter((a) => a.reading === reading)
    // The bound is a law in the model's size: answers of one of unknown size say nothing of it.
    const sized = own.flatMap((a) =>
      a.params === null ? [] : [{ ...a, params: a.params, leak: !clean.has(a) }],
    )
    const rows = [...sized, ...(answers.others ?? [])]
    const observations = joinObservations(factCounts.counts, rows, factCounts.documents)
    // The audited model, not the last of its size among those that were asked before.
    const audited = observations.models.find((m) => m.model === sized[0]?.model)?.model
    return judgeRetention(
      analyseRetention(observations, random, audited === undefined ? {} : { model: audited }),
    )
  },
})
