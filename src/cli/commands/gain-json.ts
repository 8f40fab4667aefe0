import {
  type AdaptationCurve,
  type Censored,
  estimateToJson,
  type GainAnalysis,
  type GainNote,
} from '../../core/index.js'

function censoredJson({ value, censored, atLeast, atMost }: Censored): object {
  return { value: estimateToJson(value), censored, atLeast, atMost }
}

function curveJson({ arm, split, points, asymptote, exponent, law }: AdaptationCurve): object {
  return {
    arm,
    split,
    points: points.map(({ n, score }) => ({ n, score: estimateToJson(score) })),
    asymptote: estimateToJson(asymptote),
    exponent: estimateToJson(exponent),
    law,
  }
}

/** The members of `assay gain --json` that scripts rely on, and what explains them. */
export function gainJson(analysis: GainAnalysis, notes: readonly GainNote[]): object {
  const { sampleEfficiency: efficiency, transferLaw, saved, settings } = analysis
  return {
    gain: estimateToJson(analysis.gain),
    chanceCentredGain: estimateToJson(analysis.chanceCentredGain),
    retainedShare: estimateToJson(analysis.retainedShare),
    oodGain: estimateToJson(analysis.oodGain),
    idOodDifference: estimateToJson(analysis.idOodDifference),
    cleanSubsetGain: estimateToJson(analysis.cleanSubsetGain),
    marginGain: estimateToJson(analysis.marginGain),
    gainAtLastSize: estimateToJson(analysis.gainAtLastSize),
    smallestDetectable: analysis.smallestDetectable,
    sampleEfficiency: {
      score: efficiency.score,
      ratio: estimateToJson(efficiency.value),
      censored: efficiency.censored,
      atLeast: efficiency.atLeast,
      atMost: efficiency.atMost,
      pretrainedExamples: estimateToJson(efficiency.pretrainedExamples),
      scratchExamples: estimateToJson(efficiency.scratchExamples),
    },
    curves: analysis.curves.map(curveJson),
    bySize: analysis.bySize.map(({ n, split, gain }) => ({ n, split, gain: estimateToJson(gain) })),
    dataTransferred: analysis.dataTransferred.map(({ n, ...worth }) => ({ n, ...censoredJson(worth) })),
    transferLaw: {
      logK: estimateToJson(transferLaw.logK),
      alpha: estimateToJson(transferLaw.alpha),
      beta: estimateToJson(transferLaw.beta),
      points: transferLaw.points,
      outside: transferLaw.outside,
    },
    saved: {
      examples: censoredJson(saved.examples),
      flops: estimateToJson(saved.flops),
      money: estimateToJson(saved.money),
      perPoint: {
        pretrained: estimateToJson(saved.perPoint.pretrained),
        scratch: estimateToJson(saved.perPoint.scratch),
      },
    },
    contamination: {
      lookedUp: analysis.lookedUp,
      contaminated: analysis.contaminated,
      minK: {
        unlikely: estimateToJson(analysis.minK.unlikely),
        likely: estimateToJson(analysis.minK.likely),
      },
    },
    decision: {
      ...analysis.decision,
      target: settings.target,
      delta: settings.delta,
      elsewhere: [...analysis.elsewhere].map(([test, gain]) => ({ test, gain: estimateToJson(gain) })),
    },
    chance: settings.chance,
    at: settings.at,
    items: analysis.items,
    sizes: analysis.sizes,
    seeds: analysis.seeds,
    pairedSeeds: analysis.pairedSeeds,
    notes,
  }
}
