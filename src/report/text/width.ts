const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u
const NARROW_NOTHING = /[\p{Mn}\p{Me}\u200c\u200d]/u

/** Terminal cells that a text takes: East Asian wide characters two, combining marks none. */
export function cellWidth(text: string): number {
  let width = 0
  for (const character of text) width += NARROW_NOTHING.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return width
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Cut to at most `width` cells at a whole character, with `…` where something was left out. */
export function shorten(text: string, width: number): string {
  if (cellWidth(text) <= width) return text
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += cellWidth(segment)
    if (used > width - 1) break
    kept += segment
  }
  return `${kept}…`
}

/** `shorten`, then padded with spaces to exactly `width` cells. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const cut = shorten(text, width)
  const space = ' '.repeat(Math.max(0, width - cellWidth(cut)))
  return side === 'left' ? cut + space : space + cut
}

/** Break into lines of at most `width` cells at spaces; a longer word is cut into pieces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  const push = (word: string): void => {
    const joined = line === '' ? word : `${line} ${word}`
    if (cellWidth(joined) <= width) {
      line = joined
      return
    }
    if (line !== '') lines.push(line)
    line = ''
    for (const { segment } of graphemes.segment(word)) {
      if (cellWidth(line) + cellWidth(segment) > width) {
        lines.push(line)
        line = ''
      }
      line += segment
    }
  }
  for (const word of text.split(' ')) if (word !== '') push(word)
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** Average advance of a sans-serif letter, as a share of the font size (measured on DejaVu Sans and Arial: .50–.60). */
const LETTER_WIDTH = 0.56

/** Rough width of a text in pixels; drawings leave room by it because no font is at hand. */
export function pixelWidth(text: string, fontSize: number): number {
  return cellWidth(text) * fontSize * LETTER_WIDTH
}
