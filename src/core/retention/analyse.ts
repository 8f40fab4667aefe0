import type { Random } from '../random/index.js'
import { type Advice, adviseRetrieval, DEFAULT_MAX_ERROR, type PlannedModel } from './advice/advice.js'
import type { Observations } from './counts/observations.js'
import { fitPooledForms } from './fits/pooled-fits.js'
import { type Fits, fitPublishedLines } from './fits/published-lines.js'
import { type FrequencyBand, retentionByFrequency } from './groups/frequency-bands.js'
import { type LeakReport, leakReport } from './groups/leaks.js'
import { type ZeroReport, zeroReport } from './groups/zeros.js'
import { chooseCandidate, type HeldOutError, heldOutErrors } from './held-out/held-out-errors.js'

/** Everything that `assay bound` and the probe `knowledge-bound` tell. */
export interface RetentionAnalysis extends Fits {
  readonly observations: Observations
  readonly heldOut: readonly HeldOutError[]
  readonly bands: readonly FrequencyBand[]
  readonly leaks: LeakReport
  readonly zeros: ZeroReport
  /** null when no form could be fitted, or nothing was asked. */
  readonly advice: Advice | null
}

/** What is asked of a retention analysis; every field may be left out. */
export interface RetentionOptions {
  /** Model to advise on; the largest when left out. */
  readonly model?: string
  readonly maxError?: number
  /** A model that is not trained yet, to advise on instead. */
  readonly planned?: PlannedModel
}

/** Fit, bound, held-out errors and advice from joined counts and answers. Pure; every draw comes from `random`. */
export function analyseRetention(
  observations: Observations,
  random: Random,
  { model, maxError = DEFAULT_MAX_ERROR, planned }: RetentionOptions = {},
): RetentionAnalysis {
  const lines = fitPublishedLines(observations)
  const pooled = fitPooledForms(observations, random.derive('pooled'))
  const heldOut = heldOutErrors(observations, random.derive('held-out'))
  const candidate = chooseCandidate(heldOut)
  const subject =
    model === undefined ? observations.models.at(-1) : observations.models.find((m) => m.model === model)
  return {
    observations,
    fits: [...lines.fits, ...pooled.fits],
    notFitted: [...lines.notFitted, ...pooled.notFitted],
    heldOut,
    bands: retentionByFrequency(observations),
    leaks: leakReport(observations),
    zeros: zeroReport(observations),
    advice:
      candidate === null || subject === undefined
        ? null
        : adviseRetrieval(observations, candidate, subject, maxError, planned),
  }
}
