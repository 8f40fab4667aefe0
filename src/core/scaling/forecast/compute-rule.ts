import type { EvaluationRow } from '../../evidence/index.js'
import { DENSE_FACTOR } from './point.js'

type Sized = Pick<EvaluationRow, 'model' | 'params' | 'tokens' | 'flops' | 'source'>

/** Recorded compute over N·D that differs by more is counted by two rules: attention's share never doubles it. */
const ONE_RULE = 2

/** How the runs of a table count their training compute: C = factor·N·D. */
export interface ComputeRule {
  /** Of the run with the most recorded compute; 6 where none records its own. */
  readonly factor: number
  /** Rows by another rule, more than a factor of two from that, the farthest first. */
  readonly others: readonly { readonly model: string; readonly source: string; readonly factor: number }[]
}

/** A size that can be: finite and above 0. */
export function isPositive(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && value > 0
}

export function positiveOrNull(value: number | null): number | null {
  return isPositive(value) ? value : null
}

/**
 * The rule by which a table counts compute. FLOPs need not be 6·N·D (experts, attention, embeddings counted or not): a
 * target, and rows that record none, follow the table.
 */
export function computeRuleOf(rows: readonly Sized[]): ComputeRule {
  const known = rows.flatMap(({ model, source, params, tokens, flops }) =>
    isPositive(params) && isPositive(tokens) && isPositive(flops)
      ? [{ model, source, flops, factor: flops / (params * tokens) }]
      : [],
  )
  if (known.length === 0) return { factor: DENSE_FACTOR, others: [] }
  const { factor } = known.reduce((most, run) => (run.flops > most.flops ? run : most))
  const distance = (run: { factor: number }): number => Math.abs(Math.log(run.factor / factor))
  const others = known.filter((run) => distance(run) > Math.log(ONE_RULE))
  return {
    factor,
    others: others
      .sort((a, b) => distance(b) - distance(a))
      .map(({ model, source, factor: own }) => ({ model, source, factor: own })),
  }
}

/** Whether a target's own FLOPs are counted as the table's are. */
export function followsRule(
  { factor }: ComputeRule,
  target: { params: number; tokens: number; flops: number },
): boolean {
  return Math.abs(Math.log(target.flops / (target.params * target.tokens) / factor)) <= Math.log(ONE_RULE)
}
