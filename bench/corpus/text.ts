import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createRandom, type Fact, type Random } from '../../src/core/index.js'

/** Made-up text whose words have Zipf's frequencies and lengths of English, with names of facts strewn in. */
const SYLLABLES =
  'ba be bi bo bra cal co da del den do el en er fa fen ga gor ha hel in ka kel la len li lo ma mar men mi na nor o pa per ra ri ro sa sen sta ta ter ti to tra u va ven vi wa wen za'.split(
    ' ',
  )
const ENGLISH =
  'the of and in to a is was for on as with by at from that it his an be are were which this or had first he also not has its their one been new'.split(
    ' ',
  )
const VOCABULARY = 40_000
const WORDS_PER_DOCUMENT = 450
/** One word in so many begins a name of the list: about what Wikipedia's text has for Wikidata's labels. */
const NAME_EVERY = 40

function createWord(random: Random, syllables: number): string {
  return Array.from({ length: syllables }, () => SYLLABLES[random.integer(SYLLABLES.length)]).join('')
}

function capitalise(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1)
}

/** Rank of a draw from Zipf's law over n ranks (exponent 1), by inversion. */
function zipf(random: Random, n: number): number {
  return Math.min(n - 1, Math.floor((n + 1) ** random.uniform()) - 1)
}

/** `count` different names: people, places ("University of …", "The …"), single words, some with accents. */
export function makeNames(count: number, seed: number): string[] {
  const random = createRandom(seed)
  const names = new Set<string>()
  const part = (): string => capitalise(createWord(random, 2 + random.integer(2)))
  while (names.size < count) {
    const kind = random.uniform()
    if (kind < 0.15) names.add(capitalise(createWord(random, 3 + random.integer(2))))
    else if (kind < 0.25) names.add(`University of ${part()}`)
    else if (kind < 0.35) names.add(`The ${part()} ${part()}`)
    else if (kind < 0.4) names.add(`${part()}é ${part()}`)
    else if (kind < 0.55) names.add(`${part()} ${part()} ${part()}`)
    else names.add(`${part()} ${part()}`)
  }
  return [...names]
}

/** Facts over the names two by two: n names make n/2 facts. */
export function makeFacts(names: readonly string[]): Fact[] {
  return Array.from({ length: names.length >> 1 }, (_, i) => ({
    fact_id: String(i),
    subject: names[2 * i]!,
    relation: 'r',
    object: names[2 * i + 1]!,
    aliases: [],
    subject_aliases: [],
    domain: '',
  }))
}

/** Documents of about `bytes` bytes together. */
export function makeDocuments(names: readonly string[], bytes: number, seed: number): string[] {
  const random = createRandom(seed)
  const vocabulary = [
    ...ENGLISH,
    ...Array.from({ length: VOCABULARY }, () => createWord(random, 1 + random.integer(4))),
  ]
  const documents: string[] = []
  for (let made = 0; made < bytes; ) {
    const words: string[] = []
    let starts = true
    for (let i = 0; i < WORDS_PER_DOCUMENT; i++) {
      const word =
        random.integer(NAME_EVERY) === 0
          ? names[zipf(random, names.length)]!
          : vocabulary[zipf(random, vocabulary.length)]!
      const ends = random.integer(14) === 0
      words.push(`${starts ? capitalise(word) : word}${ends ? '.' : random.integer(12) === 0 ? ',' : ''}`)
      starts = ends
    }
    const document = words.join(' ')
    made += Buffer.byteLength(document)
    documents.push(document)
  }
  return documents
}

/** Write documents as JSONL with an id, in pieces. */
export function writeJsonl(path: string, documents: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
  for (let from = 0; from < documents.length; from += 2000)
    writeFileSync(
      path,
      documents
        .slice(from, from + 2000)
        .map((text, i) => `${JSON.stringify({ id: from + i, text })}\n`)
        .join(''),
      { flag: 'a' },
    )
}
