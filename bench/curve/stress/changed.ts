/** Real healthy runs, changed in ways whose verdict is known. */
import { createRandom, type Random, type TrainingRun } from '../../../src/core/index.js'
import { HEALTHY, type StressCase } from './cases.js'
import { diverging, nonFinite, overfitting, restarted, spiked, type Tails } from './damage.js'
import {
  change,
  changeLosses,
  firstPart,
  lastStep,
  lossRows,
  pick,
  rowsOf,
  smoothOf,
  without,
} from './rows.js'

/** Whether the rate still stands where it was highest. */
function isAtPeak({ learningRate }: TrainingRun): boolean {
  const rates = learningRate.filter((rate) => Number.isFinite(rate))
  return rates[rates.length - 1] >= 0.99 * rates.reduce((a, b) => Math.max(a, b))
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
        // Of a third of a cosine only its rate tells, and of the last tenth hardly that; nothing does of a rate at its peak.
        accepted:
          scheduled && share >= 0.5 && share <= 0.7 && !isAtPeak(part)
            ? ['truncated']
            : ['truncated', ...HEALTHY],
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
