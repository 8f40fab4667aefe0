import {
  analyseGain,
  defineProbe,
  type Estimate,
  estimate,
  findingsBy,
  type GainAnalysis,
  type GainEvidence,
  type Judgement,
  notEstimable,
} from '../../core/index.js'
import { findingsOf } from './findings.js'
import { METRICS } from './metrics.js'
import { gainSection, ORDER, QUESTION } from './section.js'
import { PROBE } from './words.js'

/** Price of a million tokens for each point of the gain; no number where the gain may be none. */
function pricePerPoint(gain: Estimate, price: number | undefined): Estimate {
  if (price === undefined) return notEstimable('no price of tokens was given')
  if (gain.kind === 'notEstimable') return gain
  const { low, high, level } = gain.interval
  if (low <= 0) return notEstimable('a gain above 0 is not shown')
  const per = (points: number): number => price / (100 * points)
  return estimate(per(gain.value), { low: per(high), high: per(low), level }, 'money/point', gain.n)
}

/** What a comparison of two arms means: findings, metrics and the section that shows it. */
export function judgeGain(
  analysis: GainAnalysis,
  evidence: Pick<GainEvidence, 'notes'>,
  pricePerMillionTokens?: number,
): Judgement {
  const of = (metric: string, value: Estimate) => ({ metric: `${PROBE}.${metric}`, estimate: value })
  return {
    findings: findingsOf(analysis, evidence),
    metrics: [
      of('gain', analysis.gain),
      of('chance-centred-gain', analysis.chanceCentredGain),
      of('retained-share', analysis.retainedShare),
      of('ood-gain', analysis.oodGain),
      of('id-ood-difference', analysis.idOodDifference),
      of('clean-subset-gain', analysis.cleanSubsetGain),
      of('sample-efficiency', analysis.sampleEfficiency.value),
      of('price-per-point', pricePerPoint(analysis.gain, pricePerMillionTokens)),
    ],
    sections: [gainSection(analysis, evidence)],
  }
}

const NOTHING: Judgement = {
  findings: [
    findingsBy(PROBE, ['docs/methods/gain.md#gain'])(
      'gain',
      'insufficient',
      'The gain cannot be estimated: no item was answered by both arms',
      { action: 'Test both arms on the same items.' },
    ),
  ],
  metrics: [],
  sections: [
    {
      id: PROBE,
      order: ORDER,
      question: QUESTION,
      answer: 'No item was answered by both arms.',
      inShort: 'not estimable',
      charts: [],
      tables: [],
      protocol: [],
    },
  ],
}

/** Did pre-training buy anything here, or is a distribution being fitted? */
export const gainProbe = defineProbe({
  id: PROBE,
  title: 'Pre-training is worth something here',
  failureTitle: 'It is not shown that pre-training is worth anything here',
  needs: ['gain'],
  wants: ['cost'],
  sources: ['docs/methods/gain.md', 'arXiv:2606.07527 (abstract and introduction read)'],
  metrics: METRICS,
  judge: ({ gain, cost }, { random, level }) =>
    gain.outcomes.length === 0
      ? NOTHING
      : judgeGain(
          analyseGain(gain.outcomes, { ...gain.settings, level }, random),
          gain,
          cost?.pricePerMillionTokens,
        ),
})
