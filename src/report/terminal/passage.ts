import type { PassageChart } from '../../core/index.js'
import { oneLine, plain } from '../text/safe.js'
import { wrap } from '../text/width.js'
import type { Paint, Style } from './style.js'

const STRONG = 0.5

/** Brackets show strong spans without colour, too. */
const BRACKETS = { plus: ['⟦', '⟧'], minus: ['⟨', '⟩'] } as const

function bracketed(text: string, weight: number): string {
  if (!(Math.abs(weight) >= STRONG)) return text
  const [open, close] = BRACKETS[weight > 0 ? 'plus' : 'minus']
  return text.replace(/\S(?:[\s\S]*\S)?/, (core) => `${open}${core}${close}`)
}

/** Colour from each bracket to its partner, which may stand some lines further down. */
function painted(lines: readonly string[], paint: Paint): string[] {
  let style: Style | null = null
  return lines.map((line) =>
    line
      .split(/(?=[⟦⟨])|(?<=[⟧⟩])/)
      .map((part) => {
        if (part.startsWith(BRACKETS.plus[0])) style = 'plus'
        if (part.startsWith(BRACKETS.minus[0])) style = 'minus'
        const shown = style === null ? part : paint(part, style)
        if (/[⟧⟩]$/.test(part)) style = null
        return shown
      })
      .join(''),
  )
}

/** Text with its line ends, strong spans in brackets and colour, and what these say. */
export function passageLines({ spans, legend }: PassageChart, width: number, paint: Paint): string[] {
  const text = spans.map(({ text: own, weight }) => bracketed(plain(own), weight)).join('')
  const lines = text
    .split('\n')
    .flatMap((line) => wrap(oneLine(line), width))
    .filter((line, i, all) => line !== '' || all[i - 1] !== '')
  const key =
    legend === undefined
      ? '⟦ ⟧ weight of .5 or more · ⟨ ⟩ −.5 or less'
      : `⟦ ⟧ ${legend.plus} · ⟨ ⟩ ${legend.minus} (half as strong as the strongest, or more)`
  return [...painted(lines, paint), ...wrap(key, width)]
}
