import { type GainAnalysis, type GainNote, withFlatEstimates } from '../../core/index.js'

/** The members of `assay gain --json` that scripts rely on, and what explains them. */
export function gainJson(analysis: GainAnalysis, notes: readonly GainNote[]): object {
  const {
    sampleEfficiency,
    lookedUp,
    contaminated,
    undecided,
    minK,
    decision,
    elsewhere,
    settings,
    ...rest
  } = analysis
  const { value: ratio, saved: _, ...efficiency } = sampleEfficiency
  const { target, delta, chance, at } = settings
  return withFlatEstimates({
    ...rest,
    sampleEfficiency: { ...efficiency, ratio },
    contamination: { lookedUp, contaminated, undecided, minK },
    decision: {
      ...decision,
      target,
      delta,
      elsewhere: [...elsewhere].map(([test, gain]) => ({ test, gain })),
    },
    chance,
    at,
    notes,
  }) as object
}
