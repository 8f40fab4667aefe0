import { VERSION } from '../../audit/index.js'
import {
  type CapabilityResult,
  type CarriedVector,
  counted,
  type DotChart,
  type Estimate,
  type Finding,
  type LineChart,
  type LossTable,
  percent,
  type Result,
  type SalienceData,
  type SalienceModel,
  type Section,
  type Series,
  type SpanReading,
} from '../../core/index.js'
import {
  domainChart,
  domainTable,
  passageChart,
  SALIENCE_PROBE,
  SALIENCE_SOURCES,
} from '../../probes/index.js'

export const SALIENCE_SCHEMA = 'assay/salience@1'
const PROBE = SALIENCE_PROBE
const SOURCES = ['docs/methods/salience.md#skill-on-families-left-out', ...SALIENCE_SOURCES]
/** Spans that the report of one capability shows in their text. */
const MOST_PASSAGES = 6
/** Families of the scatter that have a colour of their own, those of the most models. */
const MOST_FAMILIES = 5

/** A capability with what its report shows beside the numbers. */
export interface ShownCapability {
  readonly result: CapabilityResult
  /** What other models are read with; null where nothing that rests on losses alone could be fitted. */
  readonly carried: CarriedVector | null
  /** The most salient spans, most first; empty where the plain loss is the answer. */
  readonly spans: readonly SpanReading[]
}

/** Shares in percent; small ones with a digit more. */
function shareText({ value, interval: { low, high } }: Extract<Estimate, { kind: 'estimate' }>): string {
  const [own, from, to] = [value, low, high].map((v) => percent(v, Math.abs(v) < 0.1 ? 1 : 0))
  return `${own} [${from}, ${to}]`
}

/** Explained variance below this is that of a fit that went far astray on some family: a number for the table alone. */
const LEAST_DRAWN = -1

function isPlain({ chosen }: CapabilityResult): boolean {
  return chosen.startsWith('mean-')
}

function explainedText({ skill: methods }: CapabilityResult, method: string): string {
  const skill = methods.find((s) => s.method === method)?.explainedVariance
  return skill?.kind === 'estimate' ? shareText(skill) : 'not estimable'
}

function answerOf(result: CapabilityResult): string {
  const { gainOverMean, input, judgedBy, families } = result
  if (gainOverMean.kind === 'notEstimable')
    return `${input.name} is read from the mean loss alone: ${gainOverMean.reason}.`
  const gain = shareText(gainOverMean)
  const explained = explainedText(result, judgedBy)
  const whose = `of how ${families} families of models differ that the fit did not see`
  const answer = isPlain(result)
    ? `${input.name} is read from the mean loss alone, which explains ${explained} ${whose}: it is not shown that knowing which passages are lost on adds to that (${gain}).`
    : `${input.name} is read better from which passages are lost on than from the mean loss: they explain ${explained} ${whose}, ${gain} more.`
  return `${answer}${computeText(result)}`
}

/** Where losses are not shown to tell more than what is known without scoring a text. */
function computeText(result: CapabilityResult): string {
  const { gainOverCompute } = result
  if (gainOverCompute?.kind !== 'estimate' || gainOverCompute.interval.low > 0) return ''
  const explained = explainedText(result, 'log-compute')
  return gainOverCompute.interval.high < 0
    ? ` Parameters times tokens alone tell it better: ${explained}.`
    : ` Parameters times tokens alone may tell it as well: ${explained}.`
}

function findingOf(result: CapabilityResult): Finding {
  const plain = isPlain(result)
  const { gainOverMean, input } = result
  return {
    probe: PROBE,
    code: `${PROBE}/${plain ? 'plain-loss' : 'salience'}`,
    // Nothing shown is no pass, and no fault either.
    status: plain ? 'insufficient' : 'pass',
    title: answerOf(result),
    estimate: gainOverMean,
    ...(plain
      ? {
          action: `Read ${input.name} from the mean loss; to find what passages add, fit again with models of more families.`,
        }
      : {}),
    sources: SOURCES,
  }
}

function skillChart({ skill, judgedBy, input }: CapabilityResult): DotChart {
  const rows = skill.flatMap(({ method, explainedVariance: e }) =>
    e.kind === 'estimate' && e.interval.low >= LEAST_DRAWN
      ? [{ label: method, estimate: e, emphasis: method === judgedBy }]
      : [],
  )
  const astray = skill.filter((s) => s.explainedVariance.kind === 'estimate').length - rows.length
  const rest = astray > 0 ? ` (${astray} that went far astray on some family stand in the table alone)` : ''
  return {
    kind: 'dots',
    caption: `${input.name}: variance of left-out families that each reading explains${rest}`,
    x: { label: 'explained variance', unit: 'share' },
    rows,
  }
}

/** Predicted against measured, the largest families apart. */
function scatter(result: CapabilityResult, models: readonly SalienceModel[]): LineChart | null {
  const { leftOut, judgedBy, input } = result
  const predicted = leftOut?.predictions.get(judgedBy)
  if (leftOut === null || predicted === undefined) return null
  const measured = leftOut.families.flat().map((m) => input.y[m])
  const ends = [Math.min(...measured), Math.max(...measured)]
  const unit = input.isLog ? 'ln score' : 'score'
  const bySize = leftOut.families.toSorted((a, b) => b.length - a.length)
  const named = bySize.length > MOST_FAMILIES + 1 ? bySize.slice(0, MOST_FAMILIES) : bySize
  const rest = bySize.slice(named.length)
  const cloud = (name: string, of: readonly number[]): Series => ({
    name,
    style: 'points',
    x: of.map((m) => input.y[m]),
    y: of.map((m) => predicted[m]),
  })
  return {
    kind: 'lines',
    caption: `${input.name}: predicted without its family, against measured`,
    x: { label: 'measured', unit },
    y: { label: 'predicted', unit },
    series: [
      { name: 'measured = predicted', style: 'faint', x: ends, y: ends },
      ...(rest.length > 0 ? [cloud(`${rest.length} other families`, rest.flat())] : []),
      ...named.map((family) => cloud(models[family[0]].family, family)),
    ],
  }
}

/** What a row of the table of skill is for. */
function roleOf(method: string, { judgedBy, chosen }: CapabilityResult): string {
  if (method === judgedBy) return 'the answer, chosen anew without each family'
  return method === chosen ? 'chosen with all families known' : ''
}

function sectionOf(
  { result, carried, spans }: ShownCapability,
  order: number,
  table: Pick<LossTable, 'models' | 'spans'>,
  texts: readonly string[],
): Section {
  const { input, models, families, unfit } = result
  return {
    id: `salience-${order}`,
    probe: PROBE,
    order,
    question: `Which text’s loss foretells ${input.name}?`,
    answer: answerOf(result),
    charts: [
      skillChart(result),
      scatter(result, table.models),
      carried && passageChart(carried, table.spans, texts, MOST_PASSAGES),
      carried && domainChart(carried),
    ].filter((c) => c !== null),
    tables: [
      {
        title: 'Skill on families that were left out',
        columns: ['reading', 'explained variance', 'pairs in the right order', ''],
        rows: result.skill.map((s) => [s.method, s.explainedVariance, s.pairwise, roleOf(s.method, result)]),
      },
      ...(result.skillAt.length === 0
        ? []
        : [
            {
              title: 'Skill if only so many models were known',
              columns: ['models known', 'reading', 'explained variance', 'pairs', 'near ties', 'draws'],
              rows: result.skillAt.map((s) => [
                s.n,
                s.method,
                s.explainedVariance,
                s.pairwise,
                s.nearTies,
                s.splits,
              ]),
            },
          ]),
      ...(spans.length === 0
        ? []
        : [
            {
              title: 'Spans whose loss matters most beside the mean',
              columns: ['document', 'domain', 'bytes', 'salience', 'same sign in draws'],
              rows: spans.map((s) => [
                s.span.document,
                s.span.domain,
                s.span.bytes === null ? 'whole' : `${s.span.bytes.start}–${s.span.bytes.end}`,
                s.salience,
                s.agreement,
              ]),
            },
          ]),
      ...domainTable(carried === null ? [] : [carried]),
    ],
    protocol: [
      `${counted(models.length, 'model')} of ${counted(families, 'family', 'families')}; every figure of skill is on families of which no model was fitted on.`,
      ...(input.isLog
        ? [
            `Scores of ${input.name} lie above 1 and lower is better: they are perplexities, fitted as logarithms.`,
          ]
        : []),
      ...unfit.map(({ method, reason }) => `${method} was not fitted: ${reason}.`),
      'A salience is an association over models, never a cause: training on these passages need not raise the score.',
    ],
  }
}

/** The result as every report form draws it. */
export function salienceResult(
  shown: readonly ShownCapability[],
  { inputs, seed }: Pick<Result, 'inputs' | 'seed'>,
  { table, weights }: SalienceData,
  texts: readonly string[],
  notes: readonly string[],
): Result {
  const told = shown.filter((s) => !isPlain(s.result)).length
  const families = new Set(table.models.map((m: SalienceModel) => m.family)).size
  return {
    schema: SALIENCE_SCHEMA,
    title: 'Capability salience',
    summary: `${told} of ${shown.length} capabilities are read better from which passages are lost on than from the mean loss.`,
    seed,
    inputs,
    gates: [],
    findings: shown.map((s) => findingOf(s.result)),
    metrics: [],
    sections: shown.map((s, i) => sectionOf(s, i, table, texts)),
    provenance: [
      { label: 'Assay', value: VERSION },
      { label: 'models', value: `${table.models.length} of ${counted(families, 'family', 'families')}` },
      { label: 'spans', value: String(weights.length) },
      ...notes.map((value) => ({ label: 'note', value })),
    ],
    notMeasured:
      texts.length === 0 && shown.some((s) => s.spans.length > 0)
        ? [
            {
              what: 'passages in their words',
              why: 'their text is not at hand (--text name=glob), or the spans are too many',
            },
          ]
        : [],
  }
}
