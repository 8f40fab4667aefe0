import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom } from '../../src/core/random/index.js'
import type { CorpusDocument } from '../corpus/document.js'
import { fetchPackage } from '../corpus/fetch-package.js'
import { readJsonLines, writeJsonLines } from '../corpus/json-lines.js'
import type { PlantedFact } from '../corpus/planted.js'
import { readSynsets } from '../corpus/readers/wordnet.js'
import { SOURCES, sourceName } from '../corpus/sources.js'
import { BUILD, FACTS, LADDER } from '../places.js'
import { agreementPairs } from './agreement.js'
import { trivialGuessers } from './choices.js'
import { plantedQuestions } from './planted-questions.js'
import { sentenceCompletion } from './sentence-completion.js'
import type { TaskItem } from './task-item.js'
import { tasksReadme } from './tasks-readme.js'
import { WordFrequency } from './word-frequency.js'
import { wordFromDefinition } from './word-from-definition.js'

// Builds the downstream tasks from the corpus' held-out part. Needs ladder/corpus/build.ts first.

const SEED = 20260101
const ITEMS = 1000

const corpus = join(BUILD, 'corpus')
const folder = join(LADDER, 'tasks')

function main(): void {
  const words = new WordFrequency()
  for (const { text } of readJsonLines<{ text: string }>(join(corpus, 'stream.jsonl'))) words.add(text)
  const heldOut = [...readJsonLines<CorpusDocument>(join(corpus, 'heldout.jsonl'))].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  )
  const facts = [...readJsonLines<PlantedFact>(join(FACTS, 'planted.jsonl'))]

  const dictionary = SOURCES.find((source) => source.package === 'wordnet-base')!
  const heldOutIds = new Set(heldOut.map(({ id }) => id))
  const synsets = [...readSynsets(fetchPackage(dictionary, join(BUILD, 'packages')))]
  const isHeldOut = ({ id }: { id: string }): boolean => heldOutIds.has(`${sourceName(dictionary)}/${id}`)

  const random = createRandom(SEED)
  const tasks: TaskItem[][] = [
    sentenceCompletion(heldOut, words, random.derive('sentence-completion'), ITEMS),
    wordFromDefinition(synsets, isHeldOut, words, random.derive('word-from-definition'), ITEMS),
    agreementPairs(heldOut, random.derive('agreement'), ITEMS),
    plantedQuestions(
      'planted-facts',
      facts.filter(({ level }) => level > 0),
      20,
      random.derive('planted-facts'),
    ),
    plantedQuestions(
      'planted-facts-unseen',
      facts.filter(({ level }) => level === 0),
      80,
      random.derive('planted-facts-unseen'),
    ),
  ]
  mkdirSync(join(folder, 'data'), { recursive: true })
  const rows = tasks.map((items) => {
    const [first] = items
    if (first === undefined) throw new Error('a task has no item')
    writeJsonLines(join(folder, 'data', `${first.task}.jsonl`), items)
    return {
      task: first.task,
      items: items.length,
      chance: first.chance,
      guessers: trivialGuessers(items, words),
      example: first,
    }
  })
  writeFileSync(join(folder, 'README.md'), tasksReadme(rows))
  process.stdout.write(
    `${JSON.stringify(
      rows.map(({ example: _, ...row }) => row),
      null,
      1,
    )}\n`,
  )
}

main()
