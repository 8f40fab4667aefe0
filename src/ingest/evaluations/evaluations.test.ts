import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readEvaluations } from './index.js'
import { parseQuantity } from './row.js'

const DATA = join(process.env.ASSAY_DATA ?? '../shared/data', 'results')
const PUBLISHED = join(import.meta.dirname, '../../../test/papers/data')

function file(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'assay-evals-')), name)
  writeFileSync(path, text)
  return path
}

describe('tidy tables', () => {
  it('read quoted cells, suffixes and foreign columns', async () => {
    const path = file('a.csv', 'run,N,toks,task,score\n"a, ""b""",1.4B,300e9,piqa,0.7\r\n')
    const { rows } = await readEvaluations([path], { columns: { params: 'N', tokens: 'toks' } })
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      model: 'a, "b"',
      params: 1.4e9,
      tokens: 300e9,
      benchmark: 'piqa',
      value: 0.7,
      metric: 'acc',
      source: `${path}:2`,
    })
  })

  it('drop NaN, N/A and empty values with their line, and keep the rest', async () => {
    const path = file(
      'a.csv',
      'model,params,tokens,benchmark,value\na,1e8,2e9,piqa,NaN\nb,1e8,2e9,piqa,N/A\nc,1e8,2e9,piqa,\nd,1e8,2e9,piqa,.6\n',
    )
    const { rows, dropped } = await readEvaluations([path])
    expect(rows.map((r) => r.model)).toEqual(['d'])
    expect(dropped.map((d) => d.source)).toEqual([2, 3, 4].map((line) => `${path}:${line}`))
    expect(dropped[0].reason).toContain('"NaN"')
  })

  it('drop rows whose size cannot be, and say what was found', async () => {
    const path = file(
      'a.csv',
      'model,params,tokens,benchmark,value\na,-5,2e9,piqa,.6\nb,huge,2e9,piqa,.6\nc,,2e9,piqa,.6\n',
    )
    const { rows, dropped } = await readEvaluations([path])
    expect(rows.map((r) => [r.model, r.params])).toEqual([['c', null]])
    expect(dropped.map((d) => d.reason)).toEqual([
      'params is "-5", expected a number ≥ 0',
      'params is "huge", expected a number ≥ 0',
    ])
  })

  it('drop a metric where lower is better when the table says so', async () => {
    const path = file(
      'a.jsonl',
      '{"model":"a","benchmark":"x","value":0.4,"higher_is_better":"false"}\n{"model":"a","benchmark":"y","value":0.4}\n',
    )
    expect((await readEvaluations([path])).rows.map((r) => r.benchmark)).toEqual(['y'])
  })

  it('turn a loss in bits into nats', async () => {
    const path = file('a.csv', 'model,benchmark,value,loss_bits\na,piqa,.6,2\n')
    expect((await readEvaluations([path])).rows[0].loss).toBeCloseTo(2 * Math.LN2, 12)
  })

  it('join tables of runs by the last part of the name; tokens of a finished run are not its checkpoints’', async () => {
    const evals = file(
      'e.csv',
      'model,checkpoint,benchmark,value\norg/M,step10,piqa,.6\norg/M,final,piqa,.7\norg/O,step9,piqa,.7\n',
    )
    const runs = file('r.csv', 'model,params,tokens\nm,1e9,2e10\no,2e9,4e10\n')
    const { rows } = await readEvaluations([evals, runs])
    expect(rows.map((r) => [r.params, r.tokens])).toEqual([
      [1e9, null],
      [1e9, 2e10],
      [2e9, 4e10],
    ])
  })

  it('count active parameters, of runs in another table too: blanks are dense, odd FLOPs are left out', async () => {
    const evals = file(
      'e.csv',
      'model,tokens,benchmark,value\nmoe,2e11,piqa,.6\ndense,2e11,piqa,.7\nodd,2e11,piqa,.7\n',
    )
    const runs = file(
      'r.csv',
      'model,params,Active Params (B),flops\nmoe,47e9,13,\ndense,7e9,,\nodd,47e9,13,5.64e22\n',
    )
    const { rows, dropped } = await readEvaluations([evals, runs])
    // 6·13e9·2e11 and 6·7e9·2e11; the third has 6·47e9·2e11, 47/13 times as much as its active parameters make.
    expect(rows.map((r) => [r.model, r.params, r.flops])).toEqual([
      ['moe', 47e9, 1.56e22],
      ['dense', 7e9, 8.4e21],
    ])
    expect(dropped).toEqual([
      { source: `${evals}:4`, reason: expect.stringMatching(/^its FLOPs are 22 times active parameters/) },
    ])
  })

  it('read per-problem samples, refusing what cannot be', async () => {
    const path = file(
      'p.csv',
      'model,flops,benchmark,problem,num_samples,num_correct\na,1e20,he,1,10,3\na,1e20,he,2,10,11\n',
    )
    const { problems, dropped } = await readEvaluations([path])
    expect(problems).toHaveLength(1)
    expect(problems?.[0]).toMatchObject({ n: 10, c: 3, benchmark: 'he' })
    expect(dropped[0].source).toBe(`${path}:3`)
  })

  it('names the column that may hold what is missing', async () => {
    const path = file('de.csv', 'Modell;params;tokens;benchmark;value\na;1e9;2e10;piqa;0,7\n')
    await expect(readEvaluations([path])).rejects.toThrow(/--columns model=Modell/)
    const other = file('v.csv', 'model,benchmark,Score_of_5\na,piqa,0.7\n')
    await expect(readEvaluations([other])).rejects.toThrow(/--columns value=Score_of_5/)
  })

  it.each([
    ['no rows', 'model,benchmark,value\n', 'evaluations/no-rows'],
    ['no model column', 'a,b\n1,2\n', 'evaluations/missing-column'],
    ['no value column', 'model,benchmark\na,b\n', 'evaluations/missing-column'],
    ['ragged rows', 'model,benchmark,value\na,b\n', 'evaluations/malformed'],
    ['only bad values', 'model,benchmark,value\na,b,N/A\n', 'evaluations/no-rows'],
    ['broken JSON lines', '{"model": "a"\n{"model": }\n', 'evaluations/malformed'],
    [
      'a list that is cut off',
      '[{"model": "a", "benchmark": "b", "value": 0.5}, {"model": "c", "bench',
      'evaluations/malformed',
    ],
    ['prose', 'hello world', 'evaluations/unknown-format'],
  ])('refuse %s', async (_what, text, code) => {
    const path = file(text.startsWith('{') ? 'bad.jsonl' : 'bad.csv', text)
    await expect(readEvaluations([path])).rejects.toMatchObject({ code })
  })
})

describe.skipIf(!existsSync(DATA))('published result files (skipped when ../shared/data is absent)', () => {
  it('lm-evaluation-harness 0.3 and 0.4', async () => {
    const old = (await readEvaluations([join(DATA, 'lm_eval_v0.3_pythia/opt-125m.json')])).rows
    // The file's own lines: "lambada_openai": {"acc": 0.3790025228022511}.
    expect(old.find((r) => r.benchmark === 'lambada_openai' && r.metric === 'acc')).toMatchObject({
      model: 'facebook/opt-125m',
      value: 0.3790025228022511,
    })
    const { rows: now } = await readEvaluations([
      join(DATA, 'lm_eval_v0.4_real_eee/results_2026-01-21T03-44-18.458309.json'),
    ])
    expect(now.find((r) => r.benchmark === 'math_rephrased_full')).toMatchObject({
      metric: 'exact_match',
      value: 0.0004,
      n_items: 5000,
      params: 93069280,
    })
    const dummy = (await readEvaluations([join(DATA, 'lm_eval_v0.4.13_dummy')])).rows
    expect(dummy.filter((r) => r.benchmark === 'toy_mc').map((r) => r.metric)).toEqual([
      'acc',
      'acc_norm',
      'acc_bytes',
    ])
  })

  it('HELM: exact match of ten instances', async () => {
    const { rows } = await readEvaluations([join(DATA, 'helm/stats.json')])
    expect(rows.find((r) => r.metric === 'exact_match')).toMatchObject({
      model: 'eleutherai/pythia-1b-v0',
      benchmark: 'hellaswag',
      value: 0.3,
      n_items: 10,
    })
  })

  it('OLMo ladder: the last row of a run, with parameters from the config', async () => {
    const path = join(DATA, 'olmo_ladder/190M-1xC.csv')
    const lines = readFileSync(path, 'utf8').trim().split('\n')
    const column = lines[0].split(',').indexOf('eval/downstream/hellaswag_val_rc_5shot_len_norm')
    const { rows } = await readEvaluations([path, join(DATA, 'olmo_ladder/final.json')])
    const hellaswag = rows.find((r) => r.checkpoint === 'final' && r.benchmark === 'hellaswag')
    // scaling/olmo-ladder/tidy.csv has this run with 190354176 parameters, 3812622336 tokens and 7.2569e18 FLOPs.
    expect(hellaswag).toMatchObject({
      model: '190M-1xC',
      params: 190354176,
      tokens: 3812622336,
      metric: 'acc_len_norm',
    })
    expect((hellaswag?.flops ?? 0) / 7.256911925269758e18).toBeCloseTo(1, 9)
    expect(hellaswag?.value).toBe(Number(lines.at(-1)?.split(',')[column]))
  })

  it('the scaling testbed: evaluations joined to model cards', async () => {
    const names = ['eval_c4_original-open_lm_1b-1.0.json', 'model_c4_original-open_lm_1b-1.0.json'].map((n) =>
      join(DATA, 'scaling_testbed', n),
    )
    expect((await readEvaluations(names)).rows.find((r) => r.benchmark === 'arc_easy')).toMatchObject({
      family: 'c4_original',
      params: 1439795200,
      tokens: 28795904000,
      value: 0.5286195278167725,
    })
  })
})

describe('published tables', () => {
  // The row counts of their sources: 18 runs × 9 tasks; 15 models × 27 checkpoints × 8; 104 models × 46.
  it.each([
    ['olmo-ladder', 18 * 9],
    ['pythia', 15 * 27 * 8],
    ['overtraining-104', 104 * 46],
  ])('%s is read to the last row', async (set, rows) => {
    expect((await readEvaluations([join(PUBLISHED, `${set}.csv.gz`)])).rows).toHaveLength(rows)
  })
})

describe('parseQuantity', () => {
  it.each([
    ['1.4B', 1.4e9],
    ['300 B', 3e11],
    ['6.9e9', 6.9e9],
    ['45.1 %', 45.1],
    ['N/A', null],
    ['NaN', null],
    ['', null],
    ['1,000', null],
  ])('%s → %s', (text, value) => expect(parseQuantity(text)).toBe(value))
})
