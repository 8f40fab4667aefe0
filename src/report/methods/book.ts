/** Pages of docs/methods as Markdown, by name without `.md`. The report room reads no disk, so its caller brings them. */
export type Book = ReadonlyMap<string, string>

/** What a source string cites: a page, and a heading on it where one is named. */
export interface Citation {
  readonly page: string
  readonly anchor: string | null
}

/** A heading with the text up to the next one; the first of a page is its title, level 1. */
export interface PageSection {
  readonly anchor: string
  readonly title: string
  readonly level: number
  readonly text: string
}

/** How a citation is written, in sources, docstrings and documents: `docs/methods/<page>.md#<anchor>`. */
export const CITATION = /docs\/methods\/([a-z-]+)\.md(?:#([\p{L}\p{N}_-]+))?/u

/** The citation in a source string, if it holds one. */
export function citationIn(source: string): Citation | null {
  const found = CITATION.exec(source)
  return found === null ? null : { page: found[1] ?? '', anchor: found[2] ?? null }
}

/** Anchor of a heading, as GitHub makes it: lower case, without punctuation, spaces as hyphens. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-')
}

/** Cut a page at its headings. */
export function sectionsOf(markdown: string): PageSection[] {
  return markdown.split(/^(?=#{1,3} )/m).flatMap((part) => {
    const head = /^(#{1,3}) (.+)\n?/.exec(part)
    if (head === null) return []
    const [line, marks = '', title = ''] = head
    return [
      {
        anchor: anchorOf(title),
        title,
        level: marks.length,
        text: part.slice(line.length).replace(/^\n+|\s+$/g, ''),
      },
    ]
  })
}

/** A page with those of its sections that are cited: all of them where the page is cited whole. */
export interface CitedPage {
  readonly page: string
  readonly title: string
  readonly sections: readonly PageSection[]
}

/** The cited pages in the order of the book, sections in the order of the page; what the book lacks is left out. */
export function citedPages(sources: Iterable<string>, book: Book): CitedPage[] {
  const wanted = new Map<string, Set<string | null>>()
  for (const source of sources) {
    const citation = citationIn(source)
    if (citation === null) continue
    const anchors = wanted.get(citation.page) ?? new Set()
    wanted.set(citation.page, anchors.add(citation.anchor))
  }
  return [...book].flatMap(([page, markdown]) => {
    const anchors = wanted.get(page)
    if (anchors === undefined) return []
    const [title, ...rest] = sectionsOf(markdown)
    const sections = rest.filter(({ anchor }) => anchors.has(null) || anchors.has(anchor))
    return title === undefined || sections.length === 0 ? [] : [{ page, title: title.title, sections }]
  })
}
