import type { FactCount } from '../evidence/index.js'
import { binNumber, mutualInformation } from './mutual-information.js'

/** Right and all answers of one model to one fact, summed over templates and samples of one reading. */
export interface AnswerTotal {
  readonly fact_id: string
  readonly model: string
  readonly params: number
  readonly correct: number
  readonly total: number
}

/**
 * Counts of a fact in the corpus of one model, or (without `model`) in the corpus that all models share: runs that
 * stop at different points of one stream have seen different corpora.
 */
export interface CorpusCount extends FactCount {
  readonly model?: string
  /** Documents of that corpus, where it differs from the shared one. */
  readonly documents?: number
}

/** A fact with its counts and what follows from them. */
export interface CountedFact extends CorpusCount {
  /** Mutual information of subject and object, bits. */
  readonly mi: number
  /** Bin of the mutual information; null when it is ≤ 0. */
  readonly miBin: number | null
  /** Bin of n_so; null when the pair never occurs. */
  readonly pairBin: number | null
  /** The object is a substring of the subject (byte for byte): the prompt gives the answer away (METHODS §2). */
  readonly leaks: boolean
}

/** One model's accuracy on the shared list of facts; NaN where it was not asked. Shape (facts). */
export interface ModelAnswers {
  readonly model: string
  readonly params: number
  /** Documents of the corpus that the model's facts were counted in. */
  readonly documents: number
  readonly accuracy: Float64Array
  readonly asked: number
}

/** Counts and answers joined on the fact: what every fit reads. */
export interface Observations {
  readonly documents: number
  readonly facts: readonly CountedFact[]
  /** Smallest model first. */
  readonly models: readonly ModelAnswers[]
  /** Facts that were answered but not counted. */
  readonly withoutCounts: number
  /** Facts that were counted but answered by no model; the advice predicts them all the same. */
  readonly withoutAnswers: number
}

function countFact(count: CorpusCount, documents: number): CountedFact {
  const mi = mutualInformation(count.n_s, count.n_o, count.n_so, count.documents ?? documents)
  return {
    ...count,
    mi,
    miBin: mi > 0 ? binNumber(mi) : null,
    pairBin: count.n_so > 0 ? binNumber(count.n_so) : null,
    leaks: count.object !== '' && count.subject.includes(count.object),
  }
}

const keyOf = (fact: string, model: string | undefined): string => `${fact}\u0000${model ?? ''}`

/** Whether a model's answers are read against these counts. */
export function concerns(fact: CountedFact, model: string): boolean {
  return fact.model === undefined || fact.model === model
}

/**
 * Join answers to counts. Several rows of a fact and model are summed; a model is a name with one size.
 *
 * @param counts     one entry a fact, or a fact and model (duplicates are the reader's to refuse)
 * @param answers    rows of one reading, any order
 * @param documents  documents in the corpus that the counts come from
 * @throws RangeError when a model is given with two sizes
 */
export function joinObservations(
  counts: readonly CorpusCount[],
  answers: readonly AnswerTotal[],
  documents: number,
): Observations {
  const facts = counts.map((count) => countFact(count, documents))
  const position = new Map(facts.map((fact, i) => [keyOf(fact.fact_id, fact.model), i]))
  const byModel = new Map<string, { params: number; correct: Float64Array; total: Float64Array }>()
  const uncounted = new Set<string>()
  for (const answer of answers) {
    const at =
      position.get(keyOf(answer.fact_id, answer.model)) ?? position.get(keyOf(answer.fact_id, undefined))
    if (at === undefined) {
      uncounted.add(answer.fact_id)
      continue
    }
    let sums = byModel.get(answer.model)
    if (sums === undefined) {
      sums = {
        params: answer.params,
        correct: new Float64Array(facts.length),
        total: new Float64Array(facts.length),
      }
      byModel.set(answer.model, sums)
    }
    if (sums.params !== answer.params)
      throw new RangeError(`model ${answer.model} has ${sums.params} and ${answer.params} parameters`)
    sums.correct[at] += answer.correct
    sums.total[at] += answer.total
  }
  const answered = new Uint8Array(facts.length)
  const models = [...byModel].map(([model, { params, correct, total }]): ModelAnswers => {
    let asked = 0
    const accuracy = correct.map((right, i) => {
      if (total[i] === 0) return Number.NaN
      asked++
      answered[i] = 1
      return right / total[i]
    })
    const own = facts.find((fact, i) => total[i] > 0 && fact.documents !== undefined)
    return { model, params, documents: own?.documents ?? documents, accuracy, asked }
  })
  models.sort((a, b) => a.params - b.params || (a.model < b.model ? -1 : 1))
  return {
    documents,
    facts,
    models,
    withoutCounts: uncounted.size,
    withoutAnswers: answered.reduce((n, seen) => n - seen, facts.length),
  }
}
