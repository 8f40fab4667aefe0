/**
 * `assay curve --follow` on a pipe, on a file that is rotated and on a folder: an hour of a log of 100 lines a second,
 * written in a minute, then a divergence. How long until the changed verdict is spoken, and the most memory that the
 * program ever had (Linux). Run: npm run build && npx tsx bench/curve/follow.ts
 */
import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../../src/core/index.js'

const LINES = 360_000
const PARTS = 60
/** Seconds between two looks: the default. */
const INTERVAL = 10
/** Lines of 12 nats at the end. */
const BROKEN = 20_000

function linesOf(from: number, to: number, isBroken: boolean): string {
  const random = createRandom(from)
  let text = ''
  for (let step = from; step < to; step++) {
    const loss = isBroken ? 12 : 2.5 + 8 * (step / 2000 + 1) ** -0.5 + 0.05 * random.normal()
    text += `[2026-01-01 00:00:00] step ${step} | loss ${loss.toFixed(4)} | lr 3.000e-04 | grad_norm 0.31\n`
  }
  return text
}

interface Followed {
  readonly args: readonly string[]
  /** Write more; `part` counts from 0. */
  readonly write: (text: string, part: number, stdin: NodeJS.WritableStream) => void
}

function ways(folder: string): Readonly<Record<string, Followed>> {
  const log = join(folder, 'train.log')
  const several = join(folder, 'several')
  mkdirSync(several)
  return {
    'a pipe': { args: ['-'], write: (text, _, stdin) => stdin.write(text) },
    'a file rotated four times': {
      args: [log],
      write: (text, part) => {
        if (part > 0 && part % 12 === 0) renameSync(log, `${log}.${part / 12}`)
        appendFileSync(log, text)
      },
    },
    'a folder of two runs': {
      args: [several],
      write: (text, part) => {
        appendFileSync(join(several, 'a.log'), text)
        if (part < PARTS)
          appendFileSync(join(several, 'b.log'), text.slice(0, text.indexOf('\n', text.length >> 4) + 1))
      },
    },
  }
}

async function follow(name: string, { args, write }: Followed): Promise<string> {
  const child = spawn(process.execPath, [
    'dist/cli/bundle/main.js',
    'curve',
    ...args,
    '--follow',
    '--interval',
    String(INTERVAL),
  ])
  let [spoken, at] = ['', 0]
  child.stdout.resume()
  child.stderr.on('data', (block: Buffer) => {
    spoken += block.toString()
    if (at === 0 && spoken.includes('→ diverged')) at = performance.now()
  })
  for (let part = 0; part < PARTS; part++) {
    write(linesOf((part * LINES) / PARTS, ((part + 1) * LINES) / PARTS, false), part, child.stdin)
    await sleep(1000)
  }
  const written = performance.now()
  write(linesOf(LINES, LINES + BROKEN, true), PARTS, child.stdin)
  while (at === 0 && performance.now() - written < 120_000) await sleep(50)
  if (child.exitCode !== null) throw new Error(`ended: ${spoken.slice(-600)}`)
  const [, memory] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
  child.kill('SIGKILL')
  if (at === 0) console.error(spoken.slice(-600))
  return `| ${name} | ${at === 0 ? 'not' : ((at - written) / 1000).toFixed(1)} | ${(Number(memory) / 1024).toFixed(0)} |`
}

const folder = mkdtempSync(join(tmpdir(), 'assay-follow-'))
try {
  console.log(
    `| what is followed, ${LINES} lines, a look every ${INTERVAL} s | told after, s | most memory, MB |\n|---|---|---|`,
  )
  for (const [name, followed] of Object.entries(ways(folder))) console.log(await follow(name, followed))
} finally {
  rmSync(folder, { recursive: true })
}
