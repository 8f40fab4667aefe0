/** Real healthy runs, changed in ways whose verdict is known. */
import { createRandom, type Random, type TrainingRun } from '../../../src/core/index.js'
import { type ExpectedEvent, HEALTHY, type StressCase } from './cases.js'
import { change, changeLosses, firstPart, lossRows, pick, rowsOf, smoothOf, without } from './rows.js'

function lastStep(run: TrainingRun): number {
  return run.step.reduce((a, b) => Math.max(a, b))
}

function interval(run: TrainingRun): number {
  const rows = lossRows(run)
  return (lastStep(run) - run.step[0]) / Math.max(1, rows.length - 1)
}

/** Where an event must be named: within three logged steps or half a per cent of the run. */
function at(run: TrainingRun, codes: ExpectedEvent['codes'], step: number): ExpectedEvent {
  return { codes, step, tolerance: Math.max(3 * interval(run), 0.005 * lastStep(run)) }
}

function cut(run: TrainingRun): StressCase[] {
  const whole = lastStep(run) + 1
  const scheduled = run.learningRate.length > 0
  return [0.3, 0.5, 0.7, 0.9].flatMap((share): StressCase[] => {
    const rows = firstPart(run, share)
    const part = { ...pick(run, rows), notes: [] }
    const planned = { ...part, plannedSteps: whole }
    const { plannedSteps: _, ...unplanned } = part
    const name = `${run.id}, ${100 * share} %`
    return [
      { kind: 'cut short, plan known', name, run: planned, accepted: ['truncated'] },
      {
        kind: scheduled ? 'cut short, learning rate but no plan' : 'cut short, neither plan nor rate',
        name,
        run: unplanned,
        // Of a third of a cosine only its rate tells, and of the last tenth hardly that.
        accepted: scheduled && share >= 0.5 && share <= 0.7 ? ['truncated'] : ['truncated', ...HEALTHY],
      },
    ]
  })
}

function thinned(run: TrainingRun): StressCase[] {
  return [10, 50, 100].map((by) => {
    const n = run.step.length
    const rows = rowsOf(run).filter((row) => row % by === 0 || row === n - 1)
    const part = pick(run, rows)
    const few = lossRows(part).length < 8
    return {
      kind: `every ${by}th row`,
      name: run.id,
      run: part,
      accepted: few ? ['not-enough-data', ...HEALTHY] : HEALTHY,
    }
  })
}

/** Rows on either side that are enough to keep a smooth from wandering with the noise. */
const WIDE = 25

function louder(run: TrainingRun): StressCase[] {
  const smooth = smoothOf(run, WIDE)
  return [0.3, 2, 4].map((by) => ({
    kind: `noise × ${by}`,
    name: run.id,
    run: change(run, 'loss', (v, row) => smooth[row] + by * (v - smooth[row])),
    accepted: HEALTHY,
  }))
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

function spiked(run: TrainingRun, random: Random): StressCase[] {
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

function diverging(run: TrainingRun, tails: Tails): StressCase[] {
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

function nonFinite(run: TrainingRun): StressCase[] {
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

function restarted(run: TrainingRun, random: Random): StressCase[] {
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

/** The rate drops to zero at 60 % and comes back over 2 % of the run; the loss jumps a little and comes back. */
function warmedAgain(run: TrainingRun): StressCase[] {
  if (run.learningRate.length === 0) return []
  const last = lastStep(run)
  const since = (step: number): number => (step - 0.6 * last) / (0.02 * last)
  return [
    {
      kind: 'restart with a second warm-up',
      name: run.id,
      run: change(
        change(run, 'learningRate', (v, _, step) => (since(step) < 0 ? v : v * Math.min(1, since(step)))),
        'loss',
        (v, _, step) => (since(step) < 0 ? v : v + 0.25 * Math.exp(-since(step))),
      ),
      accepted: HEALTHY,
    },
  ]
}

/** A validation loss that turns at 40 % and rises by a share of what was learned. */
function overfitting(run: TrainingRun): StressCase[] {
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

function validationOnly(run: TrainingRun): StressCase[] {
  const rows = lossRows(run)
  const smooth = smoothOf(run)
  const every = Math.max(1, Math.floor(rows.length / 25))
  const kept = rows.filter((_, i) => i % every === every - 1)
  const part = pick({ ...run, loss: smooth }, kept)
  const alone = { ...part, loss: new Float64Array(0), validationLoss: part.loss, nonFinite: [] }
  const half = kept.length >> 1
  return [
    { kind: 'validation losses only', name: run.id, run: alone, accepted: HEALTHY },
    {
      kind: 'validation losses only, diverging',
      name: run.id,
      run: change(
        alone,
        'validationLoss',
        (v, row) => v + (row > half ? Math.min(3, 0.6 * (row - half)) : 0),
      ),
      accepted: ['diverged'],
    },
  ]
}

/** Losses in other units: the verdict must not change, whatever can be said of nats. */
function otherUnits(run: TrainingRun): StressCase[] {
  const scaled = (by: number): TrainingRun => changeLosses(run, (v) => by * v)
  const rows = rowsOf(run)
  const last = rows.length - 1
  const broken = changeLosses(run, (v, row) => v + Math.max(0, (4 * (row - 0.7 * last)) / (0.3 * last)))
  const perplexity = (of: TrainingRun): TrainingRun => changeLosses(of, (v) => Math.exp(v))
  return [
    { kind: 'loss in bits', name: run.id, run: scaled(1 / Math.LN2), accepted: HEALTHY },
    { kind: 'loss summed over a sequence (× 1,024)', name: run.id, run: scaled(1024), accepted: HEALTHY },
    { kind: 'loss summed over micro-batches (× 8)', name: run.id, run: scaled(8), accepted: HEALTHY },
    { kind: 'perplexity', name: run.id, run: perplexity(run), accepted: HEALTHY },
    { kind: 'perplexity, diverging', name: run.id, run: perplexity(broken), accepted: ['diverged'] },
    {
      kind: 'loss summed over a sequence, diverging',
      name: run.id,
      run: changeLosses(broken, (v) => 1024 * v),
      accepted: ['diverged'],
    },
  ]
}

/** The training loss steps down where each epoch begins (data seen before) and is flat in between. */
function epochs(run: TrainingRun): StressCase[] {
  const last = lastStep(run)
  const bare = without(run, 'validationLoss')
  return [0.08, 0.2].flatMap((drop): StressCase[] => {
    const epoch = (step: number): number => Math.floor((4 * step) / (last + 1))
    const within = (step: number): number => ((4 * step) / (last + 1)) % 1
    return [
      {
        kind: 'four epochs, training loss in stairs',
        name: `${run.id}, −${drop} each`,
        run: change(bare, 'loss', (v, _, step) => v - drop * epoch(step)),
        accepted: HEALTHY,
      },
      {
        kind: 'four epochs, training loss in a saw-tooth',
        name: `${run.id}, −${drop} each`,
        run: change(bare, 'loss', (v, _, step) => v - drop * epoch(step) * (1 - 0.2 * within(step))),
        accepted: HEALTHY,
      },
    ]
  })
}

/** The batch grows sixteen-fold in four steps: the noise shrinks with it. */
function batchRamp(run: TrainingRun, random: Random): StressCase[] {
  const smooth = smoothOf(run, WIDE)
  const last = lastStep(run)
  return [
    {
      kind: 'batch-size ramp',
      name: run.id,
      run: change(run, 'loss', (_, row, step) => {
        const stage = Math.min(4, Math.floor((8 * step) / last))
        return smooth[row] + (0.12 * random.normal()) / 2 ** (stage / 2)
      }),
      accepted: HEALTHY,
    },
  ]
}

/** Every change of one healthy run. */
export function changesOf(run: TrainingRun, tails: Tails, seed: number): StressCase[] {
  const random = createRandom(seed)
  const long = lossRows(run).length >= 200
  return [
    ...cut(run),
    ...thinned(run),
    ...louder(run),
    ...(long ? spiked(run, random) : []),
    ...diverging(run, tails),
    ...nonFinite(run),
    ...(long ? restarted(run, random) : []),
    ...warmedAgain(run),
    ...overfitting(run),
    ...validationOnly(run),
    ...otherUnits(run),
    ...(long ? epochs(run) : []),
    ...(long ? batchRamp(run, random) : []),
  ]
}
