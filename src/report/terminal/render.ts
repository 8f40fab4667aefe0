import type { Chart, Result, Section } from '../../core/index.js'
import { sourcesOf } from '../methods/sources.js'
import { modelFacts } from '../text/model-facts.js'
import { formatEstimate } from '../text/numbers.js'
import { oneLine } from '../text/safe.js'
import { cellWidth, shorten, wrap } from '../text/width.js'
import { type Decider, type Headline, headlines, moreText, STATUS_WORDS } from '../verdict.js'
import { dotRows } from './dot-rows.js'
import { gateLines } from './gates.js'
import { linePlot } from './line-plot.js'
import { passageLines } from './passage.js'
import { createPaint, type Paint, VERDICT_STYLE } from './style.js'
import { tableLines } from './table.js'

/** How the terminal takes text. `columns` is its width in cells. */
export interface TerminalOptions {
  readonly colour: boolean
  readonly columns?: number
}

const DEFAULT_COLUMNS = 100
const NARROWEST = 50

function headLines(result: Result, width: number, paint: Paint): string[] {
  const { verdict, model } = result
  const word = verdict === undefined ? '' : ` ${verdict} `
  const title = shorten(oneLine(result.title), width - cellWidth(word) - 2)
  const space = ' '.repeat(Math.max(2, width - cellWidth(title) - cellWidth(word)))
  const painted = verdict === undefined ? '' : space + paint(word, 'bold', 'inverse', VERDICT_STYLE[verdict])
  const facts = model === undefined ? [] : [modelFacts(model, { vocabulary: false }).join(' · ')]
  return [
    paint(title, 'bold') + painted,
    ...facts.map((line) => paint(shorten(oneLine(line), width), 'dim')),
    ...wrap(oneLine(result.summary), width),
  ]
}

function deciderLines({ status, title, estimate, action }: Decider, width: number, paint: Paint): string[] {
  const { sign } = STATUS_WORDS[status]
  const [first = '', ...rest] = wrap(oneLine(title), width - 2)
  const measured = estimate === undefined ? [] : wrap(oneLine(formatEstimate(estimate)), width - 4)
  const todo = action === undefined ? [] : wrap(oneLine(action), width - 6)
  return [
    `${paint(sign, status)} ${paint(first, 'bold')}`,
    ...rest.map((line) => `  ${paint(line, 'bold')}`),
    ...measured.map((line) => `    ${paint(line, 'dim')}`),
    ...todo.map((line, i) => `    ${i === 0 ? '→' : ' '} ${line}`),
  ]
}

function headlineLines(headline: Headline, width: number, paint: Paint): string[] {
  const more = moreText(headline)
  return [
    ...headline.items.flatMap((decider) => deciderLines(decider, width, paint)),
    ...(more === undefined ? [] : [paint(`  ${more}`, 'dim')]),
  ]
}

function chartLines(chart: Chart, width: number, paint: Paint): string[] {
  const caption = wrap(oneLine(chart.caption), width)
  switch (chart.kind) {
    case 'dots':
      return chart.rows.length === 0 ? caption : [...caption, ...dotRows(chart, width, paint)]
    case 'lines':
      return [...caption, ...linePlot(chart, width, paint)]
    case 'passage':
      return [...caption, ...passageLines(chart, width, paint)]
  }
}

function sectionLines(section: Section, sources: readonly string[], width: number, paint: Paint): string[] {
  const inner = width - 2
  // A table repeats what a chart shows; it stands here only where there is no chart.
  const exhibits =
    section.charts.length > 0
      ? section.charts
          .filter((chart) => chart.kind === 'passage' || chart.detail !== true)
          .map((chart) => chartLines(chart, inner, paint))
      : section.tables.map((view) => tableLines(view, inner, paint))
  return [
    ...wrap(oneLine(section.question), width).map((line) => paint(line, 'bold')),
    ...(section.answer === '' ? [] : wrap(oneLine(section.answer), inner).map((line) => `  ${line}`)),
    ...exhibits.flatMap((lines) => ['', ...lines.map((line) => `  ${line}`.trimEnd())]),
    ...(sources.length === 0 ? [] : wrap(oneLine(`sources: ${sources.join(' · ')}`), inner)).map((line) =>
      paint(`  ${line}`, 'dim'),
    ),
  ]
}

function missingLines(result: Result, width: number, paint: Paint): string[] {
  return result.notMeasured.flatMap(({ what, why }) =>
    wrap(`not measured: ${oneLine(what)} (${oneLine(why)})`, width).map((line) => paint(line, 'dim')),
  )
}

/**
 * A result for a terminal: verdict, what decided it, gates, then each question with its answer and a plot.
 * No line is wider than `columns` cells; text from outside cannot move the cursor or change colours.
 */
export function renderTerminal(
  result: Result,
  { colour, columns = DEFAULT_COLUMNS }: TerminalOptions,
): string {
  const width = Math.max(NARROWEST, columns)
  const paint = createPaint(colour)
  const [first, ...later] = headlines(result)
  const sections = [...result.sections].sort((a, b) => a.order - b.order)
  const blocks = [
    headLines(result, width, paint),
    first === undefined ? [] : headlineLines(first, width, paint),
    result.gates.length === 0
      ? []
      : [
          paint('Gates: each interval against its bound │', 'dim'),
          ...gateLines(inTierOrder(result), width, paint),
        ],
    ...later.map((headline) => [paint(headline.heading, 'bold'), ...headlineLines(headline, width, paint)]),
    ...sections.map((section) => sectionLines(section, sourcesOf(result, section), width, paint)),
    missingLines(result, width, paint),
  ]
  const rule = paint('─'.repeat(width), 'dim')
  const [head = [], ...rest] = blocks.filter((lines) => lines.length > 0)
  return `${[head, [rule], ...rest.flatMap((lines, i) => (i === 0 ? [lines] : [[''], lines]))].flat().join('\n')}\n`
}

const TIERS = ['critical', 'supporting', 'advisory'] as const

function inTierOrder(result: Result) {
  return TIERS.flatMap((tier) => result.gates.filter((gate) => gate.tier === tier))
}
