import type { Chart, DotChart, Finding, Section } from '../../core/index.js'
import { dotTable, figureMarkup } from './figure.js'
import { type Around, findingsMarkup } from './findings.js'
import { html, type Markup } from './markup.js'
import { tableMarkup } from './table.js'

/** Charts for those who check rather than read. */
const isDetail = (chart: Chart): boolean => chart.kind !== 'passage' && chart.detail === true

/** A section's place on the page; ids come from probes and are made safe for a link. */
export function sectionAnchor({ id }: Section): string {
  return `q-${id.replace(/[^A-Za-z0-9_-]+/g, '-')}`
}

/** A question, its answer, what shows it, then, folded, what an expert checks. */
export async function sectionMarkup(
  section: Section,
  findings: readonly Finding[],
  around: Around,
): Promise<Markup> {
  const anchor = sectionAnchor(section)
  const figures = await Promise.all(
    section.charts.map(async (chart, i) => ({
      folded: isDetail(chart),
      markup: await figureMarkup(chart, `${anchor}-${i + 1}`),
    })),
  )
  const shown = figures.filter((figure) => !figure.folded).map((figure) => figure.markup)
  const folded = figures.filter((figure) => figure.folded).map((figure) => figure.markup)
  const hasTable = section.tables.length > 0
  const dots = section.charts.filter((chart): chart is DotChart => chart.kind === 'dots')
  // A chart whose numbers stand in no table brings its own.
  const tables = hasTable ? section.tables : dots.map(dotTable)
  // Where there is nothing to look at, the table is the exhibit and is not folded.
  const open = section.charts.length === 0
  const sources = [...new Set(findings.flatMap((f) => f.sources))]
  return html`<section aria-labelledby="${anchor}">
<h2 id="${anchor}">${section.question}</h2>
<p class="answer">${section.answer}</p>
${shown}
${open && tables.map(tableMarkup)}
${findingsMarkup(findings, around)}
<details>
<summary>${open ? 'Protocol' : tables.length > 0 ? 'Table and protocol' : 'Protocol'}<span class="sr">: ${section.question}</span></summary>
${folded}
${!open && tables.map(tableMarkup)}
${section.protocol.length > 0 && html`<h3>How it was measured</h3><ul>${section.protocol.map((line) => html`<li>${line}</li>`)}</ul>`}
${sources.length > 0 && html`<h3>Sources</h3><ul>${sources.map((source) => html`<li>${around.cite(source)}</li>`)}</ul>`}
</details>
</section>`
}
