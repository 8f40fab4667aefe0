import {
  type Cell,
  type Chart,
  counted,
  declarationFor,
  type Estimate,
  type Finding,
  findingsBy,
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

type Known = Extract<Estimate, { kind: 'estimate' }>

/** The number that a series is about first: what training lowers. */
const LEADING = 'held-out-loss.macro'

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
    answer:
      first === undefined
        ? 'No number changed between the checkpoints.'
        : sentence(checkpoints, leadingOf(groups) ?? first.metrics[0]!),
    charts: moved.map((group) => chartOf(checkpoints, group)),
    tables: groups.map((group) => tableOf(checkpoints, group)),
    protocol: [`${counted(checkpoints.length, 'checkpoint')}, each audited by itself on the same passages.`],
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
  const all = Array.from(groups, ([declaration, metrics]) => ({ declaration, metrics }))
  const isLeading = (group: Group): number => Number(leadingOf([group]) !== undefined)
  return all.sort((a, b) => isLeading(b) - isLeading(a))
}

function leadingOf(groups: readonly Group[]): Metric | undefined {
  return groups.flatMap(({ metrics }) => metrics).find(({ id }) => id === LEADING)
}

function estimateAt({ metrics }: MeasuredCheckpoint, id: string): Known | undefined {
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

const told = (value: number): string => String(Number(value.toPrecision(3))).replace('-', '−')

const areApart = (a: Known, b: Known): boolean =>
  a.interval.high < b.interval.low || b.interval.high < a.interval.low

/** A metric's first, last and best checkpoint of those that know it. */
function courseOf(checkpoints: readonly MeasuredCheckpoint[], { id, better }: Metric) {
  const known = checkpoints.flatMap((checkpoint) => {
    const found = estimateAt(checkpoint, id)
    return found === undefined ? [] : [{ step: checkpoint.step, found }]
  })
  const [from, to] = [known[0], known.at(-1)]
  if (from === undefined || to === undefined) return undefined
  const gain = better === 'lower' ? -1 : 1
  const best = known.reduce((a, b) => (gain * b.found.value > gain * a.found.value ? b : a))
  // Ahead of the end by more than both may be off.
  return { from, to, ahead: areApart(best.found, to.found) ? best : undefined }
}

function sentence(checkpoints: readonly MeasuredCheckpoint[], metric: Metric): string {
  const course = courseOf(checkpoints, metric)
  if (course === undefined) return `${metric.title} is not known of any checkpoint.`
  const { from, to, ahead } = course
  const at = ({ step, found }: typeof from): string => `${told(found.value)} at step ${step}`
  const unit = to.found.unit
  const best = ahead === undefined || ahead === from ? '' : `, and was best, ${at(ahead)}`
  return areApart(from.found, to.found)
    ? `${metric.title} went from ${at(from)} to ${at(to)} (${unit})${best}.`
    : `${metric.title} is not shown to have changed between the ends: ${at(from)}, ${at(to)} (${unit})${best}.`
}

const finding = findingsBy('checkpoints', [])

/** What the last checkpoint, which the verdict is of, is worse at than an earlier one. */
export function seriesFindings(
  checkpoints: readonly MeasuredCheckpoint[],
  declared: readonly MetricDeclaration[],
): Finding[] {
  const leading = leadingOf(groupsOf(checkpoints, declared))
  const course = leading && courseOf(checkpoints, leading)
  if (leading === undefined || course?.ahead === undefined) return []
  const { to, ahead } = course
  const title = `${leading.title} is worse at step ${to.step} than at step ${ahead.step}: ${told(to.found.value)} against ${told(ahead.found.value)} ${to.found.unit}`
  const action = `Build on step ${ahead.step}, and look at what happened behind it (assay curve on the run's log).`
  return [finding('worse-than-before', 'warn', title, { estimate: to.found, action })]
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
    caption: sentence(checkpoints, metrics[0]!),
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
