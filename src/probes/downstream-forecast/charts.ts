import type {
  Chart,
  DotChart,
  ForecastPrediction,
  LineChart,
  PreparedBenchmark,
  RunPoint,
  Series,
} from '../../core/index.js'
import { counted } from '../../core/index.js'
import { clampShare, percent, titleOf } from './words.js'

const COMPUTE = { label: 'training compute', unit: 'FLOPs', scale: 'log' } as const

function cloud(
  name: string,
  style: 'points' | 'faint',
  points: readonly RunPoint[],
  y: (p: RunPoint) => number,
): Series[] {
  if (points.length === 0) return []
  return [{ name, style, x: points.map((p) => p.flops), y: points.map(y) }]
}

/** Runs of a benchmark in the three roles that they play, as series of a chart. */
function runSeries(
  prediction: ForecastPrediction,
  prepared: PreparedBenchmark | undefined,
  y: (p: RunPoint) => number,
): Series[] {
  const { all, usable } = prediction.benchmark
  const held = new Set((prepared?.heldOut ?? []).map((h) => h.point))
  const fitted = new Set(usable)
  return [
    ...cloud(
      'near chance, left out',
      'faint',
      all.filter((p) => !fitted.has(p)),
      y,
    ),
    ...cloud(
      'fitted runs',
      'points',
      usable.filter((p) => !held.has(p)),
      y,
    ),
    ...cloud(
      'held out in the back-test',
      'points',
      usable.filter((p) => held.has(p)),
      y,
    ),
  ]
}

/** Accuracy against compute: runs, forecast along the target's tokens per parameter, its band, the target. */
export function accuracyChart(
  prediction: ForecastPrediction,
  prepared: PreparedBenchmark | undefined,
): LineChart {
  const { curve, target, accuracy } = prediction
  const value = accuracy.kind === 'estimate' ? percent(accuracy.value) : 'unknown'
  return {
    kind: 'lines',
    caption: `${titleOf(prediction.benchmark)}: ${value} expected at ${target.flops.toExponential(1)} FLOPs, ${prediction.extrapolation.toFixed(prediction.extrapolation < 10 ? 1 : 0)}× the largest fitted run`,
    x: COMPUTE,
    y: { label: 'accuracy', unit: 'share', scale: 'linear' },
    series: [
      {
        name: `${Math.round(100 * curve.level)} % interval`,
        style: 'band',
        x: curve.flops,
        y: curve.accuracy,
        low: curve.low,
        high: curve.high,
      },
      { name: 'forecast', style: 'line', x: curve.flops, y: curve.accuracy },
      ...runSeries(prediction, prepared, (p) => p.accuracy),
    ],
    marks: [{ from: target.flops, label: 'target', status: 'pass' }],
    height: 'tall',
  }
}

/** −ln Q′ against compute on two logarithms, where the direct law is a straight line. */
export function powerLawChart(
  prediction: ForecastPrediction,
  prepared: PreparedBenchmark | undefined,
): LineChart {
  const { curve, target, benchmark, chanceNormalised } = prediction
  const chance = chanceNormalised ? benchmark.chance : 0
  const y = (accuracy: number): number => -Math.log(clampShare((accuracy - chance) / (1 - chance)))
  return {
    kind: 'lines',
    caption: `${titleOf(benchmark)}: the nearer −ln Q′ runs to a straight line, the better one power law describes it`,
    x: COMPUTE,
    y: { label: '−ln Q′', scale: 'log' },
    series: [
      {
        name: `${Math.round(100 * curve.level)} % interval`,
        style: 'band',
        x: curve.flops,
        y: curve.accuracy.map(y),
        low: curve.high.map(y),
        high: curve.low.map(y),
      },
      { name: 'forecast', style: 'line', x: curve.flops, y: curve.accuracy.map(y) },
      ...runSeries(prediction, prepared, (p) => y(p.accuracy)),
    ],
    marks: [{ from: target.flops, label: 'target', status: 'pass' }],
    height: 'tall',
    detail: true,
  }
}

/** Every forecast with its interval, sorted; the best accuracy measured so far is in the tables. */
export function overview(predictions: readonly ForecastPrediction[]): DotChart {
  const sorted = [...predictions].sort((a, b) => accuracyValue(b) - accuracyValue(a))
  return {
    kind: 'dots',
    caption: `Forecast accuracy of ${counted(predictions.length, 'benchmark')} at the target`,
    x: { label: 'accuracy', unit: 'share', scale: 'linear' },
    rows: sorted.map((p) => ({ label: titleOf(p.benchmark), estimate: p.accuracy })),
  }
}

function accuracyValue(prediction: ForecastPrediction): number {
  return prediction.accuracy.kind === 'estimate' ? prediction.accuracy.value : 0
}

/** How the averaged forecast and the baseline erred in the rolling back-test, against how far they reached. */
export function errorChart(prepared: readonly PreparedBenchmark[]): Chart[] {
  const ratio: number[] = []
  const error: number[] = []
  const copied: number[] = []
  const folds: number[] = []
  for (const p of prepared)
    p.test.folds.forEach((fold, f) => {
      const held = p.heldOut.filter((h) => h.fold === f)
      if (held.length === 0) return
      folds.push(fold.ratio)
      copied.push(Math.max(FLOOR, p.test.baselineErrors[f]))
      const largest = Math.max(...fold.train.usable.map((q) => q.flops))
      for (const h of held) {
        ratio.push(h.point.flops / largest)
        error.push(Math.max(FLOOR, Math.abs(h.predicted - h.point.accuracy)))
      }
    })
  if (ratio.length === 0) return []
  return [
    {
      kind: 'lines',
      caption: `Rolling back-test: error of ${ratio.length} held-out measurements against how far they lay beyond the fitted runs`,
      x: { label: 'compute of the held-out run over the largest fitted', unit: '×', scale: 'log' },
      y: { label: 'absolute error of accuracy', scale: 'log' },
      series: [
        { name: 'copy the largest run (mean of a fold)', style: 'faint', x: folds, y: copied },
        { name: 'forecast', style: 'points', x: ratio, y: error },
      ],
      height: 'tall',
      detail: true,
    },
  ]
}

/** Smallest error shown: a logarithmic axis has no zero. */
const FLOOR = 1e-3
