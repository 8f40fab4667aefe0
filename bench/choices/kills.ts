/**
 * `assay choices` killed (SIGKILL) at random moments of the later two thirds and gone on with: the same results as a run that nobody disturbed.
 *
 *   npx tsx bench/choices/kills.ts [MODEL] [--kills 20] [--seed 20] [--limit 100] [--shots 2]
 *
 * Needs a build (dist). Three tasks of the ladder; compared are the JSON, what it cost apart, and the files of samples.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createRandom } from '../../src/core/index.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '20' },
    limit: { type: 'string', default: '100' },
    shots: { type: 'string', default: '2' },
  },
})
const CLI = join(import.meta.dirname, '../../dist/cli/bundle/main.js')
const TASKS = ['agreement', 'sentence-completion', 'word-from-definition']
const work = mkdtempSync(join(tmpdir(), 'assay-kills-'))

const argsOf = (out: string): string[] => [
  CLI,
  'choices',
  positionals[0] ?? 'assay-ladder',
  ...TASKS.flatMap((task) => ['--task', task]),
  ...['--shots', values.shots, '--limit', values.limit, '--out', out, '--json', '--quiet', '--offline'],
]

/** All that must be alike: the JSON but for what was evaluated, and every sample. */
function resultsOf(out: string, more: readonly string[] = []): string {
  const json = JSON.parse(
    execFileSync(process.execPath, [...argsOf(out), ...more], { encoding: 'utf8', maxBuffer: 1 << 28 }),
  ) as { tasks: unknown; tokens: { naive: number; trie: number } }
  const samples = readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => /samples_.*\.jsonl$/.test(name))
    .map((name) => readFileSync(join(out, name), 'utf8'))
    .sort()
  return JSON.stringify([json.tasks, json.tokens.naive, json.tokens.trie, samples])
}

const journalOf = (out: string): number => {
  const path = join(out, 'choices.journal')
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0
}

try {
  const start = performance.now()
  const whole = resultsOf(join(work, 'whole'))
  const seconds = (performance.now() - start) / 1000
  const random = createRandom(Number(values.seed))
  const out = join(work, 'killed')
  const kept: number[] = []
  let ended = 0
  for (let k = 0; k < Number(values.kills); k++) {
    const child = spawn(process.execPath, [...argsOf(out), '--resume'], { stdio: 'ignore' })
    const gone = new Promise<void>((done) => child.once('exit', () => done()))
    await sleep((0.3 + 0.6 * random.uniform()) * seconds * 1000)
    if (child.exitCode !== null) ended++
    child.kill('SIGKILL')
    await gone
    kept.push(journalOf(out))
  }
  // A run that ended before its kill left results of its own, and no journal: the next one began anew.
  for (const name of readdirSync(out).filter((entry) => entry !== 'choices.journal'))
    rmSync(join(out, name), { recursive: true })
  const same = resultsOf(out, ['--resume']) === whole
  console.log(
    `${values.kills} kills within ${seconds.toFixed(1)} s (${ended} came after the end); lines of the journal after each: ${kept.join(' ')}; results ${same ? 'the same' : 'DIFFER'}`,
  )
  if (!same) process.exitCode = 1
} finally {
  rmSync(work, { recursive: true, force: true })
}
