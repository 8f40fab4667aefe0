import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openEngine } from '../../src/engines/index.js'
import { ROOT, runCli, scratch, smallestModel } from '../cli/run-cli.js'
import { testModel } from '../models/test-models.js'

const folder = scratch()
const evidence = join(folder, 'evidence')
const config = join(folder, 'assay.yaml')
writeFileSync(
  config,
  JSON.stringify({
    model: smallestModel(),
    default_texts: false,
    adaptability: false,
    domains: { literature: join(ROOT, 'texts', 'literature', '*.txt') },
  }),
)
const gather = (...more: string[]) =>
  runCli(['gather', config, '--evidence', evidence, '--limit', '1', ...more])
const manifest = (): string => readFileSync(join(evidence, 'manifest.json'), 'utf8')
const scored = (): string => readFileSync(join(evidence, 'surprisal.parquet')).toString('base64')
const journal = (): string => readFileSync(join(evidence, 'journal', 'surprisal.jsonl'), 'utf8')

beforeAll(async () => {
  expect((await gather('--threads', '1')).code).toBe(0)
}, 120_000)

describe('resuming with another thread count', () => {
  it('goes on, and the numbers are the same as those of a run of its own', async () => {
    const before = { scored: scored(), journal: journal() }
    expect((await gather('--threads', '2', '--resume')).code).toBe(0)
    expect({ scored: scored(), journal: journal() }).toEqual(before)
    expect((await gather('--threads', '2')).code).toBe(0)
    expect(scored()).toBe(before.scored)
  }, 120_000)
})

const quantised = testModel('smollm2')

/** Log-probabilities of a sentence, token by token. */
async function scoredWith(threads: number): Promise<number[]> {
  const model = await openEngine(quantised.path, { threads, contextLength: 256 })
  try {
    const tokens = model.tokenizer.tokenize('The house stood at the end of the road, and nobody lived in it.')
    return Array.from((await model.scorer.score([{ tokens, from: 1 }]))[0]!)
  } finally {
    await model.close()
  }
}

it.skipIf(quantised.skip !== undefined)(
  `a thread count changes no number of quantised weights either${quantised.skip === undefined ? '' : ` (${quantised.skip})`}`,
  async () => {
    const alone = await scoredWith(1)
    expect(alone.length).toBeGreaterThan(10)
    expect(await scoredWith(2)).toEqual(alone)
  },
)

describe('resuming with a setting that changes a number', () => {
  it.each([
    [['--seed', '5'], /seed: was \d+, now 5; texts: was \d+ passages/],
    [['--limit', '2'], /limit: was 1, now 2; texts: was (\d+) passages \(\w+\), now \d+ passages/],
    [['--prefix-token', 'none'], /prefix token: was .+ \(\d+\), now none/],
  ])('%s is refused before any work, with both values, and leaves the evidence', async (options, told) => {
    const before = manifest()
    const ended = await gather('--resume', ...options)
    expect(ended.code).toBe(3)
    expect(ended.stderr).toContain('audit/other-plan')
    expect(ended.stderr).toMatch(told)
    expect(manifest()).toBe(before)
  })

  it('says so of other texts before the model is opened', async () => {
    const ended = await gather('--resume', '--limit', '2')
    // The line on what was opened names its parameters.
    expect(ended.stderr).not.toContain('parameters')
  })
})
