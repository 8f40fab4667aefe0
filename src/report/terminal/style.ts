import type { Status } from '../../core/index.js'

/** Terminal styles: sixteen-colour codes, so that the user's own theme decides the shade. */
const CODES = {
  bold: '1',
  dim: '2',
  pass: '32',
  warn: '33',
  fail: '31',
  error: '35',
  insufficient: '36',
  inverse: '7',
  plus: '34',
  minus: '33',
} as const

export type Style = keyof typeof CODES

/** Paints text, or leaves it alone where colours are not wanted. */
export type Paint = (text: string, ...styles: readonly Style[]) => string

const ESCAPE = String.fromCharCode(27)

export function createPaint(colour: boolean): Paint {
  if (!colour) return (text) => text
  return (text, ...styles) =>
    text === '' ? '' : `${ESCAPE}[${styles.map((style) => CODES[style]).join(';')}m${text}${ESCAPE}[0m`
}

/** A verdict's colour is that of the status that it amounts to. */
export const VERDICT_STYLE = { GO: 'pass', 'NO-GO': 'fail', INCONCLUSIVE: 'warn' } as const satisfies Record<
  string,
  Status
>
