import { VERSION } from '../../audit/index.js'
import {
  type Cell,
  type Chart,
  type ComparedPair,
  counted,
  type Estimate,
  estimateToJson,
  type Finding,
  type Input,
  MACRO,
  type ModelComparison,
  mapEstimate,
  type RankedModel,
  type Result,
  type Section,
  type TableView,
} from '../../core/index.js'
import { formatQuantity } from '../../report/index.js'

/** Findings of single benchmarks that are told; the others stand in the table. */
const MOST_TOLD = 10
const METHOD = 'docs/methods/compare.md'

const STATUS = { better: 'pass', worse: 'warn', undecided: 'insufficient' } as const

const nameOf = ({ benchmark, metric }: ComparedPair): string =>
  benchmark === MACRO
    ? 'the mean over benchmarks'
    : metric === undefined
      ? benchmark
      : `${benchmark} (${metric})`

/** What would tell more, where more would. */
function actionOf({ detectable, isSame, verdict, isPaired, items }: ComparedPair): Pick<Finding, 'action'> {
  if (verdict !== 'undecided' || isSame) return {}
  if (detectable === null) return { action: 'Compare results that tell their items, two or more of them.' }
  if (!isPaired)
    return {
      action:
        'Pass results item by item (--log_samples, details): pairs of answers tell smaller differences than two scores.',
    }
  const asked = `With ${items === null ? 'these items' : counted(items, 'item')}`
  if (detectable > 1) return { action: `${asked} no difference would be told four times of five: ask more.` }
  return {
    action: `${asked} a true difference of ${formatQuantity(detectable, 'accuracy')} would be told four times of five: ask more items if a smaller one matters.`,
  }
}

function titleOf(pair: ComparedPair): string {
  const { a, b, verdict, isSame } = pair
  if (isSame) return `${b} and ${a} have the same score on every item of ${nameOf(pair)}`
  if (verdict === 'undecided') return `${b} and ${a} cannot be told apart on ${nameOf(pair)}`
  return `${b} is ${verdict} than ${a} on ${nameOf(pair)}`
}

function findingOf(pair: ComparedPair): Finding {
  const regressed = pair.drop === 'regressed'
  return {
    probe: 'compare',
    code: regressed ? 'compare/regression' : pair.isSame ? 'compare/same' : `compare/${pair.verdict}`,
    status: regressed ? 'fail' : pair.isSame ? 'pass' : STATUS[pair.verdict],
    title: regressed ? `${pair.b} lost more than it may against ${pair.a} on ${nameOf(pair)}` : titleOf(pair),
    estimate: pair.difference,
    ...actionOf(pair),
    ...(regressed ? { action: 'Find what changed between the two before this is merged or shipped.' } : {}),
    detail: `p = ${pair.p === null ? 'unknown' : pair.p.toPrecision(2)}, ${pair.adjusted === null ? '' : `${pair.adjusted.toPrecision(2)} among all comparisons`}`,
    sources: [
      pair.isPaired ? `${METHOD}#pairs` : `${METHOD}#scores-without-items`,
      'Miller, arXiv:2411.00640',
    ],
  }
}

/** A result of two audits with what was lost beyond the largest drop in front. */
export function withRegression(result: Result, { overall, pairs }: ModelComparison): Result {
  const regressed = [...overall, ...pairs].filter(({ drop }) => drop === 'regressed').map(findingOf)
  return { ...result, findings: [...regressed, ...result.findings] }
}

/** Regressions, then what is said of the whole, then benchmarks where something is told. */
function findingsOf({ pairs, overall, models }: ModelComparison): Finding[] {
  const several = new Set(pairs.map(({ benchmark }) => benchmark)).size > 1
  const headlines = models.length === 2 ? overall : overall.filter((pair) => pair.drop === 'regressed')
  const single = several ? pairs : models.length === 2 ? [] : pairs.filter(({ drop }) => drop === 'regressed')
  const told = single.filter(
    ({ verdict, drop }) => drop === 'regressed' || (models.length === 2 && verdict === 'worse'),
  )
  const sorted = [...headlines, ...told].sort(
    (x, y) => Number(y.drop === 'regressed') - Number(x.drop === 'regressed'),
  )
  return sorted.slice(0, MOST_TOLD + headlines.length).map(findingOf)
}

/** What is the same on every item is not undecided. */
const countOf = (pairs: readonly ComparedPair[], verdict: ComparedPair['verdict']): number =>
  pairs.filter((pair) => !pair.isSame && pair.verdict === verdict).length

function sameText(pairs: readonly ComparedPair[]): string {
  const same = pairs.filter(({ isSame }) => isSame).length
  return same === 0 ? '' : `, the same on ${same}`
}

function rankText({ best, worst }: RankedModel): string {
  return best === worst ? String(best) : `${best} to ${worst}`
}

/** One sentence for a reader in a hurry. */
function answerOf({ models, pairs, overall, ranking }: ModelComparison): string {
  if (models.length > 2) {
    const first = ranking.filter(({ best }) => best === 1).map(({ model }) => model)
    if (ranking.length === 0) return `The ${models.length} models share no benchmark that all of them have.`
    return first.length === 1
      ? `${first[0]} is ahead of all ${models.length - 1} others.`
      : first.length === ranking.length
        ? `The ${ranking.length} models cannot be told apart.`
        : `${first.join(', ')} lead and cannot be told apart.`
  }
  const [whole] = overall
  if (whole === undefined || whole.difference.kind === 'notEstimable')
    return `Nothing can be said of ${models[1]} against ${models[0]}.`
  if (whole.isSame) return `${models[1]} and ${models[0]} have the same score on every item.`
  const { value } = whole.difference
  const size = Number((100 * Math.abs(value)).toPrecision(2))
  const said =
    whole.verdict === 'undecided'
      ? `${models[1]} and ${models[0]} cannot be told apart`
      : `${models[1]} is ${whole.verdict} than ${models[0]} by ${size} points`
  return pairs.length > 1
    ? `${said} on the mean over benchmarks: better on ${countOf(pairs, 'better')}, worse on ${countOf(pairs, 'worse')}, undecided on ${countOf(pairs, 'undecided')}${sameText(pairs)} of ${pairs.length}.`
    : `${said} on ${whole.benchmark}.`
}

const negated = (e: Estimate): Estimate => mapEstimate(e, e.kind === 'estimate' ? e.unit : '', (x) => -x)

const unitOf = ([first]: readonly RankedModel[]): string =>
  first?.score.kind === 'estimate' ? first.score.unit : ''

/** Every model of a row less every model of a column. */
function squareOf({ ranking, overall }: ModelComparison, of: string): TableView {
  const names = ranking.map(({ model }) => model)
  const cellOf = (row: string, column: string): Cell => {
    if (row === column) return '–'
    const own = overall.find(({ a, b }) => a === column && b === row)
    const turned = overall.find(({ a, b }) => a === row && b === column)
    return own?.difference ?? (turned === undefined ? null : negated(turned.difference))
  }
  return {
    title: `Row less column: ${of}`,
    columns: ['', ...names],
    rows: names.map((row) => [row, ...names.map((column) => cellOf(row, column))]),
  }
}

function rankingTable(ranking: readonly RankedModel[]): TableView {
  return {
    title: 'Ranking; models that share a letter cannot be told apart',
    columns: ['rank', 'model', 'score', 'group'],
    rows: ranking.map((own) => [rankText(own), own.model, own.score, own.group]),
  }
}

function pairTable(pairs: readonly ComparedPair[], several: boolean): TableView {
  return {
    title: several ? 'Differences that are told, benchmark by benchmark' : 'Every benchmark of both',
    columns: [
      'benchmark',
      ...(several ? ['second', 'first'] : []),
      'items',
      'difference',
      'p',
      'adjusted p',
      'second is',
    ],
    rows: pairs.map((pair) => [
      pair.metric === undefined ? pair.benchmark : `${pair.benchmark} (${pair.metric})`,
      ...(several ? [pair.b, pair.a] : []),
      pair.items,
      pair.difference,
      pair.p,
      pair.adjusted,
      pair.isSame ? 'the same' : pair.verdict,
    ]),
  }
}

const MEAN_SCORE = 'mean score over the benchmarks that all have'

function chartOf({ models, pairs, ranking }: ModelComparison, of: string): Chart[] {
  const zero = [{ value: 0, label: 'no difference' }]
  if (models.length === 2)
    return [
      {
        kind: 'dots',
        caption: `Right of the line ${models[1]} is better`,
        x: { label: `${models[1]} less ${models[0]}`, unit: 'accuracy' },
        rows: pairs.map(({ benchmark, difference }) => ({ label: benchmark, estimate: difference })),
        reference: zero,
      },
    ]
  return ranking.length === 0
    ? []
    : [
        {
          kind: 'dots',
          caption: 'Models, the best first; those that share a letter cannot be told apart',
          x: { label: of, unit: unitOf(ranking) },
          rows: ranking.map(({ model, group, score }) => ({ label: `${model} (${group})`, estimate: score })),
        },
      ]
}

function sectionOf(
  comparison: ModelComparison,
  answer: string,
  notes: readonly string[],
  level: number,
  of: string | undefined,
): Section {
  const { models, pairs, overall, ranking, shared } = comparison
  const several = models.length > 2
  const told = several ? pairs.filter(({ verdict }) => verdict !== 'undecided') : pairs
  const [whole] = overall
  return {
    id: 'compare',
    order: 10,
    question: several ? 'Which is best?' : 'Which is better?',
    answer,
    inShort: several
      ? `${models.length} models`
      : whole?.isSame === true
        ? 'the same'
        : (whole?.verdict ?? 'not measured'),
    charts: chartOf(comparison, of ?? MEAN_SCORE),
    tables: [
      ...(several && ranking.length > 0
        ? [rankingTable(ranking), squareOf(comparison, of ?? MEAN_SCORE)]
        : []),
      ...(told.length === 0 ? [] : [pairTable(told, several)]),
    ],
    protocol: [
      of !== undefined
        ? 'Held-out loss: paired bootstrap over documents; other metrics from both intervals as if independent. p from the side of the interval towards 0.'
        : `Paired item by item where both tell their items; intervals over clusters of items at ${formatQuantity(level, 'share')}, half an item added. Which p decides: McNemar's (exact, mid-p) where fewer than 25 right-or-wrong items tell two models apart, Student's t over clusters otherwise.`,
      `Told where the false discovery rate (Benjamini and Hochberg) over ${pairs.length === 1 ? 'the one comparison' : `all ${pairs.length} comparisons`}, or over all means, is at most ${formatQuantity(1 - level, 'share')}.`,
      ...(several && shared.length > 0
        ? [`Means are over ${counted(shared.length, 'benchmark')} that all models have.`]
        : []),
      ...notes,
    ],
  }
}

/** A comparison of result files, as every report shows it. */
export function comparisonResult(
  comparison: ModelComparison,
  {
    notes,
    inputs,
    seed,
    level,
    of,
  }: {
    readonly notes: readonly string[]
    readonly inputs: readonly Input[]
    readonly seed: number
    readonly level: number
    /** What models are ranked by, where that is no mean of scores. */
    readonly of?: string
  },
): Result {
  const { models } = comparison
  const answer = answerOf(comparison)
  return {
    schema: 'assay/compare@1',
    title: models.length === 2 ? `${models[1]} against ${models[0]}` : `${models.length} models compared`,
    summary: answer,
    seed,
    inputs,
    gates: [],
    findings: findingsOf(comparison),
    metrics: [],
    sections: [sectionOf(comparison, answer, notes, level, of)],
    provenance: [
      { label: 'version', value: VERSION },
      { label: 'models', value: models.join(', ') },
      { label: 'confidence level', value: String(level) },
    ],
    notMeasured: [],
  }
}

function pairToJson({ error, degrees: _degrees, adjusted, isSame, isPaired, ...pair }: ComparedPair): object {
  return {
    ...pair,
    difference: estimateToJson(pair.difference),
    adjustedP: adjusted,
    standardError: error,
    same: isSame,
    paired: isPaired,
  }
}

/** What is the comparison's own in the JSON document. */
export function comparisonJson(
  { models, pairs, overall, ranking, shared }: ModelComparison,
  notes: readonly string[],
): object {
  return {
    models,
    pairs: pairs.map(pairToJson),
    overall: overall.map(pairToJson),
    ranking: ranking.map(({ score, best, worst, ...own }) => ({
      ...own,
      score: estimateToJson(score),
      ranks: [best, worst],
    })),
    benchmarks: shared,
    notes,
  }
}
