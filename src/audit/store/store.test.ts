import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EvidenceByKind, EvidenceKind } from '../../core/index.js'
import { CODECS } from './codecs/index.js'
import { EvidenceWriter, readEvidence } from './evidence-folder.js'
import { readParquet, writeParquet } from './parquet.js'

const scratch = (): string => mkdtempSync(join(tmpdir(), 'assay-store-'))

/** One value of every kind, with the corners that storage could lose: doubles to the bit, nulls, empty columns. */
const SAMPLES: EvidenceByKind = {
  model: {
    name: 'm',
    architecture: 'llama',
    params: 10,
    activeParams: 8,
    contextLength: 16,
    vocabularySize: 4,
    tokenizer: 'gpt2',
    fileBytes: 1,
    sha256: 'a',
    quantization: 'F16',
    embeddingLength: 2,
    layers: 1,
  },
  engineCheck: { engine: 'e', checks: [{ name: 'round-trip', passed: true, detail: 'd' }] },
  surprisal: {
    protocol: {
      window: 8,
      stride: 8,
      prefixToken: '<s>',
      joinDocuments: false,
      flashAttention: false,
      engine: 'e',
    },
    documents: [
      {
        domain: 'a',
        document: 'x',
        bytes: 3,
        words: 1,
        tokens: Int32Array.of(1, 2),
        byteLengths: Int32Array.of(1, 2),
        logLikelihoods: Float64Array.of(-0.1, -1 / 3),
      },
      {
        domain: 'b',
        document: "it's",
        bytes: 1,
        words: 1,
        tokens: Int32Array.of(3),
        byteLengths: Int32Array.of(1),
        logLikelihoods: Float64Array.of(-1e-17),
      },
    ],
    skipped: [{ domain: 'a', document: 'y', reason: 'empty' }],
    domains: [{ domain: 'a', source: 's', licence: 'MIT', offered: 2 }],
  },
  tokenizer: {
    texts: [
      {
        name: 'English',
        language: 'en',
        units: {
          bytes: Int32Array.of(5),
          words: Int32Array.of(1),
          tokens: Int32Array.of(2),
          continuedWords: Int32Array.of(1),
          fallbackTokens: Int32Array.of(0),
        },
        counts: { ids: Int32Array.of(1, 2), counts: Int32Array.of(1, 1) },
      },
    ],
    vocabulary: { size: 4, unreachable: Int32Array.of(3), partialUtf8: new Int32Array(0), special: 1 },
  },
  gain: {
    outcomes: [
      {
        arm: 'pretrained',
        n: 16,
        seed: '0',
        split: 'id',
        test: 'a',
        item: 'x',
        cluster: 'p',
        score: 1 / 3,
        margin: -0.1,
        contaminated: false,
        minK: -3,
      },
      { arm: 'scratch', n: 16, seed: '0', split: 'ood', item: "it's", score: 0, contaminated: null },
    ],
    notes: [{ code: 'one-seed', text: 't' }],
    settings: { chance: null, level: 0.95, at: 'all', target: 0, delta: 0.02, prices: {} },
  },
  corpus: {
    source: 's',
    bytes: 10,
    domains: [{ domain: 'a', bytes: 1 / 3 }],
    targets: [{ target: 'a', unseenWords: null }],
    parts: { a: [] },
  },
  contamination: {
    items: [
      { task: 't', item_id: "it's", clean: 1 },
      { task: '', item_id: 'x', clean: null },
    ],
  },
  choices: {
    tasks: [],
    answers: [
      {
        task: 't',
        draw: 0,
        item: 'i',
        cluster: 'c',
        choice: 1,
        gold: 0,
        logLikelihood: -0.1 - 1e-16,
        unconditioned: null,
        tokens: 2,
        characters: 3,
        bytes: 4,
        scoredBytes: 5,
        greedy: null,
        answer: null,
        match: null,
      },
    ],
    tokens: { evaluated: 1, naive: 2, trie: 1 },
    prefixToken: 'none',
    prefixChoice: 'auto',
    engine: 'e',
  },
  adaptation: {
    tasks: [
      {
        task: 'verbs',
        kind: 'labels',
        chance: 0.5,
        items: 1,
        draws: 1,
        shots: [0],
        leftOut: ['64 shots: too long for a context of 256 tokens'],
      },
    ],
    outcomes: [
      {
        task: 'verbs',
        condition: 'given',
        k: 0,
        draw: 0,
        item: 'line 1',
        cluster: 'line 1',
        margin: -0.25,
        correct: 0,
      },
    ],
    tokens: { evaluated: 3, naive: 4 },
    prefixToken: '<s>',
    prefixChoice: 'auto',
  },
  cost: { threads: 1, hardware: 'h', prefill: { tokens: 4, seconds: [0.1] }, decode: { seconds: [0.2] } },
  trainingLog: {
    runs: [
      {
        id: 'r',
        format: 'csv',
        source: 'log.csv',
        step: Float64Array.of(1, 2, 3),
        tokens: new Float64Array(0),
        loss: Float64Array.of(2.5, Number.NaN, 2.25),
        validationLoss: new Float64Array(0),
        gradNorm: Float64Array.of(1, 1, 1),
        learningRate: Float64Array.of(1e-4, 1e-4, 0),
        seconds: new Float64Array(0),
        line: Float64Array.of(2, 3, 4),
        nonFinite: [{ row: 1, toRow: 1, column: 'loss', found: 'nan' }],
        notes: [],
      },
    ],
  },
  evaluations: {
    rows: [
      {
        model: 'm',
        family: null,
        params: 1e9,
        tokens: null,
        flops: 6e20,
        checkpoint: null,
        benchmark: 'b',
        metric: 'acc',
        value: 1 / 3,
        n_items: 100,
        chance: 0.25,
        k: null,
        loss: null,
        task_loss: null,
        subset: null,
        source: 'f.csv:2',
      },
    ],
    dropped: [],
  } as EvidenceByKind['evaluations'],
  factCounts: {
    documents: 9,
    bytes: null,
    match: null,
    counts: [
      { fact_id: '1', subject: 's', object: 'o', relation: 'r', n_s: 3, n_o: 2, n_so: 1 },
      {
        fact_id: '1',
        subject: 's',
        object: 'o',
        relation: 'r',
        n_s: 1,
        n_o: 1,
        n_so: 0,
        model: 'small',
        documents: 4,
      },
    ],
  },
  answers: {
    answers: [
      {
        fact_id: '1',
        model: 'm',
        params: 10,
        relation: 'r',
        domain: 'd',
        template: '[X] is [Y]',
        reading: 'ranking',
        correct: 1,
        total: 1,
        logprob: -0.5,
        rank: 1,
        candidates: 4,
        confidence: 0.5,
        answer: 'o',
      },
    ],
    leaks: [],
    tokens: { evaluated: 1, naive: 2 },
    shots: 0,
    facts: [],
    skipped: [],
  },
  salience: {
    source: 'salience.json',
    vector: {
      textSha256: null,
      models: [{ id: 'a@9', family: 'a' }],
      spans: [{ document: 'x', domain: 'a', bytes: { start: 0, end: 2 } }],
      capabilities: [
        {
          name: 'b',
          method: 'pls',
          isLog: false,
          lowerIsBetter: false,
          link: null,
          intercept: 1 / 3,
          slope: -1e-17,
          weights: Float64Array.of(0.1),
          errors: [{ error: 0.1, share: 0.5 }],
          models: 1,
          families: 1,
          explainedVariance: { kind: 'notEstimable', reason: 'few' },
          gainOverMean: {
            kind: 'estimate',
            value: 0.1,
            interval: { low: 0, high: 1, level: 0.9 },
            unit: 'share',
            n: 1,
          },
          lossRange: { low: 1, high: 2 },
          agreement: [0.9],
          domains: [{ domain: 'a', ofText: 1, ofPull: { kind: 'notEstimable', reason: 'few' } }],
        },
      ],
    },
    losses: Float64Array.of(1 / 3),
    texts: ['é\n'],
  },
}

const ABOUT = {
  assay: '0.0.0',
  seed: 1,
  inputs: [],
  judging: { gates: [] },
  notMeasured: [],
}

describe('evidence folder', () => {
  it('gives back every kind as it was written', async () => {
    const folder = scratch()
    const writer = new EvidenceWriter(folder)
    const kinds = Object.keys(CODECS) as EvidenceKind[]
    for (const kind of kinds) await writer.write(kind, SAMPLES[kind])
    writer.finish(ABOUT)
    const { evidence } = await readEvidence(folder)
    for (const kind of kinds) expect(evidence[kind], kind).toEqual(SAMPLES[kind])
  })

  it('reads counts of an earlier schema, which knew neither models nor sizes of their corpora', async () => {
    const folder = scratch()
    const writer = new EvidenceWriter(folder)
    const [first] = SAMPLES.factCounts.counts
    await writer.write('factCounts', { ...SAMPLES.factCounts, counts: [first] })
    const text = (values: string[]) => ({ type: 'VARCHAR' as const, values })
    const numbers = (values: number[]) => ({ type: 'DOUBLE' as const, values })
    const { fact_id, subject, object, relation, n_s, n_o, n_so } = first
    await writeParquet(join(folder, 'factCounts.parquet'), {
      ...{
        fact_id: text([fact_id]),
        subject: text([subject]),
        object: text([object]),
        relation: text([relation]),
      },
      ...{ n_s: numbers([n_s]), n_o: numbers([n_o]), n_so: numbers([n_so]) },
    })
    const { columns, laterColumns } = CODECS.factCounts
    const table = await readParquet(join(folder, 'factCounts.parquet'), columns, laterColumns)
    expect(CODECS.factCounts.decode({ documents: 9 }, table).counts).toEqual([first])
  })

  it('leaves no draft of a table that cannot be written', async () => {
    const folder = scratch()
    mkdirSync(join(folder, 'taken.parquet'))
    const columns = { a: { type: 'DOUBLE' as const, values: [1] } }
    await expect(writeParquet(join(folder, 'taken.parquet'), columns)).rejects.toMatchObject({
      code: 'audit/cannot-write',
    })
    await expect(writeParquet(join(folder, 'none', 'a.parquet'), columns)).rejects.toMatchObject({
      code: 'audit/cannot-write',
    })
    expect(readdirSync(folder)).toEqual(['taken.parquet'])
    await expect(readParquet(join(folder, 'taken.parquet'), ['a'])).rejects.toMatchObject({
      code: 'audit/damaged-evidence',
    })
  })

  it('writes the same bytes for the same evidence', async () => {
    const hashes = async (): Promise<string> => {
      const folder = scratch()
      const writer = new EvidenceWriter(folder)
      await writer.write('surprisal', SAMPLES.surprisal)
      writer.finish(ABOUT)
      return readFileSync(join(folder, 'manifest.json'), 'utf8')
    }
    expect(await hashes()).toBe(await hashes())
  })

  it('refuses a folder without a manifest, and one that was changed afterwards', async () => {
    const folder = scratch()
    await expect(readEvidence(folder)).rejects.toMatchObject({ code: 'audit/no-evidence' })
    const writer = new EvidenceWriter(folder)
    await writer.write('model', SAMPLES.model)
    writer.finish(ABOUT)
    appendFileSync(join(folder, 'model.json'), ' ')
    await expect(readEvidence(folder)).rejects.toMatchObject({ code: 'audit/damaged-evidence' })
  })
})
