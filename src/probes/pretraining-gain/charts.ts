import {
  type AdaptationCurve,
  type Arm,
  adaptationError,
  bandedLine,
  type DotChart,
  type Estimate,
  type GainAnalysis,
  type LineChart,
  type SampleEfficiency,
  type Series,
  type Split,
} from '../../core/index.js'
import { boundText, points } from './words.js'

const ARM_NAME: Readonly<Record<Arm, string>> = { pretrained: 'pre-trained', scratch: 'from scratch' }
const SPLIT_NAME: Readonly<Record<Split, string>> = { id: 'in distribution', ood: 'out of distribution' }
const SIZE = { label: 'training examples', scale: 'log' } as const
/** Points of a drawn law between two sizes. */
const STEPS = 8

function lawOf({ law, exponent, points: measured, arm }: AdaptationCurve): Series[] {
  if (law === null || exponent.kind === 'notEstimable') return []
  const [first, last] = [measured[0].n, measured[measured.length - 1].n]
  const count = STEPS * (measured.length - 1)
  const x = Array.from({ length: count + 1 }, (_, i) => first * (last / first) ** (i / count))
  return [
    { name: `${ARM_NAME[arm]}, power law`, style: 'faint', x, y: x.map((n) => 1 - adaptationError(law, n)) },
  ]
}

function exampleCaption(efficiency: SampleEfficiency): string {
  const { value, score } = efficiency
  const at = `${points(score)} % of the items`
  if (value.kind === 'estimate')
    return `To get ${at}, a model from scratch takes ${value.value.toPrecision(2)} times the examples`
  const bound = boundText(efficiency, 2)
  return bound === null
    ? 'Both arms learn from more examples'
    : `To get ${at}, a model from scratch takes ${bound} times the examples`
}

/** Both adaptation curves on one split, with bands, and their laws where there are any. */
export function adaptationChart(
  { curves, settings, sampleEfficiency }: GainAnalysis,
  split: Split,
): LineChart {
  const own = curves.filter((curve) => curve.split === split)
  const sizes = own.flatMap((curve) => curve.points.map((p) => p.n))
  const ends = [Math.min(...sizes), Math.max(...sizes)]
  const flat = (name: string, value: number): Series => ({ name, style: 'faint', x: ends, y: [value, value] })
  return {
    kind: 'lines',
    caption: split === 'id' ? exampleCaption(sampleEfficiency) : 'The same out of distribution',
    x: SIZE,
    y: { label: 'accuracy', unit: 'accuracy' },
    series: [
      ...own.flatMap((curve) => [
        ...bandedLine(
          ARM_NAME[curve.arm],
          curve.points.map(({ n, score }) => ({ at: n, estimate: score })),
        ),
        ...lawOf(curve),
      ]),
      ...(settings.chance === null || sizes.length === 0 ? [] : [flat('guessing', settings.chance)]),
      ...(split === 'ood' || sizes.length === 0
        ? []
        : [flat('examples are compared at', sampleEfficiency.score)]),
    ],
    ...(split === 'ood' ? { detail: true } : {}),
  }
}

function gainCaption(bySize: GainAnalysis['bySize']): string {
  const known = bySize.flatMap(({ n, split, gain }) =>
    split === 'id' && gain.kind === 'estimate' ? [{ n, value: gain.value }] : [],
  )
  const last = known.at(-1)
  if (last === undefined) return 'What pre-training is worth at every training-set size'
  const most = known.reduce((best, own) => (own.value > best.value ? own : best))
  const ends = most === last ? '' : `, ${points(last.value)} at ${last.n}`
  return `Pre-training is worth most at ${most.n} examples: ${points(most.value)} points${ends}`
}

/** The gain at every training-set size, with its band. */
export function gainChart({ bySize }: GainAnalysis): LineChart {
  const of = (split: Split): Series[] =>
    bandedLine(
      SPLIT_NAME[split],
      bySize.flatMap((s) => (s.split === split ? [{ at: s.n, estimate: s.gain }] : [])),
    ).filter((series) => series.x.length > 0)
  const sizes = bySize.map((s) => s.n)
  return {
    kind: 'lines',
    caption: gainCaption(bySize),
    x: SIZE,
    y: { label: 'gain', unit: 'accuracy' },
    series: [
      ...of('id'),
      ...of('ood'),
      ...(sizes.length === 0
        ? []
        : [
            {
              name: 'no gain',
              style: 'faint' as const,
              x: [Math.min(...sizes), Math.max(...sizes)],
              y: [0, 0],
            },
          ]),
    ],
  }
}

const toldOf = (e: Estimate, where: string): string[] =>
  e.kind === 'estimate' ? [`${points(e.value)} points ${where}`] : []

/** The gain in distribution against the gain out of it, and on items that are not in the corpus. */
export function distributionChart({
  gain,
  oodGain,
  elsewhere,
  cleanSubsetGain,
  settings,
}: GainAnalysis): DotChart {
  const others = elsewhere.size > 1 ? [...elsewhere].map(([label, estimate]) => ({ label, estimate })) : []
  const rows = [
    { label: 'in distribution', estimate: gain, emphasis: true },
    { label: 'out of distribution', estimate: oodGain },
    ...others,
    { label: 'not in the pre-training corpus', estimate: cleanSubsetGain },
  ]
  return {
    kind: 'dots',
    caption: [toldOf(gain, 'where the training data is'), toldOf(oodGain, 'elsewhere')].flat().join(', '),
    x: { label: 'gain', unit: 'accuracy' },
    rows: rows.filter((row) => row.estimate.kind === 'estimate'),
    reference: [
      { value: 0, label: 'no gain' },
      ...(settings.target > 0 ? [{ value: settings.target, label: 'target' }] : []),
    ],
  }
}
