import type { BenchmarkAnswer } from '../evidence/index.js'

/** Scores of one item under one draw; null where its answers do not tell (docs/methods/benchmarks.md#scores). */
export interface ItemScores {
  readonly accuracy: number | null
  readonly accuracyNorm: number | null
  readonly accuracyBytes: number | null
  readonly accuracyTokens: number | null
  readonly accuracyPmi: number | null
  /** Σ over choices of (softmax share − 1 of the right one, else 0)², in [0, 2]. */
  readonly brier: number | null
  /** Log-likelihood of the right choice less that of the best wrong one, nats. */
  readonly margin: number | null
  /** Whether a completion matches, or each token of the right answer is the likeliest one. */
  readonly exactMatch: number | null
  /** Bits of the right answer, and the bytes that they are for. */
  readonly bits: number | null
  readonly scoredBytes: number
  /** Softmax share of the best choice. */
  readonly confidence: number | null
}

/** The first of the largest values, as NumPy's argmax; null where one is not known. */
function best(values: readonly (number | null)[]): number | null {
  if (values.length === 0) return null
  let at = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || Number.isNaN(value)) return null
    if (value > (values[at] ?? Number.NEGATIVE_INFINITY)) at = i
  }
  return at
}

/** Shares of choices by their log-likelihoods, exp(ll) over their sum. Shape (choices). */
function softmax(logLikelihoods: readonly number[]): number[] {
  const top = Math.max(...logLikelihoods)
  const weights = logLikelihoods.map((ll) => Math.exp(ll - top))
  const total = weights.reduce((sum, w) => sum + w, 0)
  return weights.map((w) => w / total)
}

const ratio = (value: number | null, by: number): number | null =>
  value === null || by === 0 ? null : value / by

/**
 * Read an item's scores off its answers, as lm-evaluation-harness 0.4.13 does (`ConfigurableTask.process_results`): the
 * first of equal choices wins, and any right choice counts where there are several.
 *
 * @param answers of one item and draw, by choice
 * Differs: by tokens, margin and bits are ours; a right answer's bits are those of the likeliest right choice.
 */
export function itemScores(answers: readonly BenchmarkAnswer[]): ItemScores {
  const isRight = (at: number | null): number | null => (at === null ? null : answers[at].gold)
  const lls = answers.map((a) => a.logLikelihood)
  const rights = answers.filter((a) => a.gold === 1)
  const right = rights.reduce<BenchmarkAnswer | undefined>(
    (top, a) =>
      top === undefined || (a.logLikelihood ?? -Infinity) > (top.logLikelihood ?? -Infinity) ? a : top,
    undefined,
  )
  const isChoice = answers.length > 1
  const known = isChoice && lls.every((ll) => ll !== null) ? (lls as readonly number[]) : null
  const shares = known === null ? null : softmax(known)
  const wrong = answers.flatMap((a) => (a.gold === 1 || a.logLikelihood === null ? [] : [a.logLikelihood]))
  const ll = right?.logLikelihood ?? null
  const matched = answers.find((a) => a.match !== null)?.match ?? null
  const greedy = rights.map((a) => a.greedy)
  const byGreed = greedy.length === 0 || greedy.includes(null) ? null : Number(greedy.includes(1))
  const pick = (of: (a: BenchmarkAnswer) => number | null): number | null =>
    isChoice ? isRight(best(answers.map(of))) : null
  return {
    accuracy: isChoice ? isRight(best(lls)) : byGreed,
    accuracyNorm: pick((a) => ratio(a.logLikelihood, a.characters)),
    accuracyBytes: pick((a) => ratio(a.logLikelihood, a.bytes)),
    accuracyTokens: pick((a) => ratio(a.logLikelihood, a.tokens)),
    accuracyPmi: pick((a) =>
      a.logLikelihood === null || a.unconditioned === null ? null : a.logLikelihood - a.unconditioned,
    ),
    brier:
      shares === null || rights.length !== 1
        ? null
        : shares.reduce((sum, p, i) => sum + (p - answers[i].gold) ** 2, 0),
    margin: ll === null || wrong.length === 0 ? null : ll - Math.max(...wrong),
    exactMatch: matched ?? byGreed,
    bits: ll === null ? null : -ll / Math.LN2,
    scoredBytes: right?.scoredBytes ?? 0,
    confidence: shares === null ? null : Math.max(...shares),
  }
}
