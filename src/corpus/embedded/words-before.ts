import { decodeAt } from '../names/utf8.js'
import { JOINING, NONE, SINGLE, wordClass } from '../names/word-class.js'

/** Words that begin before byte `at`. */
export function countWordsBefore(bytes: Uint8Array, at: number): number {
  let words = 0
  let previous: number = NONE
  for (let i = 0; i < at; ) {
    const decoded = decodeAt(bytes, i, bytes.length)
    const kind = wordClass(decoded >> 3)
    if (kind === SINGLE || (kind === JOINING && previous !== JOINING)) words++
    previous = kind
    i += decoded & 7
  }
  return words
}
