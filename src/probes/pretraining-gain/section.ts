import type { Cell, Censored, GainAnalysis, GainEvidence, Section, TableView } from '../../core/index.js'
import { adaptationChart, distributionChart, gainChart } from './charts.js'
import { boundText, detectableText, PROBE, points, pointsText, sizesText } from './words.js'

export const ORDER = 60
export const QUESTION = 'What did pre-training buy?'

function answerOf(analysis: GainAnalysis): string {
  const { gain, retainedShare, decision, items, oodGain } = analysis
  const text = pointsText(gain)
  if (gain.kind === 'notEstimable' || text === null)
    return `What pre-training bought cannot be estimated: ${gain.kind === 'notEstimable' ? gain.reason : ''}.`
  const kept =
    retainedShare.kind === 'estimate'
      ? ` A model from scratch reaches ${Math.round(100 * retainedShare.value)} % of what the pre-trained one has above guessing.`
      : ''
  const out = pointsText(oodGain)
  const elsewhere = items.ood === 0 || out === null ? '' : ` Out of distribution it is ${out}.`
  const said = {
    shown: `Pre-training is worth ${text} ${sizesText(analysis)}.`,
    refuted:
      gain.interval.high < 0
        ? `The model from scratch is better by ${points(-gain.value)} points ${sizesText(analysis)}, beyond doubt: were the arms swapped?`
        : `Pre-training is not worth ${points(analysis.settings.target)} points: ${text} ${sizesText(analysis)}.`,
    'not-shown': `A gain is not shown (${text} ${sizesText(analysis)}), which is no sign that there is none: ${detectableText(analysis)}.`,
  }
  return `${said[decision.superior]}${elsewhere}${kept}`
}

/** A bound is a word, never a number. */
function cellOf(worth: Censored): Cell {
  return boundText(worth) ?? worth.value
}

function figures(analysis: GainAnalysis): TableView {
  const { sampleEfficiency, saved, smallestDetectable, minK } = analysis
  const rows: [string, Cell][] = [
    ['gain', analysis.gain],
    ['gain of scores above guessing', analysis.chanceCentredGain],
    ['share of the score that scratch reaches', analysis.retainedShare],
    ['gain out of distribution', analysis.oodGain],
    ['gain in distribution less out of it', analysis.idOodDifference],
    ['gain without items in the corpus', analysis.cleanSubsetGain],
    ['gain in margins', analysis.marginGain],
    ['gain on items with low min-k', minK.unlikely],
    ['gain on items with high min-k', minK.likely],
    ['gain at the largest size less that at the others', analysis.gainAtLastSize],
    ['smallest gain shown in four of five cases', smallestDetectable],
    [`examples from scratch for each one, at ${points(sampleEfficiency.score)} %`, cellOf(sampleEfficiency)],
    ['examples saved on the way there', cellOf(saved.examples)],
    ['training FLOPs saved', saved.flops],
    ['money saved', saved.money],
    ['cost of a point, pre-trained', saved.perPoint.pretrained],
    ['cost of a point, from scratch', saved.perPoint.scratch],
  ]
  return { title: 'Figures', columns: ['what', 'value'], rows }
}

function sizeTable({ bySize, curves, dataTransferred }: GainAnalysis): TableView {
  return {
    title: 'By training-set size',
    columns: [
      'training examples',
      'test items',
      'pre-trained',
      'from scratch',
      'gain',
      'examples that pre-training is worth',
    ],
    rows: bySize.map(({ n, split, gain }): Cell[] => {
      const scores = (['pretrained', 'scratch'] as const).map(
        (arm) =>
          curves.find((c) => c.arm === arm && c.split === split)?.points.find((p) => p.n === n)?.score ??
          null,
      )
      const worth = dataTransferred.find((d) => d.n === n)
      return [
        n,
        split === 'id' ? 'in distribution' : 'out of distribution',
        ...scores,
        gain,
        split === 'ood' || worth === undefined ? null : cellOf(worth),
      ]
    }),
  }
}

function lawTable({ curves, transferLaw }: GainAnalysis): TableView {
  return {
    title: 'Laws',
    columns: ['law', 'arm', 'test items', 'parameter', 'value'],
    rows: [
      ...curves.flatMap(({ arm, split, asymptote, exponent }): Cell[][] => [
        ['error left with unlimited data', arm, split, 'e∞', asymptote],
        ['fall of the error', arm, split, 'b', exponent],
      ]),
      ['transfer', 'both', 'id', 'ln k', transferLaw.logK],
      ['transfer', 'both', 'id', 'α', transferLaw.alpha],
      ['transfer', 'both', 'id', 'β', transferLaw.beta],
    ],
  }
}

/** The section that shows a comparison of two arms. */
export function gainSection(analysis: GainAnalysis, { notes }: Pick<GainEvidence, 'notes'>): Section {
  const { items, seeds, pairedSeeds, settings, sizes, gain } = analysis
  return {
    id: PROBE,
    order: ORDER,
    question: QUESTION,
    answer: answerOf(analysis),
    inShort: gain.kind === 'estimate' ? `${points(gain.value)} points` : 'not estimable',
    charts: [
      ...(sizes.length > 1 ? [adaptationChart(analysis, 'id'), gainChart(analysis)] : []),
      ...(gain.kind === 'estimate' ? [distributionChart(analysis)] : []),
      ...(sizes.length > 1 && items.ood > 0 ? [adaptationChart(analysis, 'ood')] : []),
    ],
    tables: [figures(analysis), sizeTable(analysis), lawTable(analysis)],
    protocol: [
      `${items.id} items in distribution, ${items.ood} out of it; training-set sizes ${sizes.join(', ') || 'none'}; ${seeds} seeds, ${pairedSeeds ? 'shared by both arms' : 'of both arms together, drawn apart'}.`,
      `Intervals at ${settings.level} over other items (in clusters) and other seeds; guessing ${settings.chance ?? 'not known'}; target ${settings.target}, loss put up with elsewhere ${settings.delta}.`,
      ...notes.map((note) => note.text),
    ],
  }
}
