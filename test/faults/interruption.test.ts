import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/core/index.js'
import { runCli, scratch, smallestModel, startCli } from '../cli/run-cli.js'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Evidence as it must come out alike: all files' hashes, but for the timings, which no two runs share. */
function fingerprint(evidence: string): string {
  const { kinds, ...rest } = JSON.parse(readFileSync(join(evidence, 'manifest.json'), 'utf8')) as {
    kinds: Record<string, unknown>
  }
  return JSON.stringify({ ...rest, kinds: { ...kinds, cost: undefined } })
}

function journalLines(evidence: string): string[] {
  const path = join(evidence, 'journal', 'surprisal.jsonl')
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
}

const gatherArgs = (evidence: string): string[] => [
  'gather',
  smallestModel(),
  '--limit',
  '3',
  '--evidence',
  evidence,
  '--quiet',
]

describe('gathering that is interrupted', () => {
  it('ends in the same evidence after 20 kills at random moments', async () => {
    const clean = join(scratch(), 'evidence')
    const started = performance.now()
    expect((await runCli(gatherArgs(clean))).code).toBe(0)
    const whole = performance.now() - started
    const random = createRandom(20)
    const evidence = join(scratch(), 'evidence')
    let before: string[] = []
    for (let kill = 0; kill < 20; kill++) {
      const { child, ended } = startCli([...gatherArgs(evidence), '--resume'])
      await sleep(random.uniform() * whole)
      child.kill('SIGKILL')
      await ended
      const now = journalLines(evidence)
      // Nothing that was recorded is lost or done again.
      expect(now.slice(0, before.length)).toEqual(before)
      before = now
    }
    expect((await runCli([...gatherArgs(evidence), '--resume'])).code).toBe(0)
    const keys = journalLines(evidence)
      .slice(1)
      .map((line) => (JSON.parse(line) as { key: string }).key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(fingerprint(evidence)).toBe(fingerprint(clean))
  }, 600_000)

  it('Ctrl-C exits 130, keeps what was gathered and says how to go on', async () => {
    const evidence = join(scratch(), 'evidence')
    const { child, ended } = startCli(gatherArgs(evidence).filter((a) => a !== '--quiet'))
    for (let i = 0; i < 600 && journalLines(evidence).length < 3; i++) await sleep(20)
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect(stderr).not.toMatch(/\n\s+at .*\.js:\d+/)
    expect([code, stderr.includes('--resume')]).toEqual([130, true])
    const kept = journalLines(evidence)
    expect(kept.length).toBeGreaterThanOrEqual(3)
    expect((await runCli([...gatherArgs(evidence), '--resume'])).code).toBe(0)
    expect(journalLines(evidence).slice(0, kept.length)).toEqual(kept)
  }, 120_000)

  it('a second Ctrl-C leaves no temporary folder', async () => {
    let signal: string | null = null
    // One that is quick has ended by itself before the second reaches it.
    for (let attempt = 0; attempt < 8 && signal === null; attempt++) {
      const folder = scratch()
      const { child, ended } = startCli(['loss', smallestModel(), 'texts/encyclopaedic', 'texts/speech'], {
        env: { TMPDIR: folder },
      })
      const journals = (): string[] => readdirSync(folder).filter((name) => name.startsWith('assay-loss-'))
      for (let i = 0; i < 600 && journals().length === 0; i++) await sleep(20)
      expect(journals()).toHaveLength(1)
      child.kill('SIGINT')
      await sleep(20)
      child.kill('SIGINT')
      signal = (await ended).signal
      expect(journals()).toEqual([])
    }
    expect(signal).toBe('SIGINT')
  }, 120_000)

  it('is not said to be kept where nothing is', async () => {
    let told = ''
    // A process that is too young to listen dies without a word.
    for (let wait = 600; wait < 10_000 && told === ''; wait *= 2) {
      const { child, ended } = startCli(['audit', smallestModel(), '--dry-run'])
      await sleep(wait)
      child.kill('SIGINT')
      told = (await ended).stderr
    }
    expect(told).toMatch(/interrupted[\s\S]*fix: Run the same command again\.\n/)
  }, 120_000)
})

const canMount = process.getuid?.() === 0

describe('a full disk', () => {
  it.skipIf(!canMount)(
    'is named, and what was gathered is resumed (needs root, to mount a small tmpfs)',
    async () => {
      const folder = scratch()
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder])
      try {
        const ended = await runCli(gatherArgs(join(folder, 'evidence')))
        expect(ended.code).toBe(3)
        expect(ended.stderr).toContain('audit/disk-full')
        expect(ended.stderr).not.toMatch(/\n\s+at .*\.js:\d+/)
        execFileSync('mount', ['-o', 'remount,size=64m', folder])
        const resumed = await runCli([...gatherArgs(join(folder, 'evidence')), '--resume'])
        expect(resumed.stderr).toBe('')
        expect(resumed.code).toBe(0)
        // Without room for the report, too.
        mkdirSync(join(folder, 'out'))
        writeFileSync(join(folder, 'fill'), Buffer.alloc(50e6))
        execFileSync('mount', ['-o', 'remount,size=50m', folder])
      } finally {
        execFileSync('umount', ['-l', folder])
      }
    },
    120_000,
  )
})
