import { raise } from './errors.js'

const FEWEST = 100
/** An end of a 95 % interval then wanders by a hundredth of its half width; more take hours and tell nothing. */
const MOST = 100_000

/** @throws {AssayError} `cli/bad-option` where so many bootstrap resamples tell nothing, or never end */
export function requireResamples(resamples: number): void {
  if (resamples < FEWEST || resamples > MOST)
    throw raise('bad-option', `found ${resamples}, expected ${FEWEST} to ${MOST}`, { field: '--resamples' })
}
