import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callCli, MAIN, ROOT, scratch } from '../cli/run-cli.js'

const EVALS = 'examples/forecast/evals.csv'

describe('numbers that no run can have', () => {
  it.each([
    [
      'resamples without end',
      ['forecast', EVALS, '--flops', '1e23', '--resamples', '1e12'],
      /found 1000000000000, expected 100 to 100000/,
    ],
    ['resamples without end', ['fit', 'loss-power', EVALS, '--resamples', '1e12'], /expected 100 to 100000/],
    [
      'compute past every number',
      ['forecast', EVALS, '--params', '1e300', '--tokens', '1e300'],
      /beyond what can be counted/,
    ],
    [
      'compute of nothing',
      ['forecast', EVALS, '--params', '1e-300', '--tokens', '1e-300'],
      /beyond what can be counted/,
    ],
    [
      'a seed above 2^53',
      ['forecast', EVALS, '--flops', '1e23', '--seed', '18014398509481984'],
      /at most 9007199254740991/,
    ],
  ])(
    '%s: %j is refused at once (exit 3)',
    async (_, args, message) => {
      const { code, stdout, stderr } = await callCli(args)
      expect(stderr).toMatch(message)
      expect(stdout).toBe('')
      expect(code).toBe(3)
    },
    30_000,
  )
})

describe.runIf(existsSync('/dev/full'))(
  'standard output on a full disk (where the system has /dev/full)',
  () => {
    it.each([[[]], [['--json']]])(
      '%j is no NO-GO (exit 3), and shows no stack',
      (more) => {
        const command = [process.execPath, MAIN, 'curve', 'ladder/runs/1.6M-r10/trainer_state.json', ...more]
        const { status, stderr } = spawnSync('sh', ['-c', '"$@" >/dev/full', 'sh', ...command], {
          cwd: ROOT,
          encoding: 'utf8',
        })
        expect(stderr).toMatch(/cli\/cannot-print[\s\S]*no space left/)
        expect(stderr).not.toMatch(/^ +at .*\.js:/m)
        expect(status).toBe(3)
      },
      30_000,
    )
  },
)

describe('usage errors with --json', () => {
  it.each([
    [['forecast', EVALS, '--flops', 'many', '--json'], 'assay/forecast@1', /found "many", expected a number/],
    [['corpus', 'count', 'x', '--json'], 'assay/corpus-count@1', /--facts/],
    [['curve', '--nosuch', '--json'], 'assay/curve@1', /--nosuch/],
    [['nosuch', '--json'], 'assay/assay@1', /unknown command/],
  ])('%j end in the JSON document of an error (exit 3)', async (args, schema, message) => {
    const { code, stdout, stderr } = await callCli(args)
    expect(JSON.parse(stdout)).toMatchObject({
      schema,
      findings: [],
      error: { code: 'cli/bad-option', message: expect.stringMatching(message), fix: expect.any(String) },
    })
    expect(stderr).toMatch(message)
    expect(code).toBe(3)
  })
})

describe('a column called __proto__', () => {
  it.each([
    ['forecast', EVALS, '--flops', '1e23'],
    ['curve', 'ladder/runs/1.6M-r10/trainer_state.json'],
    ['corpus', 'count', '--facts', 'facts/real.jsonl', 'texts/README.md'],
  ])('is refused by %s', async (...args) => {
    const { code, stderr } = await callCli([...args, '--columns', '__proto__=x'])
    expect(stderr).toContain('found "__proto__"')
    expect(code).toBe(3)
  })
})

describe('a table of --contamination that tells of nothing that is to be measured', () => {
  it.each([
    ['loss', ['texts/README.md'], 'texts (as texts/README.md)'],
    ['choices', ['--task', 'agreement'], 'agreement (as '],
    ['knowledge', ['--facts', 'facts/real.jsonl'], '(as '],
  ])(
    'is refused by %s before the model is opened, with the names of both sides',
    async (command, args, measured) => {
      const table = join(scratch(), 'clean.csv')
      writeFileSync(table, 'item_id,task,clean\nq1,arc,true\n')
      const { code, stderr } = await callCli([command, 'nowhere.gguf', ...args, '--contamination', table])
      expect(stderr).toContain('items/not-looked-up')
      expect(stderr).toContain(
        `the table tells of 1 item of arc (as q1); what is measured is called ${measured}`,
      )
      expect(code).toBe(3)
    },
  )
})

describe('a name that --columns does not know', () => {
  it.each([
    [['curve', 'ladder/runs/1.6M-r10/trainer_state.json'], 'step'],
    [['corpus', 'count', '--facts', 'facts/real.jsonl', 'texts/README.md'], 'subject'],
    [['bound', '--counts', 'c.tsv', '--answers', 'a.tsv'], 'n_so'],
    [['compare', 'a.csv', 'b.csv'], 'item'],
    [['loss', 'm.gguf', 't.txt'], 'text'],
  ])('is refused by %s, with those that it does', async (args, known) => {
    const { code, stderr } = await callCli([...args, '--columns', 'zzz=x'])
    expect([code, stderr.includes('found "zzz"'), stderr.includes(known)]).toEqual([3, true, true])
  })
})

it('a quoted glob stands for what it matches; one that matches nothing is refused, and so is an output that cannot be', async () => {
  const curve = await callCli(['curve', 'ladder/runs/233k-r[12]/training.csv', '--json'])
  expect([curve.code, JSON.parse(curve.stdout).inputs.length]).toEqual([0, 2])
  for (const [code, ...args] of [
    ['logs/unreadable', 'curve', 'no/*.csv'],
    ['items/unreadable', 'compare', 'no/*.csv'],
    ['table/unreadable', 'bound', '--counts', 'ladder/counts/planted.parquet', '--answers', 'no/*.csv'],
  ] as const) {
    const ended = await callCli(args)
    expect(ended.stderr).toMatch(
      new RegExp(`${code}[\\s\\S]*at no/\\*\\.csv: nothing matches "no/\\*\\.csv"\\n  fix: `),
    )
    expect(ended.code).toBe(3)
  }
  const { code, stderr } = await callCli([
    'bound',
    '--counts',
    'c',
    '--answers',
    'a',
    '--list',
    '/proc/x.tsv',
  ])
  const several = await callCli(['bound', '--counts', 'ladder/counts/*.parquet', '--answers', 'a'])
  expect(several.stderr).toContain('at ladder/counts/*.parquet: one path is to be named here, and 2 match')
  expect([code, stderr.includes('at /proc: no file can be made there')]).toEqual([3, existsSync('/proc')])
})

it('no command writes over what it reads', async () => {
  const folder = scratch()
  const path = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const facts = path('f.tsv', 'subject\trelation\tobject\nRome\tcapital\tItaly\n')
  const log = path('log.txt', 'step 1 loss 3\n')
  symlinkSync(log, join(folder, 'other.txt'))
  for (const args of [
    ['corpus', 'count', '--facts', facts, log, '--out', facts],
    ['corpus', 'profile', `web=${log}`, '-o', log],
    ['curve', join(folder, 'other.txt'), '-o', log],
  ]) {
    const { code, stderr } = await callCli(args)
    expect([code, stderr.includes('which is read, too')], args.join(' ')).toEqual([3, true])
  }
  expect(readFileSync(facts, 'utf8')).toContain('Rome')
  // What is there and is not read is written anew.
  const table = path('table.tsv', '')
  expect((await callCli(['corpus', 'count', '--facts', facts, log, '--out', table])).code).toBe(0)
})
