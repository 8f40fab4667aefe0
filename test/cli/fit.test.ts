import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { callCli, scratch } from './run-cli.js'

const EXAMPLE = 'examples/fit/runs.csv'
const folder = scratch()
const FAST = ['--resamples', '100']

/** A table as a user has it, in a folder of its own. */
function table(name: string, lines: readonly string[]): string {
  const path = join(folder, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

/** Runs of Hoffmann et al.'s law on a grid, as rows of cells. */
const RUNS = [1e8, 2e8, 4e8, 8e8].flatMap((n) =>
  [10, 20, 80].map((ratio, i) => ({
    params: n,
    tokens: n * ratio,
    loss: (1.69 + 406.4 * n ** -0.34 + 410.7 * (n * ratio) ** -0.28) * (1 + 0.003 * (i - 1)),
  })),
)

describe('assay fit', () => {
  it('writes the JSON that its schema describes, and every kind of file', async () => {
    const files = ['html', 'md', 'svg'].map((kind) => join(folder, `fit.${kind}`))
    const { code, stdout, stderr } = await callCli([
      'fit',
      'chinchilla',
      EXAMPLE,
      '--at',
      'params=7e9,tokens=2e12',
      '--budget',
      '1e23',
      '--json',
      ...FAST,
      ...files.flatMap((f) => ['-o', f]),
    ])
    expect(stderr).toBe(`Wrote ${files.join(', ')}\n`)
    expect(code).toBe(0)
    const json = JSON.parse(stdout)
    const schema = z.fromJSONSchema(JSON.parse(readFileSync('schema/fit.schema.json', 'utf8')))
    expect(schema.safeParse(json).error).toBeUndefined()
    expect(json).toMatchObject({
      schema: 'assay/fit@1',
      form: 'chinchilla',
      inputs: [{ path: EXAMPLE }],
      converged: true,
      rows: 16,
    })
    expect(json.parameters.map((p: { name: string }) => p.name)).toEqual([
      'logA',
      'alpha',
      'logB',
      'beta',
      'logE',
    ])
    // The table was made with these parameters (its first line says so): 95 % intervals of a clean design hold them.
    const truth = [Math.log(406.4), 0.34, Math.log(410.7), 0.28, Math.log(1.69)]
    json.parameters.forEach((p: { low: number; high: number }, i: number) => {
      expect(p.low).toBeLessThan(truth[i])
      expect(p.high).toBeGreaterThan(truth[i])
    })
    expect(json.at.low).toBeLessThan(1.69 + 406.4 * 7e9 ** -0.34 + 410.7 * 2e12 ** -0.28)
    expect(json.at.high).toBeGreaterThan(1.69 + 406.4 * 7e9 ** -0.34 + 410.7 * 2e12 ** -0.28)
    expect(6 * json.optimum.params.value * json.optimum.tokens.value).toBeCloseTo(1e23, -18)
    expect(readFileSync(files[0], 'utf8')).toContain('<svg')
    expect(readFileSync(files[1], 'utf8')).toContain('| parameter |')
    expect(readFileSync(files[2], 'utf8')).toContain('<svg xmlns')
  }, 60_000)

  it('lists every form with its equation in its help, and for a name that is none, with the nearest', async () => {
    const help = await callCli(['fit', '--help'])
    const wrong = await callCli(['fit', 'chinchila', EXAMPLE])
    for (const text of [help.stdout, wrong.stderr])
      for (const line of [
        'L = E + A·N^(−alpha) + B·D^(−beta)',
        'D(sigma) = D_min + (beta/sigma)^alpha',
        'transfer',
      ])
        expect(text).toContain(line)
    expect(wrong.stderr).toContain('did you mean "chinchilla"?')
    expect(wrong.code).toBe(3)
  })

  it.each([
    [
      'a negative loss',
      ['params,tokens,loss', '1e8,2e9,3.1', '2e8,4e9,-2.1'],
      [],
      /:3, field "loss": found "-2.1"/,
    ],
    ['sizes with units', ['params,tokens,loss', '100MB,2e9,3.1'], [], /:2, field "params": found "100MB"/],
    [
      'a column that its factor makes infinite',
      ['params,tokens,loss', '1e8,2e9,3.1'],
      ['--columns', 'tokens=tokens/0'],
      /:2, field "tokens": found "2e9"/,
    ],
    ['a loss that is no number', ['params,tokens,loss', '1e8,2e9,NaN'], [], /:2, field "loss": found "NaN"/],
    [
      'a column that is not there',
      ['size,tokens,loss', '1e8,2e9,3'],
      [],
      /missing "params"; the table has "size"/,
    ],
    [
      'a place of another form',
      ['params,tokens,loss', '1e8,2e9,3'],
      ['--at', 'flops=1e20'],
      /found "flops", expected params, tokens/,
    ],
    [
      'half a place',
      ['params,tokens,loss', '1e8,2e9,3'],
      ['--at', 'params=1e9'],
      /chinchilla depends on tokens too/,
    ],
    [
      'a budget that is none',
      ['params,tokens,loss', '1e8,2e9,3'],
      ['--budget', '-1'],
      /found -1, expected FLOPs above 0/,
    ],
  ])('refuses %s where it stands (exit 3)', async (name, lines, options, message) => {
    const { code, stderr } = await callCli(['fit', 'chinchilla', table(`${name}.csv`, lines), ...options])
    expect(stderr).toMatch(message)
    expect(code).toBe(3)
  })

  it.each([
    ['fit', ['chinchilla', EXAMPLE]],
    ['salience', ['--losses', 'ladder/span-losses.parquet', '--scores', 'ladder/evaluations.csv']],
  ])('refuses a level of %s that is no share', async (name, rest) => {
    for (const level of ['0', '1', '2']) {
      const { code, stdout } = await callCli([name, ...rest, '--level', level, '--json'])
      expect(code).toBe(3)
      expect(JSON.parse(stdout).error).toMatchObject({
        code: 'cli/bad-option',
        message: expect.stringMatching(`--level.*found "${level}", expected a share between 0 and 1`),
      })
    }
  })

  it('refuses accuracies in percent, and takes them divided', async () => {
    const path = table('percent.csv', [
      'params,tokens,acc',
      ...RUNS.map((r) => `${r.params},${r.tokens},${100 * Math.exp(-6 * (r.params * r.tokens) ** -0.03)}`),
    ])
    const refused = await callCli(['fit', 'direct', path])
    expect(refused.stderr).toMatch(/field "acc": found "[0-9.]+", expected a share from 0 to 1/)
    expect(refused.code).toBe(3)
    const taken = await callCli(['fit', 'direct', path, '--columns', 'accuracy=acc/100', '--json', ...FAST])
    expect(taken.code).toBe(0)
    const [logA, alpha] = JSON.parse(taken.stdout).parameters
    // −ln Q = 6·(C/6)^(−.03), FLOPs being 6·N·D where the table has none.
    expect(alpha.value).toBeCloseTo(0.03, 6)
    expect(logA.value).toBeCloseTo(Math.log(6) + 0.03 * Math.log(6), 5)
  })

  it('reads JSONL, TSV and columns of other names and units alike', async () => {
    const jsonl = table(
      'runs.jsonl',
      RUNS.map((r) => JSON.stringify(r)),
    )
    const tsv = table('runs.tsv', [
      'size_M\tbillions\tval',
      ...RUNS.map((r) => `${r.params / 1e6}\t${r.tokens / 1e9}\t${r.loss}`),
    ])
    const columns = ['--columns', 'params=size_M*1e6,tokens=billions*1e9,loss=val']
    const [a, b] = await Promise.all(
      [[jsonl], [tsv, ...columns]].map((rest) =>
        callCli(['fit', 'chinchilla', ...rest, '--at', 'params=7e9,tokens=2e11', '--json', ...FAST]),
      ),
    )
    const [one, two] = [JSON.parse(a.stdout), JSON.parse(b.stdout)]
    expect(two.at.value).toBeCloseTo(one.at.value, 6)
    expect(one.at.kind).toBe('estimate')
  })

  it('takes rows of one benchmark, refuses a mixture, and counts a loss that stands in many rows once', async () => {
    const path = table('tidy.csv', [
      'model,params,tokens,benchmark,value,loss',
      ...RUNS.flatMap((r, i) =>
        ['a', 'b'].map((name) => `m${i},${r.params},${r.tokens},${name},${0.3 + 0.02 * i},${r.loss}`),
      ),
    ])
    const loss = await callCli(['fit', 'chinchilla', path, '--json', ...FAST])
    expect(JSON.parse(loss.stdout)).toMatchObject({
      rows: 12,
      notes: ['12 rows say of a run what another row says, and count once'],
    })
    const mixed = await callCli(['fit', 'direct', path])
    expect(mixed.stderr).toContain('--where benchmark=a')
    expect(mixed.code).toBe(3)
    const one = await callCli(['fit', 'direct', path, '--where', 'benchmark=a', '--json', ...FAST])
    expect(JSON.parse(one.stdout).rows).toBe(12)
  })

  it.each([
    ['one row', RUNS.slice(0, 1), '1 row for 5 parameters'],
    ['a constant column', RUNS.map((r) => ({ ...r, params: 1e8 })), 'params is the same in every row'],
    ['a constant loss', RUNS.map((r) => ({ ...r, loss: 3 })), 'loss is the same in every row'],
  ])('of %s says that nothing can be told (exit 2)', async (name, rows, reason) => {
    const path = table(
      `${name}.jsonl`,
      rows.map((r) => JSON.stringify(r)),
    )
    const { code, stdout } = await callCli([
      'fit',
      'chinchilla',
      path,
      '--at',
      'params=7e9,tokens=2e12',
      '--budget',
      '1e22',
      '--json',
      ...FAST,
    ])
    const json = JSON.parse(stdout)
    expect(json.at.reason).toContain(reason)
    expect(json.optimum.params.kind).toBe('notEstimable')
    expect(code).toBe(2)
  })
})
