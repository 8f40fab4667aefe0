/**
 * Parsing speed against the plain way (split into lines, one regular expression a line), and the judging of a log of
 * five million steps. Run: npx tsc -b && node --import tsx bench/curve/speed.ts [steps of the long log]
 *
 * CPU seconds are given beside wall seconds: on a busy machine only the former tell the speed of a core.
 */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom, judgeRun, type TrainingRun } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'

const SHORT_STEPS = 400_000
const LONG_STEPS = Number(process.argv[2] ?? 5_000_000)
const FLUSH = 1 << 20

interface Format {
  readonly name: string
  readonly line: (step: number, loss: number, rate: number, norm: number) => string
  /** The plain version: step, loss of one line. */
  readonly pattern: RegExp
}

const FORMATS: readonly Format[] = [
  {
    name: 'build-nanogpt',
    line: (s, l, r, g) =>
      `step ${String(s).padStart(5)} | loss: ${l.toFixed(6)} | lr ${r.toExponential(4)} | norm: ${g.toFixed(4)} | dt: 417.30ms | tok/sec: 1256377.95\n`,
    pattern: /^step +(\d+) \| loss: (\S+) \| lr (\S+) \| norm: (\S+) \| dt: (\S+)ms/,
  },
  {
    name: 'megatron',
    line: (s, l, r, g) =>
      ` iteration ${String(s).padStart(8)}/${String(SHORT_STEPS).padStart(8)} | consumed samples: ${String(s * 1024).padStart(12)} | elapsed time per iteration (ms): 22306.6 | learning rate: ${r.toExponential(3)} | global batch size:  1024 | lm loss: ${l.toExponential(6)} | loss scale: 1.0 | grad norm: ${g.toFixed(3)} | num zeros: 0.0 | number of skipped iterations:   0 | number of nan iterations:   0 |\n`,
    pattern: /iteration +(\d+)\/ *\d+ \|.*lm loss: (\S+) \|.*grad norm: (\S+) \|/,
  },
  {
    name: 'nanogpt',
    line: (s, l) => `iter ${s}: loss ${l.toFixed(4)}, time 313.52ms, mfu 107.86%\n`,
    pattern: /^iter (\d+): loss ([^,]+), time (\S+)ms/,
  },
  {
    name: 'jsonl',
    line: (s, l, r, g) =>
      `{"step": ${s}, "loss": ${l.toFixed(5)}, "grad_norm": ${g.toFixed(4)}, "lr": ${r.toExponential(5)}}\n`,
    pattern: /"step": (\d+), "loss": ([^,]+), "grad_norm": ([^,]+), "lr": ([^}]+)}/,
  },
]

function write(path: string, format: Format, steps: number): void {
  const random = createRandom(1)
  const file = openSync(path, 'w')
  let text = ''
  for (let s = 0; s < steps; s++) {
    const loss = 2.5 + 8 * (s / 2000 + 1) ** -0.5 + 0.05 * random.normal()
    const rate =
      s < 0.01 * steps
        ? (6e-4 * (s + 1)) / (0.01 * steps)
        : 6e-5 + 2.7e-4 * (1 + Math.cos((Math.PI * s) / steps))
    text += format.line(s, loss, rate, 0.3 + 0.02 * random.uniform())
    if (text.length > FLUSH) {
      writeSync(file, text)
      text = ''
    }
  }
  writeSync(file, text)
  closeSync(file)
}

function cpuSeconds(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

/** Steps and losses the plain way. */
function plain(path: string, pattern: RegExp): { step: number[]; loss: number[] } {
  const step: number[] = []
  const loss: number[] = []
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    const match = pattern.exec(line)
    if (match === null) continue
    step.push(Number(match[1]))
    loss.push(Number(match[2]))
    for (const group of match.slice(3)) Number(group)
  }
  return { step, loss }
}

function checkAgreement(fast: TrainingRun, slow: { step: number[]; loss: number[] }): void {
  if (fast.step.length !== slow.step.length)
    throw new Error(`${fast.step.length} rows against ${slow.step.length}`)
  for (let i = 0; i < slow.step.length; i++)
    if (fast.step[i] !== slow.step[i] || fast.loss[i] !== slow.loss[i]) throw new Error(`row ${i} differs`)
}

const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'))
try {
  for (const format of FORMATS) {
    const path = join(folder, `${format.name}.log`)
    write(path, format, SHORT_STEPS)
    const megabytes = statSync(path).size / 1e6
    const times = { fast: [] as number[], plain: [] as number[] }
    for (let round = 0; round < 3; round++) {
      const a = process.cpuUsage()
      const [run] = await readLogs([path], { columns: {} })
      times.fast.push(cpuSeconds(a))
      const b = process.cpuUsage()
      const slow = plain(path, format.pattern)
      times.plain.push(cpuSeconds(b))
      checkAgreement(run, slow)
    }
    const fast = Math.min(...times.fast)
    const slow = Math.min(...times.plain)
    console.log(
      `${format.name.padEnd(14)} ${megabytes.toFixed(0)} MB  reader ${(megabytes / fast).toFixed(0)} MB per CPU second, plain ${(megabytes / slow).toFixed(0)}: ${(slow / fast).toFixed(2)} times as fast`,
    )
    rmSync(path)
  }
  const path = join(folder, 'long.log')
  write(path, FORMATS[0], LONG_STEPS)
  const usage = process.cpuUsage()
  const started = performance.now()
  const runs = await readLogs([path], { columns: {} })
  const parsed = cpuSeconds(usage)
  const judged = runs.map(judgeRun)
  console.log(
    `${LONG_STEPS} steps (${(statSync(path).size / 1e6).toFixed(0)} MB): ${judged[0].verdict}; CPU ${parsed.toFixed(1)} s to read, ${(cpuSeconds(usage) - parsed).toFixed(1)} s to judge, wall ${((performance.now() - started) / 1000).toFixed(1)} s, at most ${(process.resourceUsage().maxRSS / 1e3).toFixed(0)} MB`,
  )
} finally {
  rmSync(folder, { recursive: true })
}
