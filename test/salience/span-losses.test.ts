import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  domainFromGlobs,
  gatherSurprisal,
  PACKAGE_ROOT,
  readParquet,
  samplePassages,
  writeSpans,
} from '../../src/audit/index.js'
import { createRandom, SPAN_UNITS } from '../../src/core/index.js'
import { openEngine } from '../../src/engines/index.js'
import { testModel } from '../models/test-models.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-spans-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Characters of one to four bytes, white space of every kind, and borders of chunks within tokens. */
const TEXT = 'Once  upon a time, naïve Ελλάδα ☃ 😀\tsaid:\n\n    def f(x):\n        return x ** 2\n'.repeat(4)

const MODELS = [
  ['the ladder', { path: join(PACKAGE_ROOT, 'models', 'assay-ladder-83k.gguf'), skip: undefined }],
  ['SmolLM2-135M', testModel('smollm2')],
  ['Gemma-3-270M', testModel('gemma3')],
] as const

describe.each(MODELS)('spans of %s', (name, { path, skip }) => {
  it.skipIf(skip !== undefined)(
    `add up to the document's loss as the engine gives it, whatever the unit${skip === undefined ? '' : ` (${skip})`}`,
    async () => {
      writeFileSync(join(folder, 'a.txt'), TEXT)
      const domains = [domainFromGlobs('own', [join(folder, 'a.txt')])]
      const sample = await samplePassages(domains, createRandom(1), { full: true })
      const model = await openEngine(path, { threads: 1 })
      try {
        const surprisal = await gatherSurprisal(model, sample, domains, undefined, {
          random: createRandom(1),
          resume: false,
          signal: new AbortController().signal,
          journalPath: (kind) => join(folder, `${name}-${kind}.jsonl`),
          progress: () => ({ update() {}, end() {} }),
          note() {},
        })
        // Asked of the engine once more, in one window and without any of the code that cuts.
        const ids = model.tokenizer.tokenize(TEXT)
        const prefix = model.prefix.document
        expect(prefix).not.toBeNull()
        const tokens = Int32Array.of(prefix?.id ?? 0, ...ids)
        const [scores] = await model.scorer.score([{ tokens, from: 1 }])
        const engine = scores.reduce((sum, v) => sum - v / Math.LN2, 0)
        const ends: Record<string, number[]> = {}
        for (const unit of SPAN_UNITS) {
          const table = join(folder, `${name}-${unit}.parquet`)
          await writeSpans(table, { model: name, checkpoint: '' }, sample, surprisal, unit)
          const { bits, byte_start, byte_end } = await readParquet(table, ['bits', 'byte_start', 'byte_end'])
          const total = (bits as number[]).reduce((sum, v) => sum + v, 0)
          expect(Math.abs(total / engine - 1), unit).toBeLessThan(1e-6)
          expect(byte_start, unit).toEqual([0, ...(byte_end as number[]).slice(0, -1)])
          ends[unit] = byte_end as number[]
        }
        // The same bytes for every tokenizer.
        expect(ends.chunk).toEqual([256, Buffer.byteLength(TEXT)])
      } finally {
        await model.close()
      }
    },
    120_000,
  )
})
