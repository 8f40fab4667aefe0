import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom, shuffled } from '../../src/core/random/index.js'
import { fetchPackage } from '../corpus/fetch-package.js'
import { readJsonLines, writeJsonLines } from '../corpus/json-lines.js'
import { readSynsets } from '../corpus/readers/wordnet.js'
import { SOURCES } from '../corpus/sources.js'
import { BUILD, LADDER } from '../places.js'
import { WordFrequency } from '../tasks/word-frequency.js'
import { agreementExamples, FAMILIAR_FRAMES, type Noun, STRANGE_FRAMES } from './agreement-family.js'

// Writes data/{train,id,ood}.jsonl for the from-scratch control. Needs ladder/corpus/build.ts first.

const SEED = 20260101
/** The largest training set; smaller ones are drawn from it (train/adaptation.py). */
const TRAINING_ITEMS = 2048
const TEST_ITEMS = 1000
const NOUNS = 150
/** Occurrences of each number in the training text: the pre-trained model has met every noun. */
const LEAST_OCCURRENCES = 20
/** WordNet's files of animals, artefacts, food, natural objects, people and plants. */
const THINGS = new Set(['05', '06', '13', '17', '18', '20'])

function nounsOfWordNet(words: WordFrequency): Noun[] {
  const dictionary = SOURCES.find((source) => source.package === 'wordnet-base')!
  const nouns = new Map<string, Noun>()
  const other = new Set<string>()
  for (const {
    words: [word = ''],
    part,
    kind,
  } of readSynsets(fetchPackage(dictionary, join(BUILD, 'packages')))) {
    if (part !== 'noun') other.add(word)
    else if (THINGS.has(kind) && /^[a-z]{3,9}[^s\W\d_yhxz]$/.test(word))
      nouns.set(word, { singular: word, plural: `${word}s` })
  }
  return [...nouns.values()].filter(
    ({ singular, plural }) =>
      !other.has(singular) &&
      words.count(singular) >= LEAST_OCCURRENCES &&
      words.count(plural) >= LEAST_OCCURRENCES,
  )
}

function main(): void {
  const words = new WordFrequency()
  for (const { text } of readJsonLines<{ text: string }>(join(BUILD, 'corpus/stream.jsonl'))) words.add(text)
  const random = createRandom(SEED)
  const nouns = shuffled(nounsOfWordNet(words), random.derive('nouns'))
  if (nouns.length < 2 * NOUNS) throw new Error(`Only ${nouns.length} nouns are common enough.`)
  const familiar = nouns.slice(0, NOUNS)
  const strange = nouns.slice(NOUNS, 2 * NOUNS)
  const taken = new Set<string>()
  const train = agreementExamples(
    'train',
    familiar,
    FAMILIAR_FRAMES,
    TRAINING_ITEMS,
    random.derive('train'),
    taken,
  )
  const id = agreementExamples('id', familiar, FAMILIAR_FRAMES, TEST_ITEMS, random.derive('id'), taken)
  const ood = agreementExamples('ood', strange, STRANGE_FRAMES, TEST_ITEMS, random.derive('ood'))
  mkdirSync(join(LADDER, 'adaptation/data'), { recursive: true })
  writeJsonLines(join(LADDER, 'adaptation/data/train.jsonl'), train)
  writeJsonLines(join(LADDER, 'adaptation/data/id.jsonl'), id)
  writeJsonLines(join(LADDER, 'adaptation/data/ood.jsonl'), ood)
  process.stdout.write(
    `${JSON.stringify({ nouns: nouns.length, train: train.length, id: id.length, ood: ood.length })}\n`,
  )
}

main()
