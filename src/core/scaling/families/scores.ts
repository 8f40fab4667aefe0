import { mean, meanOrNull } from '../../stats/index.js'
import { logit, scoreOf } from './link.js'

/** One model of a family: its size, and what is known of its scores. */
export interface FamilyRun {
  readonly family: string
  readonly name: string
  readonly params: number
  readonly tokens: number
  readonly flops: number
  /** Accuracy on each benchmark, null where it was not measured. Shape (benchmarks). */
  readonly scores: readonly (number | null)[]
}

/** What every measurement is brought to before the mixed model sees it. */
export interface Space {
  /** Chance level of each benchmark. Shape (benchmarks). */
  readonly floors: readonly number[]
  /** Items of each benchmark, null where unknown. Shape (benchmarks). */
  readonly items: readonly (number | null)[]
  /** Mean skill of each benchmark over all measurements, in logits. Shape (benchmarks). */
  readonly centres: readonly number[]
  readonly logParams: { readonly mean: number; readonly sd: number }
  readonly logTokens: { readonly mean: number; readonly sd: number }
}

/** ln N, ln D and their product, standardised: what skill may depend on (arXiv:2412.06540, eq. 3). */
export type Place = readonly [number, number, number]
export const SLOPES = 3

/** The measurements of one family, a row each. */
export interface Block {
  /** Index of the run that a row belongs to. */
  readonly run: Int32Array
  readonly benchmark: Int32Array
  /** Place of each row's run. */
  readonly places: readonly Place[]
  /** Skill over its centre, in logits. */
  readonly skill: Float64Array
  /** dp/dlogit there, to carry noise of a score to its logit. */
  readonly slope: Float64Array
  /** Variance of the score by its items alone, in share of the way from chance to 1; 0 where they are not counted. */
  readonly sampling: Float64Array
}

function standard(values: readonly number[]): { mean: number; sd: number } {
  const centre = mean(values)
  const sd = Math.sqrt(mean(values.map((v) => (v - centre) ** 2)))
  return { mean: centre, sd: sd > 1e-9 ? sd : 1 }
}

/** Q(1 − Q)/n of a score's logit, in share of the way from chance to 1; 0 where n is unknown. */
export function samplingVariance(z: number, floor: number, items: number | null): number {
  const score = scoreOf(z, floor)
  return items === null ? 0 : (score * (1 - score)) / items / (1 - floor) ** 2
}

/** Centres and scales of the runs that are known. */
export function spaceOf(
  runs: readonly FamilyRun[],
  floors: readonly number[],
  items: readonly (number | null)[],
): Space {
  const centres = floors.map((floor, j) => {
    const known = runs.flatMap((run) => {
      const score = run.scores[j]
      return score === null ? [] : [logit(score, floor)]
    })
    return meanOrNull(known) ?? 0
  })
  return {
    floors,
    items,
    centres,
    logParams: standard(runs.map((run) => Math.log(run.params))),
    logTokens: standard(runs.map((run) => Math.log(run.tokens))),
  }
}

export function placeOf(space: Space, { params, tokens }: { params: number; tokens: number }): Place {
  const n = (Math.log(params) - space.logParams.mean) / space.logParams.sd
  const d = (Math.log(tokens) - space.logTokens.mean) / space.logTokens.sd
  return [n, d, n * d]
}

/** The measurements of some runs of one family as rows. */
export function blockOf(space: Space, runs: readonly FamilyRun[]): Block {
  const rows = runs.flatMap((run, r) => {
    const place = placeOf(space, run)
    return run.scores.flatMap((score, j) => (score === null ? [] : [{ r, j, place, score }]))
  })
  const logits = rows.map(({ score, j }) => logit(score, space.floors[j]))
  return {
    run: Int32Array.from(rows, (row) => row.r),
    benchmark: Int32Array.from(rows, (row) => row.j),
    places: rows.map((row) => row.place),
    skill: Float64Array.from(rows, (row, i) => logits[i] - space.centres[row.j]),
    slope: Float64Array.from(logits, (z) => {
      const p = 1 / (1 + Math.exp(-z))
      return p * (1 - p)
    }),
    sampling: Float64Array.from(rows, ({ j }, i) =>
      samplingVariance(logits[i], space.floors[j], space.items[j]),
    ),
  }
}
