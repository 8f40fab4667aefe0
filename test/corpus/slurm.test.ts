import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COUNT_FORM } from '../../src/corpus/index.js'
import { heldReason, runArray } from '../../src/corpus/slurm/run.js'
import { toArrayScript, toRanges } from '../../src/corpus/slurm/script.js'
import { DOCUMENTS, FACTS, jsonl, temporaryFolder, write } from './helpers.js'

const CLI = 'dist/cli/bundle/main.js'
const hasSlurm = ['slurmctld', 'slurmd', 'munged', 'sbatch'].every(
  (name) => spawnSync('which', [name]).status === 0,
)
const isRoot = process.getuid?.() === 0

describe('the array script', () => {
  it('names ranges as sbatch does', () => {
    expect(toRanges([0, 1, 2, 5, 7, 8])).toBe('0-2,5,7-8')
    expect(toRanges([3])).toBe('3')
  })

  it('passes words with quotes and spaces on as they are', () => {
    const words = ["it's", 'a b', '$HOME', '*.jsonl']
    const script = toArrayScript({ command: ['printf', '%s|', ...words], shards: 4, retries: 0 })
    const path = write('count.sh', script)
    const out = execFileSync('bash', [path], { env: { ...process.env, SLURM_ARRAY_TASK_ID: '2' } }).toString()
    expect(out).toBe(`${words.join('|')}|--shard|2/4|--threads|1|`)
  })
})

describe('a job that the scheduler holds', () => {
  it('is told from one that waits, runs, or is held by its user', () => {
    const launch = 'PENDING launch failed requeued held'
    expect(heldReason(`${launch}\n`)).toBe('launch failed requeued held')
    expect(heldReason('PENDING JobHeldAdmin\nPENDING JobHeldAdmin\n')).toBe('JobHeldAdmin')
    for (const other of ['RUNNING None', 'PENDING Resources', 'PENDING JobHeldUser', 'PENDING BeginTime'])
      expect(heldReason(`${launch}\n${other}\n`)).toBeUndefined()
    expect(heldReason('')).toBeUndefined()
  })

  it('is cancelled and refused with the reason', async () => {
    const folder = temporaryFolder()
    const command = (name: string, script: string): void =>
      writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 })
    command('sbatch', `echo 77; while [ ! -e ${folder}/cancelled ]; do sleep .05; done; exit 1`)
    command('squeue', 'echo PENDING launch failed requeued held')
    command('scancel', `echo "$1" > ${folder}/cancelled`)
    const before = process.env.PATH
    process.env.PATH = `${folder}:${before}`
    try {
      const job = {
        name: 'n',
        command: ['true'],
        folder: `${folder}/`,
        logs: join(folder, 'logs'),
        shards: 2,
        cpusPerTask: 1,
        retries: 0,
        sbatch: [],
        resume: false,
        planned: { job: '', settings: {}, plan: '', files: 0, notes: [] },
        form: COUNT_FORM,
        signal: new AbortController().signal,
        note: () => {},
      }
      const held = 'job 77 was held by the scheduler (launch failed requeued held), and is cancelled'
      await expect(runArray(job as never, 50)).rejects.toMatchObject({
        code: 'corpus/scheduler-failed',
        message: held,
      })
      expect(readFileSync(join(folder, 'cancelled'), 'utf8')).toBe('77\n')
      // A task that was killed has left finished units.
      rmSync(join(folder, 'cancelled'))
      mkdirSync(join(folder, 'checkpoint-1'))
      await expect(runArray({ ...job, resume: true } as never, 50)).rejects.toMatchObject({
        message: `${held}; what is finished is kept, and --resume goes on from there`,
      })
    } finally {
      process.env.PATH = before
    }
  })
})

describe.skipIf(process.env.ASSAY_PEERS !== '1' || !hasSlurm || !isRoot || !existsSync(CLI))(
  'a real Slurm cluster (skipped without ASSAY_PEERS=1, which .ci/run sets, slurm-wlm and munge, root, and the built program)',
  () => {
    const folder = temporaryFolder()
    const corpus = join(folder, 'corpus')
    const facts = join(folder, 'facts.jsonl')
    const env = { ...process.env, SLURM_CONF: join(folder, 'slurm', 'slurm.conf') }
    const assay = (...args: string[]) =>
      spawnSync(process.execPath, [CLI, 'corpus', ...args], { env, encoding: 'utf8' })

    beforeAll(() => {
      mkdirSync(corpus)
      writeFileSync(facts, FACTS.map((f) => `${JSON.stringify({ id: f.fact_id, ...f })}\n`).join(''))
      for (let i = 0; i < 12; i++) write(`${i}.jsonl`, jsonl(DOCUMENTS.slice(i % 3)), corpus)
      execFileSync('bash', ['test/slurm/start.sh', join(folder, 'slurm')], { stdio: 'inherit' })
    }, 120_000)
    afterAll(() => {
      execFileSync('bash', ['test/slurm/stop.sh', join(folder, 'slurm')])
    })

    it('counts as one process does', () => {
      const here = join(folder, 'here.tsv')
      const there = join(folder, 'there.tsv')
      const plain = assay('count', '--facts', facts, corpus, '--out', join(folder, 'plain.tsv'))
      expect(plain.status).toBe(0)
      // With all that is told beside the sums.
      const told = ['--by', 'source', '--by', 'id', '--examples', '1', '--weights', 'all=2.5']
      const counted = ['count', '--facts', facts, `all=${corpus}`, ...told]
      const alone = assay(...counted, '--out', here, '--json')
      expect(alone.status).toBe(0)
      const run = assay(
        ...counted,
        '--out',
        there,
        '--engine',
        'slurm',
        '--shards',
        '5',
        '--threads',
        '1',
        '--json',
      )
      expect(run.stderr).toContain('5 shards')
      expect(run.status).toBe(0)
      const { groups, examples, weighted } = JSON.parse(alone.stdout)
      expect(JSON.parse(run.stdout)).toMatchObject({
        ...{ engine: 'slurm', skipped: [], shards: { total: 5 } },
        ...{ groups, examples, weighted },
      })
      expect(groups.length).toBeGreaterThan(2)
      expect(examples).toHaveLength(FACTS.length)
      expect(readFileSync(there, 'utf8')).toBe(readFileSync(here, 'utf8'))
      // The same parts, merged by hand, and nothing left to do on --resume.
      const merged = join(folder, 'merged.tsv')
      expect(
        assay('merge', '--facts', facts, `${there}.shards`, '--weights', 'all=2.5', '--out', merged).status,
      ).toBe(0)
      expect(readFileSync(merged, 'utf8')).toBe(readFileSync(here, 'utf8'))
      const again = assay(
        ...counted,
        '--out',
        there,
        '--engine',
        'slurm',
        '--shards',
        '5',
        '--threads',
        '1',
        '--resume',
      )
      expect(again.status).toBe(0)
      expect(again.stderr).not.toContain('Slurm job')
    }, 180_000)

    it('lets the scheduler start a failed task again', () => {
      const out = join(folder, 'flaky.tsv')
      const shards = `${out}.shards`
      // Shard 1's first attempt fails.
      const once = join(folder, 'once.sh')
      writeFileSync(
        once,
        `#!/bin/bash\nif [ "$SLURM_ARRAY_TASK_ID" = 1 ] && [ "\${SLURM_RESTART_COUNT:-0}" = 0 ]; then exit 4; fi\nexec ${process.execPath} "$@"\n`,
        { mode: 0o755 },
      )
      const run = assay(
        'count',
        '--facts',
        facts,
        corpus,
        '--out',
        out,
        '--engine',
        'slurm',
        '--shards',
        '3',
        '--threads',
        '1',
        '--worker',
        `${once} ${join(process.cwd(), CLI)}`,
      )
      expect(run.stderr).toContain('3 shards')
      expect(run.status).toBe(0)
      expect(readFileSync(out, 'utf8')).toBe(readFileSync(join(folder, 'plain.tsv'), 'utf8'))
      expect(readFileSync(join(shards, 'logs', 'shard-1.log'), 'utf8')).toContain('back to the queue')
    }, 240_000)

    it('profiles as one process does, though a task is killed between two files', () => {
      const texts = join(folder, 'texts')
      mkdirSync(texts)
      for (const name of readdirSync('texts/parallel')) {
        const text = readFileSync(join('texts/parallel', name), 'utf8').slice(0, 4000)
        write(name, `${text}\n\n${text.replace('. ', '; ')}\n\n${text}\n`, texts)
      }
      // The program, but shard 1 is killed once it has two finished files.
      const killed = write(
        'killed.mjs',
        `import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
let finished = 0
const rename = fs.renameSync
fs.renameSync = (from, to) => {
  rename(from, to)
  const isPart = String(to).includes('checkpoint-1') && String(to).endsWith('.part.json.gz')
  if (isPart && process.env.SLURM_RESTART_COUNT === undefined && ++finished === 2) process.kill(process.pid, 'SIGKILL')
}
syncBuiltinESMExports()
await import(${JSON.stringify(join(process.cwd(), CLI))})
`,
      )
      const profile = (program: string, ...more: string[]) => {
        const options = ['--sample-by', 'paragraph', '--target', 'german=texts/parallel/de.txt', '--json']
        return spawnSync(process.execPath, [program, 'corpus', 'profile', texts, ...options, ...more], {
          env,
          encoding: 'utf8',
        })
      }
      const told = (run: { readonly stdout: string }): object => {
        const { seconds: _, threads: __, provenance: ___, ...rest } = JSON.parse(run.stdout)
        return rest
      }
      const here = profile(CLI)
      expect(here.status).toBe(0)
      const parts = join(folder, 'profile-parts')
      const there = profile(killed, '--engine', 'slurm', '--parts', parts, '--shards', '3', '--threads', '1')
      expect(there.stderr).toContain('3 shards')
      expect(there.status).toBe(0)
      expect(readFileSync(join(parts, 'logs', 'shard-1.log'), 'utf8')).toContain(
        'ended with 137: back to the queue',
      )
      expect(told(there)).toEqual(told(here))
      expect(told(here)).toMatchObject({ duplicates: { near: { duplicates: expect.any(Number) } } })
    }, 240_000)

    it('names the shards that are missing when the scheduler gives up', () => {
      const out = join(folder, 'failing.tsv')
      const run = assay(
        'count',
        '--facts',
        facts,
        corpus,
        '--out',
        out,
        '--engine',
        'slurm',
        '--shards',
        '2',
        '--threads',
        '1',
        '--retries',
        '0',
        '--worker',
        'false',
      )
      expect(run.status).toBe(4)
      expect(run.stderr).toContain('corpus/scheduler-failed')
      expect(run.stderr).toContain('0-1')
      expect(readdirSync(join(`${out}.shards`, 'logs'))).toContain('shard-0.log')
    }, 120_000)
  },
)
