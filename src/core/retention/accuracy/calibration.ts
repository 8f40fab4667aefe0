import { groupBy } from '../../collections.js'
import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { Random } from '../../random/index.js'
import { bootstrap, percentileInterval } from '../../stats/bootstrap.js'
import { meanAccuracy } from './share-interval.js'

/** Answers of about equal confidence. */
export interface ReliabilityBin {
  readonly answers: number
  readonly confidence: number
  readonly accuracy: Estimate
}

/** Whether the model is right as often as its own softmax over the candidates says. */
export interface Calibration {
  /** Expected calibration error: Σ share of bin · |accuracy − confidence|, ten bins of equally many answers. */
  readonly error: Estimate
  /** Mean confidence − accuracy: above 0 the model is too sure of itself. */
  readonly overconfidence: Estimate
  readonly bins: readonly ReliabilityBin[]
}

const BINS = 10
const RESAMPLES = 300
/** Fewer answers than this fill no bins worth a look. */
const LEAST_ANSWERS = 50

/** An answer with how sure the model was of it, and how right it is. */
export interface SureAnswer {
  /** What is drawn when intervals are made: a fact, an item, a cluster of items. */
  readonly unit: string
  /** In (0, 1]. */
  readonly confidence: number
  /** 0 to 1. */
  readonly correct: number
}

interface Scored {
  readonly fact: number
  readonly confidence: number
  readonly correct: number
}

function errorOf(bins: readonly (readonly Scored[])[], drawn?: ArrayLike<number>): number {
  let total = 0
  let all = 0
  for (const bin of bins) {
    let n = 0
    let gap = 0
    for (const { fact, confidence, correct } of bin) {
      const times = drawn === undefined ? 1 : drawn[fact]
      n += times
      gap += times * (correct - confidence)
    }
    total += Math.abs(gap)
    all += n
  }
  return total / all
}

/**
 * Calibration of answers chosen among candidates, with intervals over their units (bins held).
 *
 * Source: Guo et al., arXiv:1706.04599 (expected calibration error); equal-count bins as in Nixon et al.,
 * arXiv:1904.01685. The estimate is biased upwards for few answers: its interval is that of the estimate.
 */
export function calibrationOf(answers: readonly SureAnswer[], random: Random, level: number): Calibration {
  const facts = new Map<string, number>()
  for (const { unit } of answers) if (!facts.has(unit)) facts.set(unit, facts.size)
  const scored = answers
    .map(({ unit, confidence, correct }): Scored => ({ fact: facts.get(unit) ?? 0, confidence, correct }))
    .sort((a, b) => a.confidence - b.confidence)
  if (scored.length < LEAST_ANSWERS) {
    const none = notEstimable(`calibration needs ${LEAST_ANSWERS} ranked answers, there are ${scored.length}`)
    return { error: none, overconfidence: none, bins: [] }
  }
  const bins = Array.from({ length: BINS }, (_, b) =>
    scored.slice(Math.floor((b * scored.length) / BINS), Math.floor(((b + 1) * scored.length) / BINS)),
  )
  const gap = (drawn?: ArrayLike<number>): number => {
    let n = 0
    let sum = 0
    for (const s of scored) {
      const times = drawn === undefined ? 1 : drawn[s.fact]
      n += times
      sum += times * (s.confidence - s.correct)
    }
    return sum / n
  }
  const interval = (statistic: (drawn?: ArrayLike<number>) => number, label: string): Estimate =>
    estimate(
      statistic(),
      percentileInterval(bootstrap(facts.size, statistic, random.derive(label), RESAMPLES), level),
      'accuracy',
      facts.size,
    )
  return {
    error: interval((drawn) => errorOf(bins, drawn), 'error'),
    overconfidence: interval(gap, 'gap'),
    bins: bins.map((bin) => ({
      answers: bin.length,
      confidence: bin.reduce((s, v) => s + v.confidence, 0) / bin.length,
      accuracy: meanAccuracy(
        [...groupBy(bin, (v) => v.fact).values()].map(
          (own) => own.reduce((s, v) => s + v.correct, 0) / own.length,
        ),
        level,
      ),
    })),
  }
}
