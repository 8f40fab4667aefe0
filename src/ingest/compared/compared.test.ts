import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareModels } from '../../core/index.js'
import { readCompared, readTaskScores } from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-compared-'))
let count = 0

/** A file of its own folder, since names of files tell tasks. */
function file(name: string, lines: readonly (object | string)[]): string {
  const own = join(folder, String(count++))
  mkdirSync(own, { recursive: true })
  const path = join(own, name)
  writeFileSync(path, lines.map((l) => `${typeof l === 'string' ? l : JSON.stringify(l)}\n`).join(''))
  return path
}

const SAMPLES = 'samples_arc_easy_2026-01-02T03-04-05.6.jsonl'
const DETAILS = 'details_lighteval|arc:easy|0_2025-01-01T00-00-00.jsonl'

/** A row of lm-evaluation-harness; the document is the id unless told. */
const sample = (id: number, acc: number, more: object = {}) => ({
  doc_id: id,
  target: '0',
  arguments: { gen_args_0: { arg_0: `Question ${id}\nAnswer:`, arg_1: ' a' } },
  filter: 'none',
  metrics: ['acc'],
  doc_hash: `d${id}`,
  prompt_hash: `p${id}`,
  target_hash: 't',
  acc,
  ...more,
})

const compare = (a: string, b: string, options = {}) =>
  readCompared(
    [
      { name: 'a', path: a },
      { name: 'b', path: b },
    ],
    options,
  )

const rows = (scores: readonly number[], more: object = {}) => scores.map((acc, id) => sample(id, acc, more))

describe('results of several models', () => {
  it('pair by document and target, whatever the order, and leave out what one model lacks', async () => {
    const first = file(SAMPLES, rows([1, 0, 1, 0]))
    const second = file(SAMPLES, [sample(3, 1), sample(9, 1), sample(0, 1), sample(1, 0)])
    const { benchmarks, notes } = await compare(first, second)
    const { pairs } = compareModels(['a', 'b'], benchmarks)
    // Shared: 0 (1, 1), 1 (0, 0), 3 (0, 1).
    expect(pairs[0]).toMatchObject({
      benchmark: 'arc_easy',
      metric: 'acc',
      items: 3,
      discordant: { gained: 1, lost: 0 },
    })
    expect(notes).toEqual([
      'arc_easy: a answered 4 of the 5 items that any model did; a pair is compared on those that both answered',
      'arc_easy: b answered 4 of the 5 items that any model did; a pair is compared on those that both answered',
    ])
  })

  it('refuse other prompts by name and row', async () => {
    const first = file(SAMPLES, rows([1, 0, 1]))
    const second = file(SAMPLES, [sample(0, 1), sample(1, 1, { prompt_hash: 'other' }), sample(2, 1)])
    await expect(compare(first, second)).rejects.toMatchObject({
      code: 'items/other-prompts',
      place: { path: second, line: 2 },
      message: `item 1 was asked in other words at ${first}:2`,
    })
  })

  it('take a score that two files tell alike once', async () => {
    const table = (value: number) => ['model,benchmark,metric,value,n_items', `m,arc_easy,acc,${value},200`]
    const beside = (values: readonly number[], model: string) => {
      const first = file(
        'a.csv',
        table(values[0]!).map((line) => line.replace('m,', `${model},`)),
      )
      for (const [i, value] of values.slice(1).entries())
        writeFileSync(
          join(first, '..', `b${i}.csv`),
          `${table(value)
            .map((line) => line.replace('m,', `${model},`))
            .join('\n')}\n`,
        )
      return join(first, '..')
    }
    const { benchmarks } = await compare(beside([0.5, 0.5], 'm'), beside([0.6], 'other'))
    expect(benchmarks[0]?.told?.map((e) => e?.kind === 'estimate' && e.value)).toEqual([0.5, 0.6])
    await expect(compare(beside([0.5, 0.6], 'm'), beside([0.6], 'other'))).rejects.toMatchObject({
      code: 'items/repeated',
    })
  })

  it('refuse other items, other metrics, repeated items, percentages and one model alone', async () => {
    const first = file(SAMPLES, rows([1, 0, 1]))
    const refused = async (lines: readonly object[]): Promise<unknown> =>
      compare(first, file(SAMPLES, lines)).then(
        () => 'read',
        (error: { code: string }) => error.code,
      )
    expect(await refused([sample(7, 1), sample(8, 0)])).toBe('items/other-items')
    expect(await refused([sample(0, 1), sample(0, 0)])).toBe('items/repeated')
    expect(await refused([sample(0, 100), sample(1, 0)])).toBe('items/percent')
    expect(await refused(rows([1, 1], { metrics: ['exact_match'], exact_match: 1 }))).toBe(
      'items/other-metric',
    )
    await expect(readCompared([{ name: 'a', path: first }])).rejects.toMatchObject({
      code: 'items/one-model',
    })
    const table = file('t.csv', ['task,item,correct', 'arc_easy,d0/t,1', 'arc_easy,d1/t,0'])
    for (const [a, b, options, told] of [
      [table, table, { metric: 'nosuch' }, 'found a metric without a name, expected "nosuch"'],
      [first, first, { metric: 'nosuch' }, 'found acc, expected "nosuch"'],
      [table, table, { filter: 'nosuch' }, 'no results have filters, expected "nosuch"'],
    ] as const)
      for (const read of [
        () => compare(a, b, options),
        () => readTaskScores([{ name: 'a', path: b }], options),
      ])
        await expect(read()).rejects.toMatchObject({ code: 'items/no-metric', message: told })
    // The table's score may be the one that the other's is called.
    expect((await compare(first, table, { metric: 'accuracy' })).benchmarks).toHaveLength(1)
    await expect(compare(first, file('empty.csv', []))).rejects.toMatchObject({ code: 'table/empty' })
  })

  it('pair a document that stands twice by its order', async () => {
    const twice = [sample(0, 1, { doc_hash: 'd' }), sample(1, 0, { doc_hash: 'd' }), sample(2, 1)]
    const { benchmarks } = await compare(file(SAMPLES, twice), file(SAMPLES, twice))
    expect(compareModels(['a', 'b'], benchmarks).pairs[0]).toMatchObject({ items: 3, isSame: true })
  })

  it('cluster questions on one passage', async () => {
    const read = (scores: readonly number[]) =>
      file(
        SAMPLES,
        scores.map((acc, id) => sample(id, acc, { doc: { passage: `p${Math.floor(id / 2)}` } })),
      )
    const { benchmarks } = await compare(read([1, 1, 0, 0]), read([0, 0, 0, 0]))
    expect(compareModels(['a', 'b'], benchmarks).pairs[0].difference).toMatchObject({ value: -0.5, n: 2 })
  })

  it('of two tools pair by the text of their prompts, and say so', async () => {
    const detail = (id: number, acc: number) => ({
      doc: { id: String(90 + id), query: `Question ${id}`, gold_index: 0 },
      model_response: { input: `Question ${id}\nAnswer: ` },
      metric: { acc },
    })
    const { benchmarks, notes } = await compare(
      file(SAMPLES, rows([1, 0, 1])),
      file(DETAILS, [detail(2, 1), detail(1, 1), detail(0, 1)]),
    )
    expect(compareModels(['a', 'b'], benchmarks).pairs[0]).toMatchObject({
      items: 3,
      discordant: { gained: 1, lost: 0 },
    })
    expect(notes.join()).toMatch(/by the text of their prompts[\s\S]*another tool/)
  })

  it('whose files were renamed have the task of the results beside them, or of the items that they share', async () => {
    const hashes = rows([1, 0, 1]).map(
      ({ doc_hash, prompt_hash, target_hash }) => doc_hash + prompt_hash + target_hash,
    )
    const told = createHash('sha256').update(hashes.join('')).digest('hex')
    const beside = file('before.jsonl', rows([1, 0, 1]))
    writeFileSync(
      join(beside, '..', 'results_2026.json'),
      JSON.stringify({ task_hashes: { other: 'x', arc_easy: told } }),
    )
    const { benchmarks } = await compare(beside, file(SAMPLES, rows([1, 1, 1])))
    expect(benchmarks.map(({ benchmark }) => benchmark)).toEqual(['arc_easy'])
    // Real hashes have 64 digits; ids alone stand in every benchmark.
    const long = (scores: readonly number[], first = 0) =>
      scores.map((acc, i) => sample(first + i, acc, { doc_hash: `${first + i}`.padStart(64, '0') }))
    const found = await compare(file('after.jsonl', long([1, 0, 1])), file(SAMPLES, long([0, 1], 1)))
    expect(found.benchmarks.map(({ benchmark }) => benchmark)).toEqual(['arc_easy'])
    expect(found.notes.join()).toMatch(/tells no task: 2 of its 3 items are those of arc_easy/)
    await expect(
      compare(file('after.jsonl', long([1, 0, 1])), file(SAMPLES, long([0, 1], 7))),
    ).rejects.toMatchObject({ code: 'items/nothing-shared' })
    const detail = { doc: { query: 'Q', gold_index: 0, task_name: 'arc:easy|0' }, metric: { acc: 1 } }
    const [first] = (
      await readCompared([
        { name: 'a', path: file('a.jsonl', [detail]) },
        { name: 'b', path: file(DETAILS, [detail]) },
      ])
    ).benchmarks
    expect(first.benchmark).toBe('arc_easy')
  })

  const results = (scores: object, more: object = {}) =>
    file('results_2026-01-02.json', [
      {
        results: { arc_easy: scores },
        versions: { arc_easy: 1 },
        'n-samples': { arc_easy: { effective: 1000 } },
        ...more,
      },
    ])

  it('hold scores without items against items in the metric of the items alone', async () => {
    // 40 of 100 right by acc, 60 by acc_norm.
    const both = file(
      SAMPLES,
      Array.from({ length: 100 }, (_, id) =>
        sample(id, id < 40 ? 1 : 0, { metrics: ['acc', 'acc_norm'], acc_norm: id < 60 ? 1 : 0 }),
      ),
    )
    const differenceFrom = async (told: object, options = {}) => {
      const { benchmarks, notes } = await compare(both, results(told), options)
      const [{ metric, difference }] = compareModels(['a', 'b'], benchmarks).pairs
      return { metric, value: difference.kind === 'estimate' ? difference.value : null, notes }
    }
    const told = { 'acc,none': 0.4, 'acc_norm,none': 0.6 }
    expect(await differenceFrom(told)).toEqual({ metric: 'acc', value: 0, notes: [] })
    expect(await differenceFrom(told, { metric: 'acc_norm' })).toEqual({
      metric: 'acc_norm',
      value: 0,
      notes: [],
    })
    expect(await differenceFrom({ 'accuracy,none': 0.4 })).toMatchObject({ value: 0, notes: [] })
    expect((await differenceFrom({ 'choice,none': 0.4 })).notes).toEqual([
      'arc_easy: b is told in choice, others in acc: a difference may be the metric’s',
    ])
    await expect(compare(both, results({ 'acc_norm,none': 0.6 }))).rejects.toMatchObject({
      code: 'items/other-metric',
      message: 'arc_easy was not measured of b in acc: its results tell acc_norm',
    })
  })

  it('told with other numbers of shots are refused, from any tool', async () => {
    const told = (shots: number) => results({ 'acc,none': 0.4 }, { 'n-shot': { arc_easy: shots } })
    const [none, some] = [told(0), told(25)]
    await expect(compare(none, some)).rejects.toMatchObject({
      code: 'items/other-shots',
      message: `arc_easy was asked with 25 shots here, with 0 at ${none}#results.arc_easy.acc,none`,
    })
    expect((await compare(some, told(25))).benchmarks).toHaveLength(1)
    const detail = file(DETAILS, [
      { doc: { id: '0', query: 'Q', gold_index: 0 }, model_response: { input: 'Q' }, metric: { acc: 1 } },
    ])
    await expect(compare(detail, some)).rejects.toMatchObject({ code: 'items/other-shots' })
    expect((await readTaskScores([none, some].map((path) => ({ name: path, path })))).notes).toEqual([
      'scores with several numbers of shots stand side by side, though those are other tasks: arc_easy (0, 25)',
    ])
  })

  it('of Assay cluster by what it wrote', async () => {
    const read = (scores: readonly number[]) =>
      file(
        SAMPLES,
        scores.map((acc, id) => sample(id, acc, { doc: { passage: `p${id}` }, cluster: `f${id % 2}` })),
      )
    const { benchmarks } = await compare(read([1, 1, 0, 0]), read([0, 0, 0, 0]))
    expect(new Set(Array.from(benchmarks[0].clusters)).size).toBe(2)
  })

  it('of two tools are paired in metrics that may be one, by their names', async () => {
    const detail = (metric: object) =>
      file(
        DETAILS,
        [0, 1, 2].map((id) => ({
          doc: { id: String(id), query: `Question ${id}`, gold_index: 0 },
          model_response: { input: `Question ${id}\nAnswer: ` },
          metric,
        })),
      )
    const first = file(SAMPLES, rows([1, 0, 1]))
    const last = async (metric: object) => (await compare(first, detail(metric))).notes.at(-1)
    await expect(compare(first, detail({ acc_norm: 1 }))).rejects.toMatchObject({
      code: 'items/other-metric',
      message: `arc_easy is in acc_norm here, in acc at ${first}`,
    })
    expect(await last({ loglikelihood_acc: 1 })).toContain(
      '(loglikelihood_acc of lighteval details, not acc of lm-evaluation-harness samples)',
    )
    expect(await last({ em: 1 })).toContain('(em of lighteval details, not acc of')
    const wished = await compare(first, detail({ em: 1, accuracy: 0 }), { metric: 'acc' })
    expect(compareModels(['a', 'b'], wished.benchmarks).pairs[0].discordant).toEqual({ gained: 0, lost: 2 })
  })

  it('of HELM pair instances by their text', async () => {
    const run = (scores: readonly number[]): string => {
      const path = file('per_instance_stats.json', [
        JSON.stringify(
          scores.map((mean, i) => ({
            instance_id: `id${i}`,
            train_trial_index: 0,
            stats: [
              { name: { name: 'num_bytes' }, mean: 9 },
              { name: { name: 'exact_match' }, mean },
            ],
          })),
        ),
      ])
      const own = join(path, '..')
      writeFileSync(
        join(own, 'run_spec.json'),
        JSON.stringify({ name: 'boolq:model=org_m', groups: ['boolq'], adapter_spec: { model: 'org/m' } }),
      )
      writeFileSync(
        join(own, 'scenario_state.json'),
        JSON.stringify({
          request_states: scores.map((_, i) => ({
            instance: {
              id: `id${i}`,
              input: { text: `Q${i}` },
              references: [{ output: { text: 'yes' }, tags: ['correct'] }],
            },
            request: { prompt: `Q${i}\nA:` },
          })),
        }),
      )
      return own
    }
    const { benchmarks } = await compare(run([1, 0, 1]), run([1, 1, 1]))
    expect(compareModels(['a', 'b'], benchmarks).pairs[0]).toMatchObject({
      benchmark: 'boolq',
      metric: 'exact_match',
      items: 3,
      discordant: { gained: 1, lost: 0 },
    })
  })

  it('come from a table of several models, and of scores without items', async () => {
    const items = file('t.csv', ['model,task,item,correct', 'x,t,1,1', 'x,t,2,0', 'y,t,1,1', 'y,t,2,1'])
    const paired = await readCompared([{ name: 't', path: items }])
    expect(paired.models).toEqual(['x', 'y'])
    expect(paired.benchmarks).toMatchObject([
      {
        benchmark: 't',
        scores: [
          [1, 0],
          [1, 1],
        ],
      },
    ])
    const scores = file('s.csv', [
      'model,benchmark,value,n_items',
      'x,piqa,60,1000',
      'y,piqa,70,1000',
      'z,piqa,71,',
    ])
    const { models, benchmarks, notes } = await readCompared([{ name: 's', path: scores }])
    const { pairs } = compareModels(models, benchmarks)
    expect(pairs.map(({ verdict }) => verdict)).toEqual(['better', 'undecided', 'undecided'])
    expect(pairs[0]).toMatchObject({ isPaired: false, items: null, difference: { n: 1000 } })
    expect(notes).toEqual([`${scores}: 3 scores in percent were divided by 100`])
    await expect(
      compare(scores, file('u.csv', ['model,benchmark,value', 'x,piqa,60', 'x,arc_easy,0.7'])),
    ).rejects.toMatchObject({ code: 'items/percent' })
  })

  it('say which benchmarks some lack, and refuse models that share none', async () => {
    const only = (task: string, more: readonly string[] = []) =>
      file('t.csv', ['task,item,correct', `${task},1,1`, `${task},2,0`, ...more])
    const { notes } = await compare(only('t'), only('t', ['u,1,1']))
    expect(notes).toEqual(['u was not measured of a'])
    await expect(compare(only('t'), only('u'))).rejects.toMatchObject({
      code: 'items/nothing-shared',
      message: 'a has t; b has u',
    })
  })
})
