import { groupBy } from '../../collections.js'
import { type Estimate, estimate } from '../../estimate.js'
import { studentQuantile } from '../../stats/student.js'

/** How one template of a relation was answered for one fact: share of right answers, in [0, 1]. */
export interface TemplateAnswer {
  readonly fact: string | number
  readonly template: string
  /** Facts of one stratum share their templates. */
  readonly relation: string
  readonly share: number
}

/** Variance that the choice of templates adds to a mean over facts, and the degrees of freedom it was found with. */
export interface TemplateVariance {
  readonly variance: number
  readonly degrees: number
}

const MAX_SWEEPS = 100
const SETTLED = 1e-9

interface Layout {
  readonly facts: number
  /** Effects of the templates, as deviations from their mean, and the facts that each was asked of. */
  readonly templates: readonly { readonly effect: number; readonly facts: number }[]
  /** Sum of squares that facts and templates leave, and its degrees of freedom. */
  readonly residual: number
  readonly degrees: number
}

/** Facts and templates as an additive two-way layout, fitted by alternating means: exact at once where no cell lacks. */
function layoutOf(answers: readonly TemplateAnswer[]): Layout {
  const rows = [...groupBy(answers, (a) => a.fact).values()]
  const columns = [...groupBy(answers, (a) => a.template)]
  const effects = new Map(columns.map(([template]) => [template, 0]))
  const effectOf = (a: TemplateAnswer): number => effects.get(a.template) ?? 0
  const levels = new Map<string | number, number>()
  for (let sweep = 0, moved = 1; sweep < MAX_SWEEPS && moved > SETTLED; sweep++) {
    moved = 0
    for (const row of rows)
      levels.set(row[0].fact, row.reduce((s, a) => s + a.share - effectOf(a), 0) / row.length)
    for (const [template, column] of columns) {
      const next = column.reduce((s, a) => s + a.share - (levels.get(a.fact) ?? 0), 0) / column.length
      moved = Math.max(moved, Math.abs(next - (effects.get(template) ?? 0)))
      effects.set(template, next)
    }
  }
  const centre = [...effects.values()].reduce((s, e) => s + e, 0) / columns.length
  return {
    facts: rows.length,
    templates: columns.map(([template, column]) => ({
      effect: (effects.get(template) ?? 0) - centre,
      facts: column.length,
    })),
    residual: answers.reduce((s, a) => s + (a.share - (levels.get(a.fact) ?? 0) - effectOf(a)) ** 2, 0),
    degrees: answers.length - rows.length - columns.length + 1,
  }
}

/**
 * Variance that the choice of templates adds to the mean over facts: what template effects vary by beyond the
 * residual of fact × template over the facts, divided by the number of templates; relations are strata. The residual
 * is pooled over relations, since a band of frequency may hold few facts of each.
 *
 * Source: the random two-way layout, Var(mean) = (MS_fact + MS_template − MS_fact×template)/(n·k); degrees of freedom
 * of a sum after Satterthwaite, Biometrics Bulletin 2 (1946) 110. Coverage: test/coverage/retention-templates.test.ts
 */
export function templateVariance(answers: readonly TemplateAnswer[]): TemplateVariance {
  const strata = [...groupBy(answers, (a) => a.relation).values()]
    .map(layoutOf)
    // Fewer degrees than none: facts and templates fall apart into groups that nothing links.
    .filter((s) => s.templates.length > 1 && s.degrees >= 0)
  const facts = new Set(answers.map((a) => a.fact)).size
  const degrees = strata.reduce((n, s) => n + s.degrees, 0)
  // Without any fact that was asked twice nothing tells templates from facts: the interval stays that of the facts.
  if (degrees === 0) return { variance: 0, degrees: Number.POSITIVE_INFINITY }
  const residual = strata.reduce((s, layout) => s + layout.residual, 0) / degrees
  let variance = 0
  let squares = 0
  let sum = 0
  for (const { templates, facts: own } of strata) {
    const k = templates.length
    const spread = templates.reduce((s, t) => s + t.effect ** 2, 0) / (k - 1)
    const noise = templates.reduce((s, t) => s + residual / t.facts, 0) / k
    const weight = (own / facts) ** 2 / k
    variance += weight * (spread - noise)
    sum += weight * spread
    squares += (weight * spread) ** 2 / (k - 1)
  }
  return {
    variance: Math.max(0, variance),
    degrees: squares > 0 ? sum ** 2 / squares : Number.POSITIVE_INFINITY,
  }
}

/** An accuracy with its interval widened by the variance that templates add, with Student's quantile for their few. */
export function widenedAccuracy(own: Estimate, { variance, degrees }: TemplateVariance): Estimate {
  if (own.kind === 'notEstimable' || variance === 0) return own
  const { value, interval, unit, n } = own
  const { low, high, level } = interval
  const added = studentQuantile((1 + level) / 2, degrees) * Math.sqrt(variance)
  return estimate(
    value,
    {
      low: Math.max(0, value - Math.hypot(value - low, added)),
      high: Math.min(1, value + Math.hypot(high - value, added)),
      level,
    },
    unit,
    n,
  )
}
