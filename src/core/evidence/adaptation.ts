import type { PrefixChoice } from './model.js'

/**
 * What a task's items are: `labels` share one set of choices, `answers` bring their own, `made-up` follow a rule drawn by
 * seed, `counterfactual` ask about a statement that contradicts what the model may remember.
 */
export type AdaptationKind = 'labels' | 'answers' | 'made-up' | 'counterfactual'

/**
 * What the shots of a prompt say (docs/methods/gain.md#controls): `given` as they are (false statements in
 * `counterfactual`), `flipped` wrong labels or answers, `symbols` other names for the labels, `shuffled` labels dealt out
 * anew, `true-statement` what is true.
 */
export type ShotCondition = 'given' | 'flipped' | 'symbols' | 'shuffled' | 'true-statement'

/** A task as it was asked. */
export interface AdaptationTask {
  readonly task: string
  readonly kind: AdaptationKind
  /** Accuracy of guessing. */
  readonly chance: number
  readonly items: number
  /** Draws of shots, each with an order of its own; 1 where every item has its own shots. */
  readonly draws: number
  /** Numbers of shots that were asked, ascending. */
  readonly shots: readonly number[]
  /** What did not fit, or was not there to be asked, with the reason. */
  readonly leftOut: readonly string[]
}

/** One item asked behind one draw of k shots. */
export interface AdaptationOutcome {
  readonly task: string
  readonly condition: ShotCondition
  readonly k: number
  readonly draw: number
  readonly item: string
  /** Items that stand and fall together: a drawn rule, a pair of facts. */
  readonly cluster: string
  /** Score of the right choice less that of the best wrong one, nats. */
  readonly margin: number
  /** 1 or 0; choices that tie share it. */
  readonly correct: number
}

/** What a model made of tasks that stand in its context alone. */
export interface AdaptationEvidence {
  readonly tasks: readonly AdaptationTask[]
  readonly outcomes: readonly AdaptationOutcome[]
  /** Tokens that went through the model, and that asking everything by itself would have sent. */
  readonly tokens: { readonly evaluated: number; readonly naive: number }
  /** Text of the token in front of every prompt, or `none`. */
  readonly prefixToken: string
  readonly prefixChoice: PrefixChoice
}
