import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callCli, scratch } from './run-cli.js'

const EXAMPLE = 'examples/forecast/evals.csv'
const AT = ['--params', '7e9', '--tokens', '4e11', '--resamples', '100']

describe('assay forecast', () => {
  it('writes the JSON that scripts rely on, and every kind of file', async () => {
    const folder = scratch()
    const files = ['html', 'md', 'svg'].map((kind) => join(folder, `f.${kind}`))
    const ended = await callCli([
      'forecast',
      EXAMPLE,
      ...AT,
      '--json',
      '--aggregate',
      'both=story_completion,science_qa',
      ...files.flatMap((f) => ['-o', f]),
    ])
    expect(ended.stderr).toBe(`Wrote ${files.join(', ')}\n`)
    expect(ended.code).toBe(0)
    const json = JSON.parse(ended.stdout)
    expect(json.schema).toBe('assay/forecast@1')
    expect(json.inputs[0]).toMatchObject({ path: EXAMPLE, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(json.predictions.map((p: { benchmark: string }) => p.benchmark).sort()).toEqual([
      'both',
      'next_word',
      'science_qa',
      'story_completion',
    ])
    for (const p of json.predictions) {
      expect(p).toMatchObject({
        metric: expect.any(String),
        params: 7e9,
        tokens: 4e11,
        flops: 6 * 7e9 * 4e11,
        form: 'average',
        chanceNormalised: true,
      })
      expect(p.accuracy).toMatchObject({ kind: 'estimate', level: 0.8, unit: 'accuracy' })
      expect(p.accuracy.low).toBeLessThan(p.accuracy.value)
      expect(p.accuracy.high).toBeGreaterThan(p.accuracy.value)
      expect(Object.keys(p.backtest)).toEqual(
        expect.arrayContaining(['mae', 'mre', 'baselineMae', 'coverage']),
      )
    }
    expect(json.forms[0]).toMatchObject({
      benchmark: expect.any(String),
      form: 'direct',
      parameters: { logA: expect.any(Number), alpha: expect.any(Number) },
      converged: true,
      backtestMae: expect.any(Number),
    })
    expect(readFileSync(files[0], 'utf8')).toContain('<svg')
    expect(readFileSync(files[1], 'utf8')).toContain('| benchmark |')
    expect(readFileSync(files[2], 'utf8')).toContain('<svg xmlns')
  }, 120_000)

  it('ends 2 when every benchmark abstains', async () => {
    const path = join(scratch(), 'two.csv')
    writeFileSync(path, 'model,params,tokens,benchmark,value\na,1e8,2e9,piqa,.6\nb,2e8,4e9,piqa,.62\n')
    const ended = await callCli(['forecast', path, ...AT, '--json'])
    expect(ended.code).toBe(2)
    const json = JSON.parse(ended.stdout)
    expect(json.predictions).toEqual([])
    expect(json.abstentions).toEqual([
      { benchmark: 'piqa', reason: expect.stringContaining('2 usable points of 2') },
    ])
  }, 60_000)

  it('back-tests and inverts without a target run', async () => {
    const ended = await callCli([
      'forecast',
      EXAMPLE,
      '--backtest',
      '--target',
      '0.55',
      '--resamples',
      '100',
      '--json',
      '--benchmarks',
      'next_word',
    ])
    expect(ended.code).toBe(0)
    const json = JSON.parse(ended.stdout)
    expect(json.predictions).toEqual([])
    expect(json.backtests[0]).toMatchObject({
      benchmark: 'next_word',
      fold: 1,
      baseline: expect.any(Number),
      average: expect.any(Number),
    })
    expect(json.inversions[0].flops).toMatchObject({ kind: 'estimate', unit: 'FLOPs' })
  }, 120_000)

  it.each([
    ['no run to forecast', ['forecast', EXAMPLE], 'nothing tells which run to forecast'],
    [
      'a benchmark that is not there',
      ['forecast', EXAMPLE, ...AT, '--benchmarks', 'nope'],
      'found "nope", expected one of',
    ],
    [
      'a field that --columns does not know',
      ['forecast', EXAMPLE, ...AT, '--columns', 'parms=N'],
      'found "parms", expected "params", or another of model, ',
    ],
    [
      'a column that no table has',
      ['forecast', EXAMPLE, ...AT, '--columns', 'params=parms*1e9'],
      'found "parms", expected "params", or another of model, params, tokens',
    ],
    ['a file that is not there', ['forecast', 'nowhere.csv', ...AT], 'nowhere.csv'],
    [
      'an impossible accuracy',
      ['forecast', EXAMPLE, '--target', '70'],
      'found "70", expected a share between 0 and 1; 70 points are 0.7',
    ],
    [
      'a negative size',
      ['forecast', EXAMPLE, '--params=-1', '--tokens', '1e9'],
      'found -1, expected a number above 0',
    ],
  ])(
    'refuses %s with exit 3 and no stack',
    async (_what, args, message) => {
      const ended = await callCli(args)
      expect(ended.code).toBe(3)
      expect(ended.stderr).toContain(message)
      expect(ended.stderr).not.toMatch(/\n\s+at .*\.js:\d+/)
    },
    60_000,
  )

  it('with --k speaks of a benchmark once: no refusal as an accuracy beside a plan of its pass@k', async () => {
    // Five runs whose pass@1 is near chance in three, pass@64 in none: −ln Q = e^1.93·k^−.4 at the smallest.
    const u = [1.928, 1.672, 1.251, 1.033, 0.657]
    const path = join(scratch(), 'pass.csv')
    const lines = u.flatMap((level, i) =>
      [1, 4, 16, 64].map((k) => {
        const params = 1e8 * 10 ** (0.4 * i)
        return `m${i},${params},${20 * params},gsm,pass@${k},${Math.exp(-Math.exp(level - 0.4 * Math.log(k))).toFixed(5)},${k}`
      }),
    )
    writeFileSync(path, `${['model,params,tokens,benchmark,metric,value,k', ...lines].join('\n')}\n`)
    const at = ['forecast', path, '--params', '1e10', '--tokens', '2e11', '--k', '16']
    const [json, text] = await Promise.all([callCli([...at, '--json']), callCli(at)])
    const { predictions, abstentions, findings } = JSON.parse(json.stdout)
    expect(json.code).toBe(0)
    expect(abstentions).toEqual([])
    expect(predictions.map((p: { k: number }) => p.k)).toEqual([1, 16])
    expect(predictions[0].accuracy.value).toBeLessThan(predictions[1].accuracy.value)
    expect(findings.map((f: { code: string }) => f.code)).toEqual(['downstream-forecast/sampling'])
    expect(text.stdout).not.toContain('Nothing can be forecast')
    expect(text.stdout).toContain('gsm: pass@16 of')
    // Four runs: both parts abstain, and say so alike.
    writeFileSync(
      path,
      `${['model,params,tokens,benchmark,metric,value,k', ...lines.slice(0, 16)].join('\n')}\n`,
    )
    const few = await callCli([...at, '--json'])
    expect(few.code).toBe(2)
    expect(JSON.parse(few.stdout).abstentions.map((a: { benchmark: string }) => a.benchmark)).toEqual([
      'gsm',
      'gsm',
    ])
  }, 60_000)

  it('counts the target’s compute as the table does, and names rows that count otherwise', async () => {
    const folder = scratch()
    const law = (c: number): number => 0.25 + 0.75 * Math.exp(-600 * c ** -0.15)
    // A mixture of experts: 1.5·N·D FLOPs, a quarter of the parameters being active.
    const lines = [2e8, 4e8, 8e8, 1.6e9, 3.2e9].flatMap((n) =>
      [20, 60].map((ratio) => {
        const flops = 1.5 * n * ratio * n
        return `m${n}-${ratio},${n},${ratio * n},${flops},task,acc,${law(flops)},0.25`
      }),
    )
    const header = 'model,params,tokens,flops,benchmark,metric,value,chance'
    const table = (name: string, rows: readonly string[]): string => {
      const path = join(folder, name)
      writeFileSync(path, `${[header, ...rows].join('\n')}\n`)
      return path
    }
    const at = ['--params', '1e10', '--tokens', '5e11', '--resamples', '100', '--json']
    const own = await callCli(['forecast', table('experts.csv', lines), ...at])
    expect(JSON.parse(own.stdout).predictions[0].flops).toBeCloseTo(1.5 * 1e10 * 5e11, -15)
    const active = await callCli(['forecast', table('experts.csv', lines), ...at, '--active-params', '2.4e9'])
    expect(JSON.parse(active.stdout).predictions[0].flops).toBeCloseTo(6 * 2.4e9 * 5e11, -15)
    const dense = await callCli(['forecast', table('experts.csv', lines), ...at, '--flops', '3e22'])
    expect(dense.stderr).toContain('the target has 6.0·N·D FLOPs, the runs of the table 1.5·N·D')
    expect(dense.code).toBe(3)
    const mixed = await callCli([
      'forecast',
      table('mixed.csv', [...lines, 'dense,1e9,2e10,1.2e20,task,acc,0.4,0.25']),
      ...at,
    ])
    expect(mixed.stderr).toMatch(/1 row another factor: dense at .*mixed\.csv:12: 6\.0·N·D/)
    expect(mixed.code).toBe(3)
    // The same runs told by a column of active parameters, a quarter of N: the same numbers; a dense run among them is named.
    const told = lines.map((line) => {
      const [model, n, d, , ...rest] = line.split(',')
      return [model, n, d, Number(n) / 4, ...rest].join(',')
    })
    const byColumn = (name: string, rows: readonly string[]): string => {
      const path = join(folder, name)
      writeFileSync(path, `${[header.replace('flops', 'active_params'), ...rows].join('\n')}\n`)
      return path
    }
    const column = await callCli(['forecast', byColumn('active.csv', told), ...at])
    expect(JSON.parse(column.stdout).predictions[0].accuracy).toEqual(
      JSON.parse(own.stdout).predictions[0].accuracy,
    )
    const dense2 = await callCli([
      'forecast',
      byColumn('blank.csv', [...told, 'dense,1e9,2e10,,task,acc,0.4,0.25']),
      ...at,
    ])
    expect(dense2.stderr).toMatch(/1 row another factor: dense at .*blank\.csv:12: 6\.0·N·D/)
    // A mixture of experts is no run of a dense table's law in N and D.
    const experts = await callCli([
      'forecast',
      byColumn(
        'dense.csv',
        lines.map((line) => line.replace(/,[^,]*,task/, ',,task')),
      ),
      ...at,
      '--active-params',
      '2e9',
    ])
    expect(experts.stderr).toContain('the target has 1.2·N·D FLOPs, the runs of the table 6.0·N·D')
  }, 60_000)
})
