import { groupBy } from '../collections.js'
import { type Estimate, mapEstimate, notEstimable } from '../estimate.js'
import type { Random } from '../random/index.js'
import { quantile } from '../stats/quantile.js'
import { type AdaptationCurve, adaptationCurve } from './adaptation-curve.js'
import type { Censored } from './censored.js'
import { dataTransferred } from './data-transferred.js'
import { decideGain, type GainDecision } from './decision.js'
import {
  chanceCentredGain,
  cleanSubsetGain,
  gainAtLastSize,
  idOodDifference,
  marginGain,
  minimumDetectableEffect,
  pretrainingGain,
  retainedShare,
  type Sizes,
} from './gain.js'
import { ARMS, gainDesign, groupOf, type Outcome, SPLITS, type Split } from './outcomes.js'
import { type SampleEfficiency, sampleEfficiency } from './sample-efficiency.js'
import type { TransferLaw } from './transfer-law.js'

/** What training costs; nothing where it is not known. */
export interface TrainingPrices {
  readonly flopsPerExample?: number
  /** Money for 1e18 training FLOPs. */
  readonly compute?: number
  /** Money for one training example, as labelling costs it. */
  readonly example?: number
}

/** How two arms are compared. */
export interface GainSettings {
  /** What both arms learn, for people. */
  readonly task?: string
  /** Accuracy of guessing; null where it is not known. */
  readonly chance: number | null
  readonly level: number
  /** Training-set size of the top-level figures; all above 0, weighted alike, by default. */
  readonly at: Sizes
  /** Score at which examples are compared; one that both curves pass by default. */
  readonly score?: number
  /** Least gain that counts, and largest loss elsewhere that is put up with. */
  readonly target: number
  readonly delta: number
  readonly prices: TrainingPrices
}

/** How arms are compared where nobody says otherwise. */
export const DEFAULT_GAIN_SETTINGS: Omit<GainSettings, 'chance'> = {
  level: 0.95,
  at: 'all',
  target: 0,
  delta: 0.02,
  prices: {},
}

/** What pre-training bought, all of it (docs/methods/gain.md). */
export interface GainAnalysis {
  readonly settings: GainSettings
  readonly sizes: readonly number[]
  /** Seeds of both arms together, whether they are shared, items by split. */
  readonly seeds: number
  readonly pairedSeeds: boolean
  readonly items: Readonly<Record<Split, number>>
  readonly gain: Estimate
  readonly chanceCentredGain: Estimate
  readonly retainedShare: Estimate
  readonly oodGain: Estimate
  readonly idOodDifference: Estimate
  readonly cleanSubsetGain: Estimate
  readonly marginGain: Estimate
  /** Items in distribution of which is known whether they stand in the pre-training corpus, those that do, and those that were looked up in vain. */
  readonly lookedUp: number
  readonly contaminated: number
  readonly undecided: number
  /** Gain on the halves of the items whose text the pre-trained model finds less and more likely, by min-k%. */
  readonly minK: { readonly unlikely: Estimate; readonly likely: Estimate }
  /** Gain at the largest size less the mean gain at the others: below 0 the gap closes with more data. */
  readonly gainAtLastSize: Estimate
  /** Smallest true gain that this design shows in four of five cases; null where the gain has no estimate. */
  readonly smallestDetectable: number | null
  readonly bySize: readonly { readonly n: number; readonly split: Split; readonly gain: Estimate }[]
  readonly curves: readonly AdaptationCurve[]
  readonly sampleEfficiency: SampleEfficiency
  readonly dataTransferred: readonly (Censored & { readonly n: number })[]
  readonly transferLaw: TransferLaw
  readonly saved: SavedCost
  /** Gain on every test set beside the one in distribution. */
  readonly elsewhere: ReadonlyMap<string, Estimate>
  readonly decision: GainDecision
}

/** What pre-training saves on the way to the score that examples are compared at, and a point’s cost to each arm. */
export interface SavedCost {
  readonly examples: Censored
  readonly flops: Estimate
  readonly money: Estimate
  /** Cost of a point above guessing on the way there: money, else FLOPs, else examples. */
  readonly perPoint: { readonly pretrained: Estimate; readonly scratch: Estimate }
}

function scaled(e: Estimate, factor: number, unit: string): Estimate {
  return mapEstimate(e, unit, (v) => v * factor)
}

function savedCost(
  { saved, score, pretrainedExamples, scratchExamples }: SampleEfficiency,
  { chance, prices }: GainSettings,
): SavedCost {
  const { flopsPerExample: flops, compute, example } = prices
  const money = (flops === undefined || compute === undefined ? 0 : (flops * compute) / 1e18) + (example ?? 0)
  const [each, unit] = money > 0 ? [money, 'money'] : flops === undefined ? [1, 'examples'] : [flops, 'FLOPs']
  const points = 100 * (score - (chance ?? score))
  const perPoint = (examples: Estimate): Estimate =>
    points > 0
      ? scaled(examples, each / points, `${unit}/point`)
      : notEstimable('the score that arms are compared at is not known to be above guessing')
  return {
    examples: saved,
    flops:
      flops === undefined
        ? notEstimable('the training FLOPs of an example are not known')
        : scaled(saved.value, flops, 'FLOPs'),
    money:
      money > 0
        ? scaled(saved.value, money, 'money')
        : notEstimable('neither a price of compute nor one of examples was given'),
    perPoint: { pretrained: perPoint(pretrainedExamples), scratch: perPoint(scratchExamples) },
  }
}

/** Items with a min-k that are halved: an interval takes two. */
const LEAST_HALVED = 4

/** Gains on the halves of items below and above the median min-k% of the pre-trained model. */
function gainByMinK(outcomes: readonly Outcome[], level: number, at: Sizes): GainAnalysis['minK'] {
  const known = new Map(
    outcomes.flatMap((o) => (o.minK === undefined || o.split !== 'id' ? [] : [[o.item, o.minK] as const])),
  )
  const none = notEstimable(
    known.size === 0
      ? 'the tables tell no min_k of the items'
      : known.size < LEAST_HALVED
        ? `the tables tell min_k of ${known.size} items in distribution, ${LEAST_HALVED} are needed`
        : 'min_k does not tell the items apart',
  )
  if (known.size < LEAST_HALVED) return { unlikely: none, likely: none }
  const middle = quantile([...known.values()], 0.5)
  const half = (isLikely: boolean): Estimate => {
    const own = outcomes.filter((o) => {
      const value = known.get(o.item)
      return o.split === 'id' && value !== undefined && value > middle === isLikely
    })
    return own.length === 0 ? none : pretrainingGain(gainDesign(own), level, 'id', at)
  }
  return { unlikely: half(false), likely: half(true) }
}

/** Gains out of distribution, by the name of their test set. */
function gainsElsewhere(outcomes: readonly Outcome[], level: number, at: Sizes): Map<string, Estimate> {
  const ood = groupBy(
    outcomes.filter((o) => o.split === 'ood'),
    (o) => o.test ?? 'ood',
  )
  return new Map([...ood].map(([name, own]) => [name, pretrainingGain(gainDesign(own), level, 'ood', at)]))
}

/**
 * Compare two arms in every way of docs/methods/gain.md.
 *
 * @param outcomes paired rows of both arms
 * @throws {RangeError} for no outcomes, or a score that is not finite
 */
export function analyseGain(
  outcomes: readonly Outcome[],
  settings: GainSettings,
  random: Random,
): GainAnalysis {
  const { level, at, chance } = settings
  const design = gainDesign(outcomes)
  const itemsOf = (split: Split): number =>
    new Set(outcomes.flatMap((o) => (o.split === split ? [`${o.test}/${o.item}`] : []))).size
  const flagged = new Map(
    outcomes.flatMap((o) =>
      o.split === 'id' && o.contaminated !== undefined ? [[o.item, o.contaminated]] : [],
    ),
  )
  const told = [...flagged.values()]
  const splits = SPLITS.filter((split) => design.groups.some((g) => g.split === split))
  const gain = pretrainingGain(design, level, 'id', at)
  const elsewhere = gainsElsewhere(outcomes, level, at)
  const efficiency = sampleEfficiency(
    design,
    chance,
    random.derive('sample efficiency'),
    level,
    'id',
    settings.score,
  )
  const transferred = dataTransferred(design, random.derive('data transferred'), level)
  return {
    settings,
    sizes: design.sizes,
    seeds: design.seeds,
    pairedSeeds: design.pairedSeeds,
    items: { id: itemsOf('id'), ood: itemsOf('ood') },
    gain,
    chanceCentredGain: chanceCentredGain(design, chance, level, 'id', at),
    retainedShare: retainedShare(design, chance, level, 'id', at),
    oodGain: pretrainingGain(design, level, 'ood', at),
    idOodDifference: idOodDifference(design, level, at),
    cleanSubsetGain: cleanSubsetGain(outcomes, level, at),
    marginGain: marginGain(outcomes, level, at),
    lookedUp: told.filter((flag) => flag !== null).length,
    contaminated: told.filter((flag) => flag === true).length,
    undecided: told.filter((flag) => flag === null).length,
    minK: gainByMinK(outcomes, level, at),
    gainAtLastSize: gainAtLastSize(design, level),
    smallestDetectable: minimumDetectableEffect(design, level, 0.8, 'id', at),
    bySize: splits.flatMap((split) =>
      design.sizes
        .filter((n) => ARMS.every((arm) => groupOf(design, arm, n, split) !== undefined))
        .map((n) => ({ n, split, gain: pretrainingGain(design, level, split, n) })),
    ),
    curves: splits.flatMap((split) =>
      ARMS.map((arm) => adaptationCurve(design, arm, split, random.derive(`${arm} ${split}`), level)),
    ),
    sampleEfficiency: efficiency,
    dataTransferred: transferred.sizes,
    transferLaw: transferred.law,
    saved: savedCost(efficiency, settings),
    elsewhere,
    decision: decideGain(gain, elsewhere, settings),
  }
}
