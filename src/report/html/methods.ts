import type { Result } from '../../core/index.js'
import { type Book, type CitedPage, citationIn, citedPages } from '../methods/book.js'
import { html, type Markup } from './markup.js'
import { pageMarkup, paperMarkup } from './page-markup.js'

/** Shows a source string, with links where it cites a page that the report carries or a paper. */
export type Cite = (source: string) => Markup

/** The pages that a report's findings cite, and how to link to them. */
export interface Shelf {
  readonly pages: readonly CitedPage[]
  readonly cite: Cite
  readonly linkTo: (page: string, href: string) => string | undefined
}

/** How an interval passes a gate: behind every verdict. */
const GATES = 'docs/methods/gates.md'

const PAPER = /arXiv:(\d{4}\.\d{4,5})(?:v\d+)?/

const idOf = (page: string, anchor: string): string => `method-${page}-${anchor}`

export function shelfOf(result: Result, book: Book): Shelf {
  const verdict = result.gates.length === 0 ? [] : [GATES]
  const pages = citedPages([...result.findings.flatMap((finding) => finding.sources), ...verdict], book)
  const place = (page: string, anchor: string | null): { id: string; title: string } | undefined => {
    const cited = pages.find((p) => p.page === page)
    const section = anchor === null ? undefined : cited?.sections.find((s) => s.anchor === anchor)
    if (cited === undefined || (anchor !== null && section === undefined)) return undefined
    return section === undefined
      ? { id: `method-${page}`, title: cited.title }
      : { id: idOf(page, section.anchor), title: `${cited.title}: ${section.title}` }
  }
  return {
    pages,
    cite(source) {
      const citation = citationIn(source)
      const target = citation === null ? undefined : place(citation.page, citation.anchor)
      if (target !== undefined) return html`<a href="#${target.id}">${target.title}</a>`
      const paper = PAPER.exec(source)
      if (paper === null) return html`${source}`
      const [whole, number = ''] = paper
      return html`${source.slice(0, paper.index)}${paperMarkup(number)}${source.slice(paper.index + whole.length)}`
    },
    linkTo(page, href) {
      const [file = '', anchor] = href.split('#')
      if (file.includes('/')) return undefined
      const target = place(file === '' ? page : file.replace(/\.md$/, ''), anchor ?? null)
      return target === undefined ? undefined : `#${target.id}`
    },
  }
}

/** The cited sections' text, a folded page each: the formulas behind the numbers, on a page that opens from disk. */
export function methodsMarkup({ pages, linkTo }: Shelf): Markup | undefined {
  if (pages.length === 0) return undefined
  return html`<div class="methods">
<h3>Methods: the formulas behind these numbers</h3>
${pages.map(
  ({ page, title, sections }) => html`<details class="method">
<summary>${title}</summary>
<div id="method-${page}">
${sections.map(
  (section) => html`<h4 id="${idOf(page, section.anchor)}">${section.title}</h4>
${pageMarkup(section.text, (href) => linkTo(page, href))}`,
)}
</div>
</details>`,
)}
</div>`
}
