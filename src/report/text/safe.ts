/**
 * Text from outside (file names, model names, model output) made safe to show: what a reader sees is what is
 * there, and none of it can act on a terminal, a page or a parser.
 */

const CONTROL = /\p{Cc}/gu
const BIDI = /\p{Bidi_Control}/gu
const INVISIBLE = /[\u200b\u2060\ufeff\ufffe\uffff\u2028\u2029]/g
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const codePoint = (character: string): string =>
  `‹${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`

/**
 * Text without characters that act instead of show. Direction overrides and invisible characters become their
 * code point in ‹›, so that a name cannot pose as another; controls become the replacement character.
 */
export function plain(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(CONTROL, (control) => (control === '\n' || control === '\t' ? control : '\ufffd'))
    .replace(BIDI, codePoint)
    .replace(INVISIBLE, codePoint)
}

/** `plain` on one line: newlines and tabs become spaces. */
export function oneLine(text: string): string {
  return plain(text).replace(/[\t\n]+/g, ' ')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escape for HTML and XML, in text and in quoted attributes. */
export function escapeMarkup(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

/** Escape for a table cell or a paragraph of GitHub's Markdown; the result stands on one line. */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_{}[\]()#+!|~$@-]/g, (character) => `\\${character}`)
      .replace(/[&<>]/g, (character) => ENTITIES[character] ?? character)
      .replace(/^(\d+)\./, '$1\\.')
      .replace(/:\/\//g, ':&#47;&#47;')
      // GitHub links bare addresses, too.
      .replace(/\bwww\./gi, 'www&#46;')
  )
}
