export const PROBE = 'corpus-profile'
export const METHOD = 'docs/methods/corpus.md#profile'

const CLIPPED = 120

/** `3.1 %`; shares below a thousandth with three places. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.001 ? 3 : 1)} %`
}

/** The beginning of a text on one line. */
export function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > CLIPPED ? `${line.slice(0, CLIPPED)}…` : line
}
