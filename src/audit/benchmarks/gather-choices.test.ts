import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallestModel } from '../../../test/cli/run-cli.js'
import { type ChoicesEvidence, createRandom, measureBenchmarks, type OpenedModel } from '../../core/index.js'
import { openEngine } from '../../engines/index.js'
import { loadTasks, readCompared } from '../../ingest/index.js'
import type { GatherIo } from '../gather/io.js'
import { comparedItems } from './compared-items.js'
import { gatherChoices } from './gather-choices.js'
import { type BenchmarkPlan, planBenchmark } from './plan.js'
import { writeHarness } from './writers/harness.js'

const OPTIONS = { draws: 1, templates: 1, sameShots: false, unconditioned: false }
const folder = mkdtempSync(join(tmpdir(), 'assay-choices-test-'))
let model: OpenedModel

beforeAll(async () => {
  model = await openEngine(smallestModel(), { threads: 1, packBranches: true })
})
afterAll(async () => {
  await model.close()
  rmSync(folder, { recursive: true })
})

async function plansOf(shots: number, limit: number): Promise<BenchmarkPlan[]> {
  const tasks = [...(await loadTasks('agreement')), ...(await loadTasks('word-from-definition'))]
  return tasks.map((task) => planBenchmark(task, { ...OPTIONS, sameShots: true, shots, limit }))
}

const journal = join(folder, 'journal')
const silent = { update: () => {}, end: () => {} }

/** Gather; `stopAfter` jobs the run is interrupted. */
function gather(plans: readonly BenchmarkPlan[], resume: boolean, stopAfter = Number.POSITIVE_INFINITY) {
  const stop = new AbortController()
  let jobs = 0
  const io: GatherIo = {
    random: createRandom(1),
    resume,
    signal: stop.signal,
    journalPath: () => journal,
    progress: () => ({
      ...silent,
      update() {
        if (++jobs >= stopAfter) stop.abort()
      },
    }),
    note: () => {},
  }
  return gatherChoices(model, plans, io, 256)
}

/** Distinct prefixes of what has to be fed, from the pairs of written samples, by the harness's rule of encoding. */
function trieOfSamples(from: string): number {
  const { tokenizer, prefix } = model
  const encode = (text: string) => [
    ...(prefix.prompt === null ? [] : [prefix.prompt.id]),
    ...tokenizer.tokenize(text),
  ]
  const prefixes = new Set<string>()
  for (const name of readdirSync(from).filter((n) => n.startsWith('samples_')))
    for (const line of readFileSync(join(from, name), 'utf8').trimEnd().split('\n')) {
      const { arguments: pairs } = JSON.parse(line) as {
        arguments: Record<string, { arg_0: string; arg_1: string }>
      }
      for (const { arg_0: prompt, arg_1: answer } of Object.values(pairs)) {
        const stem = prompt.trimEnd()
        const context = encode(stem)
        const whole = encode(prompt + answer)
        const fed = [...context, ...whole.slice(context.length)].slice(0, -1)
        for (const i of fed.keys()) prefixes.add(fed.slice(0, i + 1).join())
      }
    }
  return prefixes.size
}

const written = (plans: readonly BenchmarkPlan[], choices: ChoicesEvidence): string =>
  writeHarness(mkdtempSync(join(folder, 'out-')), {
    model,
    plans,
    choices,
    measured: measureBenchmarks(choices, createRandom(1), 0.95),
    limit: null,
    date: new Date(0),
  })

describe('asking benchmarks', () => {
  it('sends each token of the trie once: a tenth of what each answer by itself takes behind five shots', async () => {
    const plans = await plansOf(5, 12)
    // Shots that are the same for all items are still drawn; the first rows are not.
    const [{ task }] = plans
    const first = { ...task, definition: { ...task.definition, sampler: 'first_n' as const } }
    expect(
      [task, first].map((t) => planBenchmark(t, { ...OPTIONS, shots: 2, draws: 3 }).draws.length),
    ).toEqual([3, 1])
    const choices = await gather(plans, false)
    const trie = trieOfSamples(written(plans, choices))
    expect(choices.tokens.trie).toBe(trie)
    expect(choices.tokens.evaluated).toBeLessThanOrEqual(1.02 * trie)
    expect(choices.tokens.naive / choices.tokens.evaluated).toBeGreaterThan(10)
  })

  it('gives the same bits however often it is stopped and gone on with', async () => {
    const plans = await plansOf(1, 12)
    const whole = await gather(plans, false)
    const random = createRandom(5)
    rmSync(journal)
    let stops = 0
    for (let k = 0; k < 20; k++) {
      const ended = await gather(plans, true, 1 + random.integer(2)).catch(() => undefined)
      // A line that was being written when the process died, or nothing.
      if (random.integer(2) === 0) appendFileSync(journal, '{"key":"7","item":{"logLik')
      if (random.integer(4) === 0)
        truncateSync(journal, Math.floor(statSync(journal).size * random.uniform()))
      if (ended === undefined) stops++
    }
    expect(stops).toBeGreaterThan(3)
    // What it cost is another matter: what was lost is evaluated again, what a cache still holds is not.
    const { tokens, ...resumed } = await gather(plans, true)
    expect({ ...resumed, tokens: { ...tokens, evaluated: whole.tokens.evaluated } }).toEqual(whole)
  })

  it('is paired with what the harness writes by hashes, other shots are refused', async () => {
    const plans = await plansOf(1, 6)
    const choices = await gather(plans, false)
    const samples = written(plans, choices)
    const audit = (own: ChoicesEvidence) => ({
      name: 'audit',
      path: 'evidence',
      items: comparedItems('evidence', { manifest: {} as never, evidence: { choices: own } }, {}),
    })
    const harness = { name: 'harness', path: samples }
    const { benchmarks, notes } = await readCompared([audit(choices), harness])
    expect(benchmarks.map(({ benchmark, metric, scores }) => [benchmark, metric, scores[0]?.length])).toEqual(
      plans.map(({ task }) => [task.name, 'acc', 6]),
    )
    for (const { scores } of benchmarks) expect(scores[0]).toEqual(scores[1])
    expect(notes).toEqual([])
    // Three templates a fact: as many clusters in the samples as in the evidence.
    const facts = (await loadTasks('planted-facts')).map((task) =>
      planBenchmark(task, { ...OPTIONS, shots: 0, limit: 6 }),
    )
    const known = await gather(facts, false)
    const [asked] = (
      await readCompared([
        {
          name: 'audit',
          path: 'evidence',
          items: comparedItems('evidence', { manifest: {} as never, evidence: { choices: known } }, {}),
        },
        { name: 'samples', path: written(facts, known) },
      ])
    ).benchmarks
    const samplesAlone = ['a', 'b'].map((name) => ({ name, path: written(facts, known) }))
    const [alone] = (await readCompared(samplesAlone)).benchmarks
    expect(new Set(known.answers.map(({ cluster }) => cluster)).size).toBeLessThan(6)
    for (const own of [asked, alone])
      expect(new Set(Array.from(own.clusters)).size).toBe(
        new Set(known.answers.map(({ cluster }) => cluster)).size,
      )
    const others = await gather(await plansOf(2, 6), false)
    await expect(readCompared([audit(others), harness])).rejects.toMatchObject({
      code: 'items/other-prompts',
    })
    const { asked: _, ...older } = choices
    expect(() => audit(older)).toThrow(expect.objectContaining({ code: 'benchmarks/unnamed-items' }))
    expect(() => audit({ ...choices, answers: [] })).toThrow(
      expect.objectContaining({ code: 'benchmarks/no-answers' }),
    )
  })

  it('is refused for a task that is named twice', async () => {
    const [plan] = await plansOf(0, 4)
    await expect(gather([plan, plan], false)).rejects.toMatchObject({ code: 'benchmarks/same-name' })
  })

  it('is refused for other items', async () => {
    await gather(await plansOf(0, 4), false)
    await expect(gather(await plansOf(0, 5), true)).rejects.toMatchObject({ code: 'audit/other-plan' })
  })

  it('names items of equal choices, and counts them as the harness does', async () => {
    const [yaml, data] = [join(folder, 'equal.yaml'), join(folder, 'equal.jsonl')]
    const rows = [
      { q: 'The cat', c: [' sits', ' sat', ' sits'], a: 2 },
      { q: 'The dog', c: [' runs', ' run'], a: 0 },
      { q: 'The cow', c: [' eats', ' eats'], a: ' eats' },
    ]
    writeFileSync(data, rows.map((row) => JSON.stringify(row)).join('\n'))
    writeFileSync(
      yaml,
      `task: equal\ndataset_path: json\ndataset_kwargs: {data_files: {test: ${data}}}\ntest_split: test\noutput_type: multiple_choice
doc_to_text: "{{q}}"\ndoc_to_choice: c\ndoc_to_target: a\ntarget_delimiter: ""\n`,
    )
    const plans = (await loadTasks(yaml)).map((task) => planBenchmark(task, { ...OPTIONS, shots: 0 }))
    const { tasks, answers } = await gather(plans, false)
    // They are measured: nothing is left out.
    expect(tasks[0]).toMatchObject({
      leftOut: [],
      equalChoices: { items: ['equal.jsonl:1', 'equal.jsonl:3'], lost: ['equal.jsonl:1'] },
    })
    expect(answers.map(({ gold }) => gold)).toEqual([0, 0, 1, 1, 0, 1, 0])
  })

  it('is refused for other prompts to write behind; what is right may change', async () => {
    const plans = async (rows: readonly object[], prompt = '{{q}}') => {
      const [yaml, data] = [join(folder, 'write.yaml'), join(folder, 'write.jsonl')]
      writeFileSync(data, rows.map((row) => JSON.stringify(row)).join('\n'))
      writeFileSync(
        yaml,
        `task: write\ndataset_path: json\ndataset_kwargs: {data_files: {test: ${data}}}\ntest_split: test\noutput_type: generate_until
doc_to_text: "${prompt}"\ndoc_to_target: "{{a}}"\ngeneration_kwargs: {until: ["."], max_gen_toks: 4, temperature: 0}
metric_list: [{metric: exact_match}]\nfilter_list: [{name: plain, filter: [{function: take_first}]}]\n`,
      )
      return (await loadTasks(yaml)).map((task) => planBenchmark(task, { ...OPTIONS, shots: 0 }))
    }
    const { answers } = await gather(await plans([{ q: 'The river', a: '?' }]), false)
    expect(answers[0]).toMatchObject({ match: 0, answer: expect.any(String) })
    const right = await plans([{ q: 'The river', a: answers[0]?.answer }])
    const known = await gather(right, true)
    // The pipeline's name stands where the harness writes it: in samples, and behind the metric.
    const out = written(right, known)
    const [results, samples] = ['results_', 'samples_'].map((start) =>
      readFileSync(join(out, readdirSync(out).find((name) => name.startsWith(start)) ?? ''), 'utf8'),
    )
    expect(JSON.parse(samples)).toMatchObject({ filter: 'plain', exact_match: 1 })
    expect(JSON.parse(results).results.write).toMatchObject({ 'exact_match,plain': 1 })
    expect(
      comparedItems('e', { manifest: {} as never, evidence: { choices: known } }, {})[0].rows[0].metric,
    ).toBe('exact_match/plain')
    expect(known.answers[0]).toMatchObject({ match: 1, answer: answers[0]?.answer })
    for (const [q, prompt] of [
      ['The town', '{{q}}'],
      ['The river', '{{q}} is'],
    ] as const) {
      const others = await plans([{ q, a: '?' }], prompt)
      await expect(gather(others, true)).rejects.toMatchObject({ code: 'audit/other-plan' })
    }
  })
})
