import {
  type CapabilityReading,
  type CarriedVector,
  type Cell,
  counted,
  type DotChart,
  type Estimate,
  meanLoss,
  type SalienceEvidence,
  type Section,
} from '../../core/index.js'
import { domainChart, domainTable, passageChart } from './exhibits.js'

export const PROBE = 'capability-salience'
export const SOURCES = [
  'docs/methods/salience.md#reading-a-new-model',
  'docs/methods/salience.md#salience-of-a-span',
  'arXiv:2506.13216 (abstract and secondary note)',
] as const

/** Spans that a report of many parts shows of one capability. */
const MOST_SPANS = 2

/** A model's capabilities as they were read, with what they were read from. */
export interface ModelReading extends SalienceEvidence {
  readonly readings: readonly CapabilityReading[]
  /** The vector was fitted on the model itself, or on a checkpoint of its run. */
  readonly isInSample: boolean
  readonly level: number
}

const number = (value: number): string => value.toPrecision(3)

/** `0.59 [0.48, 0.70]`, or `unknown` */
export function scoreText(score: Estimate): string {
  if (score.kind === 'notEstimable') return 'unknown'
  return `${number(score.value)} [${number(score.interval.low)}, ${number(score.interval.high)}]`
}

function answerOf({ readings, losses, vector, isInSample }: ModelReading): string {
  const read = readings.filter((r) => r.score.kind === 'estimate')
  const loss = `${meanLoss(vector.spans, losses).toFixed(3)} bits/byte on the vector’s text`
  if (read.length === 0) {
    const why = readings.flatMap(({ score }) => (score.kind === 'notEstimable' ? [score.reason] : []))[0]
    return `No capability can be read from its losses (${loss}): ${why ?? 'the vector has none'}.`
  }
  const told = read.map((r) => `${r.capability.name} ${scoreText(r.score)}`).join(', ')
  return `From ${loss}, ${isInSample ? 'in-sample' : 'without running a benchmark'}: ${told}.`
}

/** Perplexities stand on an axis of their own. */
function scoreCharts({ readings, level, isInSample }: ModelReading): DotChart[] {
  const held = `the intervals held ${Math.round(100 * level)} % of the families that were left out of the fit`
  return [false, true].flatMap((isLog): DotChart[] => {
    const own = readings.filter((r) => r.capability.isLog === isLog)
    if (own.length === 0) return []
    return [
      {
        kind: 'dots',
        caption: `Scores read from losses; ${isInSample ? 'in-sample, so the intervals are too narrow' : held}`,
        x: { label: 'score', ...(isLog ? { scale: 'log' as const } : {}) },
        rows: own.map((r) => ({ label: r.capability.name, estimate: r.score })),
      },
    ]
  })
}

/** The section that answers what a model will score, read from its losses. */
export function readingSection(reading: ModelReading): Section {
  const { readings, vector, texts, source, isInSample } = reading
  const carried = vector.capabilities.filter((c) => c.agreement.length > 0)
  // One capability in its text: the one that families left out were foretold best of.
  const told = (c: CarriedVector): number =>
    c.explainedVariance.kind === 'estimate' ? c.explainedVariance.value : Number.NEGATIVE_INFINITY
  const shown = carried.toSorted((a, b) => told(b) - told(a)).slice(0, 1)
  const charts = [
    ...scoreCharts(reading),
    ...shown.flatMap((c) => [passageChart(c, vector.spans, texts, MOST_SPANS), domainChart(c)]),
  ]
  const read = readings.filter((r) => r.score.kind === 'estimate').length
  return {
    id: PROBE,
    order: 60,
    question: 'What will it score, read from its losses alone?',
    answer: answerOf(reading),
    inShort: `${read} of ${readings.length} read`,
    charts: charts.filter((c) => c !== null),
    tables: [
      {
        title: 'Capabilities read from losses',
        columns: [
          'capability',
          'read',
          'explained on families left out',
          'more than the plain loss',
          'by',
          '',
        ],
        rows: readings.map(({ capability: c, score, isBeyond }) => [
          c.name,
          score,
          varianceCell(c.explainedVariance),
          gainCell(c.gainOverMean),
          c.method,
          isBeyond && score.kind === 'estimate' ? 'extrapolated' : '',
        ]),
      },
      ...domainTable(carried),
    ],
    protocol: [
      `Vector ${source}: fitted on ${counted(vector.models.length, 'model')} of ${counted(new Set(vector.models.map((m) => m.family)).size, 'family', 'families')}, ${vector.spans.length} spans of text (sha256 ${vector.textSha256 ?? 'unknown'}).`,
      isInSample
        ? 'The model’s name says that it, or a checkpoint of its run, was among them: the readings are in-sample, and their intervals too narrow.'
        : 'No model of the fit bears this model’s name; if it was among them under another, the readings are in-sample.',
      'The interval is conformal over families: it holds for a model that is to those of the fit as they are to each other, and for no other.',
      'A salience is an association over models, never a cause: training on these passages or domains need not raise the score.',
    ],
  }
}

/** The gain as a reader can take it: where the plain loss went far astray on some family, its size says nothing. */
/** Below none by more than all there is, the size says nothing: the families differ by little but chance. */
function varianceCell(explained: Estimate): Cell {
  return explained.kind === 'estimate' && explained.value < -1
    ? 'worse than the mean of the others'
    : explained
}

function gainCell(gain: Estimate): Cell {
  return gain.kind === 'estimate' && Math.abs(gain.value) > 1 ? 'the plain loss went astray' : gain
}
