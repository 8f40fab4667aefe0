import {
  type AnswersEvidence,
  cleanItems,
  counted,
  defineProbe,
  type Finding,
  type Measurement,
  percent,
} from '../../core/index.js'
import {
  judgedModel,
  type MacroMean,
  type MeasuredKnowledge,
  mainReading,
  measureKnowledge,
} from './measures.js'
import { METRICS } from './metrics.js'
import { retentionSection } from './section.js'

export { type MeasuredKnowledge, measureKnowledge } from './measures.js'

const PROBE = 'knowledge-retention'
const PAPER = 'BEAR, arXiv:2404.04113'
const EVIDENCE = 'evidence: answers'
const SOURCES = [
  'docs/methods/knowledge.md#ranking',
  'docs/methods/knowledge.md#accuracy-by-relation',
  EVIDENCE,
  PAPER,
]
/** Templates that differ by this much make a relation's accuracy a matter of wording. */
const WIDE_SPREAD = 0.2

/** `26 relations`, or `24 of 26 relations (2 cannot be measured: person father, …)`. */
function relationsOf({ measured, leftOut }: MacroMean): string {
  if (leftOut.length === 0) return counted(measured, 'relation')
  const names = leftOut.slice(0, 3).map((r) => r.relation)
  const more = leftOut.length > names.length ? ', …' : ''
  return `${measured} of ${measured + leftOut.length} relations (not measured, since ${leftOut[0].reason}: ${names.join(', ')}${more})`
}

function overallFinding(measured: MeasuredKnowledge, reading: MainReading, isRead: boolean): Finding {
  const mean = measured.overall.get(reading)
  const accuracy = mean?.accuracy
  if (mean === undefined || accuracy === undefined || accuracy.kind === 'notEstimable')
    return {
      probe: PROBE,
      code: `${PROBE}/retention`,
      status: 'insufficient',
      title: 'What the model knows could not be measured',
      estimate: accuracy ?? { kind: 'notEstimable', reason: 'no fact was asked' },
      action: 'Ask facts whose templates do not give the object away.',
      sources: SOURCES,
    }
  return {
    probe: PROBE,
    code: `${PROBE}/retention`,
    status: isRead ? 'warn' : 'pass',
    title: `The model answers ${percent(accuracy.value)} of the facts by ${reading}, mean of ${relationsOf(mean)}${isRead ? '; no question is known to be outside its training corpus' : ''}`,
    estimate: accuracy,
    ...(isRead
      ? {
          action: 'Read it as what was copied: ask facts whose questions do not stand in the corpus, too.',
        }
      : {}),
    sources: SOURCES,
  }
}

type MainReading = ReturnType<typeof mainReading>

function templateFinding({ retention }: MeasuredKnowledge, reading: MainReading): Finding[] {
  const wide = retention.filter(
    (r) =>
      r.reading === reading &&
      r.templateSpread !== null &&
      r.templateSpread.highest - r.templateSpread.lowest >= WIDE_SPREAD,
  )
  if (wide.length === 0) return []
  const names = wide.slice(0, 3).map((r) => r.relation)
  return [
    {
      probe: PROBE,
      code: `${PROBE}/templates`,
      status: 'warn',
      title: `How the question is worded moves accuracy by ${100 * WIDE_SPREAD} points or more in ${counted(wide.length, 'kind')} of fact: ${names.join(', ')}${wide.length > 3 ? ' …' : ''}`,
      action:
        'Read little into the accuracy of these alone. Ask in more wordings (templates), and compare models on the same ones only.',
      detail: `Highest less lowest accuracy of a relation’s templates, ${WIDE_SPREAD} or more.`,
      sources: ['docs/methods/statistics.md#templates', EVIDENCE],
    },
  ]
}

function leakFinding(measured: MeasuredKnowledge, evidence: AnswersEvidence): Finding[] {
  if (evidence.leaks.length === 0) return []
  return [
    {
      probe: PROBE,
      code: `${PROBE}/leaks`,
      status: 'warn',
      title: `${counted(evidence.leaks.length, 'question holds its own answer and is', 'questions hold their own answer and are')} left out`,
      ...(measured.leaking.kind === 'estimate' ? { estimate: measured.leaking } : {}),
      action:
        'Nothing has to be done for this audit. To ask them, reword the templates: what is copied from the question is no knowledge.',
      sources: ['docs/methods/knowledge.md#leaks', EVIDENCE],
    },
  ]
}

function confidenceFinding({ calibration }: MeasuredKnowledge): Finding[] {
  const { overconfidence, error } = calibration
  if (overconfidence.kind === 'notEstimable' || error.kind === 'notEstimable') return []
  const believable = overconfidence.interval.low <= 0.1 && overconfidence.interval.high >= -0.1
  return [
    {
      probe: PROBE,
      code: `${PROBE}/confidence`,
      status: believable ? 'pass' : 'warn',
      title: believable
        ? 'The model is about as often right as its own confidence says'
        : overconfidence.value > 0
          ? 'The model is surer of its answers than it is right'
          : 'The model is right more often than its confidence says',
      estimate: error,
      ...(believable
        ? {}
        : { action: 'Do not use its probabilities as they are to decide between trusting and retrieving.' }),
      sources: ['docs/methods/knowledge.md#calibration', EVIDENCE, 'Guo et al., arXiv:1706.04599'],
    },
  ]
}

function metricsOf(measured: MeasuredKnowledge, reading: MainReading): Measurement[] {
  return [
    ...[...measured.overall].map(([name, { accuracy }]) => ({
      metric: `${PROBE}.accuracy.${name}`,
      estimate: accuracy,
    })),
    ...measured.retention
      .filter((r) => r.reading === reading)
      .map((r) => ({
        metric: `${PROBE}.relation.*`,
        part: `${r.relation}.${r.domain}`,
        partTitle: `${r.relation} (${r.domain})`,
        estimate: r.accuracy,
      })),
    { metric: `${PROBE}.calibration-error`, estimate: measured.calibration.error },
  ]
}

/** What does the model know by heart, relation by relation? */
export const knowledgeRetention = defineProbe({
  id: PROBE,
  title: 'The model answers closed-book questions',
  failureTitle: 'The model cannot answer closed-book questions',
  needs: ['answers'],
  wants: ['contamination'],
  sources: ['docs/methods/knowledge.md', PAPER],
  metrics: METRICS,
  judge: ({ answers, contamination }, context) => {
    const measured = measureKnowledge(answers, context)
    const model = judgedModel(answers)
    const reading = mainReading(answers.answers.filter((a) => a.model === model))
    const isRead = cleanItems(contamination?.items ?? []).isAllRead(
      answers.facts.map((f) => [null, f.fact_id] as const),
    )
    return {
      findings: [
        overallFinding(measured, reading, isRead),
        ...templateFinding(measured, reading),
        ...leakFinding(measured, answers),
        ...confidenceFinding(measured),
      ],
      metrics: metricsOf(measured, reading),
      sections: [retentionSection(measured, answers, reading)],
    }
  },
})
