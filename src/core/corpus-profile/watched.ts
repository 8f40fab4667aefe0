const LANES = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f] as const

/** Hash of a term of at most 16 characters of ASCII in lower case, as assembly/scan.ts has it. */
function termHash(term: string): number {
  const lanes = [0, 0, 0, 0]
  for (let i = 0; i < term.length; i++) lanes[i >> 2]! |= term.charCodeAt(i) << (8 * (i & 3))
  const mixed = lanes.reduce((hash, lane, i) => hash ^ Math.imul(lane, LANES[i]!), 0)
  const hash = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}

/** Two of these at least stand in a text. Source: Rae et al., arXiv:2112.11446, Table A1. */
export const STOP_WORDS = ['the', 'be', 'to', 'of', 'and', 'that', 'have', 'with'] as const

/** Phrases of pages about the page. Source: Raffel et al., arXiv:1910.10683, Section 2.2, and their usual relatives. */
export const NOTICES = [
  'terms of use',
  'terms of service',
  'privacy policy',
  'cookie policy',
  'uses cookies',
  'use of cookies',
  'use cookies',
  'all rights reserved',
] as const

/** What a term means to the measures: a stop word (the first ones), or the end of a phrase. */
export interface Watched {
  readonly hash: number
  /** Hashes of the terms before it, the nearest first, of every phrase of its kind that it ends. */
  readonly notices: readonly (readonly number[])[]
  readonly isLoremIpsum: boolean
  readonly isJavascript: boolean
}

function watch(term: string): Watched {
  const phrases = NOTICES.map((phrase) => phrase.split(' ')).filter((words) => words.at(-1) === term)
  return {
    hash: termHash(term),
    notices: phrases.map((words) => words.slice(0, -1).reverse().map(termHash)),
    isLoremIpsum: term === 'ipsum',
    isJavascript: term === 'javascript',
  }
}

const TERMS = [
  ...new Set([...STOP_WORDS, ...NOTICES.map((phrase) => phrase.split(' ').at(-1)!), 'ipsum', 'javascript']),
]
export const WATCHED: readonly Watched[] = TERMS.map(watch)
export const LOREM = termHash('lorem')

const SLOTS = 4096
/** 1 + index into {@link WATCHED} by the low bits of the hash; 0 = not watched. */
export const WATCHED_BY_SLOT: Uint8Array = new Uint8Array(SLOTS)
const SLOT_MASK = SLOTS - 1
for (const [index, { hash }] of WATCHED.entries()) {
  if (WATCHED_BY_SLOT[hash & SLOT_MASK] !== 0) throw new Error('two watched terms share a slot')
  WATCHED_BY_SLOT[hash & SLOT_MASK] = index + 1
}
