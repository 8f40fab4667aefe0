import type { Estimate } from '../estimate.js'

/** A stretch of the common text, the same bytes for every model whatever its tokenizer. */
export interface Span {
  readonly document: string
  readonly domain: string
  /** Half-open range of UTF-8 bytes in the document; null where only the document as a whole was scored. */
  readonly bytes: { readonly start: number; readonly end: number } | null
}

/** One capability as it is carried to other models: score = link(intercept + slope · mean + Σ weight · loss). */
export interface SalienceVector {
  readonly name: string
  readonly method: string
  readonly isLog: boolean
  readonly lowerIsBetter: boolean
  readonly link: { readonly floor: number; readonly height: number } | null
  readonly intercept: number
  /** Per bit a byte of the mean loss. */
  readonly slope: number
  /** Per bit a byte of each span, beside the mean. Shape (spans). */
  readonly weights: Float64Array
  /** |error| on left-out models with the number of models of their family, ascending by error: what intervals are made of. */
  readonly errors: readonly { readonly error: number; readonly share: number }[]
  readonly models: number
  readonly families: number
}

/** How much of a capability's pull one domain's text carries, beside its share of the text. */
export interface DomainShare {
  readonly domain: string
  /** Of the text: what the domain would carry if the mean loss alone counted. */
  readonly ofText: number
  readonly ofPull: Estimate
}

/** A vector with what its reader has to know to trust it. */
export interface CarriedVector extends SalienceVector {
  /** Explained variance of the left-out families, by the method that reads, and its gain over the plain loss. */
  readonly explainedVariance: Estimate
  readonly gainOverMean: Estimate
  /** Least and largest mean loss of the fitted models, those far out apart, bits/byte. */
  readonly lossRange: { readonly low: number; readonly high: number }
  /** Share of refits in which each span's weight kept its sign; empty where the plain loss reads. Shape (spans) or (0). */
  readonly agreement: readonly number[]
  /** Which domains' text carries the capability; empty where the plain loss reads. */
  readonly domains: readonly DomainShare[]
}

/** `salience.json`: vectors with the models and the text that they were fitted on. */
export interface SalienceFile {
  /** null where the tables of losses did not tell. */
  readonly textSha256: string | null
  /** Models (or checkpoints) that were fitted on, with their families: read from these, a score is in-sample. */
  readonly models: readonly { readonly id: string; readonly family: string }[]
  readonly spans: readonly Span[]
  readonly capabilities: readonly CarriedVector[]
}

/** What the model loses on the text of a salience vector, with the vector: enough to read its capabilities. */
export interface SalienceEvidence {
  /** Name of the vector's file. */
  readonly source: string
  readonly vector: SalienceFile
  /** Bits/byte of the vector's spans, shape (spans). */
  readonly losses: Float64Array
  /** What stands in each span, shape (spans). */
  readonly texts: readonly string[]
}
