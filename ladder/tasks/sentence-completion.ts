import { type Random, shuffled } from '../../src/core/random/index.js'
import type { CorpusDocument } from '../corpus/document.js'
import { arrangeChoices, matchedDistractors } from './choices.js'
import { sentencesOf } from './sentences.js'
import type { TaskItem } from './task-item.js'
import type { WordFrequency } from './word-frequency.js'

interface Ending {
  text: string
  frequency: number
  context: string
  document: string
  domain: string
}

const DOMAINS = ['speech', 'literature', 'documentation', 'mathematics']

function* endings(documents: readonly CorpusDocument[], words: WordFrequency): Generator<Ending> {
  for (const document of documents) {
    for (const paragraph of document.text.split(/\n\n+/)) {
      const sentences = sentencesOf(paragraph)
      for (const [i, sentence] of sentences.entries()) {
        const before = sentences[i - 1]
        const parts = sentence.split(' ')
        if (
          before === undefined ||
          parts.length < 10 ||
          parts.length > 30 ||
          !/^[\x20-\x7e’“”‘—]+$/.test(sentence)
        )
          continue
        const cut = Math.ceil(parts.length / 2)
        const text = ` ${parts.slice(cut).join(' ')}`
        if (!/^ [a-z].*[.!?]$/.test(text) || /\|-|\b(?:Mrs?|Dr|St)\.$/.test(sentence) || before.length > 300)
          continue
        const context = `${before} ${parts.slice(0, cut).join(' ')}`
        yield {
          text,
          frequency: words.meanLog(text),
          context,
          document: document.id,
          domain: document.domain,
        }
      }
    }
  }
}

/**
 * Sentence completion: a sentence and the first half of the next; the choices are its second half and the
 * second halves of three sentences of other documents of the domain, as long and as common in their words.
 */
export function sentenceCompletion(
  heldOut: readonly CorpusDocument[],
  words: WordFrequency,
  random: Random,
  count: number,
): TaskItem[] {
  const items: TaskItem[] = []
  for (const domain of DOMAINS) {
    const documents = heldOut.filter((document) => document.domain === domain)
    const pool = [...endings(documents, words)]
    const own: TaskItem[] = []
    for (const ending of shuffled(pool, random)) {
      if (own.length === Math.ceil(count / DOMAINS.length)) break
      const wrong = matchedDistractors(
        ending,
        pool,
        3,
        { characters: 6, frequency: 0.35 },
        random,
        (c) => c.document !== ending.document,
      )
      if (wrong === null) continue
      const arranged = arrangeChoices(
        ending.text,
        wrong.map(({ text }) => text),
        random,
      )
      own.push({
        id: `sentence-completion/${items.length + own.length}`,
        task: 'sentence-completion',
        context: ending.context,
        ...arranged,
        chance: 1 / 4,
        meta: { domain, document: ending.document },
      })
    }
    items.push(...own)
  }
  return items
}
