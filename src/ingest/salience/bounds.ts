import { raise } from '../records/errors.js'
import type { Records } from '../records/read-records.js'

/** What no loss of a text reaches: a token of one byte at a probability of 2^−1,000,000. */
const MOST_BITS_PER_BYTE = 1e6
export const LOSS_EXPECTED = 'bits/byte of 0 to 1e6'
export const isLoss = (bitsPerByte: number): boolean => bitsPerByte >= 0 && bitsPerByte <= MOST_BITS_PER_BYTE

/** What no score reaches, a perplexity neither; squares beyond it would be infinite. */
const LARGEST_SCORE = 1e100
export const SCORE_EXPECTED = 'a score between −1e100 and 1e100, or nothing'
export const isScore = (value: number): boolean => Math.abs(value) <= LARGEST_SCORE

/** @throws {AssayError} table/malformed where two columns of a wide table have one name: one of them would be lost */
export function requireDistinctColumns({ path, columns }: Records): void {
  const twice = columns.find((name, i) => columns.indexOf(name) < i)
  if (twice !== undefined)
    throw raise('malformed', `two columns are named ${JSON.stringify(twice)}, of which one would be lost`, {
      path,
      line: 1,
    })
}
