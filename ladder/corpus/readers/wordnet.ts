import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RawDocument } from '../document.js'

const PARTS = [
  ['noun', 'noun'],
  ['verb', 'verb'],
  ['adj', 'adjective'],
  ['adv', 'adverb'],
] as const

/** One synset of WordNet: its words, part of speech, gloss without the examples, and the examples. */
export interface Synset {
  id: string
  words: string[]
  part: string
  /** Number of the lexicographer file: 05 animals, 06 artefacts, … (lexnames(5WN)). */
  kind: string
  definition: string
  examples: string[]
}

/** Parses one line of a WordNet data file (wndb(5WN)); null for the licence lines, which start with blanks. */
export function parseSynset(line: string, part: string): Synset | null {
  const bar = line.indexOf(' | ')
  if (bar < 0 || line.startsWith(' ')) return null
  const fields = line.slice(0, bar).split(' ')
  const count = Number.parseInt(fields[3] ?? '0', 16)
  const words = Array.from({ length: count }, (_, i) =>
    (fields[4 + 2 * i] ?? '').replace(/_/g, ' ').replace(/\((a|p|ip)\)$/, ''),
  )
  const gloss = line.slice(bar + 3).trim()
  const quote = gloss.search(/[;,:]?\s*"/)
  const definition = (quote < 0 ? gloss : gloss.slice(0, quote)).replace(/[;:,\s]+$/, '').trim()
  const examples = quote < 0 ? [] : [...gloss.slice(quote).matchAll(/"([^"]{3,})"/g)].map((m) => m[1] ?? '')
  return { id: `${part}-${fields[0]}`, words, part, kind: fields[1] ?? '', definition, examples }
}

/** Every synset of the four data files, in file order. */
export function* readSynsets(root: string): Generator<Synset> {
  for (const [file, part] of PARTS) {
    for (const line of readFileSync(join(root, 'usr/share/wordnet', `data.${file}`), 'utf8').split('\n')) {
      const synset = parseSynset(line, part)
      if (synset !== null && synset.definition !== '') yield synset
    }
  }
}

/**
 * Half of the entries run from the word to the definition, half from the definition to the word, so that
 * a model learns both directions; which half depends on the synset's number.
 */
export function renderSynset(synset: Synset): string {
  const [first = '', ...others] = synset.words
  const also = others.length > 0 ? ` Also: ${others.join(', ')}.` : ''
  const examples = synset.examples.map((e) => ` "${e.trim()}"`).join('')
  const forward = Number(synset.id.slice(-2)) % 2 === 0
  return forward
    ? `${first} (${synset.part}): ${synset.definition}.${also}${examples}`
    : `Definition (${synset.part}): ${synset.definition}. Word: ${first}.${also}${examples}`
}

export function* wordnet(root: string): Generator<RawDocument> {
  for (const synset of readSynsets(root)) {
    yield { id: synset.id, title: synset.words[0] ?? '', text: renderSynset(synset) }
  }
}
