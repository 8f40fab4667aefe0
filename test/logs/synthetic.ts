import { createRandom, type Random } from '../../src/core/index.js'

/** One logged step of a made-up run. */
export interface Point {
  readonly step: number
  readonly loss: number
  readonly gradNorm: number
  readonly learningRate: number
  readonly validation?: number
}

export type Fate =
  | 'healthy'
  | 'healthy-with-spikes'
  | 'diverged'
  | 'spiked-not-recovered'
  | 'schedule-mismatch'
  | 'overfitting'
  | 'stuck'

const PEAK = 6e-4

/** Cosine with warm-up; `decayShare` < 1 ends the decay early. */
function rate(step: number, steps: number, decayShare: number): number {
  const warmup = 0.04 * steps
  if (step < warmup) return (PEAK * (step + 1)) / warmup
  const u = Math.min(1, (step - warmup) / (decayShare * steps - warmup))
  return 0.1 * PEAK + 0.45 * PEAK * (1 + Math.cos(Math.PI * u))
}

/** A pretraining loss: from 10.9 down a power law to about three, with normal noise. */
function base(step: number): number {
  return 2.9 + 8 * (1 + step / 40) ** -0.75
}

/** Steps that carry an event of the fate (none of them may be lost in a test that drops lines). */
export function eventSteps(fate: Fate, steps: number): readonly [number, number][] {
  if (fate === 'healthy-with-spikes')
    return [0.5, 0.7, 0.82].map((s) => [Math.round(s * steps), Math.round(s * steps)])
  if (fate === 'diverged' || fate === 'spiked-not-recovered')
    return [[Math.round(0.6 * steps), Math.round(0.66 * steps)]]
  return []
}

function lossOf(fate: Fate, step: number, steps: number, random: Random): number {
  const noise = 0.03 * random.normal()
  const since = (step - 0.6 * steps) / steps
  if (fate === 'stuck') return 7.5 + 3.4 * Math.exp(-step / 20) + noise
  if (fate === 'diverged' && since >= 0) return Math.min(7.4, base(step) + 60 * since) + 4 * noise
  if (fate === 'spiked-not-recovered' && since >= 0)
    return base(step) + (since < 0.05 ? 3 * (1 - since / 0.05) : 0) + 0.45 + noise
  const spikes = fate === 'healthy-with-spikes' && eventSteps(fate, steps).some(([from]) => from === step)
  return base(step) + noise + (spikes ? 1.2 : 0)
}

/** A run of a known fate, one point a step, an evaluation every twentieth of the run and at its end. */
export function syntheticRun(fate: Fate, steps = 1500, seed = 1): Point[] {
  const random = createRandom(seed)
  const every = Math.round(steps / 20)
  return Array.from({ length: steps }, (_, step) => {
    const loss = lossOf(fate, step, steps, random)
    const evaluates = step % every === 0 || step === steps - 1
    const rises = fate === 'overfitting' ? Math.max(0, step / steps - 0.5) * 1.2 : 0
    const level = fate === 'healthy-with-spikes' ? base(step) : loss - 0.02 * random.normal()
    return {
      step,
      loss,
      gradNorm: 0.3 + 0.03 * random.normal() + 6 * Math.exp(-step / 30),
      learningRate: rate(step, steps, fate === 'schedule-mismatch' ? 0.75 : 1),
      ...(evaluates ? { validation: level + 0.03 + rises } : {}),
    }
  })
}

/** How each text format writes a point (a list of lines), and what stands before the first. */
export interface Writer {
  readonly format: string
  /** Columns that the format can carry; `learningRate` false = its schedule is lost. */
  readonly learningRate: boolean
  readonly validation: boolean
  readonly head: (points: readonly Point[]) => string[]
  readonly lines: (point: Point, points: readonly Point[]) => string[]
}

const last = (points: readonly Point[]): number => points[points.length - 1].step
const sparse = (x: number | undefined): string => (x === undefined ? '' : x.toFixed(5))

export const WRITERS: readonly Writer[] = [
  {
    format: 'nanogpt',
    learningRate: false,
    validation: true,
    head: () => [],
    lines: (p) => [
      ...(p.validation === undefined
        ? []
        : [`step ${p.step}: train loss ${p.loss.toFixed(4)}, val loss ${p.validation.toFixed(4)}`]),
      `iter ${p.step}: loss ${p.loss.toFixed(4)}, time 312.50ms, mfu 41.20%`,
    ],
  },
  {
    format: 'build-nanogpt',
    learningRate: true,
    validation: true,
    head: () => [
      'total desired batch size: 524288',
      'num decayed parameter tensors: 50, with 124,354,560 parameters',
    ],
    lines: (p) => [
      ...(p.validation === undefined ? [] : [`validation loss: ${p.validation.toFixed(4)}`]),
      `step ${String(p.step).padStart(5)} | loss: ${p.loss.toFixed(6)} | lr ${p.learningRate.toExponential(4)} | norm: ${p.gradNorm.toFixed(4)} | dt: 417.30ms | tok/sec: 1256377.95`,
    ],
  },
  {
    format: 'llmc',
    learningRate: true,
    validation: true,
    head: () => [],
    lines: (p) => [
      ...(p.validation === undefined ? [] : [`s:${p.step} tel:${p.validation.toFixed(4)}`]),
      `s:${p.step} trl:${p.loss.toFixed(4)} lr:${p.learningRate.toFixed(6)} norm:${p.gradNorm.toFixed(2)}`,
    ],
  },
  {
    format: 'modded-nanogpt',
    learningRate: false,
    validation: true,
    head: () => [
      'import torch',
      "print(f'step:{step}/{args.num_iterations} val_loss:{val_loss:.4f}')",
      '='.repeat(100),
    ],
    lines: (p, all) => [
      `step:${p.step}/${last(all)} train_loss:${p.loss.toFixed(4)} train_time:${216 * p.step}ms step_avg:${p.step < 10 ? 'nan' : '216.33'}ms`,
      ...(p.validation === undefined
        ? []
        : [
            `step:${p.step}/${last(all)} val_loss:${p.validation.toFixed(4)} train_time:${216 * p.step}ms step_avg:216.33ms`,
          ]),
    ],
  },
  {
    format: 'megatron',
    learningRate: true,
    validation: true,
    head: () => ['using world size: 8'],
    lines: (p, all) => [
      `[default7]: iteration ${String(p.step).padStart(8)}/${String(last(all)).padStart(8)} | consumed samples: ${p.step * 1024} | elapsed time per iteration (ms): 22306.6 | learning rate: ${p.learningRate.toExponential(3)} | global batch size:  1024 | lm loss: ${p.loss.toExponential(6)} | loss scale: 1.0 | grad norm: ${p.gradNorm.toFixed(3)} | number of skipped iterations:   0 | number of nan iterations:   0 |`,
      ...(p.validation === undefined
        ? []
        : [
            `[default7]: validation loss at iteration ${p.step} | lm loss value: ${p.validation.toExponential(6)} | lm loss PPL: 1.0E+01 |`,
          ]),
    ],
  },
  {
    format: 'torchtitan',
    learningRate: false,
    validation: true,
    head: () => ['[rank0]:[titan] 2026-01-29 10:15:32,145 - root - INFO - Starting job'],
    lines: (p) => [
      `\u001b[32m[rank0]:[titan] 2026-01-29 10:15:32,145 - root - INFO - \u001b[31mstep: ${String(p.step).padStart(2)}  \u001b[32mloss: ${p.loss.toFixed(4).padStart(7)}  \u001b[38;2;180;60;0mgrad_norm: ${p.gradNorm.toFixed(4)}  \u001b[33mmemory: 45.23GiB(47.65%)  \u001b[34mtps: 21,734  \u001b[36mtflops: 261.49  \u001b[35mmfu: 26.44%\u001b[39m`,
      ...(p.validation === undefined
        ? []
        : [
            `[rank0]:[titan] 2026-01-29 10:15:32,145 - root - INFO - validate step: ${p.step}  loss: ${p.validation.toFixed(4)}  memory: 45.23GiB(47.65%)  tps: 21,734`,
          ]),
    ],
  },
  {
    format: 'olmo-core',
    learningRate: true,
    validation: true,
    head: () => ['2026-01-29T10:15:32Z rank0 olmo_core.train:812 INFO Training for steps'],
    lines: (p, all) => [
      `2026-01-29T10:15:32Z rank0 olmo_core.train.callbacks.console_logger:103 INFO [step=${p.step}/${last(all)},epoch=1]`,
      `    optim/LR (group 0)=${p.learningRate.toPrecision(5)}`,
      `    optim/total grad norm=${p.gradNorm.toFixed(4)}`,
      `    train/CE loss=${p.loss.toFixed(4)}`,
      ...(p.validation === undefined
        ? []
        : [`    eval/lm/c4_en-validation/CE loss=${p.validation.toFixed(4)}`]),
    ],
  },
  {
    format: 'nanochat',
    learningRate: true,
    validation: true,
    head: () => [
      'Number of parameters: 560,988,160',
      'Total batch size 524,288 => gradient accumulation steps: 1',
    ],
    lines: (p, all) => [
      ...(p.validation === undefined
        ? []
        : [`Step ${String(p.step).padStart(5, '0')} | Validation loss: ${p.validation.toFixed(4)}`]),
      `step ${String(p.step).padStart(5, '0')}/${last(all)} (${((100 * p.step) / last(all)).toFixed(2)}%) | loss: ${p.loss.toFixed(6)} | grad norm: ${p.gradNorm.toFixed(4)} | lrm: ${(p.learningRate / PEAK).toFixed(4)} | dt: 340.12ms | tok/sec: 1,540,000 | mfu: 47.60 | total time: 1.20m`,
    ],
  },
  {
    format: 'csv',
    learningRate: true,
    validation: true,
    head: () => ['step,train_loss,grad_norm,lr,val_loss'],
    lines: (p) => [
      `${p.step},${p.loss.toFixed(5)},${p.gradNorm.toFixed(4)},${p.learningRate.toExponential(6)},${sparse(p.validation)}`,
    ],
  },
  {
    format: 'lightning-csv',
    learningRate: true,
    validation: true,
    head: () => ['epoch,lr-AdamW,step,train_loss_step,val_loss'],
    lines: (p) => [
      `0,${p.learningRate.toExponential(6)},${p.step},,`,
      `0,,${p.step},${p.loss.toFixed(5)},`,
      ...(p.validation === undefined ? [] : [`0,,${p.step},,${p.validation.toFixed(5)}`]),
    ],
  },
  {
    format: 'jsonl',
    learningRate: true,
    validation: true,
    head: () => [],
    lines: (p) => [
      `{"step": ${p.step}, "loss": ${p.loss.toFixed(5)}, "grad_norm": ${p.gradNorm.toFixed(4)}, "lr": ${p.learningRate.toExponential(6)}}`,
      ...(p.validation === undefined
        ? []
        : [`{"step": ${p.step}, "eval": {"loss": ${p.validation.toFixed(5)}}}`]),
    ],
  },
  {
    format: 'key-value',
    learningRate: true,
    validation: true,
    head: () => ['Training starts'],
    lines: (p) => [
      `Step: ${p.step}, Loss: ${p.loss.toFixed(4)}, LR: ${p.learningRate.toExponential(6)}, Grad Norm: ${p.gradNorm.toFixed(4)}`,
      ...(p.validation === undefined ? [] : [`Step: ${p.step}, Val Loss: ${p.validation.toFixed(4)}`]),
    ],
  },
]

/** The whole log of a run in a format, as lines. */
export function writeLog(writer: Writer, points: readonly Point[]): string[] {
  return [...writer.head(points), ...points.flatMap((p) => writer.lines(p, points))]
}

/** Whether a format carries what a fate shows itself by. */
export function carries(writer: Writer, fate: Fate): boolean {
  if (fate === 'schedule-mismatch') return writer.learningRate
  return fate !== 'overfitting' || writer.validation
}
