import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  analyseLogs,
  type CurveEvent,
  type EventCode,
  type JudgedRun,
  type LogAnalysis,
  type TrainingRun,
} from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'

/** Real public logs with a verified truth each (README.md beside them); not part of the repository. */
const LOGS = join(process.env.ASSAY_DATA ?? '../shared/data', 'logs')
const present = existsSync(LOGS)

async function analyse(files: readonly string[], reference?: string): Promise<LogAnalysis> {
  const paths = files.map((f) => join(LOGS, f))
  const runs = await readLogs(reference === undefined ? paths : [...paths, join(LOGS, reference)], {
    columns: {},
  })
  return analyseLogs(reference === undefined ? { runs } : { runs, reference })
}

async function runOf(file: string): Promise<JudgedRun> {
  const { runs } = await analyse([file])
  expect(runs).toHaveLength(1)
  return runs[0]
}

function events(run: JudgedRun, code: EventCode): CurveEvent[] {
  return run.events.filter((e) => e.code === code)
}

function spikeSteps(run: JudgedRun): number[] {
  return events(run, 'spike').map((e) => e.fromStep)
}

function value(run: JudgedRun, which: 'finalLoss' | 'finalValidationLoss'): number {
  const estimate = run[which]
  if (estimate.kind === 'notEstimable') throw new Error(estimate.reason)
  return estimate.value
}

describe.skipIf(!present)(
  `real logs (${present ? LOGS : 'skipped: set ASSAY_DATA to the folder that holds logs/'})`,
  () => {
    it('01: llm.c main.log is healthy, warm-up of 700 steps and a cosine to zero', async () => {
      const run = await runOf('01_llmc_gpt2_124M_main.log')
      expect(run.verdict).toBe('healthy')
      expect(run.events).toEqual([])
      expect(run.run.format).toBe('llmc')
      expect(run.prepared.lastStep).toBe(19560)
      expect(value(run, 'finalValidationLoss')).toBe(3.2722)
      expect(run.schedule?.kind).toBe('cosine')
      expect(Math.abs((run.schedule?.warmupSteps ?? 0) - 700)).toBeLessThanOrEqual(1)
      // The rate is printed with six decimals: its end reads 0.
      expect(run.schedule?.end).toBe(0)
      // The README's spike score, .010 %: two of 19,560 values.
      expect(run.scores.loss).toMatchObject({ value: 2 / 19_560, n: 19_560, unit: 'share' })
    })

    // Steps from the README, the rest by the definition there (128 values, 6 SD, .4 nats), counted apart from this code.
    const SHARED = [919, 947, 1611, 1760, 3092, 3194, 3361, 3473, 3656, 4965, 5319, 5335, 5658]
    it('02 and 03: fourteen spikes each, thirteen at the same steps: the data', async () => {
      const { runs, shared } = await analyse([
        '02_modded_nanogpt_muon.txt',
        '03_modded_nanogpt_soap_same_data_order.txt',
      ])
      expect(runs.map((r) => r.verdict)).toEqual(['healthy-with-spikes', 'healthy-with-spikes'])
      expect(spikeSteps(runs[0])).toEqual([...SHARED, 6127])
      expect(spikeSteps(runs[1])).toEqual([...SHARED, 3876].sort((a, b) => a - b))
      expect(shared).toHaveLength(1)
      expect(shared[0].steps).toEqual(SHARED)
      for (const run of runs)
        for (const event of events(run, 'spike')) {
          expect(event.toStep).toBe(event.fromStep)
          expect(event.magnitude).toBeGreaterThan(0.5)
          expect(event.unit).toBe('nats/token')
          if (SHARED.includes(event.fromStep)) expect(event.cause).toMatch(/^the data at this step/)
        }
      // `step_avg:nanms` on healthy lines is no loss.
      expect(runs.flatMap((r) => r.run.nonFinite)).toEqual([])
      expect(value(runs[0], 'finalValidationLoss')).toBe(3.2785)
    })

    it('05: seven runs in one file, evaluations printed twice, all healthy', async () => {
      const { runs } = await analyse(['05_modded_nanogpt_7runs_concatenated.txt'])
      expect(runs.map((r) => r.verdict)).toEqual(Array(7).fill('healthy'))
      expect(runs.flatMap((r) => r.events)).toEqual([])
      const finals = runs.map((r) => value(r, 'finalValidationLoss'))
      const mean = finals.reduce((a, b) => a + b) / 7
      expect(mean).toBeCloseTo(3.2752, 4)
      expect(Math.sqrt(finals.reduce((a, b) => a + (b - mean) ** 2, 0) / 6)).toBeCloseTo(0.001, 3)
    })

    it('06: the baseline is healthy; 77 slow steps are evaluations', async () => {
      const run = await runOf('06_nanogpt124M_cosine_warmup_baseline.out')
      expect(run.verdict).toBe('healthy')
      expect(run.events).toEqual([])
      expect(run.schedule).toMatchObject({ kind: 'cosine', warmupSteps: 715, peak: 6e-4, end: 6e-5 })
      expect(value(run, 'finalValidationLoss')).toBe(3.0663)
      expect(run.run.params).toBe(124_354_560 + 121_344)
    })

    it('07: alone healthy with a warning that there is no warm-up', async () => {
      const run = await runOf('07_nanogpt124M_no_warmup.out')
      expect(run.verdict).toBe('healthy')
      expect(run.events.map((e) => [e.code, e.confidence])).toEqual([['no-warmup', 'weak']])
    })

    it('07 against 06: degraded, +.10 ± .02 nats, with its cost', async () => {
      const { runs } = await analyse(
        ['07_nanogpt124M_no_warmup.out'],
        '06_nanogpt124M_cosine_warmup_baseline.out',
      )
      const [run] = runs
      expect(runs).toHaveLength(1)
      expect(run.verdict).toBe('degraded')
      const [event] = events(run, 'degraded')
      expect(Math.abs(event.magnitude - 0.1)).toBeLessThanOrEqual(0.02)
      expect(event).toMatchObject({ unit: 'nats/token', confidence: 'strong', toStep: 19072 })
      expect(event.cause).toMatch(/no warm-up/)
      // By the law, +.094 to +.098 on this pair.
      const byLaw = run.comparison?.byLaw
      if (byLaw?.kind !== 'estimate') throw new Error('no law')
      expect(Math.abs(byLaw.value - 0.1)).toBeLessThanOrEqual(0.02)
      // The reference reached this loss after about 60 % of its steps; 6 N D of the rest were lost.
      expect(event.cost?.steps).toBeGreaterThan(5000)
      expect(event.cost?.tokens).toBe((event.cost?.steps ?? 0) * 524_288)
      expect(event.cost?.flops).toBeCloseTo(6 * 124_475_904 * (event.cost?.tokens ?? 0), -6)
    })

    it('07 against a tenth of 06 that stops at 80 %: as much, at the steps that both have', async () => {
      const paths = ['07_nanogpt124M_no_warmup.out', '06_nanogpt124M_cosine_warmup_baseline.out']
      const [run, whole] = await readLogs(
        paths.map((f) => join(LOGS, f)),
        { columns: {} },
      )
      // Every tenth step, and every evaluation: all are at multiples of 250.
      const rows = Array.from(whole.step.keys()).filter(
        (r) => whole.step[r] % 10 === 0 && whole.step[r] < 15_258,
      )
      const part = (column: Float64Array): Float64Array => Float64Array.from(rows, (r) => column[r])
      const reference: TrainingRun = {
        ...whole,
        step: part(whole.step),
        tokens: new Float64Array(0),
        loss: part(whole.loss),
        validationLoss: part(whole.validationLoss),
        gradNorm: new Float64Array(0),
        learningRate: part(whole.learningRate),
        seconds: new Float64Array(0),
        line: part(whole.line),
      }
      const { runs } = analyseLogs({ runs: [run, reference], reference: reference.id })
      expect(runs[0].verdict).toBe('degraded')
      const [event] = events(runs[0], 'degraded')
      expect(Math.abs(event.magnitude - 0.1)).toBeLessThanOrEqual(0.02)
      expect(event.toStep).toBe(15_250)
      expect(runs[0].comparison?.method).toBe('validation loss at the same steps')
    })

    it('08: the schedule ends at step 15,000 of 19,073', async () => {
      const run = await runOf('08_nanogpt124M_linear_lr.out')
      expect(run.verdict).toBe('schedule-mismatch')
      const [event] = events(run, 'schedule-mismatch')
      expect(Math.abs(event.fromStep - 15_000)).toBeLessThanOrEqual(1)
      expect(event.toStep).toBe(19_072)
      expect(event.magnitude).toBeCloseTo(4073 / 19_073, 2)
      expect(run.schedule?.kind).toBe('linear')
    })

    it('09: ends between two evaluations', async () => {
      const run = await runOf('09_nanogpt124M_2p5epoch_truncated.log.txt')
      expect(run.verdict).toBe('truncated')
      expect(run.events).toMatchObject([{ code: 'truncated', fromStep: 56_046, confidence: 'moderate' }])
      expect(run.events[0].text).toMatch(/56000/)
    })

    it('10: diverged at last, after two roll-backs', async () => {
      const run = await runOf('10_megatron_tr8_104B_diverged_rollback_fragments.log')
      expect(run.verdict).toBe('diverged')
      expect(events(run, 'rolled-back').map((e) => [e.fromStep, e.toStep])).toEqual([
        [6900, 7220],
        [8738, 11_448],
      ])
      const [first, last] = events(run, 'diverged')
      expect([first.fromStep, first.toStep]).toEqual([7010, 7220])
      expect(last.fromStep).toBe(8741)
      expect(last.toStep).toBe(9026)
      expect(events(run, 'spike').map((e) => e.fromStep)).toContain(11_448)
      expect(events(run, 'skipped-steps')[0]).toMatchObject({ magnitude: 1, unit: 'steps' })
    })

    it('11: one spike that came back slowly', async () => {
      const run = await runOf('11_megatron_tr1_13B_spike_slow_recovery_fragments.log')
      expect(run.verdict).toBe('healthy-with-spikes')
      expect(run.events).toHaveLength(1)
      expect(run.events[0]).toMatchObject({ code: 'slow-recovery', fromStep: 29_050, toStep: 29_090 })
      // 2.77 → 8.72
      expect(run.events[0].magnitude).toBeCloseTo(8.715872 - 2.77, 1)
      // The norm is printed as 0.000 there: it is no evidence.
      expect(run.prepared.gradNorm.step).toHaveLength(1)
    })

    it('13: a mixture of experts with spikes; trailing "nan" is padding', async () => {
      const run = await runOf('13_megatron_mixtral8x7b_golden_values.json')
      expect(run.verdict).toBe('healthy-with-spikes')
      expect(spikeSteps(run)).toEqual([3800, 3850])
      expect(events(run, 'minor-spike').map((e) => e.fromStep)).toContain(4970)
      expect(run.prepared.lastStep).toBe(22_685)
      expect(run.run.nonFinite).toEqual([])
      expect(run.run.notes).toMatchObject([{ code: 'padding' }])
    })

    it('14: eleven MLPerf runs, healthy by their evaluation loss', async () => {
      const files = readdirSync(join(LOGS, '14_mlperf_llama31_8b')).map((f) =>
        join('14_mlperf_llama31_8b', f),
      )
      const { runs } = await analyse(files)
      expect(runs.map((r) => r.verdict)).toEqual(Array(files.length).fill('healthy'))
      expect(runs.flatMap((r) => r.events)).toEqual([])
    })

    const WANDB: Readonly<Record<string, string>> = {
      gpt2: 'healthy',
      'gpt2_last_char_token_to_token1729493675.529459': 'healthy',
      'gpt2_last_char_to_char1729642919.4054031': 'healthy',
      'gpt2_last_char_token_to_char1729587337.8266432': 'diverged',
      'gpt2_char_to_token1729491541.2756786': 'diverged',
      'gpt2_char_to_token1729534595.422701': 'diverged',
      'gpt2_char_to_token1729578574.2848036': 'spiked-not-recovered',
      'gpt2_augmented_char_to_token1729630560.5729918': 'spiked-not-recovered',
    }
    it('16: eight runs of one W&B export', async () => {
      const { runs } = await analyse(['16_wandb_nanogpt_char/wandb_export.csv'])
      expect(Object.fromEntries(runs.map((r) => [r.run.id, r.verdict]))).toEqual(WANDB)
      const gap = (id: string): number =>
        runs
          .find((r) => r.run.id.includes(id))
          ?.events.find((e) => e.code === 'diverged' || e.code === 'not-recovered')?.magnitude ?? 0
      // The README's end gaps.
      expect(gap('last_char_token_to_char')).toBeCloseTo(4.24, 2)
      expect(gap('491541')).toBeCloseTo(3.11, 2)
      expect(gap('534595')).toBeCloseTo(2.66, 2)
      expect(gap('578574')).toBeCloseTo(0.37, 2)
      expect(gap('augmented')).toBeCloseTo(0.37, 2)
      // Every bad run could have been stopped before its end.
      const diverged = runs.filter((run) => run.verdict === 'diverged')
      expect(diverged.length).toBeGreaterThan(0)
      for (const run of diverged) expect(run.earlyWarning?.share).toBeLessThan(0.7)
    })

    it('16: an interrupted run and one that overfits', async () => {
      const interrupted = await runOf('16_wandb_nanogpt_char/output_gpt2_interrupted.log')
      expect(interrupted.verdict).toBe('truncated')
      expect(interrupted.events).toMatchObject([
        { code: 'truncated', fromStep: 2546, cause: 'KeyboardInterrupt' },
      ])
      const overfit = await runOf('16_wandb_nanogpt_char/output_shakespeare_overfit.log')
      expect(overfit.verdict).toBe('overfitting')
      const [event] = events(overfit, 'overfitting')
      expect([event.fromStep, event.toStep]).toEqual([800, 2000])
      expect(event.magnitude).toBeCloseTo(4.2661 - 1.6097, 4)
    })

    it('17: a fine-tune that does not move', async () => {
      const run = await runOf('17_hf_trainer_state_llama31_8b_lora.json')
      expect(run.verdict).toBe('flat')
      expect(run.events).toMatchObject([{ code: 'flat', fromStep: 10, toStep: 1000 }])
      // 2.13 → 2.10
      expect(run.events[0].magnitude).toBeCloseTo(0.03, 2)
      expect(run.schedule?.kind).toBe('cosine')
    })
  },
)
