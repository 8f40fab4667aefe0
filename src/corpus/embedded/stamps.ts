/** The largest number that an Int32Array holds. */
const LAST = 2 ** 31 - 1

/**
 * The number of the document after `document`. Stamps tell what a document holds by its number, so that nothing has to
 * be cleared between documents; where the numbers run out, the stamps are cleared and the numbers begin at 1 again.
 */
export function nextDocument(document: number, stamps: Int32Array): number {
  if (document < LAST) return document + 1
  stamps.fill(0)
  return 1
}
