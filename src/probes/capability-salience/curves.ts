import {
  bandedLine,
  type CapabilityReading,
  type Cell,
  counted,
  type DotChart,
  type Estimate,
  type LineChart,
  type Section,
} from '../../core/index.js'
import { PROBE } from './section.js'

/** Models of a chart; the table has all. */
const MOST_ROWS = 40

/** One checkpoint of a run, read from its losses. */
export interface CurvePoint {
  readonly checkpoint: string
  /** Tokens, or the step where tokens are not known; null for neither. */
  readonly at: number | null
  /** Mean loss on the vector's text, bits/byte. */
  readonly bitsPerByte: number
  readonly readings: readonly CapabilityReading[]
  /** What the benchmarks gave, by capability, where it is known. */
  readonly measured: ReadonlyMap<string, number>
}

/** A run, checkpoint by checkpoint. */
export interface RunCurve {
  readonly run: string
  readonly isInSample: boolean
  readonly unit: 'tokens' | 'steps'
  readonly points: readonly CurvePoint[]
}

const withPlace = (points: readonly CurvePoint[]) =>
  points.filter((p): p is CurvePoint & { at: number } => p.at !== null)

function capabilityChart({ run, unit, points }: RunCurve, name: string): LineChart {
  const placed = withPlace(points)
  const x = placed.map((p) => p.at)
  const measured = placed.filter((p) => p.measured.has(name))
  const series = bandedLine(
    'read from losses',
    placed.map((p) => ({
      at: p.at,
      estimate: p.readings.find((r) => r.capability.name === name)?.score,
    })),
  )
  if (measured.length > 0)
    series.push({
      name: 'measured',
      style: 'points',
      x: measured.map((p) => p.at),
      y: measured.map((p) => p.measured.get(name) ?? Number.NaN),
    })
  return {
    kind: 'lines',
    caption: `${run}, ${name}: read from the losses of each checkpoint${measured.length > 0 ? ', and measured' : ''}`,
    x: { label: unit, scale: scaleOf(x) },
    y: { label: name },
    series,
  }
}

/** Checkpoints that double stand evenly on a logarithmic axis. */
function scaleOf(x: readonly number[]): 'linear' | 'log' {
  const positive = x.filter((v) => v > 0)
  return positive.length === x.length && Math.max(...x) / Math.min(...x) >= 8 ? 'log' : 'linear'
}

function lossChart({ run, unit, points }: RunCurve): LineChart {
  const placed = withPlace(points)
  const x = placed.map((p) => p.at)
  return {
    kind: 'lines',
    caption: `${run}: the plain loss on the same text`,
    x: { label: unit, scale: scaleOf(x) },
    y: { label: 'mean loss', unit: 'bits/byte' },
    series: [{ name: 'mean loss', style: 'line', x, y: placed.map((p) => p.bitsPerByte) }],
    height: 'short',
  }
}

/** How a run's capabilities rise, beside its plain loss. */
export function curveSection(curve: RunCurve, order: number): Section {
  const { run, points, isInSample } = curve
  const names = points[0]?.readings.map((r) => r.capability.name) ?? []
  const placed = withPlace(points).length
  return {
    id: `${PROBE}-curve-${order}`,
    probe: PROBE,
    order,
    question: `How do the capabilities of ${run} rise?`,
    answer: answerOf(curve, names),
    inShort: counted(points.length, 'checkpoint'),
    charts: placed < 2 ? [] : [...names.map((name) => capabilityChart(curve, name)), lossChart(curve)],
    tables: [
      {
        title: `${run}, checkpoint by checkpoint`,
        columns: ['checkpoint', curve.unit, 'mean loss, bits/byte', ...names],
        rows: points.map((p): Cell[] => [
          p.checkpoint,
          p.at,
          Number(p.bitsPerByte.toFixed(4)),
          ...p.readings.map((r) => r.score),
        ]),
      },
    ],
    protocol: isInSample
      ? [
          'The vector was fitted on checkpoints of this run: its curve is in-sample, and the bands too narrow.',
        ]
      : ['No checkpoint of this run is among the models that the vector was fitted on.'],
  }
}

function answerOf({ points, isInSample }: RunCurve, names: readonly string[]): string {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return 'There is no checkpoint.'
  const told = names.flatMap((name) => {
    const [a, b] = [first, last].map((p) => p.readings.find((r) => r.capability.name === name)?.score)
    return a?.kind === 'estimate' && b?.kind === 'estimate'
      ? [`${name} ${a.value.toPrecision(2)} → ${b.value.toPrecision(2)}`]
      : []
  })
  const loss = `Over ${points.length} checkpoints the loss goes from ${first.bitsPerByte.toFixed(2)} to ${last.bitsPerByte.toFixed(2)} bits/byte`
  const sample = isInSample ? ' (in-sample)' : ''
  return told.length === 0
    ? `${loss}; no capability can be read at both ends${sample}.`
    : `${loss}; read from it${sample}: ${told.join(', ')}.`
}

/** Many models beside each other, the highest score first. */
export function modelsSection(
  models: readonly {
    id: string
    isInSample: boolean
    bitsPerByte: number
    readings: readonly CapabilityReading[]
  }[],
): Section {
  const names = models[0]?.readings.map((r) => r.capability.name) ?? []
  const scoreOf = (score: Estimate): number =>
    score.kind === 'estimate' ? score.value : Number.NEGATIVE_INFINITY
  const charts = names.map((name, i): DotChart => {
    const rows = models.map(({ id, readings }) => ({ label: id, estimate: readings[i].score }))
    return {
      kind: 'dots',
      caption: `${name}, read from losses`,
      x: { label: 'score' },
      rows: rows.sort((a, b) => scoreOf(b.estimate) - scoreOf(a.estimate)).slice(0, MOST_ROWS),
    }
  })
  return {
    id: `${PROBE}-models`,
    probe: PROBE,
    order: 0,
    question: 'What will these models score, read from their losses alone?',
    answer: `${counted(models.length, 'model is', 'models are')} read, ${models.filter((m) => m.isInSample).length} of them in-sample.`,
    inShort: counted(models.length, 'model'),
    charts,
    tables: [
      {
        title: 'Models read from losses',
        columns: ['model', 'mean loss, bits/byte', ...names, ''],
        rows: models.map((m): Cell[] => [
          m.id,
          Number(m.bitsPerByte.toFixed(4)),
          ...m.readings.map((r) => r.score),
          m.isInSample ? 'in-sample' : '',
        ]),
      },
    ],
    protocol: [
      'In-sample: the model, or a checkpoint of its run, was fitted on, so its interval is too narrow.',
    ],
  }
}
