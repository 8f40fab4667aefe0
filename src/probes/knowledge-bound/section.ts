import {
  type Cell,
  counted,
  formatParams,
  type RetentionAnalysis,
  type Section,
  standsOut,
  type TableView,
} from '../../core/index.js'
import { retentionChart, tradeOffChart } from './charts.js'
import { claimedFacts, headlineFit, isOpen, PROBE, percent, topBand } from './findings.js'

const ORDER = 35
/** Rows of the advice that the report shows; the JSON has all. */
const MAX_ADVICE_ROWS = 40

function answerOf(analysis: RetentionAnalysis): string {
  const { advice } = analysis
  const fit = headlineFit(analysis)
  const bound = fit?.bound.kind === 'estimate' && !isOpen(fit.bound) ? percent(fit.bound.value) : null
  const model = advice?.model ?? fit?.model
  if (advice === null || model === undefined)
    return 'There are too few answered and counted facts to say what the model keeps.'
  const { retrieved, all } = claimedFacts(advice)
  if (all === 0)
    return 'Every counted fact gives its object away: nothing can be said of what the model keeps.'
  const top = topBand(analysis, model)
  const measured =
    top?.kind === 'estimate' ? ` (the most frequent tenth was measured at ${percent(top.value)})` : ''
  const keeps =
    bound === null
      ? ''
      : bound === percent(1)
        ? `The published law sets ${fit?.model} no limit below all of the most frequent facts${measured}; `
        : `The published bound for ${fit?.model} is ${bound} of even the most frequent facts${measured}; `
  return isOpen(advice.retrieved)
    ? `${keeps}${keeps === '' ? 'How' : 'how'} many of ${all} counted facts are better served by retrieval cannot be told.`
    : `${keeps}${retrieved} of ${all} counted facts are better served by retrieval.`
}

function adviceTable({ advice }: RetentionAnalysis): TableView[] {
  if (advice === null) return []
  const rows = [...advice.rows]
    .filter((row) => row.action === 'retrieve')
    .sort((a, b) => b.facts - a.facts)
    .slice(0, MAX_ADVICE_ROWS)
    .map((row): Cell[] => [
      row.relation,
      row.leaks ? `${row.band}, object given away` : row.band,
      row.facts,
      row.predicted === null ? null : percent(row.predicted),
      row.measured === null ? null : percent(row.measured),
      row.keptAtParams === null ? null : formatParams(row.keptAtParams),
      row.keptAtDocuments,
      row.examples.join(', '),
    ])
  return [
    {
      title: `Facts to serve by retrieval (${advice.model})`,
      columns: [
        'relation',
        'band',
        'facts',
        'predicted',
        'measured',
        'kept from a size of (parameters)',
        'kept from documents',
        'examples',
      ],
      rows,
    },
  ]
}

function fitTable({ fits, advice, observations }: RetentionAnalysis): TableView {
  const model = advice?.model ?? observations.models.at(-1)?.model
  return {
    title: `Fits of ${model ?? 'the model'}`,
    columns: [
      'variant',
      'measure',
      'weighting',
      'R²',
      'R² by band',
      'R² by fact',
      'MSE',
      'slope',
      'intercept',
      'line at 1 (the bound, where below 100 %)',
      'facts',
      'bins',
      'dropped',
    ],
    rows: fits
      .filter((f) => f.model === model)
      .map((f) => [
        f.variant,
        f.measure,
        f.weighting,
        f.r2,
        f.r2Banded,
        f.r2PerFact,
        f.mse,
        f.slope,
        f.intercept,
        f.bound,
        f.facts,
        f.bins,
        f.dropped,
      ]),
  }
}

function heldOutTable({ heldOut }: RetentionAnalysis): TableView {
  return {
    title: 'Error on what was not seen',
    columns: [
      'form',
      'measure',
      'over',
      'error of band accuracy',
      'R² over bands',
      'attainable',
      'R², bands alike',
      'attainable, bands alike',
    ],
    rows: heldOut.map((e) => [
      e.variant,
      e.measure,
      e.over,
      e.error,
      e.r2,
      e.attainable.r2,
      e.r2Unweighted,
      e.attainable.r2Unweighted,
    ]),
  }
}

function groupsTable({ leaks, zeros }: RetentionAnalysis): TableView {
  const rows = [
    ...leaks.leaking.map((g): Cell[] => ['object given away', g.model, g.facts, g.accuracy]),
    ...leaks.others.map((g): Cell[] => ['all other facts', g.model, g.facts, g.accuracy]),
    ...zeros.answered.map((g): Cell[] => ['MI ≤ 0, no leak', g.model, g.facts, g.accuracy]),
  ]
  return {
    title: 'Leaks and facts without counts',
    columns: ['facts that', 'model', 'facts', 'accuracy'],
    rows,
  }
}

function bandTable({ bands }: RetentionAnalysis): TableView {
  return {
    title: 'Retention by documents that name subject and object',
    columns: ['model', 'documents', 'facts', 'accuracy'],
    rows: bands.map(({ model, from, to, facts, accuracy }) => [
      model,
      from === to ? `${from}` : `${from}–${to}`,
      facts,
      accuracy,
    ]),
  }
}

/** Whether the facts that most documents state are kept better than those of the fewest, beyond both intervals. */
function rises({ bands, advice }: RetentionAnalysis): boolean {
  const own = bands.filter((band) => band.model === advice?.model)
  const ends = own.length < 2 ? [] : [own[0], own[own.length - 1]]
  return ends.length === 2 && standsOut(ends, (band) => band.accuracy, 'highest') === ends[1]
}

/** Retention against corpus frequency, the fitted curve, the bound, and what retrieval would buy. */
export function boundSection(analysis: RetentionAnalysis): Section {
  const { advice, observations } = analysis
  const answer = answerOf(analysis)
  const tradeOff = tradeOffChart(analysis)
  const frequent = advice?.tradeOff[0]
  const caption =
    frequent === undefined
      ? 'Retention against corpus frequency.'
      : `${rises(analysis) ? 'Facts are kept the better the more documents state them' : 'Retention against the documents that state a fact'}; left to itself, the model errs on ${percent(frequent.expectedError)} of them.`
  return {
    id: PROBE,
    order: ORDER,
    question: 'Which facts will the model keep, and which need retrieval?',
    answer,
    inShort: advice === null ? 'cannot be said' : `${claimedFacts(advice).retrieved} to retrieval`,
    charts: [retentionChart(analysis, caption), ...(tradeOff === null ? [] : [tradeOff])],
    tables: [
      ...adviceTable(analysis),
      bandTable(analysis),
      fitTable(analysis),
      heldOutTable(analysis),
      groupsTable(analysis),
    ],
    protocol: [
      `${counted(observations.counted, 'counted fact')} in ${counted(observations.documents, 'document')}; ${counted(observations.models.length, 'model')}; ${counted(observations.withoutCounts, 'answered fact')} without counts, ${counted(observations.withoutAnswers, 'counted fact')} without answers; ${counted(observations.leakingAnswers.rows, 'answer')} left out because their prompts give the object away.`,
      'Accuracy by documents: intervals over facts, widened by the variance between templates where the answers tell them.',
      'Published lines: mean accuracy per distinct x, unweighted least squares, bound = slope + intercept; facts with MI ≤ 0 dropped, leaks kept (arXiv:2502.04066). Bound intervals: over facts, the design held; in a line over several models a fact counts once.',
      advice === null
        ? 'No form could be chosen.'
        : `Advice: ${advice.form.variant} on ${advice.form.measure}, chosen by its error on unseen facts and models; trusted when the expected error is at most ${percent(advice.maxError)}.`,
      ...(advice !== null && advice.sizes < 2
        ? ['Answers of one model size: at which size more would be kept cannot be told.']
        : []),
    ],
  }
}
