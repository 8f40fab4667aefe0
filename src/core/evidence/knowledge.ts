import type { TemplateUse } from '../facts/index.js'
import type { PrefixChoice } from './model.js'

/**
 * Document counts of one fact's names (docs/methods/corpus.md#what-is-counted): a document counts once. They are counts
 * in the corpus of one model, or (without `model`) in the corpus that all models share: runs that stop at different
 * points of one stream have seen different corpora.
 */
export interface FactCount {
  readonly fact_id: string
  readonly subject: string
  readonly object: string
  readonly relation: string
  readonly n_s: number
  readonly n_o: number
  readonly n_so: number
  readonly model?: string
  /** Documents of that corpus, where it differs from the shared one. */
  readonly documents?: number
}

/**
 * How a name was looked for in the corpus: whole words with aliases, or the published rule
 * (docs/methods/corpus.md#what-a-match-is).
 */
export type CountMatch = 'boundary' | 'published'

/** In how many documents of a corpus the names of each fact stand. */
export interface FactCountsEvidence {
  /** Documents in the shared corpus; the largest one where every model has its own. */
  readonly documents: number
  /** Bytes of text that were counted; null where the table does not tell. */
  readonly bytes: number | null
  /** null where the table does not tell. */
  readonly match: CountMatch | null
  readonly counts: readonly FactCount[]
}

/**
 * How a fact was asked. `ranking`: every candidate object of the relation scored after one template, the best is
 * the answer; `ranking-summed`: their log-likelihoods summed over all templates first
 * (docs/methods/knowledge.md#ranking); `generation`: one greedy completion holds the object or an alias; `sampled`: the
 * same over random completions.
 */
export type Reading = 'ranking' | 'ranking-summed' | 'generation' | 'sampled'

/** One fact asked with one template under one reading. A row of the answers table. */
export interface Answer {
  readonly fact_id: string
  readonly model: string
  /** null where nobody can tell. */
  readonly params: number | null
  readonly relation: string
  readonly domain: string
  /** The template's text with `[X]` and `[Y]`, or `all` where templates were summed. */
  readonly template: string
  readonly reading: Reading
  readonly correct: number
  readonly total: number
  /** Log-probability of the right object given the prompt, nats; null where none was taken. */
  readonly logprob: number | null
  /** Rank of the right object among the candidates, from 1; ties count against it. */
  readonly rank: number | null
  /** Objects that competed; null for completions. */
  readonly candidates: number | null
  /** Softmax share of the best candidate, in (0, 1]: the model's own confidence in its answer. */
  readonly confidence: number | null
  /** What the model answered: the best candidate, or the (first) completion. */
  readonly answer: string | null
}

/**
 * A filled prompt that holds the object or an alias: what is found there is no knowledge
 * (docs/methods/knowledge.md#leaks).
 */
export interface PromptLeak {
  readonly fact_id: string
  readonly template: string
  readonly found: string
}

/** What models answered, fact by fact, and the prompts that gave the answer away. */
export interface AnswersEvidence {
  readonly answers: readonly Answer[]
  readonly leaks: readonly PromptLeak[]
  /** Tokens that went through the model, and that asking every candidate by itself would have sent. */
  readonly tokens: { readonly evaluated: number; readonly naive: number }
  readonly shots: number
  /** Text of the token in front of every prompt, or `none`; absent in older evidence. */
  readonly prefixToken?: string
  readonly prefixChoice?: PrefixChoice
  /** Templates that were asked, and what their source wrote them for, where it tells; none in older evidence. */
  readonly templates?: readonly {
    readonly relation: string
    readonly template: string
    readonly uses: readonly TemplateUse[]
  }[]
  /** Subject and object of every fact asked, for examples. */
  readonly facts: readonly { readonly fact_id: string; readonly subject: string; readonly object: string }[]
  /** What was asked but could not be, with the reason. */
  readonly skipped: readonly { readonly fact_id: string; readonly reason: string }[]
  /** Totals of other models on the same facts, under the same reading: what a bound is fitted on beside the audited model. */
  readonly others?: readonly {
    readonly fact_id: string
    readonly model: string
    readonly params: number
    readonly correct: number
    readonly total: number
    /** The prompts of this row gave the object away. */
    readonly leak?: boolean
  }[]
}
