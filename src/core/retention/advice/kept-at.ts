import { binNumber, mutualInformation } from '../counts/mutual-information.js'
import type { CountedFact } from '../counts/observations.js'
import type { Setting } from '../fits/pooled-form.js'
import type { BinRange } from '../fits/variants.js'
import type { Candidate, Predict } from '../held-out/predictor.js'

const LARGEST_SIZE = 1e14

/**
 * Smallest size above the model's own, up to 1e14, at which the form reaches the wanted accuracy; null when none does,
 * and when the form promises it at the model's own size already (then it is the cell that strays from the form).
 */
export function sizeFor(
  predict: Predict,
  bin: number,
  range: BinRange,
  wanted: number,
  { params, documents }: Setting,
): number | null {
  const reaches = (size: number): boolean => predict(bin, { params: size, documents }, range) >= wanted
  if (reaches(params) || !reaches(LARGEST_SIZE)) return null
  let low = Math.log(params)
  let high = Math.log(LARGEST_SIZE)
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (reaches(Math.exp(middle))) high = middle
    else low = middle
  }
  return Math.exp(high)
}

/** The bin of a fact stated by `more` further documents, which all name subject and object. */
function binWith(fact: CountedFact, more: number, documents: number, { measure }: Candidate): number | null {
  const n_so = fact.n_so + more
  if (measure === 'cooccurrence') return n_so > 0 ? binNumber(n_so) : null
  const mi = mutualInformation(fact.n_s + more, fact.n_o + more, n_so, documents + more)
  return mi > 0 ? binNumber(mi) : null
}

/**
 * Documents in all that must state the fact, the model's size held; null when the most frequent fact of the corpus
 * would not do, and when the form promises it for the documents that there are.
 *
 * @param documents documents of the corpus
 * @param expect    accuracy that the form expects in a bin
 * @param highest   last bin that the form has seen: what lies beyond is not promised
 */
export function documentsFor(
  fact: CountedFact,
  documents: number,
  candidate: Candidate,
  wanted: number,
  expect: (bin: number) => number,
  highest: number,
): number | null {
  const binAt = (more: number): number | null => binWith(fact, more, documents, candidate)
  const enough = (more: number): boolean => {
    const bin = binAt(more)
    return bin !== null && expect(bin) >= wanted
  }
  if (enough(0)) return null
  // The search asks the form alone, which rises with documents: an upper end on the bins would be jumped over.
  let high = 1
  while (!enough(high)) {
    high *= 2
    if (high > documents) return null
  }
  let low = high >> 1
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (enough(middle)) high = middle
    else low = middle
  }
  return (binAt(high) ?? highest) <= highest ? fact.n_so + high : null
}
