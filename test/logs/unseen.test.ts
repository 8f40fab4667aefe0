/**
 * Kinds of logs that were judged wrongly when they were first seen, each with three variants made here: what is
 * expected follows from how the variant is made.
 */
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyseLogs, createRandom, type JudgedRun, statusOfVerdict } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'
import { judgeLossStability } from '../../src/probes/index.js'
import { scratch } from './files.js'

const file = scratch()

async function judgeFiles(
  ...files: readonly (readonly [name: string, content: string])[]
): Promise<JudgedRun[]> {
  const paths = files.map(([name, content]) => file(name, content))
  return [...analyseLogs({ runs: await readLogs(paths, { columns: {} }) }).runs]
}

const csv = (columns: string, rows: readonly (readonly (number | string)[])[]): string =>
  [columns, ...rows.map((row) => row.join(','))].join('\n')

/** Steps from `first` on, `every` apart. */
const stepsFrom = (first: number, every: number, rows: number): number[] =>
  Array.from({ length: rows }, (_, i) => first + i * every)

describe('a log that begins in the middle of its run', () => {
  it.each([
    { first: 10_000, every: 50, rows: 40, seed: 1 },
    { first: 3_000, every: 1, rows: 60, seed: 2 },
    { first: 250_000, every: 100, rows: 900, seed: 3 },
  ])('from step $first on is not stuck, whatever its level', async ({ first, every, rows, seed }) => {
    const random = createRandom(seed)
    // From 6.1 on by a hundredth of a nat in all: far too slow for the start of training.
    const table = stepsFrom(first, every, rows).map((step, i) => [
      step,
      (6.1 - (0.01 * i) / rows + 0.06 * random.normal()).toFixed(4),
    ])
    const [run] = await judgeFiles([`middle-${seed}.csv`, csv('step,loss', table)])
    expect(run.events.map((e) => e.code)).not.toContain('stuck')
    expect(statusOfVerdict(run.verdict)).not.toBe('fail')
  })

  it('is still stuck when it begins at its start', async () => {
    const random = createRandom(4)
    const table = stepsFrom(0, 50, 60).map((step) => [step, (6.1 + 0.06 * random.normal()).toFixed(4)])
    const [run] = await judgeFiles(['start.csv', csv('step,loss', table)])
    expect(run.verdict).toBe('stuck')
  })
})

describe('a rate that is far too high', () => {
  it.each([
    { height: 5, rows: 1600, seed: 11 },
    { height: 12, rows: 400, seed: 12 },
    { height: 3, rows: 5000, seed: 13 },
  ])(
    'leaves a run stuck that came back no lower ($height nats, $rows rows)',
    async ({ height, rows, seed }) => {
      const random = createRandom(seed)
      // Down to 7 in a twentieth, away from there in the middle, and back to 7.1 with the rate.
      const table = stepsFrom(1, 1, rows).map((step, i) => {
        const away = Math.sin(Math.PI * Math.min(1, Math.max(0, (i / rows - 0.1) / 0.75)))
        const level = 7 + 1.3 * Math.exp((-60 * i) / rows) + 0.1 * (i / rows) + height * away
        return [step, (level + (0.1 + 0.3 * away) * random.normal()).toFixed(4)]
      })
      const [run] = await judgeFiles([`too-high-${seed}.csv`, csv('step,loss', table)])
      expect(run.verdict).toBe('stuck')
      const [event] = run.events.filter((e) => e.code === 'stuck')
      expect(event.text).toMatch(/no lower than sooner \((6\.[89]|7\.0)/)
      expect(event.cause).toContain('learning rate is too high')
    },
  )
})

describe('fifty steps of a run that goes on falling', () => {
  it.each([5, 6, 7])('whose losses wander (seed %i) are not degraded', async (seed) => {
    const random = createRandom(seed)
    let wandering = 0
    const table = stepsFrom(800, 1, 50).map((step, i) => {
      // A memory of .9 and a deviation of .1: .1·√(1 − .9²) a step.
      wandering = 0.9 * wandering + 0.0436 * random.normal()
      return [step, (4.45 - 0.001 * i + wandering).toFixed(2)]
    })
    const [run] = await judgeFiles([`fifty-${seed}.csv`, csv('step,loss', table)])
    expect(statusOfVerdict(run.verdict)).not.toBe('fail')
  })
})

describe('a spike', () => {
  /** Flat at 3.8, up at row 29 by a height, and from there down to where it stays. */
  const rowsOf = (height: number, end: number, rows: number): [number, string][] =>
    stepsFrom(0, 1, rows).map((step, i) => [
      step,
      (i < 29 ? 3.8 + 1.2 * 0.7 ** i : end + height * 0.85 ** (i - 29)).toFixed(4),
    ])

  it.each([
    { height: 3, end: 4.2, rows: 70 },
    { height: 2, end: 4.22, rows: 120 },
    { height: 5, end: 4.25, rows: 300 },
  ])(
    'that never came back ($height nats, $rows rows) is named once, and as that',
    async ({ height, end, rows }) => {
      const [run] = await judgeFiles([`lost-${rows}.csv`, csv('step,loss', rowsOf(height, end, rows))])
      expect(run.verdict).toBe('spiked-not-recovered')
      const peak = run.events.filter((e) => e.fromStep <= 29 && e.toStep >= 29)
      expect(peak.map((e) => e.code)).toEqual(['not-recovered'])
      // Its height stands in the sentence: 3.8 and what the end keeps of it.
      expect(peak[0].text).toContain(`up to ${(end + height).toFixed(2)} at step 29`)
    },
  )

  it.each([
    { gap: 28, interval: 1 },
    { gap: 300, interval: 10 },
    { gap: 90, interval: 4 },
  ])('behind a gap of $gap steps came back somewhere in it', async ({ gap, interval }) => {
    const table = stepsFrom(0, interval, 80).flatMap((step, i): [number, string][] => {
      const loss = 3 + 2 * 0.9 ** i
      if (i < 40) return [[step, loss.toFixed(4)]]
      // Three losses high, then no row for a while.
      return i < 43 ? [[step, '6.0000']] : [[step + gap, loss.toFixed(4)]]
    })
    const [run] = await judgeFiles([`gap-${gap}.csv`, csv('step,loss', table)])
    const [spike, ...others] = run.events.filter((e) => e.code === 'spike' || e.code === 'slow-recovery')
    expect(others).toEqual([])
    // High from step 40·interval to 42·interval, back at 43·interval + gap.
    expect(spike.text).toContain(`back within ${2 * interval + 1} to ${3 * interval + gap} steps`)
    expect(run.verdict).toBe('healthy-with-spikes')
  })

  it.each([0.15, 0.25, 0.4])('is back when the loss is, whatever its noise (%d nats)', async (noise) => {
    const random = createRandom(9)
    // High for 25 rows; four noises above its level for 40 more, and then there.
    const table = stepsFrom(0, 1, 900).map((step, i) => {
      const above = i < 500 || i >= 565 ? 0 : i < 525 ? 5 : 4 * noise
      return [step, (4 + 3 * 0.99 ** i + above + noise * random.normal()).toFixed(4)]
    })
    const [run] = await judgeFiles([`burst-${noise}.csv`, csv('step,loss', table)])
    const [spike, ...others] = run.events.filter((e) => e.code === 'spike' || e.code === 'slow-recovery')
    expect(others).toEqual([])
    const steps = Number(/back only after (\d+) steps/.exec(spike.text)?.[1])
    expect(steps).toBeGreaterThan(55)
    expect(steps).toBeLessThan(75)
  })

  it.each([1, 4, 12])('is never called lost beside a code that means back (%i high rows)', async (high) => {
    const table = stepsFrom(0, 5, 150).map((step, i) => [
      step,
      (i >= 90 && i < 90 + high ? 7 : 3 + 2 * 0.95 ** i).toFixed(4),
    ])
    const [run] = await judgeFiles([`back-${high}.csv`, csv('step,loss', table)])
    const spikes = run.events.filter((e) => e.code === 'spike' || e.code === 'slow-recovery')
    expect(spikes).toHaveLength(1)
    expect(spikes[0].text).toMatch(/back/)
    expect(run.events.every((e) => !e.text.includes('never back'))).toBe(true)
  })
})

/** A line of Megatron-LM; what is undefined is left out, as it leaves out a loss that is no number. */
function megatronLine(iteration: number, loss: number | undefined, rest: string): string {
  const told = loss === undefined ? '' : ` lm loss: ${loss.toExponential(6)} |`
  return ` iteration ${String(iteration).padStart(8)}/     400 | consumed samples: ${8 * iteration} | elapsed time per iteration (ms): 420.0 | learning rate: 3.000E-04 |${told} ${rest}`
}

const falling = (i: number): number => 3 + 7 * 0.95 ** i

describe('a loss that Megatron leaves out', () => {
  const sound =
    'loss scale: 1.0 | grad norm: 1.2 | number of skipped iterations:   0 | number of nan iterations:   0 |'

  it.each([
    { good: 12, bad: 8, rest: sound.replace('1.2', 'nan') },
    { good: 60, bad: 3, rest: sound.replace('1.2', 'inf') },
    { good: 200, bad: 30, rest: sound.replace(' grad norm: 1.2 |', '') },
  ])('with no skipped iteration is not a number ($good losses before)', async ({ good, bad, rest }) => {
    const lines = Array.from({ length: good + bad }, (_, i) =>
      i < good ? megatronLine(i + 1, falling(i), sound) : megatronLine(i + 1, undefined, rest),
    )
    const [run] = await judgeFiles([`left-out-${good}.log`, lines.join('\n')])
    expect(run.verdict).toBe('diverged')
    expect(run.events.find((e) => e.code === 'non-finite')).toMatchObject({
      fromStep: good + 1,
      toStep: good + bad,
      magnitude: bad,
    })
  })

  it('with a skipped iteration was skipped', async () => {
    const skipped = sound.replace('iterations:   0', 'iterations:   1').replace('1.2', 'inf')
    const lines = Array.from({ length: 80 }, (_, i) =>
      megatronLine(i + 1, i === 40 ? undefined : falling(i), i === 40 ? skipped : sound),
    )
    const [run] = await judgeFiles(['skipped.log', lines.join('\n')])
    expect(run.events.map((e) => e.code)).not.toContain('non-finite')
    expect(run.events.find((e) => e.code === 'skipped-steps')?.magnitude).toBe(1)
  })
})

describe('a loss scale that collapses', () => {
  /** Ten losses behind a bar, then overflows that halve the scale down to 1. */
  function deepspeed(overflows: number, last: string): string {
    const lines = Array.from(
      { length: 10 },
      (_, i) =>
        `{'loss': ${(2.4 - 0.05 * i).toFixed(4)}, 'learning_rate': 1e-04, 'epoch': 0.${i}1}\n  1%|█   | ${10 * (i + 1)}/2000 [00:01:00<10:00:00,  6.0s/it]`,
    )
    for (let i = 1; i <= overflows; i++)
      lines.push(
        `  6%|█   | ${100 + i}/2000 [00:12:00<10:00:00,  6.0s/it][2023-01-01 00:00:00,000] [INFO] [loss_scaler.py:181:update_scale] [deepspeed] OVERFLOW! Rank 0 Skipping step. Attempted loss scale: ${2 ** (overflows - i + 1)}, reducing to ${2 ** (overflows - i)}`,
      )
    return [...lines, last].join('\n')
  }

  it.each([
    {
      overflows: 7,
      last: 'Exception: Current loss scale already at minimum - cannot decrease scale anymore. Exiting run.',
    },
    { overflows: 5, last: 'RuntimeError: loss scale is zero' },
    { overflows: 12, last: '' },
  ])('is the cause of the end ($overflows overflows)', async ({ overflows, last }) => {
    const [run] = await judgeFiles([`overflow-${overflows}.log`, deepspeed(overflows, last)])
    expect(run.verdict).toBe('truncated')
    const end = run.events.find((e) => e.code === 'truncated')
    expect(end).toMatchObject({ fromStep: 100 + overflows, confidence: 'strong' })
    expect(end?.cause).toContain(`${overflows} overflows in a row, the loss scale down to 1`)
    if (last !== '') expect(end?.text).toContain(last)
  })

  it('is told from the lines of Megatron', async () => {
    const lines = Array.from({ length: 90 }, (_, i) => {
      const skips = i >= 80
      const scale = skips ? 2 ** (89 - i) : 1024
      return megatronLine(
        i + 1,
        skips ? undefined : falling(i),
        `loss scale: ${scale}.0 | number of skipped iterations:   ${skips ? 1 : 0} | number of nan iterations:   0 |`,
      )
    })
    const [run] = await judgeFiles(['collapse.log', lines.join('\n')])
    expect(run.verdict).toBe('truncated')
    const end = run.events.find((e) => e.code === 'truncated')
    expect(end?.cause).toContain('10 overflows in a row, the loss scale down to 1')
    const { sections } = judgeLossStability({ runs: [run], reference: undefined, shared: [] })
    const chart = sections[0].charts.find((c) => c.caption.includes('loss scale'))
    expect(chart).toMatchObject({
      caption: 'The loss scale goes from 1024 to 1; 10 steps were skipped',
      // From the 81st step on it halves: 512 down to 1.
      series: [{ name: 'loss scale' }, { name: 'skipped steps', y: [512, 256, 128, 64, 32, 16, 8, 4, 2, 1] }],
    })
  })

  it('is no cause where the run went on behind its overflows', async () => {
    const lines = Array.from({ length: 90 }, (_, i) =>
      megatronLine(
        i + 1,
        i < 8 ? undefined : falling(i),
        `loss scale: 1024.0 | number of skipped iterations:   ${i < 8 ? 1 : 0} | number of nan iterations:   0 |`,
      ),
    )
    const [run] = await judgeFiles(['search.log', lines.join('\n')])
    expect(run.events.find((e) => e.code === 'truncated')?.cause).toBe('stopped, or still running')
  })
})

describe('a gradient norm that is no number', () => {
  it.each([
    { name: 'to the end', bad: (i: number) => i >= 70, found: 'nan', from: 70, to: 149, rows: 80 },
    { name: 'once', bad: (i: number) => i === 40, found: 'inf', from: 40, to: 40, rows: 1 },
    { name: 'now and then', bad: (i: number) => i % 50 === 10, found: 'NaN', from: 10, to: 110, rows: 3 },
  ])('is a warning wherever it stands ($name)', async ({ name, bad, found, from, to, rows }) => {
    const table = stepsFrom(0, 1, 150).map((step, i) => [
      step,
      falling(i).toFixed(4),
      bad(i) ? found : (1 + 0.01 * (i % 7)).toFixed(3),
    ])
    const [run] = await judgeFiles([`norm-${rows}.csv`, csv('step,loss,grad_norm', table)])
    expect(run.verdict, name).toBe('healthy')
    expect(run.events.find((e) => e.code === 'gradient-non-finite')).toMatchObject({
      fromStep: from,
      toStep: to,
      magnitude: rows,
      confidence: 'weak',
    })
  })
})

describe('several files', () => {
  type Row = readonly [step: number, loss: number, rate: number]
  const table = (rows: readonly Row[]): string =>
    csv(
      'step,loss,learning_rate',
      rows.map(([step, loss, rate]) => [step, loss.toFixed(4), rate.toExponential(3)]),
    )
  const lossAt = (step: number): number => 2.6 + 6 * (1 + step / 150) ** -0.7
  const rows = (
    from: number,
    to: number,
    every: number,
    rate: (step: number) => number,
    seed: number,
  ): Row[] => {
    const random = createRandom(seed)
    return stepsFrom(from, every, Math.floor((to - from) / every) + 1).map((step) => [
      step,
      lossAt(step) + 0.02 * random.normal(),
      rate(step),
    ])
  }
  const steady = (): number => 3e-4
  const decay =
    (from: number, to: number) =>
    (step: number): number =>
      3e-4 * Math.max(0, (to - step) / (to - from))

  it.each([
    { name: 'of the same length', ends: [5000, 5000] },
    { name: 'of which one is short', ends: [4300, 5000] },
    { name: 'of which the first given is longer', ends: [6000, 4400] },
  ])('two anneals of a base $name are branches of it', async ({ ends }) => {
    const [first, second] = ends
    const runs = await judgeFiles(
      [`base-${first}-${second}.csv`, table(rows(0, 4000, 50, steady, 1))],
      [`anneal-a-${first}.csv`, table(rows(4050, first, 50, decay(4000, first), 2))],
      [`anneal-b-${second}.csv`, table(rows(4050, second, 50, decay(4000, second), 3))],
    )
    expect(runs.map((r) => r.run.step.length)).toEqual([81, (first - 4000) / 50, (second - 4000) / 50])
    for (const { run, verdict } of runs) expect(verdict, run.id).not.toBe('rolled-back')
    for (const { run } of runs.slice(1))
      expect(run.notes.find((n) => n.code === 'branch')?.text, run.id).toContain('at step 4000')
  })

  it.each([
    { from: 200, to: 6000 },
    { from: 1500, to: 5000 },
    { from: 3000, to: 9000 },
  ])('a run that begins inside another (step $from) is not joined to it', async ({ from, to }) => {
    const runs = await judgeFiles(
      [`whole-${from}.csv`, table(rows(0, 6000, 25, steady, 4))],
      [`inside-${from}.csv`, table(rows(from, to, 25, steady, 5))],
    )
    expect(runs.map((r) => [r.run.step[0], r.prepared.lastStep])).toEqual([
      [0, 6000],
      [from, to],
    ])
    expect(runs.flatMap((r) => r.events.map((e) => e.code))).not.toContain('rolled-back')
    expect(runs[1].run.notes.map((n) => n.code)).toContain('branch')
    expect(runs[1].run.branchOf).toEqual({ source: runs[0].run.source, step: from })
  })

  it.each([
    { name: 'go on', starts: [0, 2025, 4025] },
    { name: 'do a few steps again', starts: [0, 1900, 3800] },
    { name: 'are given in another order', starts: [4025, 0, 2025] },
  ])('pieces that $name are one run, and that is told', async ({ name, starts }) => {
    const ends = new Map([...starts].sort((a, b) => a - b).map((start, i) => [start, 2000 * (i + 1)]))
    const runs = await judgeFiles(
      ...starts.map((start, i): [string, string] => [
        `${name.replaceAll(' ', '-')}-${i}.csv`,
        table(rows(start, ends.get(start) ?? 0, 25, steady, i)),
      ]),
    )
    expect(runs).toHaveLength(1)
    const joined = runs[0].run.notes.filter((n) => n.code === 'joined')
    expect(joined.map((n) => Number(/at step (\d+)/.exec(n.text)?.[1]))).toEqual(
      starts.filter((s) => s > 0).sort((a, b) => a - b),
    )
  })

  it('a piece that went back behind a divergence is the next one, however much it does again', async () => {
    const broken = rows(0, 6000, 25, steady, 6).map(
      ([step, loss, rate]): Row => [step, step < 4500 ? loss : loss + 4, rate],
    )
    const runs = await judgeFiles(
      ['broken.csv', table(broken)],
      ['again.csv', table(rows(4000, 8000, 25, steady, 7))],
    )
    expect(runs.map((r) => r.verdict)).toEqual(['rolled-back'])
  })
})

describe('a resume that went wrong a little', () => {
  /** Two hundred losses about a level, raised by `rise` behind a quarter of them, and evaluations. */
  function regressed(rise: number, validations: readonly number[], seed: number): string {
    const random = createRandom(seed)
    const every = Math.floor(200 / validations.length)
    const rows = stepsFrom(140_000, 250, 200).map((step, i) => {
      const at = (i + 1) / every - 1
      return [
        step,
        (3.7 + (i > 200 / validations.length ? rise : 0) + 0.1 * random.normal()).toFixed(4),
        Number.isInteger(at) ? (validations[at]?.toFixed(3) ?? '') : '',
      ]
    })
    return csv('step,train_loss,val_loss', rows)
  }

  it.each([
    { rise: 0.1, validations: [3.563, 3.566, 3.57, 3.604] },
    { rise: 0.12, validations: [3.8, 3.81, 3.83, 3.84, 3.86] },
    { rise: 0.2, validations: [3.2, 3.21, 3.23, 3.24, 3.27, 3.3] },
  ])('shows in two weak signs that agree (+$rise nats)', async ({ rise, validations }) => {
    const [run] = await judgeFiles([`regressed-${validations.length}.csv`, regressed(rise, validations, 8)])
    expect(run.verdict).toBe('degraded')
    expect(run.events.find((e) => e.code === 'drift')).toMatchObject({ confidence: 'moderate' })
  })

  it.each([
    { name: 'evaluations that go up and down', rise: 0.1, validations: [3.563, 3.59, 3.57, 3.604] },
    { name: 'evaluations that fall', rise: 0, validations: [3.6, 3.58, 3.57, 3.56] },
    {
      name: 'a rise of the evaluations alone, within their noise',
      rise: 0,
      validations: [3.563, 3.566, 3.57, 3.575],
    },
  ])('is not said of $name', async ({ name, rise, validations }) => {
    const [run] = await judgeFiles([`${name.replaceAll(/\W/g, '-')}.csv`, regressed(rise, validations, 9)])
    expect(run.events.map((e) => e.code)).not.toContain('drift')
    expect(statusOfVerdict(run.verdict)).not.toBe('fail')
  })
})

describe('a reference that was planned for another length', () => {
  /** modded-nanogpt: no rate is logged, the loss falls with the decay to the end of the plan. */
  function planned(plan: number, last: number, end: number, seed: number): string {
    const random = createRandom(seed)
    return Array.from({ length: last }, (_, i) => {
      const share = (i + 1) / plan
      const loss = end + 0.35 * (1 - share) + 6.5 * Math.exp(-12 * share) + 0.03 * random.normal()
      return `step:${i + 1}/${plan} train_loss:${loss.toFixed(4)} train_time:${100 * (i + 1)}ms step_avg:100.00ms`
    }).join('\n')
  }

  const against = async (run: string, reference: string, name: string): Promise<JudgedRun> => {
    const paths = [file(`${name}-run.log`, run), file(`${name}-reference.log`, reference)]
    const runs = await readLogs(paths, { columns: {} })
    return analyseLogs({ runs, reference: runs[1].id }).runs[0]
  }
  const told = (run: JudgedRun): string | undefined =>
    judgeLossStability({ runs: [run], reference: undefined, shared: [] }).findings.find(
      (f) => f.code === 'loss-stability/reference',
    )?.title

  it.each([
    { plan: 620, other: 510 },
    { plan: 900, other: 600 },
    { plan: 500, other: 800 },
  ])('is compared at both ends ($plan against $other steps)', async ({ plan, other }) => {
    const run = await against(planned(plan, plan, 3.28, 1), planned(other, other, 3.28, 2), `alike-${plan}`)
    expect(run.comparison?.method).toBe('losses at both ends')
    expect(run.events.map((e) => e.code)).not.toContain('degraded')
    if (run.comparison?.difference.kind !== 'estimate') throw new Error('no difference')
    const { interval } = run.comparison.difference
    expect(interval.low).toBeLessThanOrEqual(0)
    expect(interval.high).toBeGreaterThanOrEqual(0)
    expect(told(run)).toMatch(
      /level with alike-\d+-reference\.log at step \d+: [+−]0\.\d{3} \[−.*, \+.*\] nats/,
    )
  })

  it('tells a run that ends lower', async () => {
    const run = await against(planned(620, 620, 3.1, 1), planned(510, 510, 3.28, 2), 'lower')
    expect(told(run)).toMatch(/ahead of lower-reference\.log at step 620: −0\.[12]\d\d \[−0.*, −0.*\]/)
  })

  it('tells a run that ends higher', async () => {
    const run = await against(planned(620, 620, 3.6, 1), planned(510, 510, 3.28, 2), 'higher')
    expect(run.verdict).toBe('degraded')
    // The event says it.
    expect(told(run)).toBeUndefined()
  })

  it('is not comparable while one of them is under way', async () => {
    const run = await against(planned(620, 400, 3.28, 1), planned(510, 510, 3.28, 2), 'midway')
    expect(run.comparison?.difference).toMatchObject({
      kind: 'notEstimable',
      reason: expect.stringContaining('comparable only at both ends'),
    })
    expect(told(run)).toMatch(/^The run cannot be held against midway-reference\.log: planned for/)
  })
})

/** Two hundred losses that fall, one a step. */
const plainRows = stepsFrom(0, 1, 200).map((step): [number, string] => [
  step,
  (3 + 7 / (1 + step / 40)).toFixed(4),
])
const notesOf = (run: JudgedRun): string[] => run.run.notes.map((n) => n.code)

describe('a log whose last step stands first', () => {
  it.each([
    { name: 'a table', text: csv('step,loss', plainRows.toReversed()) },
    {
      name: 'lines',
      text: plainRows
        .toReversed()
        .map(([step, loss]) => `step ${step} loss ${loss}`)
        .join('\n'),
    },
    {
      name: 'a table with every step done twice',
      text: csv(
        'step,loss,val_loss',
        plainRows.toReversed().flatMap(([s, l]) => [
          [s, l, ''],
          [s, '', l],
        ]),
      ),
    },
  ])('is read from its end ($name)', async ({ name, text }) => {
    const runs = await judgeFiles([`newest-${name.length}.log`, text])
    expect(runs.map((r) => [r.run.step[0], r.prepared.lastStep, r.verdict])).toEqual([[0, 199, 'healthy']])
    expect(notesOf(runs[0])).toContain('newest-first')
  })
})

it.each([1, 2, 3])('a log in no order of steps is sorted (seed %i)', async (seed) => {
  const random = createRandom(seed)
  const order = plainRows.map((row) => ({ row, at: random.uniform() })).sort((a, b) => a.at - b.at)
  const runs = await judgeFiles([
    `shuffled-${seed}.csv`,
    csv(
      'step,loss',
      order.map(({ row }) => row),
    ),
  ])
  expect(runs.map((r) => [...r.run.step])).toEqual([stepsFrom(0, 1, 200)])
  expect(notesOf(runs[0])).toEqual(['unordered'])
})

it.each([
  { name: 'in brackets', write: (e: number, s: number) => `Epoch [${e}/3][${s}/60] loss=` },
  { name: 'beside it', write: (e: number, s: number) => `Epoch ${e} ${s}/60 loss ` },
  { name: 'as batches', write: (e: number, s: number) => `| epoch ${e} | ${s}/60 batches | lr 5.00 | loss ` },
])('a step that is counted in its epoch is counted on ($name)', async ({ name, write }) => {
  const lines = plainRows
    .slice(0, 180)
    .map(([i, loss]) => `${write(1 + Math.floor(i / 60), 1 + (i % 60))}${loss}`)
  const [run] = await judgeFiles([`epochs-${name.length}.log`, lines.join('\n')])
  expect([...run.run.step]).toEqual(stepsFrom(1, 1, 180))
})

it('a table with a name twice is refused', async () => {
  const table = plainRows.map(([step, loss]) => [step, loss, loss])
  await expect(judgeFiles(['twice.csv', csv('step,loss,loss', table)])).rejects.toMatchObject({
    code: 'logs/twice-named',
  })
})

describe('steps that are no plain count', () => {
  it.each([
    { name: 'below 0', bad: -5, rows: 1 },
    { name: 'a time stamp in nanoseconds', bad: 1_700_000_000_000_000_000, rows: 3 },
    { name: 'beyond every integer', bad: 1e30, rows: 20 },
  ])('are left out and told ($name)', async ({ bad, rows }) => {
    const table = plainRows.map(([step, loss]) => [step >= 100 && step < 100 + rows ? bad : step, loss])
    const runs = await judgeFiles([`bad-step-${rows}.csv`, csv('step,loss', table)])
    expect(runs.map((r) => [r.run.step.length, r.prepared.lastStep, r.verdict])).toEqual([
      [200 - rows, 199, 'healthy'],
    ])
    expect(runs[0].run.notes).toMatchObject([{ code: 'bad-step', count: rows }])
    const told = judgeLossStability({ runs, reference: undefined, shared: [] }).findings
    expect(told.find((f) => f.code === 'loss-stability/bad-step')?.title).toMatch(
      new RegExp(`^${rows} rows? (is|are) left out`),
    )
  })

  it.each([-1000, 1e18])('refuses a log without another one (from %d on)', async (from) => {
    const table = plainRows.map(([step, loss]) => [from + step, loss])
    await expect(judgeFiles([`no-step-${from}.csv`, csv('step,loss', table)])).rejects.toMatchObject({
      code: 'logs/bad-step',
    })
  })

  it.each([
    { name: 'one step for all that follows', at: (step: number) => Math.min(step, 100), count: 99 },
    { name: 'every step twice', at: (step: number) => step >> 1, count: 100 },
    { name: 'a step for four', at: (step: number) => step >> 2, count: 150 },
  ])('of which the last row counts are told ($name)', async ({ at, count }) => {
    const table = plainRows.map(([step, loss]) => [at(step), loss])
    const [run] = await judgeFiles([`again-${count}.csv`, csv('step,loss', table)])
    expect(run.run.notes).toMatchObject([{ code: 'repeated-steps', count }])
  })

  it('are not told of a few late rows', async () => {
    const table = [...plainRows.slice(0, 50), [49, '3.5'], ...plainRows.slice(50)]
    const [run] = await judgeFiles(['late.csv', csv('step,loss', table)])
    expect(notesOf(run)).toEqual([])
  })
})

it.each([
  { name: 'a log-likelihood', column: 'loss', loss: (l: number) => -l, line: 2 },
  { name: 'a sum that crosses zero', column: 'train_loss', loss: (l: number) => l - 5, line: 103 },
  {
    name: 'a validation loss',
    column: 'loss,val_loss',
    loss: (l: number) => `${l},${l < 5 ? -l : l}`,
    line: 103,
  },
])('a loss below zero is refused by its line ($name)', async ({ name, column, loss, line }) => {
  const table = plainRows.map(([step, l]) => [step, loss(Number(l))])
  await expect(judgeFiles([`below-${name.length}.csv`, csv(`step,${column}`, table)])).rejects.toMatchObject({
    code: 'logs/negative-loss',
    place: { line },
  })
})

it.each([1, 0])('a word as a loss is refused by its line and entry (indent %i)', async (indent) => {
  const entries = plainRows.map(([step, loss]) => ({
    epoch: 0.5,
    loss: step === 7 ? 'oops' : Number(loss),
    step,
  }))
  const state = JSON.stringify({ log_history: entries, max_steps: 200 }, null, indent)
  await expect(judgeFiles([`word-${indent}.json`, state])).rejects.toMatchObject({
    code: 'logs/not-a-number',
    message: 'found "oops", expected a number, in entry 8 of log_history',
    // One line for each of the two braces, five for each of the seven entries before, and three into the eighth.
    place: { field: 'loss', ...(indent === 1 ? { line: 2 + 5 * 7 + 3 } : {}) },
  })
})

describe('a table of another country', () => {
  it.each([
    { cut: ';', write: (v: number) => v.toFixed(4).replace('.', ',') },
    { cut: '\t', write: (v: number) => v.toFixed(4).replace('.', ',') },
    { cut: ';', write: (v: number) => (1000 * v).toFixed(4).replace(/^(\d)(\d{3})\./, '$1.$2,') },
  ])('has decimal commas (cut at %j)', async ({ cut, write }) => {
    const rows = plainRows.map(([step, loss]) => [`${100 * step}`, write(Number(loss))].join(cut))
    const [path] = [
      file(
        `comma-${write(1).length}${cut.charCodeAt(0)}.csv`,
        [['step', 'loss'].join(cut), ...rows].join('\n'),
      ),
    ]
    const [run] = await readLogs([path], { columns: {} })
    expect([run.step[199], run.loss[0] / (Number(run.loss[0] > 100) * 999 + 1)]).toEqual([19_900, 10])
  })

  it('or a unit behind its numbers or names', async () => {
    const bits = plainRows.map(([step, loss]): [number, number] => [step, Number(loss) / Math.LN2])
    const lines = bits.map(
      ([step, loss]) => `step ${step} loss \u001b]8;;a\u0007${loss}\u001b]8;;\u0007 bits/token`,
    )
    const [text, table] = await judgeFiles(
      ['bits.log', lines.join('\n')],
      ['bits.csv', csv('step,loss (bits/token)', bits)],
    )
    for (const { run } of [text, table]) expect(run.loss[0]).toBeCloseTo(10, 9)
  })

  it.each(['loss_bits', 'bits_per_token', 'train/bpt'])('or bits: %s', async (column) => {
    const bits = plainRows.map(([step, loss]) => [step, Number(loss) / Math.LN2])
    const path = file(`${column.length}-bits.csv`, csv(`step,${column}`, bits))
    const [run] = await readLogs([path], { columns: { loss: column } })
    expect(run.loss[0]).toBeCloseTo(10, 9)
  })
})

describe('a log in another spelling', () => {
  /** Loss of the i-th row and the validation loss .05 above it; bits as fairseq prints them. */
  const l = (i: number): number => 3 + 7 / (1 + i / 4)
  const loss = (i: number): string => l(i).toFixed(4)
  const valid = (i: number): string => (l(i) + 0.05).toFixed(4)
  const bits = (nats: string): string => (Number(nats) / Math.LN2).toFixed(5)
  const at = (i: number): number => 100 * (i + 1)
  const ROWS = 24
  const all = (write: (i: number) => string, between = '\n'): string =>
    Array.from({ length: ROWS }, (_, i) => write(i)).join(between)
  /** A metric of MLflow: a value a minute. */
  const metric = (value: (i: number) => string, behind: (i: number) => string): string =>
    all((i) => `${1_700_000_000_000 + 60_000 * i} ${value(i)}${behind(i)}\n`, '')
  const byEpoch = (i: number): string => `${1 + (i >> 2)}`
  const inEpoch = (i: number): number => 100 * (1 + (i % 4))
  const esc = (codes: string, text: string): string => `\u001b[${codes}m${text}\u001b[0m`

  interface Spelling {
    readonly format: string
    readonly name: string
    readonly text?: string
    /** Files of a folder, by their paths. */
    readonly files?: Readonly<Record<string, string>>
    /** Step of the last row: 100 a row, where it is not told. */
    readonly last?: number
    readonly noValidation?: true
  }
  const SPELLINGS: readonly Spelling[] = [
    {
      format: 'fairseq',
      name: 'sums of an epoch, 2020',
      text: all(
        (i) =>
          `2020-05-01 10:00:00 | INFO | train | epoch ${at(i) / 100} | loss ${bits(loss(i))} | nll_loss 1.5 | wps 160000 | num_updates ${at(i)} | lr 0.0006\n2020-05-01 10:00:09 | INFO | valid | epoch ${at(i) / 100} | valid on 'valid' subset | loss ${bits(valid(i))} | nll_loss 1.5 | num_updates ${at(i)} | best_loss 4`,
      ),
    },
    {
      format: 'fairseq',
      name: 'dicts alone',
      text: all(
        (i) =>
          `{"epoch": ${byEpoch(i)}, "update": 0.25, "loss": "${bits(loss(i))}", "ppl": "180", "num_updates": "${at(i)}", "lr": "0.0001"}`,
      ),
      noValidation: true,
    },
    {
      format: 'fairseq',
      name: 'by Hydra',
      text: all(
        (i) =>
          `[2021-05-01 10:00:00,123][train_inner][INFO] - {"epoch": 1, "update": 0.1, "loss": "${bits(loss(i))}", "num_updates": "${at(i)}"}\n[2021-05-01 10:00:00,123][valid][INFO] - {"epoch": 1, "valid_loss": "${bits(valid(i))}", "valid_num_updates": "${at(i)}", "valid_best_loss": "5"}`,
      ),
    },
    {
      format: 'keras',
      name: 'bars drawn over themselves',
      text: all((i) => {
        const bars = [25, 50, 75].map((n) => ` ${n}/100 [===>.......] - ETA: 5s - loss: 9.9`)
        const drawn = bars.map((bar) => `${bar}${'\b'.repeat(bar.length)}\r`).join('')
        return `Epoch ${i + 1}/30\n\n${drawn}100/100 [==========] - 9s 94ms/step - loss: ${loss(i)}\r100/100 [==========] - 9s 94ms/step - loss: ${loss(i)} - val_loss: ${valid(i)}`
      }),
    },
    {
      format: 'keras',
      name: 'without bars',
      text: all(
        (i) =>
          `Epoch ${i + 1}/30\n - 12s - loss: ${loss(i)} - acc: 0.3 - val_loss: ${valid(i)} - val_acc: 0.2`,
      ),
      last: ROWS,
    },
    {
      format: 'keras',
      name: 'in colours, the first epoch of unknown length',
      text: all(
        (i) =>
          `${esc('1', `Epoch ${i + 1}/30`)}\r${esc('1', i > 0 ? '50/100' : '50/Unknown')} 5s 94ms/step - loss: 9.9\r${esc('1', i > 0 ? '100/100' : '100/Unknown')} ${esc('32', '━━━━')}${i > 0 ? '' : ' -'} 9s 94ms/step - accuracy: 0.2 - loss: ${loss(i)} - val_loss: ${valid(i)} - learning_rate: 0.0010`,
      ),
    },
    {
      format: 'mmengine',
      name: 'epochs, two blanks',
      text: all(
        (i) =>
          `2024/01/01 00:01:00 - mmengine - INFO - Epoch(train)  [${byEpoch(i)}][${String(inEpoch(i)).padStart(4)}/400]  lr: 2.0e-04  time: 0.3  loss: ${loss(i)}\n2024/01/01 00:01:09 - mmengine - INFO - Epoch(val)  [${byEpoch(i)}][20/20]    loss: ${valid(i)}  time: 0.2`,
      ),
    },
    {
      format: 'mmengine',
      name: 'iterations, the loss behind others',
      text: all(
        (i) =>
          `03/15 12:00:00 - mmengine - INFO - Iter(train) [ ${at(i)}/20000]  base_lr: 2.0e-04 lr: 2.0e-05  grad_norm: 1.02  loss: ${loss(i)}  loss_llm: 1.5\n03/15 12:00:09 - mmengine - INFO - Iter(val) [5/5]  val/loss: ${valid(i)}`,
      ),
    },
    {
      format: 'key-value',
      name: 'MMCV',
      text: all(
        (i) =>
          `2023-01-01 00:01:00,123 - mmcls - INFO - Epoch [${byEpoch(i)}][${inEpoch(i)}/400]\tlr: 2.0e-04, eta: 1:00:00, memory: 3000, loss: ${loss(i)}, grad_norm: 1.2`,
      ),
      noValidation: true,
    },
    {
      format: 'text-table',
      name: 'fastai .7',
      text: `epoch      trn_loss   val_loss   accuracy\n${all((i) => `    ${i}      ${loss(i)}   ${valid(i)}   0.195313  `)}`,
      last: ROWS - 1,
    },
    {
      format: 'text-table',
      name: 'fastai 1',
      text: `Total time: 10:21\nepoch  train_loss  valid_loss  accuracy\n${all((i) => `${i + 1}      ${loss(i)}    ${valid(i)}    0.210000  (00:53)`)}`,
      last: ROWS,
    },
    {
      format: 'text-table',
      name: 'fastai 2, time stamps before it',
      text: `10:00:00 epoch     train_loss  valid_loss  perplexity  time\n${all((i) => `10:01:00 ${i}         ${loss(i)}  ${valid(i)}  180.1  1:04:21`)}`,
      last: ROWS - 1,
    },
    {
      format: 'text-table',
      name: 'a card without outer bars',
      text: `Training Loss | Epoch | Step | Validation Loss\n:---: | :---: | :---: | :---:\n${all((i) => `${loss(i)} | ${byEpoch(i)}.0 | ${at(i)} | ${valid(i)}`)}`,
    },
    {
      format: 'text-table',
      name: 'a card with thousands and the best in bold',
      text: `# Model\n\n| Step | Tokens (B) | Train loss | Val loss |\n|---|---|---|---|\n${all((i) => `| ${at(i).toLocaleString('en')} | 0.5 | ${loss(i)} | **${valid(i)}** |`)}`,
    },
    {
      format: 'text-table',
      name: 'a table drawn by Rich',
      text: `┏━━━━━━┳━━━━━━━━━┓\n┃ Step ┃ Training Loss ┃ Validation Loss ┃\n┡━━━━━━╇━━━━━━━━━┩\n${all((i) => `│ ${at(i)} │ ${loss(i)} │ ${valid(i)} │`)}\n└──────┴─────────┘`,
    },
    {
      format: 'mlflow',
      name: 'without steps',
      files: {
        'mlruns/1/a/metrics/loss': metric(loss, () => ' 0'),
        'mlruns/1/a/metrics/val_loss': metric(valid, () => ' 0'),
      },
      last: ROWS,
    },
    {
      format: 'mlflow',
      name: 'of version 3, in folders',
      files: {
        'mlruns/1/b/meta.yaml': 'run_id: b\n',
        'mlruns/1/b/metrics/train/loss': metric(loss, (i) => ` ${at(i)} m-1 set 0a1b`),
        'mlruns/1/b/metrics/eval/loss': metric(valid, (i) => ` ${at(i)} m-1 set 0a1b`),
      },
    },
    {
      format: 'mlflow',
      name: 'of 2018',
      files: { 'mlruns/1/c/metrics/loss': metric(loss, () => '') },
      last: ROWS,
      noValidation: true,
    },
    {
      format: 'printed-dicts',
      name: 'dicts in dicts',
      text: all(
        (i) =>
          `{'iteration': ${at(i)},\n 'train': {'loss': ${loss(i)}, 'grad_norm': 1.0},\n 'val': {'loss': ${valid(i)}}}`,
      ),
    },
    {
      format: 'printed-dicts',
      name: 'tensors behind a logger',
      text: all(
        (i) =>
          `INFO:trainer:{'global_step': ${at(i)},\n 'train_loss': tensor(${loss(i)}, device='cuda:0', grad_fn=<NllLossBackward0>),\n 'val_loss': np.float32(${valid(i)})}`,
      ),
    },
    {
      format: 'printed-dicts',
      name: 'ordered',
      text: all(
        (i) =>
          `OrderedDict([('step', ${at(i)}),\n             ('loss', ${loss(i)}),\n             ('val_loss', ${valid(i)})])`,
      ),
    },
  ]

  it.each(SPELLINGS)('$format: $name', async ({ format, name, text = '', files, last, noValidation }) => {
    const folder = `spelling-${name.replaceAll(/\W/g, '-')}`
    const paths = Object.entries(files ?? { [`${name.length}.log`]: text }).map(([path, content]) =>
      file(`${folder}/${path}`, content),
    )
    const runs = await readLogs([
      files === undefined ? paths[0] : dirname(paths[0]).replace(/mlruns.*/, 'mlruns'),
    ])
    expect(runs.map((run) => run.format)).toEqual([format])
    const [run] = runs
    expect(run.step[run.step.length - 1]).toBe(last ?? 100 * ROWS)
    const found = (values: Float64Array): number[] => [...values].filter(Number.isFinite)
    const rows = stepsFrom(0, 1, ROWS)
    const near = (value: number): unknown => expect.closeTo(value, 3)
    expect(found(run.loss)).toEqual(rows.map((i) => near(l(i))))
    if (noValidation !== true) expect(found(run.validationLoss)).toEqual(rows.map((i) => near(l(i) + 0.05)))
    expect(statusOfVerdict(analyseLogs({ runs }).runs[0].verdict)).not.toBe('fail')
  })
})
