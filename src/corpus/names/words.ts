import { decodeAt } from './utf8.js'
import {
  BYTE_CLASS,
  EXTEND,
  extendsBack,
  JOINING,
  LINKER,
  NEEDS_DECODING,
  NONE,
  PREPEND,
  SINGLE,
  type WordClass,
  wordClass,
} from './word-class.js'

/**
 * End of the word that begins at `at` in UTF-8; minus the end of the character there, where none begins. A word is a run
 * of joining characters, or one cluster of an unspaced script (assembly/matcher.ts, slowWord, must give the same).
 */
export function wordEnd(bytes: Uint8Array, at: number, end: number): number {
  const first = BYTE_CLASS[bytes[at]!]!
  if (first === NONE) return -(at + 1)
  let next = at + 1
  let kind = first as WordClass
  if (first === NEEDS_DECODING) {
    const decoded = decodeAt(bytes, at, end)
    next = at + (decoded & 7)
    kind = wordClass(decoded >> 3)
    if (kind === NONE) return -next
  }
  return kind === SINGLE || kind === PREPEND ? clusterEnd(bytes, next, end, kind) : runEnd(bytes, next, end)
}

function runEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end) {
    const first = BYTE_CLASS[bytes[at]!]!
    if (first === JOINING) at++
    else if (first === NEEDS_DECODING) {
      const decoded = decodeAt(bytes, at, end)
      const kind = wordClass(decoded >> 3)
      if (kind !== JOINING && !extendsBack(kind)) break
      at += decoded & 7
    } else break
  }
  return at
}

function clusterEnd(bytes: Uint8Array, from: number, end: number, base: WordClass): number {
  let isOpen = base === PREPEND
  let at = from
  while (at < end && bytes[at]! >= 0x80) {
    const decoded = decodeAt(bytes, at, end)
    const kind = wordClass(decoded >> 3)
    if (kind === LINKER) isOpen = true
    else if (isOpen && (kind === SINGLE || kind === PREPEND)) isOpen = kind === PREPEND
    else if (kind !== EXTEND) break
    at += decoded & 7
  }
  return at
}

/** Words that begin before byte `at`. */
export function countWordsBefore(bytes: Uint8Array, at: number): number {
  let words = 0
  for (let i = 0; i < at; ) {
    const end = wordEnd(bytes, i, bytes.length)
    if (end > 0) words++
    i = Math.abs(end)
  }
  return words
}
