import { html, type Markup } from './markup.js'

/** Where a link of a page leads within the report; undefined where its target is not carried. */
export type LinkTo = (href: string) => string | undefined

type Block = readonly string[]

const INLINE =
  /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)|(?<!\]\()arXiv:(\d{4}\.\d{4,5})/g

/** Code, bold, emphasis, links and arXiv numbers of a paragraph; everything else is text. */
function inline(text: string, linkTo: LinkTo): Markup[] {
  const out: Markup[] = []
  let at = 0
  for (const found of text.matchAll(INLINE)) {
    const [whole, code, bold, emphasis, label, href, paper] = found
    out.push(html`${text.slice(at, found.index)}`)
    at = found.index + whole.length
    if (code !== undefined) out.push(html`<code>${code}</code>`)
    else if (bold !== undefined) out.push(html`<b>${bold}</b>`)
    else if (emphasis !== undefined) out.push(html`<i>${emphasis}</i>`)
    else if (paper !== undefined) out.push(paperMarkup(paper))
    else if (label !== undefined && href !== undefined) {
      const target = linkTo(href)
      out.push(target === undefined ? html`${label}` : html`<a href="${target}">${label}</a>`)
    }
  }
  return [...out, html`${text.slice(at)}`]
}

/** A link to a paper. Followed only by a reader who clicks on it: the page itself asks for nothing. */
export function paperMarkup(number: string): Markup {
  return html`<a href="https://arxiv.org/abs/${number}" rel="noreferrer">arXiv:${number}</a>`
}

const cells = (row: string): string[] =>
  row
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim())

function tableOf([head = '', , ...rows]: Block, linkTo: LinkTo): Markup {
  const names = cells(head)
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${names.filter((name) => name !== '').join(', ')}"><table>
<thead><tr>${names.map((name) => (name === '' ? html`<td></td>` : html`<th scope="col">${inline(name, linkTo)}</th>`))}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row).map((cell) => html`<td>${inline(cell, linkTo)}</td>`)}</tr>`)}</tbody>
</table></div>`
}

function listOf(block: Block, linkTo: LinkTo): Markup {
  const items = block
    .join('\n')
    .split(/^- /m)
    .map((item) => item.replace(/\s*\n\s*/g, ' ').trim())
  return html`<ul>${items.filter((item) => item !== '').map((item) => html`<li>${inline(item, linkTo)}</li>`)}</ul>`
}

function blockMarkup(block: Block, linkTo: LinkTo): Markup {
  const [first = ''] = block
  if (first.startsWith('    ')) return html`<pre>${block.map((line) => line.slice(4)).join('\n')}</pre>`
  if (first.startsWith('|')) return tableOf(block, linkTo)
  if (first.startsWith('- ')) return listOf(block, linkTo)
  // A list may stand right under the sentence that opens it.
  const items = block.findIndex((line) => line.startsWith('- '))
  if (items > 0)
    return html`${blockMarkup(block.slice(0, items), linkTo)}${blockMarkup(block.slice(items), linkTo)}`
  return html`<p>${inline(block.join('\n'), linkTo)}</p>`
}

/**
 * Text of a page of docs/methods as HTML. The pages keep to what stands here (paragraphs, indented formulas, tables, flat
 * lists, code, bold, links), so that nothing but the report's own template makes markup; test/docs holds them to it.
 */
export function pageMarkup(text: string, linkTo: LinkTo): Markup {
  const blocks = text.split(/\n{2,}/).map((block) => block.split('\n'))
  return html`${blocks.map((block) => blockMarkup(block, linkTo))}`
}
