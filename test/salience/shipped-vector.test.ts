import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  defaultTexts,
  findPassages,
  gatherSalience,
  gatherSurprisal,
  PACKAGE_ROOT,
  readyVector,
  samplePassages,
} from '../../src/audit/index.js'
import { createRandom, isFittedOn, meanLoss, type OpenedModel } from '../../src/core/index.js'
import { openEngine } from '../../src/engines/index.js'
import { applicableLosses, readLosses, readVectorFile } from '../../src/ingest/index.js'
import { salienceDocument, salienceVectorDocument } from '../../src/report/schema/salience.js'
import { runCli } from '../cli/run-cli.js'

const PATH = join(PACKAGE_ROOT, 'models', 'salience.json')
const TABLE = 'ladder/span-losses.parquet'
const TASKS = [
  'agreement',
  'planted-facts',
  'planted-facts-unseen',
  'sentence-completion',
  'word-from-definition',
]

describe('the vector that ships', () => {
  it('meets its schema and stands on every checkpoint of the ladder', async () => {
    expect(salienceVectorDocument.safeParse(JSON.parse(readFileSync(PATH, 'utf8'))).error).toBeUndefined()
    const { models, capabilities } = await readVectorFile(PATH)
    expect(capabilities.map((c) => c.name).toSorted()).toEqual(TASKS)
    const { table } = await readLosses([TABLE], { columns: {}, families: new Map() })
    expect(models.map((m) => m.id)).toEqual(table.models.map((m) => m.id))
    // A decay goes on from a checkpoint of its run: they are no two families.
    expect(models.find((m) => m.id.startsWith('83k-r8-decay545@'))?.family).toBe('83k-r8')
  })

  it('stands on texts that ship', async () => {
    const vector = await readVectorFile(PATH)
    const passages = await findPassages(vector, defaultTexts().domains)
    expect(passages).toHaveLength(new Set(vector.spans.map((s) => s.document)).size)
    const [first, ...rest] = defaultTexts().domains
    expect(await findPassages(vector, rest)).toContain(`(domain ${first.domain}) is not among the texts`)
  })

  it('reads a model in one pass, whose losses are those of the table', async () => {
    const { code, stdout } = await runCli(['salience', '--apply', PATH, 'assay-ladder', '--json'])
    expect(code).toBe(0)
    const document = JSON.parse(stdout)
    expect(salienceDocument.parse(document)).toEqual(document)
    expect(document.predictions.map((p: { benchmark: string }) => p.benchmark).toSorted()).toEqual(TASKS)
    const vector = await readVectorFile(PATH)
    const losses = await readLosses([TABLE], { columns: {}, families: new Map() })
    const final = losses.table.models.findIndex((m) => m.id === '1.6M-r10@final')
    const told = meanLoss(vector.spans, applicableLosses(vector, losses, TABLE)[final])
    for (const { bitsPerByte, inSample } of document.predictions) {
      // The table rounds bits of a span to 1e-5.
      expect(bitsPerByte).toBeCloseTo(told, 5)
      expect(inSample).toBe(true)
    }
  }, 120_000)

  it('draws a run over its checkpoints, beside what was measured', async () => {
    const { code, stdout } = await runCli([
      ...['salience', '--apply', PATH, '--losses', TABLE, '--scores', 'ladder/evaluations.csv'],
      ...['--model', '1.6M-r4', '--json'],
    ])
    expect(code).toBe(0)
    const document = JSON.parse(stdout)
    expect(salienceDocument.parse(document)).toEqual(document)
    const [curve] = document.curves
    expect(document.curves).toHaveLength(1)
    expect(curve).toMatchObject({ run: '1.6M-r4', inSample: true, unit: 'tokens' })
    const tokens = curve.points.map((p: { at: number }) => p.at)
    expect(tokens).toHaveLength(8)
    expect(tokens).toEqual([...tokens].sort((a, b) => a - b))
    for (const { scores } of curve.points)
      for (const { measured } of scores) expect(measured).toBeGreaterThan(0)
  }, 120_000)

  it('says in-sample of a checkpoint of a fitted run, and refuses another text', async () => {
    const small = join(PACKAGE_ROOT, 'models', 'assay-ladder-25k.gguf')
    const read = await runCli(['salience', '--apply', PATH, small, '--json'])
    const codes = JSON.parse(read.stdout).findings.map((f: { code: string }) => f.code)
    expect(codes).toContain('capability-salience/in-sample')
    const other = await runCli(['salience', '--apply', PATH, small, '--text', 'own=texts/README.md'])
    expect(other.code).toBe(3)
    expect(other.stderr).toContain('audit/other-text')
    const both = await runCli(['salience', '--apply', PATH, small, TABLE])
    expect(both.stderr).toMatch(/found tables .* and models/)
    expect(both.code).toBe(3)
  }, 120_000)
})

describe('losses on a vector’s text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-vector-'))
  let model: OpenedModel
  beforeAll(async () => {
    model = await openEngine(join(PACKAGE_ROOT, 'models', 'assay-ladder-25k.gguf'), { threads: 1 })
  })
  afterAll(async () => {
    await model.close()
    rmSync(folder, { recursive: true })
  })

  it('are the same where passages were scored as held-out ones, which then are scored once', async () => {
    const io = (name: string, scored: string[]) => ({
      random: createRandom(1),
      resume: false,
      signal: new AbortController().signal,
      journalPath: (kind: string) => join(folder, `${name}-${kind}.jsonl`),
      progress: () => ({
        update: (_: number, __: number, note?: string) => scored.push(note ?? ''),
        end() {},
      }),
      note() {},
    })
    const texts = defaultTexts().domains
    const ready = await readyVector({ vector: PATH, texts })
    const alone: string[] = []
    const whole = await gatherSalience(model, ready, io('alone', alone))
    expect(alone).toHaveLength(ready.passages.length)
    expect(isFittedOn(ready.vector, model.evidence.name)).toBe(true)
    // A sample of which the vector's passages of one domain are a part.
    const sample = await samplePassages(texts, createRandom(1), { full: false, limit: 4 })
    const held = { ...sample, passages: sample.passages.filter((p) => p.domain === texts[0].domain) }
    const surprisal = await gatherSurprisal(model, held, texts, undefined, io('held', []))
    const shared: string[] = []
    const again = await gatherSalience(model, ready, io('shared', shared), {
      passages: held.passages,
      window: undefined,
      surprisal,
    })
    expect(shared).toHaveLength(ready.passages.length - held.passages.length)
    expect(again.losses).toEqual(whole.losses)
    expect(again.texts.join('')).toBe(ready.passages.map((p) => p.text).join(''))
  }, 120_000)
})
