import { escapeMarkup } from '../text/safe.js'

/** Text that is HTML already. Only `html` and `trusted` make one, so that nothing unescaped gets onto the page. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Markup | false | undefined | readonly Part[]

function partText(part: Part): string {
  if (part === undefined || part === false) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'string' || typeof part === 'number') return escapeMarkup(String(part))
  return part.map(partText).join('')
}

/** HTML by template: every value put in is escaped unless it is markup itself; lists are joined. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, i) => text + (i < parts.length ? partText(parts[i]) : '')).join(''))
}

/** Take text of the report's own making (a drawing, the style sheet) as it is. */
export function trusted(text: string): Markup {
  return new Markup(text)
}
