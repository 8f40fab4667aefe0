import {
  type Cell,
  type Chart,
  declarationFor,
  type Metric,
  type MetricDeclaration,
  patternPrefix,
  type Section,
  type Series,
  type TableView,
} from '../core/index.js'

/** What was measured of one checkpoint. */
export interface MeasuredCheckpoint {
  readonly step: number
  readonly model: string
  readonly metrics: readonly Metric[]
}

/** Metrics of one declaration: one, or one a domain, benchmark or relation. */
interface Group {
  readonly declaration: MetricDeclaration
  readonly metrics: readonly Metric[]
}

/**
 * How every number moved along training: a chart and a table for each quantity that moved, the loss first.
 *
 * @param checkpoints  by step, at least one
 */
export function seriesSection(
  checkpoints: readonly MeasuredCheckpoint[],
  declared: readonly MetricDeclaration[],
): Section {
  const groups = groupsOf(checkpoints, declared)
  const moved = groups.filter(({ metrics }) => metrics.some(({ id }) => moves(checkpoints, id)))
  const [first] = moved
  return {
    id: 'checkpoints',
    order: 0,
    question: 'How did the model change along its training?',
    answer: first === undefined ? 'No number changed between the checkpoints.' : sentence(checkpoints, first),
    charts: moved.map((group) => chartOf(checkpoints, group)),
    tables: groups.map((group) => tableOf(checkpoints, group)),
    protocol: [`${checkpoints.length} checkpoints, each audited by itself on the same passages.`],
  }
}

function groupsOf(
  checkpoints: readonly MeasuredCheckpoint[],
  declared: readonly MetricDeclaration[],
): Group[] {
  const byId = new Map(checkpoints.flatMap(({ metrics }) => metrics.map((metric) => [metric.id, metric])))
  const groups = new Map<MetricDeclaration, Metric[]>()
  for (const metric of byId.values()) {
    const declaration = declarationFor(declared, metric.id)?.declaration
    if (declaration !== undefined && declaration.timing !== true)
      groups.set(declaration, [...(groups.get(declaration) ?? []), metric])
  }
  return Array.from(groups, ([declaration, metrics]) => ({ declaration, metrics }))
}

function estimateAt({ metrics }: MeasuredCheckpoint, id: string) {
  const found = metrics.find((metric) => metric.id === id)?.estimate
  return found?.kind === 'estimate' ? found : undefined
}

function moves(checkpoints: readonly MeasuredCheckpoint[], id: string): boolean {
  return new Set(checkpoints.flatMap((checkpoint) => estimateAt(checkpoint, id)?.value ?? [])).size > 1
}

/** What a pattern's metric is called among its like. */
function partOf({ id, title }: Metric, { id: pattern }: MetricDeclaration): string {
  const prefix = patternPrefix(pattern)
  return prefix === undefined ? title : id.slice(prefix.length)
}

function sentence(checkpoints: readonly MeasuredCheckpoint[], { metrics: [metric] }: Group): string {
  const known = checkpoints.filter((checkpoint) => estimateAt(checkpoint, metric!.id) !== undefined)
  const told = ({ step }: MeasuredCheckpoint, value: number) => `${value.toPrecision(4)} at step ${step}`
  const [from, to] = [known[0]!, known.at(-1)!]
  const { unit } = estimateAt(from, metric!.id)!
  const values = [from, to].map((checkpoint) => told(checkpoint, estimateAt(checkpoint, metric!.id)!.value))
  return `${metric!.title} went from ${values[0]} to ${values[1]} (${unit}).`
}

function chartOf(checkpoints: readonly MeasuredCheckpoint[], group: Group): Chart {
  const { declaration, metrics } = group
  const lines = metrics.flatMap((metric): Series[] => {
    const points = checkpoints.flatMap((checkpoint) => {
      const found = estimateAt(checkpoint, metric.id)
      return found === undefined ? [] : [{ x: checkpoint.step, y: found.value, ...found.interval }]
    })
    const name = partOf(metric, declaration)
    const line = { name, x: points.map(({ x }) => x), y: points.map(({ y }) => y) }
    const band = { low: points.map(({ low }) => low), high: points.map(({ high }) => high) }
    return [
      ...(metrics.length === 1 ? [{ ...line, ...band, name: 'interval', style: 'band' as const }] : []),
      { ...line, style: 'line' },
    ]
  })
  return {
    kind: 'lines',
    caption: sentence(checkpoints, group),
    x: { label: 'Training step' },
    y: { label: declaration.title.replace(/ \S* ?\*$/, ''), unit: declaration.unit },
    series: lines,
  }
}

function tableOf(checkpoints: readonly MeasuredCheckpoint[], { declaration, metrics }: Group): TableView {
  return {
    title: declaration.title.replace(/ \S* ?\*$/, ''),
    columns: ['Step', ...metrics.map((metric) => partOf(metric, declaration))],
    rows: checkpoints.map((checkpoint): Cell[] => [
      checkpoint.step,
      ...metrics.map(({ id }) => checkpoint.metrics.find((metric) => metric.id === id)?.estimate ?? null),
    ]),
  }
}
