import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runCli, scratch, smallestModel } from '../cli/run-cli.js'
import { testModel } from '../models/test-models.js'

const evidence = join(scratch(), 'evidence')
const gather = (...more: string[]) =>
  runCli(['gather', smallestModel(), '--evidence', evidence, '--limit', '1', ...more])
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

describe.skipIf(quantised.skip !== undefined)(
  `resuming on quantised weights${quantised.skip === undefined ? '' : ` (${quantised.skip})`}`,
  () => {
    const folder = scratch()
    const begun = join(folder, 'evidence', 'journal', 'surprisal.jsonl')
    const gatherFolder = (...more: string[]) =>
      runCli([
        'gather',
        join(folder, 'assay.yaml'),
        '--evidence',
        join(folder, 'evidence'),
        '--quiet',
        ...more,
      ])
    const numbers = (): string =>
      readFileSync(join(folder, 'evidence', 'surprisal.parquet')).toString('base64')

    it('takes another thread count, on which no number depends, and refuses another prefix', async () => {
      for (const i of [1, 2, 3])
        writeFileSync(join(folder, `${i}.txt`), 'The house stood at the end of the road. '.repeat(7 * i))
      const lines = [`model: ${quantised.path}`, 'default_texts: false', 'domains: {prose: "*.txt"}']
      writeFileSync(join(folder, 'assay.yaml'), `${lines.join('\n')}\n`)
      expect((await gatherFolder('--threads', '1')).code).toBe(0)
      const alone = numbers()
      // As if killed behind the first of three documents.
      const done = readFileSync(begun, 'utf8').split('\n').slice(0, 2)
      writeFileSync(begun, `${done.join('\n')}\n`)
      expect((await gatherFolder('--threads', '2', '--resume')).code).toBe(0)
      expect(numbers()).toBe(alone)
      const other = await gatherFolder('--resume', '--prefix-token', 'none')
      expect([other.code, other.stderr.includes('prefix token: was')]).toEqual([3, true])
    }, 300_000)
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
