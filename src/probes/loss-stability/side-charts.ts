import { type Curve, downsample, finite, type JudgedRun, type LineChart, quantile } from '../../core/index.js'
import { stepAxis } from './loss-chart.js'

/** Of a law that fits worse than this nobody learns anything, nats. */
const WORST_LAW = 0.2

/** Loss minus its law, where the law fits. */
export function residualChart(run: JudgedRun): LineChart[] {
  const { law } = run
  if (law === undefined || !(law.law.deviation <= WORST_LAW)) return []
  const from = law.step.findIndex((s) => s >= law.fromStep)
  const x = law.step.slice(from)
  return [
    {
      kind: 'lines',
      caption: `The loss keeps within ${law.law.deviation.toFixed(3)} ${run.unit} (one deviation) of ${law.law.learningRate ? 'the LR-aware law' : 'a power law in steps; the log gives no learning rate'}`,
      x: stepAxis(run),
      y: { label: 'loss − law', unit: run.unit },
      series: [
        {
          name: 'residual',
          style: 'line',
          x,
          y: Float64Array.from(law.level.slice(from), (v, i) => v - law.expected[from + i]),
        },
      ],
      height: 'short',
    },
  ]
}

function gradientCaption(run: JudgedRun): string {
  const growth = run.events.find((e) => e.code === 'gradient-growth' || e.code === 'gradient-outliers')
  if (growth !== undefined) return `${growth.text[0].toUpperCase()}${growth.text.slice(1)}`
  const { gradNorm, clipped } = run.scores
  const values = finite(run.prepared.gradNorm).value
  if (values.length === 0) return 'No gradient norm is a finite number'
  const range = `95 % of gradient norms lie from ${quantile(values, 0.025).toPrecision(2)} to ${quantile(values, 0.975).toPrecision(2)}`
  const share = gradNorm.kind === 'estimate' ? gradNorm : clipped
  const how =
    gradNorm.kind === 'estimate' ? 'lie 7 deviations off' : 'would be cut by an adaptive clipping (ZClip)'
  return share.kind === 'estimate' ? `${range}; ${(100 * share.value).toPrecision(2)} % ${how}` : range
}

/** Gradient norm, where it was logged. */
export function gradientChart(run: JudgedRun): LineChart[] {
  const { gradNorm } = run.prepared
  if (gradNorm.step.length < 5) return []
  return [
    {
      kind: 'lines',
      caption: gradientCaption(run),
      x: stepAxis(run),
      y: { label: 'gradient norm', scale: 'log' },
      series: [{ name: 'gradient norm', style: 'faint', ...downsample(gradNorm) }],
      height: 'short',
    },
  ]
}

/** Rows whose step was skipped: they give a scale of the loss and no loss. */
function skippedAt({ loss, step, lossScale }: JudgedRun['run']): Curve {
  const rows = [...step.keys()].filter((row) => Number.isNaN(loss[row]) && (lossScale?.[row] ?? 0) > 0)
  return {
    step: Float64Array.from(rows, (row) => step[row]),
    value: Float64Array.from(rows, (row) => lossScale?.[row] ?? 0),
  }
}

/** Scale of the loss, where it was logged and moves, and the steps that were skipped for it. */
export function lossScaleChart(run: JudgedRun): LineChart[] {
  const { step, lossScale } = run.run
  if (lossScale === undefined) return []
  const scale = finite({ step, value: lossScale })
  const [first] = scale.value
  if (scale.step.length < 5 || scale.value.every((value) => value === first || value <= 0)) return []
  const note = run.run.notes.find((n) => n.code === 'skipped-step')
  const skipped = note === undefined ? undefined : skippedAt(run.run)
  return [
    {
      kind: 'lines',
      caption: `The loss scale goes from ${first} to ${scale.value[scale.value.length - 1]}${note === undefined ? '' : `; ${note.count} ${note.count === 1 ? 'step was' : 'steps were'} skipped`}`,
      x: stepAxis(run),
      y: { label: 'loss scale', scale: 'log' },
      series: [
        { name: 'loss scale', style: 'line', ...downsample(scale) },
        ...(skipped === undefined || skipped.step.length === 0
          ? []
          : [{ name: 'skipped steps', style: 'points' as const, ...downsample(skipped) }]),
      ],
      height: 'short',
    },
  ]
}
