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
import { BENCH_FORMATS, type BenchFormat } from './formats.js'

const SHORT_STEPS = 500_000
const LONG_STEPS = Number(process.argv[2] ?? 5_000_000)
const ROUNDS = 3
const FLUSH = 1 << 20

function write(path: string, format: BenchFormat, steps: number): void {
  const random = createRandom(1)
  const file = openSync(path, 'w')
  let text = format.head ?? ''
  for (let step = 0; step < steps; step++) {
    const loss = 2.5 + 8 * (step / 2000 + 1) ** -0.5 + 0.05 * random.normal()
    const rate =
      step < 0.01 * steps
        ? (6e-4 * (step + 1)) / (0.01 * steps)
        : 6e-5 + 2.7e-4 * (1 + Math.cos((Math.PI * step) / steps))
    text += format.write({ step, steps, loss, rate, norm: 0.3 + 0.02 * random.uniform() })
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

/** Steps and losses the plain way; a pattern of its own for the step where another line names it. */
function plain(
  path: string,
  { pattern, stepPattern, lossPattern }: BenchFormat,
): { step: number[]; loss: number[] } {
  const step: number[] = []
  const loss: number[] = []
  let last = Number.NaN
  let lastLoss = Number.NaN
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const found = stepPattern?.exec(line)
    if (found) last = Number(found[1])
    const foundLoss = lossPattern?.exec(line)
    if (foundLoss) lastLoss = Number(foundLoss[1])
    const match = pattern.exec(line)
    if (match === null) continue
    step.push(stepPattern === undefined ? Number(match[1]) : last)
    loss.push(lossPattern === undefined ? Number(match[stepPattern === undefined ? 2 : 1]) : lastLoss)
    for (const group of match.slice(3)) Number(group)
  }
  return { step, loss }
}

function checkAgreement(fast: TrainingRun, slow: { step: number[]; loss: number[] }): void {
  let row = 0
  for (let i = 0; i < fast.step.length; i++) {
    if (Number.isNaN(fast.loss[i])) continue
    if (fast.step[i] !== slow.step[row] || fast.loss[i] !== slow.loss[row])
      throw new Error(
        `row ${row} differs: ${fast.step[i]} ${fast.loss[i]} against ${slow.step[row]} ${slow.loss[row]}`,
      )
    row++
  }
  if (row !== slow.step.length) throw new Error(`${row} rows against ${slow.step.length}`)
}

async function compare(path: string, format: BenchFormat): Promise<string> {
  write(path, format, SHORT_STEPS)
  const megabytes = statSync(path).size / 1e6
  let fast = Number.POSITIVE_INFINITY
  let slow = Number.POSITIVE_INFINITY
  let rows = 0
  for (let round = 0; round < ROUNDS; round++) {
    const a = process.cpuUsage()
    const [run] = await readLogs([path], { columns: {} })
    fast = Math.min(fast, cpuSeconds(a))
    const b = process.cpuUsage()
    const reference = plain(path, format)
    slow = Math.min(slow, cpuSeconds(b))
    checkAgreement(run, reference)
    rows = run.step.length
  }
  rmSync(path)
  const cells = [
    format.name,
    megabytes.toFixed(0),
    (megabytes / fast).toFixed(0),
    (rows / fast / 1e6).toFixed(2),
    (megabytes / slow).toFixed(0),
    (slow / fast).toFixed(1),
  ]
  return `| ${cells.join(' | ')} |`
}

async function judgeLong(path: string): Promise<string> {
  write(path, BENCH_FORMATS[0], LONG_STEPS)
  const usage = process.cpuUsage()
  const started = performance.now()
  const runs = await readLogs([path], { columns: {} })
  const parsed = cpuSeconds(usage)
  const read = process.resourceUsage().maxRSS / 1e3
  const [{ verdict }] = runs.map(judgeRun)
  const judged = cpuSeconds(usage) - parsed
  const megabytes = statSync(path).size / 1e6
  rmSync(path)
  const seconds = `CPU ${parsed.toFixed(1)} s to read, ${judged.toFixed(1)} s to judge`
  const wall = `wall ${((performance.now() - started) / 1000).toFixed(1)} s`
  const memory = `at most ${read.toFixed(0)} MB to read, ${(process.resourceUsage().maxRSS / 1e3).toFixed(0)} MB in all`
  return `${LONG_STEPS} steps (${megabytes.toFixed(0)} MB): ${verdict}; ${seconds}, ${wall}, ${memory}\n`
}

const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'))
try {
  // First, while the process holds nothing else: the most memory it ever had is that of this log.
  console.log(await judgeLong(join(folder, 'long.log')))
  console.log(
    '| format | MB | reader, MB per CPU second | million rows per CPU second | plain, MB | times as fast |',
  )
  console.log('|---|---|---|---|---|---|')
  for (const format of BENCH_FORMATS) console.log(await compare(join(folder, 'short.log'), format))
} finally {
  rmSync(folder, { recursive: true })
}
