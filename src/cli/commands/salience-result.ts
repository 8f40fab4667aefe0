import { VERSION } from '../../audit/index.js'
import type {
  CapabilityResult,
  DotChart,
  Finding,
  LineChart,
  LossTable,
  PassageChart,
  Result,
  SalienceModel,
  Section,
  SpanReading,
} from '../../core/index.js'

export const SALIENCE_SCHEMA = 'assay/salience@1'
const PROBE = 'capability-salience'
const SOURCES = ['docs/methods/salience.md', 'arXiv:2506.13216 (abstract and secondary note)']

/** A capability with what its report shows beside the numbers. */
export interface ShownCapability {
  readonly result: CapabilityResult
  /** The most salient spans, most first; empty where the plain loss is the answer. */
  readonly spans: readonly SpanReading[]
}

const two = (value: number): string => value.toFixed(2)

function isPlain({ chosen, skill }: CapabilityResult): boolean {
  return chosen.startsWith('mean-') || chosen === 'log-compute' || skill.length === 0
}

function explainedText(result: CapabilityResult, method: string): string {
  const skill = result.skill.find((s) => s.method === method)?.explainedVariance
  return skill?.kind === 'estimate'
    ? `${two(skill.value)} [${two(skill.interval.low)}, ${two(skill.interval.high)}]`
    : 'not estimable'
}

function answerOf(result: CapabilityResult): string {
  const { gainOverMean, input, chosen, families } = result
  if (gainOverMean.kind === 'notEstimable')
    return `The plain loss is the reading of ${input.name}: ${gainOverMean.reason}.`
  const { value, interval } = gainOverMean
  const gain = `${two(value)} [${two(interval.low)}, ${two(interval.high)}]`
  return isPlain(result)
    ? `Which text is lost on adds nothing sure to the plain loss for ${input.name}: the gain in explained variance on left-out families is ${gain}.`
    : `Which text is lost on tells ${input.name} better than the plain loss does: ${explainedText(result, chosen)} of the variance of ${families} left-out families, ${gain} more.`
}

function findingOf(result: CapabilityResult): Finding {
  const plain = isPlain(result)
  const { gainOverMean, input } = result
  return {
    probe: PROBE,
    code: `${PROBE}/${plain ? 'plain-loss' : 'salience'}`,
    status: gainOverMean.kind === 'notEstimable' ? 'insufficient' : 'pass',
    title: answerOf(result),
    estimate: gainOverMean,
    ...(gainOverMean.kind === 'notEstimable'
      ? { action: `Add models of other families to the losses and scores of ${input.name}, then fit again.` }
      : {}),
    sources: SOURCES,
  }
}

function skillChart({ skill, chosen, input }: CapabilityResult): DotChart {
  return {
    kind: 'dots',
    caption: `${input.name}: variance of left-out families that each reading explains`,
    x: { label: 'explained variance', unit: 'share' },
    rows: skill
      .filter((s) => s.explainedVariance.kind === 'estimate')
      .map((s) => ({ label: s.method, estimate: s.explainedVariance, emphasis: s.method === chosen })),
  }
}

function scatter(result: CapabilityResult): LineChart | null {
  const { leftOut, chosen, input } = result
  const predicted = leftOut?.predictions.get(chosen)
  if (leftOut === null || predicted === undefined) return null
  const all = leftOut.families.flat()
  const x = all.map((m) => input.y[m])
  const y = all.map((m) => predicted[m])
  const ends = [Math.min(...x), Math.max(...x)]
  const unit = input.isLog ? 'ln score' : 'score'
  return {
    kind: 'lines',
    caption: `${input.name}: predicted without its family, against measured`,
    x: { label: 'measured', unit },
    y: { label: 'predicted', unit },
    series: [
      { name: 'measured = predicted', style: 'faint', x: ends, y: ends },
      { name: 'models', style: 'points', x, y },
    ],
  }
}

function passages({ spans, result }: ShownCapability): PassageChart | null {
  const shown = spans.filter((s) => s.text !== null)
  if (shown.length === 0) return null
  const top = Math.max(...spans.map((s) => Math.abs(s.salience)), Number.MIN_VALUE)
  return {
    kind: 'passage',
    caption: `${result.input.name}: passages whose loss matters most beside the mean`,
    spans: shown.map((s) => ({ text: `${s.text ?? ''}\n`, weight: s.salience / top })),
  }
}

function sectionOf(shown: ShownCapability, order: number): Section {
  const { result, spans } = shown
  const { input, models, families, unfit } = result
  return {
    id: `salience-${order}`,
    probe: PROBE,
    order,
    question: `Which text’s loss foretells ${input.name}?`,
    answer: answerOf(result),
    charts: [skillChart(result), scatter(result), passages(shown)].filter((c) => c !== null),
    tables: [
      {
        title: 'Skill on families that were left out',
        columns: ['reading', 'explained variance', 'pairs in the right order', ''],
        rows: result.skill.map((s) => [
          s.method,
          s.explainedVariance,
          s.pairwise,
          s.method === result.chosen ? 'the answer' : '',
        ]),
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
    ],
    protocol: [
      `${models.length} models of ${families} families; every figure of skill is on families of which no model was fitted on.`,
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
  table: Pick<LossTable, 'models' | 'spans'>,
  notes: readonly string[],
): Result {
  const told = shown.filter((s) => !isPlain(s.result)).length
  const families = new Set(table.models.map((m: SalienceModel) => m.family)).size
  return {
    schema: SALIENCE_SCHEMA,
    title: 'Capability salience',
    summary: `${told} of ${shown.length} capabilities are told better by which text is lost on than by the plain loss.`,
    seed,
    inputs,
    gates: [],
    findings: shown.map((s) => findingOf(s.result)),
    metrics: [],
    sections: shown.map(sectionOf),
    provenance: [
      { label: 'Assay', value: VERSION },
      { label: 'models', value: `${table.models.length} of ${families} families` },
      { label: 'spans', value: String(table.spans.length) },
      ...notes.map((value) => ({ label: 'note', value })),
    ],
    notMeasured: [],
  }
}
