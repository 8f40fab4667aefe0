import { createHash } from 'node:crypto'

/** Longest piece, in characters, that one stream document may have. */
export const PIECE_CHARACTERS = 2000

/** A number in [0, 1) that depends on the label and the seed alone: the coin of every split and sample. */
export function hashFraction(label: string, seed: number): number {
  return createHash('sha256').update(`${seed}\n${label}`).digest().readUIntBE(0, 6) / 2 ** 48
}

/**
 * Unicode NFC, LF line ends, no control characters but tab and newline, no trailing blanks,
 * at most one empty line in a row, no blank at either end.
 */
export function normaliseText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\ufeff\ufffd]/gu, (mark) => (/[\t\n]/.test(mark) ? mark : ''))
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Joins lines that were wrapped at a fixed width into one line per paragraph. */
export function unwrapParagraphs(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
}

/**
 * Cuts a document into pieces of at most `limit` characters, at the border of a paragraph where one is
 * near, else of a line, else of a word. Nothing but the white space at a cut is lost.
 */
export function splitPieces(text: string, limit: number = PIECE_CHARACTERS): string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > limit) {
    const window = rest.slice(0, limit)
    const least = limit >> 2
    const cut = [window.lastIndexOf('\n\n'), window.lastIndexOf('\n'), window.lastIndexOf(' ')].find(
      (at) => at >= least,
    )
    // A surrogate pair is never cut in two.
    const hard = /[\ud800-\udbff]$/.test(window) ? limit - 1 : limit
    pieces.push(rest.slice(0, cut ?? hard).trimEnd())
    rest = rest.slice(cut ?? hard).replace(/^\s*\n|^ +/, '')
  }
  if (rest.trim() !== '') pieces.push(rest.trimEnd())
  return pieces
}

/** Words as the overlap check sees them: runs of letters and digits, lower case. */
export function overlapWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}
