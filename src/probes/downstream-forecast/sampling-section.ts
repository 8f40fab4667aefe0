import {
  type Cell,
  counted,
  type Finding,
  type LineChart,
  type SamplingPlan,
  type SamplingPlans,
  type Section,
  WARNED_EXTRAPOLATION,
} from '../../core/index.js'
import { contradictionFinding } from './contradictions.js'
import { percent, quantity, reachOf } from './words.js'

function chartOf(plan: SamplingPlan): LineChart {
  const known = plan.rows.flatMap(({ k, passRate }) =>
    passRate.kind === 'estimate' ? [{ k, passRate }] : [],
  )
  const last = known.at(-1)
  return {
    kind: 'lines',
    caption: `${plan.benchmark}: ${last === undefined ? 'pass@k is not estimable' : `pass@${last.k} of ${percent(last.passRate.value)} expected at the target`}`,
    x: { label: 'samples k', scale: 'log' },
    y: { label: 'pass@k', unit: 'share', scale: 'linear' },
    series: [
      {
        name: '80 % interval',
        style: 'band',
        x: known.map((r) => r.k),
        y: known.map((r) => r.passRate.value),
        low: known.map((r) => r.passRate.interval.low),
        high: known.map((r) => r.passRate.interval.high),
      },
      { name: 'expected', style: 'line', x: known.map((r) => r.k), y: known.map((r) => r.passRate.value) },
    ],
    height: 'tall',
  }
}

const PROBE = 'downstream-forecast'
const NO_RATES = 'No pass rate at a number of samples was found: sampling cannot be planned'
const SOURCES = ['docs/methods/sampling.md#law-in-compute-and-samples', 'arXiv:2512.08894'] as const

/** What plans of repeated sampling conclude: pass@k at the most samples asked for, or why there is none. */
export function samplingFindings({ plans, abstentions, contradictions }: SamplingPlans): Finding[] {
  if (plans.length + abstentions.length === 0)
    return [
      {
        probe: PROBE,
        code: `${PROBE}/sampling-abstained`,
        status: 'insufficient',
        title: NO_RATES,
        action:
          'Give a column k beside the rates (pass@k), or a table of problems: num_samples, num_correct.',
        sources: SOURCES,
      },
    ]
  return [
    ...plans.flatMap(({ benchmark, rows, extrapolation }): Finding[] => {
      const last = rows.at(-1)
      if (last === undefined || last.passRate.kind === 'notEstimable') return []
      return [
        {
          probe: PROBE,
          code: `${PROBE}/sampling`,
          status: extrapolation > WARNED_EXTRAPOLATION ? 'warn' : 'pass',
          title: `${benchmark}: pass@${last.k} of ${percent(last.passRate.value)} expected, ${reachOf(extrapolation)}`,
          estimate: last.passRate,
          sources: SOURCES,
        },
      ]
    }),
    ...abstentions.map(
      ({ benchmark, reason }): Finding => ({
        probe: PROBE,
        code: `${PROBE}/sampling-abstained`,
        status: 'insufficient',
        title: `${benchmark}: no plan of repeated sampling, ${reason}`,
        sources: SOURCES,
      }),
    ),
    ...contradictionFinding(contradictions),
  ]
}

/** Answers "train or sample?": pass@k at the target, and the training compute that would buy the same. */
export function samplingSection({ plans, abstentions }: SamplingPlans): Section {
  const rows = plans.flatMap((plan) =>
    plan.rows.map((r): Cell[] => [
      plan.benchmark,
      r.k,
      r.passRate,
      r.equalFlops === null ? null : quantity(r.equalFlops),
      r.inferenceFlops === null ? null : quantity(r.inferenceFlops),
      r.breakEvenProblems === null ? null : quantity(r.breakEvenProblems),
    ]),
  )
  const [first] = plans
  const example = first?.rows.at(-1)
  return {
    id: 'repeated-sampling',
    order: 51,
    question: 'Train more, or sample more?',
    answer:
      first === undefined || example === undefined
        ? abstentions.length === 0
          ? `${NO_RATES}.`
          : 'No benchmark has the pass rates that a plan needs.'
        : `${first.benchmark}: ${counted(example.k, 'sample passes', 'samples pass')} ${example.passRate.kind === 'estimate' ? percent(example.passRate.value) : 'at an unknown rate'}${example.equalFlops === null ? '' : `, which one sample reaches at ${quantity(example.equalFlops)} training FLOPs`}${example.breakEvenProblems === null ? '' : `; below ${quantity(example.breakEvenProblems)} problems served, another training FLOP buys less than another sample`}.`,
    charts: plans.map(chartOf),
    tables: [
      ...(rows.length === 0
        ? []
        : [
            {
              title: 'Repeated sampling at the target',
              columns: [
                'benchmark',
                'k',
                'pass@k',
                'training FLOPs for the same with one sample',
                'inference FLOPs a problem',
                'problems below which sampling is cheaper',
              ],
              rows,
            },
          ]),
      ...(abstentions.length === 0
        ? []
        : [
            {
              title: 'No sampling plan',
              columns: ['benchmark', 'why'],
              rows: abstentions.map((a): Cell[] => [a.benchmark, a.reason]),
            },
          ]),
    ],
    protocol: [
      'ln(−ln Q) = c0 + c1·ln C + c2·ln k + c3·ln C·ln k by least squares (arXiv:2512.08894, Eq. 5), slopes in k within runs, level and slope in C between them, on pass rates above .05; pass@k from samples by the unbiased estimator (arXiv:2107.03374); intervals by Student’s t of the runs’ scatter, with the law’s form and the items.',
      'Inference is k·2·N·T FLOPs a problem (--sample-tokens T); the prefill of the prompt, which all samples share, is left out.',
    ],
  }
}
