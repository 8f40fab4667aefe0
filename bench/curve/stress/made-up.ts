/** Runs made up whole: schedules and short fine-tunes that no given log shows. */
import { type CurveVerdict, createRandom, type Random } from '../../../src/core/index.js'
import { HEALTHY, type StressCase } from './cases.js'
import { madeOf } from './rows.js'

type Rate = (share: number) => number

const WARMUP = 0.02
const warmed =
  (after: Rate): Rate =>
  (u) =>
    u < WARMUP ? (u + 1e-4) / WARMUP : after((u - WARMUP) / (1 - WARMUP))

const SCHEDULES: Readonly<
  Record<string, { readonly rate: Rate; readonly accepted: readonly CurveVerdict[] }>
> = {
  'constant rate': { rate: warmed(() => 1), accepted: HEALTHY },
  'cosine to a tenth': { rate: warmed((u) => 0.1 + 0.45 * (1 + Math.cos(Math.PI * u))), accepted: HEALTHY },
  'linear to zero': { rate: warmed((u) => 1 - u), accepted: HEALTHY },
  'warm-up, stable, decay': { rate: warmed((u) => (u < 0.8 ? 1 : 5 * (1 - u))), accepted: HEALTHY },
  'warm-up, stable, √ decay': {
    rate: warmed((u) => (u < 0.8 ? 1 : 1 - Math.sqrt((u - 0.8) / 0.2))),
    accepted: HEALTHY,
  },
  'inverse square root': { rate: warmed((u) => 1 / Math.sqrt(1 + 40 * u)), accepted: HEALTHY },
  'three steps down': { rate: warmed((u) => (u < 0.8 ? 1 : u < 0.9 ? 0.316 : 0.1)), accepted: HEALTHY },
  'cyclic, five cosines': {
    rate: warmed((u) => 0.55 + 0.45 * Math.cos(10 * Math.PI * u)),
    accepted: HEALTHY,
  },
  'cosine with restarts': {
    rate: warmed((u) => 0.55 + 0.45 * Math.cos(Math.PI * ((4 * u) % 1))),
    accepted: HEALTHY,
  },
  'cosine over by 60 %': {
    rate: warmed((u) => 0.1 + 0.45 * (1 + Math.cos(Math.PI * Math.min(1, u / 0.6)))),
    accepted: ['schedule-mismatch'],
  },
  'cosine over by 80 %': {
    rate: warmed((u) => 0.1 + 0.45 * (1 + Math.cos(Math.PI * Math.min(1, u / 0.8)))),
    accepted: ['schedule-mismatch'],
  },
  'linear over by 70 %': { rate: warmed((u) => Math.max(0.1, 1 - u / 0.7)), accepted: ['schedule-mismatch'] },
  'cosine for twice the run': {
    rate: warmed((u) => 0.5 * (1 + Math.cos((Math.PI * u) / 2))),
    accepted: ['schedule-mismatch'],
  },
  'linear for twice the run': { rate: warmed((u) => 1 - u / 2), accepted: ['schedule-mismatch'] },
}

/**
 * Loss under a schedule: a power law in the summed rate, lower where the rate is low
 * (docs/methods/curve.md#law-of-a-run).
 */
function lossesUnder(rate: readonly number[], noise: number, random: Random): number[] {
  let sum = 0
  let annealed = 0
  return rate.map((r, i) => {
    sum += r
    const target = 0.25 * (1 - r)
    annealed += i < WARMUP * rate.length ? 0 : (target - annealed) * 0.05
    const steps = (sum * 10_000) / rate.length
    return 2.9 + 8 * (1 + steps / 60) ** -0.6 - annealed + noise * random.normal()
  })
}

function schedules(): StressCase[] {
  const out: StressCase[] = []
  for (const [kind, { rate, accepted }] of Object.entries(SCHEDULES))
    for (const rows of [120, 1000, 5000])
      for (const noise of [0.01, 0.04, 0.1]) {
        const random = createRandom(rows + Math.round(1000 * noise))
        const every = 10_000 / rows
        const rates = Array.from({ length: rows }, (_, i) => rate(i / (rows - 1)))
        out.push({
          kind: `schedule: ${kind}`,
          name: `${rows} rows, noise ${noise}`,
          run: madeOf(
            kind,
            {
              step: rates.map((_, i) => Math.round(i * every)),
              learningRate: rates.map((r) => 6e-4 * r),
              loss: lossesUnder(rates, noise, random),
            },
            { plannedSteps: Math.round((rows - 1) * every) + 1 },
          ),
          accepted,
        })
      }
  return out
}

/** A run of given losses, linear decay after a short warm-up. */
function simple(
  kind: string,
  name: string,
  losses: readonly number[],
  accepted: readonly CurveVerdict[],
): StressCase {
  const n = losses.length
  return {
    kind,
    name,
    run: madeOf(name, {
      step: losses.map((_, i) => 10 * (i + 1)),
      loss: losses,
      learningRate: losses.map((_, i) => (2e-5 * Math.min(1, (i + 1) / 3) * (n - i)) / n),
    }),
    accepted,
  }
}

function fineTunes(): StressCase[] {
  const out: StressCase[] = []
  for (const rows of [10, 15, 20, 30])
    for (let seed = 0; seed < 6; seed++) {
      const random = createRandom(100 * rows + seed)
      const start = 1 + 1.5 * random.uniform()
      const drop = (0.2 + 0.3 * random.uniform()) * start
      const noise = 0.02 + 0.06 * random.uniform()
      const losses = Array.from(
        { length: rows },
        (_, i) => start - drop * (1 - Math.exp((-4 * i) / rows)) + noise * random.normal(),
      )
      const name = `${rows} rows, seed ${seed}`
      out.push(
        simple('short fine-tune that learns', name, losses, HEALTHY),
        simple(
          'short fine-tune that does not move',
          name,
          losses.map(() => start + noise * random.normal()),
          rows < 20 ? ['flat', ...HEALTHY] : ['flat'],
        ),
        simple(
          'short fine-tune that diverges',
          name,
          losses.map((v, i) => v + (i > 0.6 * rows ? 1.5 + 4 * (i / rows - 0.6) : 0)),
          ['diverged'],
        ),
        simple(
          'short fine-tune of three epochs, loss in stairs',
          name,
          losses.map((_, i) => start * [1, 0.7, 0.4][Math.floor((3 * i) / rows)] + noise * random.normal()),
          HEALTHY,
        ),
        simple(
          'short fine-tune ends in loss 0.0 (hidden NaN)',
          name,
          losses.map((v, i) => (i > 0.6 * rows ? 0 : v)),
          ['diverged'],
        ),
      )
      const evaluated = (rise: number): number[] =>
        losses.map((_, i) =>
          (rows - 1 - i) % Math.floor(rows / 5) === 0
            ? start - 0.6 * drop * Math.min(1, (3 * i) / rows) + rise * Math.max(0, i / rows - 0.4)
            : Number.NaN,
        )
      const withEvaluations = (kind: string, rise: number, accepted: readonly CurveVerdict[]): StressCase => {
        const base = simple(kind, name, losses, accepted)
        return { ...base, run: { ...base.run, validationLoss: Float64Array.from(evaluated(rise)) } }
      }
      out.push(
        withEvaluations('short fine-tune, evaluations fall', -0.1, HEALTHY),
        withEvaluations('short fine-tune, evaluations rise', 0.6, ['overfitting']),
      )
    }
  return out
}

function standstills(): StressCase[] {
  const out: StressCase[] = []
  for (const rows of [60, 300, 2000])
    for (let seed = 0; seed < 4; seed++) {
      const random = createRandom(10 * rows + seed)
      const noise = 0.01 + 0.03 * random.uniform()
      const name = `${rows} rows, seed ${seed}`
      const of = (loss: (share: number) => number): number[] =>
        Array.from({ length: rows }, (_, i) => loss(i / rows) + noise * random.normal())
      out.push(
        simple(
          'never leaves ln(vocabulary)',
          name,
          of(() => 10.82),
          ['stuck'],
        ),
        simple(
          'stays at the unigram loss',
          name,
          of((u) => 7.4 + 3.4 * Math.exp(-40 * u)),
          ['stuck'],
        ),
        simple(
          'learns after a plateau',
          name,
          of((u) => (u < 0.3 ? 7.4 + 3.4 * Math.exp(-40 * u) : 3.2 + 4.2 * Math.exp(-8 * (u - 0.3)))),
          HEALTHY,
        ),
        simple(
          'rate too high: falls, then wanders high',
          name,
          of((u) => 6.6 + 4 * Math.exp(-30 * u) + 0.25 * Math.sin(40 * u) ** 2),
          ['stuck', 'diverged', 'spiked-not-recovered', 'degraded'],
        ),
        simple(
          'rate too high: falls to 5, climbs to 7',
          name,
          of((u) => (u < 0.2 ? 5 + 5.8 * (1 - u / 0.2) : 5 + 2.2 * Math.min(1, (u - 0.2) / 0.3))),
          ['diverged'],
        ),
        simple(
          'creeps up from its best by .6 nats',
          name,
          of((u) => (u < 0.4 ? 3 + 7 * Math.exp(-20 * u) : 3 + (0.6 * (u - 0.4)) / 0.6)),
          ['degraded', 'spiked-not-recovered', 'diverged'],
        ),
        simple('constant loss of 2.5', name, Array(rows).fill(2.5), ['flat']),
        simple('constant loss of 10.8', name, Array(rows).fill(10.8), ['stuck']),
        simple('loss 0 throughout', name, Array(rows).fill(0), ['diverged', 'not-enough-data']),
        simple(
          'memorised to .01 nats',
          name,
          of(() => 0).map((v, i) => 0.01 + Math.abs(v) * 0.1 + 3 * Math.exp((-12 * i) / rows)),
          HEALTHY,
        ),
      )
    }
  return out
}

export function madeUpCases(): StressCase[] {
  return [...schedules(), ...fineTunes(), ...standstills()]
}
