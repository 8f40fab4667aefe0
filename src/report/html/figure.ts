import type { Chart, DotChart, PassageChart, TableView } from '../../core/index.js'
import { drawChart, NARROW, WIDE } from '../charts/chart-to-svg.js'
import { describeChart } from '../charts/describe.js'
import { labelSvg } from '../charts/draw.js'
import { tintOf } from '../charts/passage.js'
import { html, type Markup, trusted } from './markup.js'

const ROWS_ON_HALF_A_LINE = 12

/** A chart with its caption: drawn twice, for a page and for a phone, of which the style sheet shows one. */
export async function figureMarkup(chart: Chart, id: string): Promise<Markup> {
  // Rows of which a half-width drawing on paper would be taller than a page.
  const long = chart.kind === 'dots' && chart.rows.length > ROWS_ON_HALF_A_LINE
  return html`<figure${long && html` class="long"`}>
<figcaption id="${id}">${chart.caption}</figcaption>
${chart.kind === 'passage' ? passageMarkup(chart) : await drawings(chart, id)}
</figure>`
}

async function drawings(chart: Chart, id: string): Promise<Markup> {
  const text = describeChart(chart)
  const wide = labelSvg(await drawChart(chart, WIDE), id, `${id}-wide`, text)
  const narrow = labelSvg(await drawChart(chart, NARROW), id, `${id}-narrow`, text)
  return html`<div class="wide">${trusted(wide)}</div><div class="narrow">${trusted(narrow)}</div>`
}

/** In a page a passage is text, so that it wraps, scales and can be read aloud. */
function passageMarkup(chart: PassageChart): Markup {
  const spans = chart.spans.map(({ text, weight }) => {
    const { sign, strength } = tintOf(weight)
    return sign === 'none' ? html`${text}` : html`<span class="${sign} t${strength}">${text}</span>`
  })
  const key =
    chart.legend === undefined
      ? html`<span class="plus t5">weight 1</span> <span class="plus t2">weak</span> 0 <span class="minus t2">weak</span> <span class="minus t5">weight −1</span>`
      : html`<span class="plus t5">strong</span> <span class="plus t2">weak</span> ${chart.legend.plus} · <span class="minus t5">strong</span> <span class="minus t2">weak</span> ${chart.legend.minus}`
  return html`<p class="passage">${spans}</p>
<p class="note"><span class="passage-key">${key}</span></p>`
}

/** The numbers of a dot chart as a table, for those who read rather than look. */
export function dotTable(chart: DotChart): TableView {
  const grouped = chart.rows.some((row) => row.group !== undefined)
  return {
    title: `Numbers of the chart: ${chart.caption}`,
    columns: grouped ? ['', 'group', chart.x.label] : ['', chart.x.label],
    rows: chart.rows.map(({ label, group, estimate }) =>
      grouped ? [label, group ?? null, estimate] : [label, estimate],
    ),
  }
}
