import { compile } from 'html-to-text'

const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']
/** What a browser does not show. */
const HIDDEN = ['head', 'script', 'style', 'noscript', 'template', 'svg', '[hidden]', 'img', 'hr']

const toText = compile({
  wordwrap: false,
  selectors: [
    ...HEADINGS.map((selector) => ({ selector, options: { uppercase: false } })),
    ...HIDDEN.map((selector) => ({ selector, format: 'skip' })),
    { selector: '[style*="display:none"]', format: 'skip' },
    { selector: '[style*="display: none"]', format: 'skip' },
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'ul', options: { itemPrefix: '- ' } },
    { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
  ],
})

/** The text of a page that a browser shows, a paragraph a line, links without their addresses. */
export function visibleText(html: string): string {
  return toText(html)
}
