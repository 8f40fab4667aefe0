/** A document as a reader gives it, before normalisation. `id` is unique within its source and stable. */
export interface RawDocument {
  id: string
  title: string
  text: string
}

/** A document of the corpus: one row of train.jsonl or heldout.jsonl. */
export interface CorpusDocument {
  id: string
  domain: Domain
  source: string
  licence: string
  title: string
  text: string
}

/** The corpus' domains; each holds at most about a third of the text. */
export const DOMAINS = [
  'dictionary',
  'encyclopaedic',
  'speech',
  'literature',
  'dialogue',
  'documentation',
  'mathematics',
  'code-python',
  'code-javascript',
  'code-c',
] as const

export type Domain = (typeof DOMAINS)[number]

/** Reads an unpacked package, given the folder it was unpacked into, in an order that never changes. */
export type Reader = (root: string) => Iterable<RawDocument>
