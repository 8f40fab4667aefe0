/** Document counts of one fact's names (METHODS §2): a document counts once. */
export interface FactCount {
  readonly fact_id: string
  readonly subject: string
  readonly object: string
  readonly relation: string
  readonly n_s: number
  readonly n_o: number
  readonly n_so: number
}

export interface FactCountsEvidence {
  readonly documents: number
  readonly bytes: number
  readonly match: 'boundary' | 'published'
  readonly counts: readonly FactCount[]
}

/** One fact asked with one template under one reading. */
export interface Answer {
  readonly fact_id: string
  readonly model: string
  readonly params: number
  readonly relation: string
  readonly domain: string
  readonly template: string
  readonly reading: 'ranking' | 'generation' | 'sampled'
  readonly correct: number
  readonly total: number
  /** Log-probability of the right object given the prompt, nats; null where none was taken. */
  readonly logprob: number | null
  readonly rank: number | null
}

export interface AnswersEvidence {
  readonly answers: readonly Answer[]
  readonly leaks: readonly { fact_id: string; template: string; found: string }[]
  readonly tokens: { readonly evaluated: number; readonly naive: number }
}
