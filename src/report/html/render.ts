import type { Result } from '../../core/index.js'
import type { Book } from '../methods/book.js'
import { belongsTo } from '../methods/sources.js'
import { type Shown, STATUS_WORDS } from '../verdict.js'
import { findingsMarkup, worstOf } from './findings.js'
import { firstScreen } from './first-screen.js'
import { html, type Markup, trusted } from './markup.js'
import { measuredMarkup } from './measured.js'
import { shelfOf } from './methods.js'
import { sectionAnchor, sectionMarkup } from './section.js'
import { styleSheet } from './style.js'

/** Nothing may be fetched, run or sent: the page is only read. Styles and the empty icon are its own. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

interface Link {
  readonly anchor: string
  readonly text: string
  readonly inShort?: string
  readonly status?: Shown
}

/** A question with its answer in a word or two, so that the list of questions says it all at a glance. */
function linkMarkup({ anchor, text, inShort, status }: Link): Markup {
  const short =
    status === undefined ? inShort : html`${signMarkup(status)} ${inShort ?? STATUS_WORDS[status].word}`
  return html`<li><a href="#${anchor}">${text}${short && html` <small>${short}</small>`}</a></li>`
}

/** A status as its sign; its word is for those who do not see it. */
function signMarkup(status: Shown): Markup {
  const { sign, word } = STATUS_WORDS[status]
  return html`<span class="status ${status}"><span aria-hidden="true">${sign}</span><span class="sr">${word}: </span></span>`
}

/**
 * A result as one self-contained HTML file: no script, no network, no external font. The same result gives the
 * same bytes.
 *
 * @param book pages of docs/methods; the sections that findings cite are carried, folded, at the end of the page
 */
export async function renderHtml(result: Result, book: Book = new Map()): Promise<string> {
  const shelf = shelfOf(result, book)
  const sections = [...result.sections].sort((a, b) => a.order - b.order)
  const homeOf = new Map(result.findings.map((f) => [f, sections.find((section) => belongsTo(f, section))]))
  const bodies: Markup[] = []
  for (const section of sections)
    bodies.push(
      await sectionMarkup(
        section,
        result.findings.filter((f) => homeOf.get(f) === section),
        { gates: result.gates, cite: shelf.cite },
      ),
    )
  const others = result.findings.filter((f) => homeOf.get(f) === undefined)
  const links = [
    ...sections.map((section) => ({
      anchor: sectionAnchor(section),
      text: section.question,
      inShort: section.inShort,
      status: worstOf(
        result.findings.filter((f) => homeOf.get(f) === section),
        result,
      ),
    })),
    ...(others.length > 0
      ? [{ anchor: 'findings', text: 'Other findings', status: worstOf(others, result) }]
      : []),
    { anchor: 'measured', text: 'How this was measured' },
  ]
  const verdict = result.verdict === undefined ? '' : `${result.verdict} · `
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${verdict}${result.title}</title>
<link rel="icon" href="data:,">
<style>${trusted(styleSheet())}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the answers</a>
<main>
${firstScreen(result)}
<div class="answers" id="content">
<nav aria-label="Questions"><ol>${links.map(linkMarkup)}</ol></nav>
<div class="column">
${bodies}
${
  others.length > 0 &&
  html`<section aria-labelledby="findings"><h2 id="findings">Other findings</h2>${findingsMarkup(others, { gates: result.gates, cite: shelf.cite })}</section>`
}
${measuredMarkup(result, shelf)}
</div>
</div>
</main>
</body>
</html>
`.text
}
