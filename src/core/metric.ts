import type { Estimate, Unit } from './estimate.js'

/**
 * A number that a probe can give and a gate can refer to, told before anything is measured: so a config is checked
 * without a model, and what to do about a failed gate stands beside the number that failed.
 */
export interface MetricDeclaration {
  /**
   * Permanent: `<probe>.<quantity>`, or a pattern `<probe>.<quantity>.*` of which there is one for each domain,
   * language or benchmark of the audit.
   */
  readonly id: string
  /** In a pattern's title `*` stands for the part: `Held-out loss on *`. */
  readonly title: string
  readonly unit: Unit
  readonly better: 'lower' | 'higher'
  /** What a pattern's `*` names, in the singular: `domain`, `text` and `language` are checked against the config. */
  readonly part?: string
  /** It depends on the machine that measured it: left out when two audits are compared. */
  readonly timing?: boolean
  /** What the model is, not how well it does: of two audits the larger one is more, not worse. */
  readonly size?: boolean
  /** What to do when a gate on its value (`min`, `max`) fails. */
  readonly onFail: string
  /** What it means and what to do when it got worse than the baseline (`max_drop`, `max_relative_drop`, `compare`). */
  readonly onRegress: string
}

/** The value of one declared metric. */
export interface Measurement {
  /** Id of its declaration, `.*` included. */
  readonly metric: string
  /** What stands for the `*` of a pattern, permanent like the id. */
  readonly part?: string
  /** How the part reads in the title, where not as it stands in the id. */
  readonly partTitle?: string
  readonly estimate: Estimate
}

/** A measured number under its full name, as gates and reports see it. */
export interface Metric {
  readonly id: string
  readonly title: string
  readonly estimate: Estimate
  readonly better: 'lower' | 'higher'
}

const PATTERN_END = '*'

/** `held-out-loss.domain.*` → `held-out-loss.domain.`; undefined for an id that is no pattern. */
export function patternPrefix(id: string): string | undefined {
  return id.endsWith(`.${PATTERN_END}`) ? id.slice(0, -PATTERN_END.length) : undefined
}

/** The declaration that a full metric id belongs to, and the part that it names where that is a pattern. */
export function declarationFor(
  declared: readonly MetricDeclaration[],
  id: string,
): { readonly declaration: MetricDeclaration; readonly part?: string } | undefined {
  const exact = declared.find((d) => d.id === id && patternPrefix(d.id) === undefined)
  if (exact !== undefined) return { declaration: exact }
  const fits = declared.flatMap((declaration) => {
    const prefix = patternPrefix(declaration.id)
    return prefix !== undefined && id.length > prefix.length && id.startsWith(prefix)
      ? [{ declaration, part: id.slice(prefix.length) }]
      : []
  })
  // The longest pattern is the shortest part.
  return fits.sort((a, b) => a.part.length - b.part.length).at(0)
}

function nameOne(declaration: MetricDeclaration, measured: Measurement): Metric | string {
  const { id, title, better } = declaration
  const { part, partTitle, estimate } = measured
  const prefix = patternPrefix(id)
  if (prefix === undefined)
    return part === undefined
      ? { id, title, estimate, better }
      : `${id} is no pattern, yet was measured for "${part}"`
  if (part === undefined || part === '') return `${id} was measured without naming its part`
  return { id: prefix + part, title: title.replace(PATTERN_END, () => partTitle ?? part), estimate, better }
}

/**
 * Names, titles and directions of a probe's measured values, from its declarations.
 *
 * @returns the metrics, and in words what the probe measured without having declared it, or twice: those are left out
 */
export function nameMetrics(
  declared: readonly MetricDeclaration[],
  measured: readonly Measurement[],
): { readonly metrics: readonly Metric[]; readonly faults: readonly string[] } {
  const metrics = new Map<string, Metric>()
  const twice = new Set<string>()
  const faults: string[] = []
  for (const measurement of measured) {
    const declaration = declared.find((d) => d.id === measurement.metric)
    const named =
      declaration === undefined
        ? `${measurement.metric} was measured but never declared`
        : nameOne(declaration, measurement)
    if (typeof named === 'string') faults.push(named)
    else if (metrics.has(named.id)) twice.add(named.id)
    else metrics.set(named.id, named)
  }
  // Which of two numbers of one name a gate is held against would be chance.
  for (const id of twice) {
    metrics.delete(id)
    faults.push(`${id} was measured twice`)
  }
  return { metrics: [...metrics.values()], faults }
}
