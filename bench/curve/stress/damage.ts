/** What can go wrong in a run, done to real healthy ones. */
import type { Random, TrainingRun } from '../../../src/core/index.js'
import { type ExpectedEvent, HEALTHY, type StressCase } from './cases.js'
import { change, changeLosses, firstPart, lastStep, lossRows, pick, rowsOf, smoothOf } from './rows.js'

function interval(run: TrainingRun): number {
  const rows = lossRows(run)
  return (lastStep(run) - run.step[0]) / Math.max(1, rows.length - 1)
}

/** Where an event must be named: within three logged steps or half a per cent of the run. */
function at(run: TrainingRun, codes: ExpectedEvent['codes'], step: number): ExpectedEvent {
  return { codes, step, tolerance: Math.max(3 * interval(run), 0.005 * lastStep(run)) }
}

/** Usual distance of a loss from its smooth. */
function scatterOf(run: TrainingRun): number {
  const smooth = smoothOf(run)
  const away = lossRows(run)
    .map((row) => Math.abs(run.loss[row] - smooth[row]))
    .sort((a, b) => a - b)
  return 1.4826 * away[away.length >> 1]
}

/** A spike of fewer deviations than this may be noise to anybody who sees the log alone. */
const PLAIN = 14
/** What a spike leaves for good, nats; in runs whose single losses scatter by less than half of it. */
const MARK = 0.45

export function spiked(run: TrainingRun, random: Random): StressCase[] {
  const rows = lossRows(run)
  const scatter = scatterOf(run)
  return [1, 3, 10, 50].flatMap((length) =>
    [0.6, 1, 2, 4].flatMap((height): StressCase[] => {
      if (rows.length < 20 * length) return []
      const from = Math.floor((0.3 + 0.4 * random.uniform()) * rows.length)
      const held = new Map(rows.slice(from, from + length).map((row, i) => [row, i] as const))
      const rise = (row: number): number => {
        const i = held.get(row)
        return i === undefined ? 0 : height * (1 - 0.6 * (i / length))
      }
      const step = run.step[rows[from]]
      const lost = rows[from]
      const name = `${run.id}, +${height} over ${length} rows`
      const plain = height >= 1 && height >= PLAIN * scatter
      const bad = (add: number): StressCase => ({
        kind: 'spike that left its mark (.45 nats, to the end)',
        name,
        run: changeLosses(run, (v, row) => v + rise(row) + (row >= lost ? add : 0)),
        accepted: ['spiked-not-recovered'],
        event: at(run, ['spike', 'slow-recovery', 'not-recovered'], step),
      })
      return [
        {
          kind: length <= 3 ? 'spike of 1–3 rows, back' : 'spike of 10–50 rows, back',
          name,
          run: change(run, 'loss', (v, row) => v + rise(row)),
          accepted: plain ? ['healthy-with-spikes'] : HEALTHY,
          ...(plain ? { event: at(run, ['spike', 'slow-recovery'], step) } : {}),
        },
        ...(height >= 2 && length >= 3 && scatter < MARK / 2.5 ? [bad(MARK)] : []),
      ]
    }),
  )
}

/** Rises of the real diverged runs above their best, one a row. */
export type Tails = readonly (readonly number[])[]

/** Tails of runs that diverged: what they lie above their best level, from where they last stood there. */
export function tailsOf(diverged: readonly TrainingRun[]): Tails {
  return diverged.map((run) => {
    const rows = lossRows(run)
    const smooth = smoothOf(run, 2)
    let best = rows[0]
    for (const row of rows) if (smooth[row] <= smooth[best]) best = row
    return rows.filter((row) => row > best).map((row) => run.loss[row] - smooth[best])
  })
}

export function diverging(run: TrainingRun, tails: Tails): StressCase[] {
  const rows = lossRows(run)
  const smooth = smoothOf(run)
  return tails.flatMap((tail, t) =>
    [0.3, 0.6, 0.9].map((share): StressCase => {
      const from = Math.floor(share * rows.length)
      const start = rows[from]
      const level = smooth[start]
      const end = rows[rows.length - 1]
      const rise = (row: number): number =>
        tail[Math.min(tail.length - 1, Math.floor(((row - start) / (end + 1 - start)) * tail.length))]
      return {
        kind: 'tail of a run that diverged',
        name: `${run.id}, tail ${t + 1} from ${100 * share} %`,
        run: {
          ...changeLosses(run, (v, row) => (row < start ? v : level + rise(row))),
          notes: [],
        },
        accepted: ['diverged'],
      }
    }),
  )
}

export function nonFinite(run: TrainingRun): StressCase[] {
  return [0.5, 0.95].map((share) => {
    const from = firstPart(run, share).length
    return {
      kind: 'NaN to the end',
      name: `${run.id}, from ${100 * share} %`,
      run: change(run, 'loss', (v, row) => (row < from ? v : Number.NaN)),
      accepted: ['diverged'],
      event: at(run, ['non-finite'], run.step[from]),
    }
  })
}

export function restarted(run: TrainingRun, random: Random): StressCase[] {
  const rows = rowsOf(run)
  const n = rows.length
  const top = Math.floor((0.5 + 0.3 * random.uniform()) * n)
  const back = top - Math.max(4, Math.floor(0.05 * n))
  const sd = 0.01
  const again = pick(run, [...rows.slice(0, top), ...rows.slice(back)])
  const noise = Array.from({ length: again.step.length }, () => sd * random.normal())
  const noisy = change(again, 'loss', (v, row) => v + (row >= top ? noise[row] : 0))
  const broke = change(noisy, 'loss', (v, row) => (row >= top - 3 && row < top ? v + 2 * (row - top + 4) : v))
  const far = Math.floor(0.5 * top)
  const lost = pick(run, [...rows.slice(0, top), ...rows.slice(far)])
  return [
    { kind: 'resumed, steps done twice', name: run.id, run: noisy, accepted: HEALTHY },
    {
      kind: 'rolled back after a divergence',
      name: run.id,
      run: broke,
      accepted: ['rolled-back'],
      event: at(run, ['rolled-back'], run.step[back]),
    },
    {
      kind: 'rolled back by half of the steps',
      name: run.id,
      run: change(lost, 'loss', (v, row) => v + (row >= top ? sd * random.normal() : 0)),
      accepted: ['rolled-back'],
      event: at(run, ['rolled-back'], run.step[far]),
    },
  ]
}

/** A validation loss that turns at 40 % and rises by a share of what was learned. */
export function overfitting(run: TrainingRun): StressCase[] {
  const rows = lossRows(run)
  const smooth = smoothOf(run)
  const every = Math.max(1, Math.floor(rows.length / 20))
  const evaluated = new Set(rows.filter((_, i) => i % every === every - 1))
  const turn = rows[Math.floor(0.4 * rows.length)]
  const build = (rise: number): TrainingRun => ({
    ...run,
    validationLoss: Float64Array.from(rowsOf(run), (row) =>
      evaluated.has(row)
        ? (row <= turn ? smooth[row] : smooth[turn]) +
          0.05 +
          rise * Math.max(0, (row - turn) / (run.step.length - turn))
        : Number.NaN,
    ),
  })
  return [
    ...[0.3, 1].map(
      (rise): StressCase => ({
        kind: 'validation loss rises',
        name: `${run.id}, +${rise}`,
        run: build(rise),
        accepted: ['overfitting'],
        event: {
          codes: ['overfitting'],
          step: run.step[turn],
          tolerance: 3 * every * interval(run),
        },
      }),
    ),
    { kind: 'validation loss levels off', name: run.id, run: build(0.02), accepted: HEALTHY },
  ]
}
