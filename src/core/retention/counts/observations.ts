import type { FactCount } from '../../evidence/index.js'
import { binNumber, mutualInformation } from './mutual-information.js'

/** Right and all answers of one model to one fact, summed over templates and samples of one reading. */
export interface AnswerTotal {
  readonly fact_id: string
  readonly model: string
  readonly params: number
  readonly correct: number
  readonly total: number
  /** The prompts gave the object away: no knowledge, so no fit sees the row. */
  readonly leak?: boolean
  /** Template that was asked, where the table tells: its spread belongs into intervals. */
  readonly template?: string
}

/** A fact with its counts and what follows from them. */
export interface CountedFact extends FactCount {
  /** Mutual information of subject and object, bits. */
  readonly mi: number
  /** Bin of the mutual information; null when it is ≤ 0. */
  readonly miBin: number | null
  /** Bin of n_so; null when the pair never occurs. */
  readonly pairBin: number | null
  /**
   * The object is a substring of the subject (byte for byte): the prompt gives the answer away
   * (docs/methods/knowledge.md#leaks).
   */
  readonly leaks: boolean
}

/** One model's accuracy on the shared list of facts; NaN where it was not asked. Shape (facts). */
export interface ModelAnswers {
  readonly model: string
  readonly params: number
  /** Documents of the corpus that the model's facts were counted in. */
  readonly documents: number
  readonly accuracy: Float64Array
  /** Where `accuracy` is known, ascending: few of many where every model has counts of its own. Shape (asked). */
  readonly positions: Int32Array
  readonly asked: number
  /** Accuracy over prompts that gave the object away, apart from `accuracy`; NaN where none did. Shape (facts). */
  readonly leaked: Float64Array
  /** The rows behind `accuracy`, and where their facts stand. */
  readonly rows: readonly { readonly fact: number; readonly answer: AnswerTotal }[]
}

/** Counts and answers joined on the fact: what every fit reads. */
export interface Observations {
  readonly documents: number
  readonly facts: readonly CountedFact[]
  /** Smallest model first. */
  readonly models: readonly ModelAnswers[]
  /** Distinct facts that were counted: `facts` holds one for every corpus where models have counts of their own. */
  readonly counted: number
  /** Facts that were answered but not counted. */
  readonly withoutCounts: number
  /** Facts that were counted but answered by no model; the advice predicts them all the same. */
  readonly withoutAnswers: number
  /** Answers left out because their prompts gave the object away, and the facts that they were about. */
  readonly leakingAnswers: { readonly rows: number; readonly facts: number }
}

/** A fact's counts with what follows from them. */
export function countFact(count: FactCount, documents: number): CountedFact {
  const mi = mutualInformation(count.n_s, count.n_o, count.n_so, count.documents ?? documents)
  return {
    ...count,
    mi,
    miBin: mi > 0 ? binNumber(mi) : null,
    pairBin: count.n_so > 0 ? binNumber(count.n_so) : null,
    leaks: count.object !== '' && count.subject.includes(count.object),
  }
}

/** Distinct facts that models were asked, of those that `keep` accepts. */
export function answeredBy(
  facts: readonly CountedFact[],
  models: readonly ModelAnswers[],
  keep: (fact: number) => boolean = () => true,
): Set<string> {
  const asked = new Uint8Array(facts.length)
  for (const { positions } of models) for (const i of positions) asked[i] = 1
  const ids = new Set<string>()
  for (const [i, { fact_id }] of facts.entries()) if (asked[i] === 1 && keep(i)) ids.add(fact_id)
  return ids
}

const keyOf = (fact: string, model: string | undefined): string => `${fact}\u0000${model ?? ''}`

/** Whether a model's answers are read against these counts. */
export function concerns(fact: CountedFact, model: string): boolean {
  return fact.model === undefined || fact.model === model
}

/** Right and all answers to every fact, shape (facts). */
class Sums {
  readonly #correct: Float64Array
  readonly #total: Float64Array

  constructor(facts: number) {
    this.#correct = new Float64Array(facts)
    this.#total = new Float64Array(facts)
  }

  add(fact: number, { correct, total }: AnswerTotal): void {
    this.#correct[fact] += correct
    this.#total[fact] += total
  }

  has(fact: number): boolean {
    return this.#total[fact] > 0
  }

  /** NaN where nothing was asked. */
  accuracy(): Float64Array {
    return this.#correct.map((right, i) => (this.#total[i] === 0 ? Number.NaN : right / this.#total[i]))
  }
}

interface ModelSums {
  readonly params: number
  readonly clean: Sums
  readonly leaked: Sums
  readonly rows: { readonly fact: number; readonly answer: AnswerTotal }[]
}

/**
 * Join answers to counts. Several rows of a fact and model are summed; a model is a name with one size; rows whose
 * prompts gave the object away are kept apart.
 *
 * @param counts     one entry a fact, or a fact and model (duplicates are the reader's to refuse)
 * @param answers    rows of one reading, any order
 * @param documents  documents in the corpus that the counts come from
 * @throws RangeError when a model is given with two sizes
 */
export function joinObservations(
  counts: readonly FactCount[],
  answers: readonly AnswerTotal[],
  documents: number,
): Observations {
  const facts = counts.map((count) => countFact(count, documents))
  const position = new Map(facts.map((fact, i) => [keyOf(fact.fact_id, fact.model), i]))
  const byModel = new Map<string, ModelSums>()
  const uncounted = new Set<string>()
  const leaking = new Set<string>()
  let leakingRows = 0
  for (const answer of answers) {
    if (answer.leak === true) {
      leakingRows++
      leaking.add(answer.fact_id)
    }
    const at =
      position.get(keyOf(answer.fact_id, answer.model)) ?? position.get(keyOf(answer.fact_id, undefined))
    if (at === undefined) {
      uncounted.add(answer.fact_id)
      continue
    }
    const sums = byModel.get(answer.model) ?? {
      params: answer.params,
      clean: new Sums(facts.length),
      leaked: new Sums(facts.length),
      rows: [],
    }
    byModel.set(answer.model, sums)
    if (sums.params !== answer.params)
      throw new RangeError(`model ${answer.model} has ${sums.params} and ${answer.params} parameters`)
    const into = answer.leak === true ? sums.leaked : sums.clean
    into.add(at, answer)
    if (answer.leak !== true) sums.rows.push({ fact: at, answer })
  }
  const models = [...byModel].map(([model, { params, clean, leaked, rows }]): ModelAnswers => {
    const own = facts.find((fact, i) => clean.has(i) && fact.documents !== undefined)
    const accuracy = clean.accuracy()
    const positions = Int32Array.from([...accuracy.keys()].filter((i) => clean.has(i)))
    return {
      model,
      params,
      documents: own?.documents ?? documents,
      accuracy,
      positions,
      asked: positions.length,
      leaked: leaked.accuracy(),
      rows,
    }
  })
  const asked = models.filter((m) => m.asked > 0)
  asked.sort((a, b) => a.params - b.params || (a.model < b.model ? -1 : 1))
  const counted = new Set(facts.map((fact) => fact.fact_id)).size
  return {
    documents,
    facts,
    models: asked,
    withoutCounts: uncounted.size,
    counted,
    withoutAnswers: counted - answeredBy(facts, asked).size,
    leakingAnswers: { rows: leakingRows, facts: leaking.size },
  }
}
