import type { AdaptationKind, ShotCondition } from '../evidence/index.js'

/** Numbers of shots that are asked where nobody says otherwise. */
export const DEFAULT_SHOTS: readonly number[] = [0, 1, 2, 4, 8, 16]

/** Controls are asked behind this many of the largest numbers of shots: where curves part they do so there. */
export const CONTROLLED = 2

/** A solved example: what stands before the answer, and the answer as it is written behind it. */
export interface Shot {
  readonly query: string
  readonly answer: string
}

/** One question behind its shots. */
export interface Trial {
  readonly condition: ShotCondition
  readonly k: number
  readonly draw: number
  readonly item: string
  readonly cluster: string
  readonly shots: readonly Shot[]
  readonly query: string
  readonly choices: readonly string[]
  readonly gold: number
}

/** Everything that is asked of one task, as text; what fits is the scorer's to say. */
export interface TaskPlan {
  readonly task: string
  readonly kind: AdaptationKind
  readonly chance: number
  readonly draws: number
  readonly shots: readonly number[]
  /** Stands between two shots. */
  readonly separator: string
  /** Stands at the end of every query: what a choice's own likelihood is conditioned on. */
  readonly lead: string
  readonly trials: readonly Trial[]
  readonly leftOut: readonly string[]
}

/**
 * What the scores of an item's choices say.
 *
 * @param scores nats, finite, shape (choices), two or more
 * @returns margin of the right choice over the best wrong one, and 1, 0, or a share where the best choices tie
 */
export function readScores(
  scores: readonly number[],
  gold: number,
): { readonly margin: number; readonly correct: number } {
  const right = scores[gold]
  const wrong = scores.filter((_, i) => i !== gold)
  const margin = right - Math.max(...wrong)
  const tied = 1 + wrong.filter((score) => score === right).length
  return { margin, correct: margin < 0 ? 0 : 1 / tied }
}
