import {
  type AdaptationKind,
  type AdaptationOutcome,
  type Answer,
  bitsOf,
  type CarriedVector,
  createRandom,
  DEFAULT_GAIN_SETTINGS,
  type EvaluationRow,
  type EvidenceByKind,
  estimate,
  type FactCount,
  notEstimable,
  type Random,
  type Reference,
  type ScoredDocument,
  type ShotCondition,
  type TokenizedText,
  type TrainingRun,
} from '../../src/core/index.js'

/**
 * Made-up evidence of every kind, on which every probe is judged: no number in it was measured. A kind that is new in
 * `EvidenceByKind` does not compile here until it has its samples.
 */

const random = createRandom(11)
const ints = (n: number, of: (i: number) => number): Int32Array =>
  Int32Array.from({ length: n }, (_, i) => of(i))
const floats = (n: number, of: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => of(i))
const times = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i))

const MODEL: EvidenceByKind['model'] = {
  name: 'sample',
  architecture: 'llama',
  params: 1e8,
  activeParams: 8e7,
  contextLength: 2048,
  vocabularySize: 5000,
  tokenizer: 'bpe',
  fileBytes: 2e8,
  sha256: '0'.repeat(64),
  quantization: 'F16',
  embeddingLength: 512,
  layers: 8,
}

function document(domain: string, i: number, bits: number, own: Random): ScoredDocument {
  const n = 40
  const byteLengths = ints(n, () => 1 + own.integer(6))
  return {
    domain,
    document: `${domain}/${i}.txt`,
    bytes: byteLengths.reduce((a, b) => a + b, 0),
    words: n / 2,
    tokens: ints(n, () => own.integer(5000)),
    byteLengths,
    logLikelihoods: floats(n, () => -bits * 3.5 * Math.LN2 * (0.5 + own.uniform())),
  }
}

function surprisal(perDomain: number, bits: Readonly<Record<string, number>>): EvidenceByKind['surprisal'] {
  const names = Object.keys(bits)
  const own = random.derive('surprisal')
  return {
    protocol: {
      window: 256,
      stride: 128,
      prefixToken: '<s>',
      joinDocuments: false,
      flashAttention: false,
      engine: 'made up',
    },
    documents: names.flatMap((domain) => times(perDomain, (i) => document(domain, i, bits[domain], own))),
    skipped: [],
    domains: names.map((domain) => ({ domain, source: 's', licence: 'l', offered: perDomain })),
  }
}

function text(name: string, tokensPerUnit: number, language?: string, units = 30): TokenizedText {
  const own = random.derive(`text ${name}`)
  return {
    name,
    ...(language === undefined ? {} : { language }),
    units: {
      bytes: ints(units, () => 60 + own.integer(20)),
      words: ints(units, () => 12),
      tokens: ints(units, () => tokensPerUnit + own.integer(4)),
      continuedWords: ints(units, () => own.integer(4)),
      fallbackTokens: ints(units, () => own.integer(2)),
    },
    counts: { ids: ints(50, (i) => i), counts: ints(50, (i) => 1 + i) },
  }
}

const VOCABULARY = {
  size: 5000,
  unreachable: ints(3, (i) => i),
  partialUtf8: ints(40, (i) => 100 + i),
  special: 4,
}

function run(id: string, rows: number, lossAt: (step: number) => number): TrainingRun {
  const own = random.derive(`run ${id}`)
  const loss = floats(rows, (i) => lossAt(i + 1) + 0.02 * own.normal())
  const broken = loss.findIndex((v) => !Number.isFinite(v))
  return {
    id,
    format: 'sample',
    source: `${id}.log`,
    step: floats(rows, (i) => i + 1),
    tokens: floats(rows, (i) => 4096 * (i + 1)),
    loss,
    validationLoss: new Float64Array(0),
    gradNorm: floats(rows, () => 1 + 0.1 * own.normal()),
    learningRate: floats(rows, (i) => 3e-4 * Math.min(1, (i + 1) / 20) * (1 - i / (rows + 1))),
    seconds: floats(rows, () => 0.5 + 0.01 * own.uniform()),
    line: floats(rows, (i) => i + 1),
    nonFinite: broken < 0 ? [] : [{ row: broken, toRow: rows - 1, column: 'loss', found: 'nan' }],
    notes: [],
    tokensPerStep: 4096,
  }
}

const curve = (step: number): number => 2 + 8 * step ** -0.5

function evaluation(model: string, params: number, benchmark: string): EvaluationRow {
  const flops = 6 * params * 20 * params
  const accuracy = 0.25 + 0.75 * Math.exp(-6 * (flops / 1e12) ** -0.12)
  return {
    model,
    family: null,
    params,
    tokens: 20 * params,
    flops,
    checkpoint: null,
    benchmark,
    metric: 'accuracy',
    value: accuracy,
    n_items: 1000,
    chance: 0.25,
    k: null,
    loss: 1.5 + 30 * flops ** -0.06,
    task_loss: null,
    subset: null,
    source: `${model}.json`,
  }
}

const MODELS = [
  { model: 'small', params: 1e6 },
  { model: 'sample', params: 1e8 },
]
const FACTS = times(40, (i) => ({ fact_id: `f${i}`, subject: `Subject ${i}`, object: `Object ${i % 8}` }))

const COUNTS: readonly FactCount[] = FACTS.map((fact, i) => ({
  ...fact,
  relation: i % 2 === 0 ? 'capital' : 'author',
  n_s: 20 + i,
  n_o: 60,
  n_so: i,
}))

function answer(i: number, template: string, correct: boolean): Answer {
  return {
    fact_id: `f${i}`,
    model: 'sample',
    params: 1e8,
    relation: i % 2 === 0 ? 'capital' : 'author',
    domain: 'general',
    template,
    reading: 'ranking',
    correct: correct ? 1 : 0,
    total: 1,
    logprob: -2,
    rank: correct ? 1 : 3,
    candidates: 8,
    confidence: 0.3 + 0.01 * i,
    answer: `Object ${i % 8}`,
  }
}

const answersOf = (count: number, knows: (i: number) => boolean): EvidenceByKind['answers'] => ({
  answers: times(count, (i) => i).flatMap((i) => [
    answer(i, '[X] is [Y]', knows(i)),
    answer(i, 'so [X] is [Y]', knows(i + 1)),
  ]),
  leaks: [{ fact_id: 'f1', template: '[X] is [Y]', found: 'Object 1' }],
  tokens: { evaluated: 100, naive: 900 },
  shots: 0,
  facts: FACTS.slice(0, count),
  skipped: [],
  others: times(count, (i) => ({
    fact_id: `f${i}`,
    ...MODELS[0],
    correct: knows(i - 12) ? 2 : 0,
    total: 2,
  })),
})

/** The same facts asked in the other ways, too; of completions no rank and no share is known. */
function inEveryReading(evidence: EvidenceByKind['answers']): EvidenceByKind['answers'] {
  const completed = { rank: null, candidates: null, confidence: null }
  return {
    ...evidence,
    answers: evidence.answers.flatMap((ranked): Answer[] => [
      ranked,
      { ...ranked, ...completed, reading: 'generation' },
      { ...ranked, ...completed, reading: 'sampled', correct: 3 * ranked.correct, total: 4 },
      ...(ranked.template === '[X] is [Y]'
        ? [{ ...ranked, template: 'all', reading: 'ranking-summed' as const }]
        : []),
    ]),
  }
}

const TASKS = [
  { task: 'verbs', kind: 'labels', control: 'flipped' },
  { task: 'recall', kind: 'made-up', control: 'shuffled' },
  { task: 'counterfactual', kind: 'counterfactual', control: 'true-statement' },
] as const satisfies readonly { task: string; kind: AdaptationKind; control: ShotCondition }[]

/** Tasks whose margins grow by `perShot` nats a shot, and shrink where the shots are wrong. */
function adaptationOf(
  items: number,
  shots: readonly number[],
  perShot: number,
): EvidenceByKind['adaptation'] {
  const own = random.derive('adaptation')
  return {
    tasks: TASKS.map(({ task, kind }) => ({
      task,
      kind,
      chance: 0.5,
      items,
      draws: kind === 'labels' ? 2 : 1,
      shots,
      leftOut: ['64 shots: too long for a context of 256 tokens'],
    })),
    outcomes: TASKS.flatMap(({ task, kind, control }) =>
      (['given', control] as const).flatMap((condition) =>
        shots.flatMap((k) =>
          times(kind === 'labels' && k > 0 ? 2 : 1, (draw) =>
            times(items, (i): AdaptationOutcome => {
              const margin = (condition === 'given' ? perShot : -perShot) * k + own.normal()
              const item = `${task}/${i}`
              return { task, condition, k, draw, item, cluster: item, margin, correct: margin > 0 ? 1 : 0 }
            }),
          ).flat(),
        ),
      ),
    ),
    tokens: { evaluated: 100, naive: 900 },
    prefixToken: 'none',
    prefixChoice: 'auto',
  }
}

/** Tasks of two and four choices, a continuation and a completion, right in `share` of the items. */
function choicesOf(items: number, share: number): EvidenceByKind['choices'] {
  const own = random.derive(`choices ${items} ${share}`)
  const tasks = [
    { task: 'pairs', output: 'multiple_choice', choices: 2, metrics: ['acc', 'acc_norm'] },
    { task: 'quads', output: 'multiple_choice', choices: 4, metrics: ['acc_norm', 'acc'] },
    { task: 'last-word', output: 'loglikelihood', choices: 1, metrics: ['acc'] },
    { task: 'trivia', output: 'generate_until', choices: 1, metrics: ['exact_match'] },
  ] as const
  return {
    tasks: tasks.map(({ task, output, choices, metrics }) => ({
      task,
      output,
      shots: 1,
      draws: [
        { draw: 0, seed: 1234, template: 'default' },
        { draw: 1, seed: 1235, template: 'default' },
      ],
      chance: choices === 1 ? 0 : 1 / choices,
      metrics,
      version: 1,
      citation: null,
      source: null,
      licence: null,
      definitionSha256: '0'.repeat(64),
      itemsSha256: '1'.repeat(64),
      documents: 2 * items,
      items,
      leftOut: ['a note'],
      ...(choices === 1 ? {} : { equalChoices: { items: ['a.jsonl:3', 'a.jsonl:9'], lost: ['a.jsonl:9'] } }),
      marked: {
        spanned: items > 1 ? ['item 0'] : [],
        truncated: items > 1 ? ['item 1'] : [],
        doubleBos: [],
        amongShots: [],
      },
    })),
    answers: tasks.flatMap(({ task, output, choices }) =>
      times(items, (i) => i).flatMap((i) =>
        [0, 1].flatMap((draw) => {
          const isRight = own.uniform() < share ? 1 : 0
          const isWritten = output === 'generate_until'
          return times(choices, (choice) => ({
            task,
            draw,
            item: `item ${i}`,
            cluster: `passage ${Math.floor(i / 2)}`,
            choice,
            gold: choices === 1 || choice === i % choices ? 1 : 0,
            logLikelihood: isWritten
              ? null
              : -8 + own.uniform() + (isRight === 1 && choice === i % choices ? 3 : 0),
            unconditioned: choices === 2 ? -10 + own.uniform() : null,
            tokens: 3,
            characters: 9,
            bytes: 10,
            scoredBytes: 11,
            greedy: choices === 1 && !isWritten ? isRight : null,
            answer: isWritten ? 'Paris' : null,
            match: isWritten ? isRight : null,
          }))
        }),
      ),
    ),
    tokens: { evaluated: 100, naive: 1200, trie: 99 },
    prefixToken: 'none',
    prefixChoice: 'auto',
    engine: 'made up',
  }
}

const EVALUATIONS = [1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8].flatMap((params, i) =>
  ['reading', 'logic'].map((benchmark) => evaluation(`m${i}`, params, benchmark)),
)

/** Two arms of which one is right on more items; the pre-trained one falls behind where `worth` is below 0. */
function armsOf(
  items: number,
  sizes: readonly number[],
  seeds: number,
  worth: number,
): EvidenceByKind['gain'] {
  const own = random.derive(`arms ${items} ${worth}`)
  const outcomes = (['id', 'ood'] as const).flatMap((split) =>
    (['pretrained', 'scratch'] as const).flatMap((arm) =>
      sizes.flatMap((n) =>
        times(seeds, (s) => s).flatMap((s) =>
          times(items, (i) => {
            const learnt = 0.9 - 0.6 * n ** -0.4
            const margin = own.normal() + 2 * (learnt + (arm === 'pretrained' ? worth : 0) - 0.5)
            return {
              arm,
              n,
              seed: `${s}`,
              split,
              test: split,
              item: `${i}`,
              score: margin > 0 ? 1 : 0,
              margin,
              contaminated: i % 5 === 0,
              ...(arm === 'pretrained' ? { minK: -3 - (i % 7) } : {}),
            }
          }),
        ),
      ),
    ),
  )
  return {
    outcomes,
    notes: seeds > 1 ? [] : [{ code: 'one-seed', text: 'both arms have one seed' }],
    settings: { ...DEFAULT_GAIN_SETTINGS, chance: 0.25, prices: { flopsPerExample: 1e9, compute: 2 } },
  }
}

/** What the table of a corpus tells of the documents, items and facts of a sample. */
function lookedUp(
  { surprisal, choices, answers }: Pick<EvidenceByKind, 'surprisal' | 'choices' | 'answers'>,
  clean: (i: number) => number | null,
): EvidenceByKind['contamination'] {
  const asked = [
    ...surprisal.documents.map((d) => ({ task: d.domain, item_id: d.document })),
    ...choices.answers.map((a) => ({ task: a.task, item_id: a.item })),
    ...answers.facts.map((f) => ({ task: 'facts', item_id: f.fact_id })),
  ]
  return { items: asked.map((item, i) => ({ ...item, clean: clean(i) })) }
}

/** A corpus of so many bytes by domain. */
function corpusOf(bytes: Readonly<Record<string, number>>): EvidenceByKind['corpus'] {
  const domains = Object.entries(bytes).map(([domain, n]) => ({ domain, bytes: n }))
  return {
    source: 'profile.json',
    bytes: domains.reduce((n, d) => n + d.bytes, 0),
    domains,
    targets: domains.map(({ domain }) => ({ target: domain, unseenWords: 0.01 })),
    parts: {},
  }
}

/** By name: what an audit usually records, the least that is evidence, what fails, and nothing inside each kind. */
const SPANS = times(6, (u) => ({
  document: `texts/${u >> 1}.txt`,
  domain: u < 4 ? 'law' : 'code',
  bytes: { start: 256 * (u & 1), end: 256 * (1 + (u & 1)) },
}))

/** A capability as a vector carries it; its errors are those of so many families of one model each. */
function carried(name: string, lowerIsBetter: boolean, families: number): CarriedVector {
  const weights = floats(SPANS.length, (u) => (u % 3 === 0 ? -0.2 : 0.1))
  return {
    name,
    method: 'residual-components',
    isLog: lowerIsBetter,
    lowerIsBetter,
    link: lowerIsBetter ? null : { floor: 0.25, height: 0.7 },
    intercept: 1.5,
    slope: lowerIsBetter ? 1 : -1,
    weights,
    errors: times(families, (f) => ({ error: 0.01 * (f + 1), share: 1 / (families + 1) })),
    models: families,
    families,
    explainedVariance: notEstimable('made up'),
    gainOverMean: estimate(0.1, { low: 0.02, high: 0.2, level: 0.95 }, 'share', families),
    lossRange: { low: 1.2, high: 3 },
    agreement: times(SPANS.length, (u) => (u === 1 ? 0.5 : 0.9)),
    domains: [
      {
        domain: 'law',
        ofText: 2 / 3,
        ofPull: estimate(0.8, { low: 0.7, high: 0.9, level: 0.95 }, 'share', families),
      },
      {
        domain: 'code',
        ofText: 1 / 3,
        ofPull: estimate(0.2, { low: 0.1, high: 0.3, level: 0.95 }, 'share', families),
      },
    ],
  }
}

function salience(loss: number, capabilities: readonly CarriedVector[]): EvidenceByKind['salience'] {
  return {
    source: 'salience.json',
    vector: {
      textSha256: '1'.repeat(64),
      models: times(4, (i) => ({ id: `run-${i}@9`, family: `run-${i}` })),
      spans: SPANS,
      capabilities,
    },
    losses: floats(SPANS.length, (u) => loss + 0.1 * (u % 2)),
    texts: SPANS.map((_, u) => `words of span ${u}\n`),
  }
}

const GATHERED: Readonly<
  Record<'usual' | 'thin' | 'failing' | 'empty', Omit<EvidenceByKind, 'contamination' | 'corpus'>>
> = {
  usual: {
    model: MODEL,
    engineCheck: {
      engine: 'made up',
      checks: times(3, (i) => ({ name: `check-${i}`, passed: true, detail: 'as it should' })),
    },
    surprisal: surprisal(12, { law: 0.9, code: 1.1, 'speech.v2': 1, mail: 0.95, tax: 1.6 }),
    tokenizer: {
      texts: [text('law', 16), text('English', 16, 'en'), text('Thai', 40, 'th'), text('German', 21, 'de')],
      vocabulary: VOCABULARY,
    },
    cost: {
      threads: 2,
      hardware: 'a machine',
      prefill: { tokens: 256, seconds: [0.5, 0.52, 0.49] },
      decode: { seconds: times(40, (i) => 0.02 + 0.0001 * (i % 7)) },
      pricePerMillionTokens: 0.1,
    },
    trainingLog: { runs: [run('healthy', 400, curve)] },
    evaluations: { rows: EVALUATIONS, dropped: [], target: { params: 4e8, tokens: 8e9, flops: 1.9e19 } },
    factCounts: { documents: 1e4, bytes: 1e7, match: 'boundary', counts: COUNTS },
    adaptation: adaptationOf(24, [0, 1, 4], 0.5),
    choices: choicesOf(60, 0.8),
    answers: inEveryReading(answersOf(40, (i) => i % 3 !== 0 && i > 12)),
    salience: salience(1.5, [carried('reading', false, 30), carried('lambada', true, 30)]),
    gain: armsOf(60, [4, 16, 64, 256, 1024], 3, 0.3),
  },
  thin: {
    model: { ...MODEL, contextLength: 64 },
    engineCheck: { engine: 'made up', checks: [{ name: 'only', passed: true, detail: 'as it should' }] },
    surprisal: surprisal(1, { law: 1 }),
    tokenizer: { texts: [text('law', 16, undefined, 1)], vocabulary: VOCABULARY },
    cost: {
      threads: 1,
      hardware: 'a machine',
      prefill: { tokens: 8, seconds: [0.1] },
      decode: { seconds: [0.02] },
    },
    trainingLog: { runs: [run('short', 3, curve)] },
    evaluations: {
      rows: EVALUATIONS.slice(0, 1),
      dropped: [],
      target: { params: null, tokens: null, flops: 1e19 },
    },
    factCounts: { documents: 1e4, bytes: null, match: null, counts: COUNTS.slice(0, 1) },
    adaptation: adaptationOf(1, [0], 0),
    choices: choicesOf(1, 0),
    answers: answersOf(1, () => true),
    salience: salience(1.5, [carried('reading', false, 2)]),
    gain: armsOf(1, [16], 1, 0),
  },
  failing: {
    model: MODEL,
    engineCheck: {
      engine: 'made up',
      checks: times(2, (i) => ({ name: `check-${i}`, passed: false, detail: 'differs' })),
    },
    surprisal: surprisal(12, { law: 0.5, code: 6 }),
    tokenizer: {
      texts: [text('English', 10, 'en'), text('Thai', 90, 'th')].map((t) => ({
        ...t,
        units: { ...t.units, fallbackTokens: t.units.tokens },
      })),
      vocabulary: VOCABULARY,
    },
    cost: { threads: 1, hardware: 'a machine', prefill: { tokens: 8, seconds: [] }, decode: { seconds: [] } },
    trainingLog: {
      runs: [
        run('diverged', 400, (s) => curve(s) + (s > 300 ? 0.05 * (s - 300) : 0)),
        {
          ...run('broken', 400, (s) => (s > 350 ? Number.NaN : curve(s))),
          lossScale: Float64Array.from({ length: 400 }, (_, i) => 2 ** (16 - Math.floor(i / 50))),
        },
      ],
    },
    evaluations: { rows: EVALUATIONS.map((row) => ({ ...row, value: 0.25 })), dropped: [] },
    factCounts: {
      documents: 1e4,
      bytes: 1e7,
      match: 'published',
      counts: COUNTS.map((c) => ({ ...c, n_so: 0 })),
    },
    adaptation: adaptationOf(24, [0, 1, 4], 0),
    choices: choicesOf(60, 0),
    answers: answersOf(40, () => false),
    salience: salience(9, [carried('reading', false, 30)]),
    gain: armsOf(60, [16, 64], 2, -0.4),
  },
  empty: {
    model: MODEL,
    engineCheck: { engine: 'made up', checks: [{ name: 'only', passed: true, detail: 'as it should' }] },
    surprisal: surprisal(0, { law: 1 }),
    tokenizer: {
      texts: [],
      vocabulary: { ...VOCABULARY, unreachable: ints(0, Number), partialUtf8: ints(0, Number) },
    },
    cost: { threads: 1, hardware: 'a machine', prefill: { tokens: 0, seconds: [] }, decode: { seconds: [] } },
    trainingLog: { runs: [run('nothing', 0, curve)] },
    evaluations: { rows: [], dropped: [], target: { params: null, tokens: null, flops: 1e19 } },
    factCounts: { documents: 0, bytes: 0, match: null, counts: [] },
    adaptation: { ...adaptationOf(0, [], 0), tasks: [] },
    choices: { ...choicesOf(0, 0), tasks: [] },
    answers: answersOf(0, () => false),
    salience: { ...salience(1.15, []), texts: [] },
    gain: { ...armsOf(1, [16], 1, 0), outcomes: [] },
  },
}

export const SAMPLES: Readonly<Record<keyof typeof GATHERED, EvidenceByKind>> = {
  usual: {
    ...GATHERED.usual,
    contamination: lookedUp(GATHERED.usual, (i) => (i % 7 === 3 ? null : Number(i % 5 > 0))),
    corpus: corpusOf({ law: 1e7, code: 8e6, 'speech.v2': 1.2e7, mail: 9e6, tax: 1e5 }),
  },
  thin: {
    ...GATHERED.thin,
    contamination: lookedUp(GATHERED.thin, () => null),
    corpus: corpusOf({ law: 1 }),
  },
  failing: {
    ...GATHERED.failing,
    contamination: lookedUp(GATHERED.failing, () => 0),
    corpus: corpusOf({ law: 0, code: 0 }),
  },
  empty: { ...GATHERED.empty, contamination: { items: [] }, corpus: corpusOf({}) },
}

/** References on the passages of the usual sample: one that needs a tenth more, one that needs far less. */
export const REFERENCES: readonly Reference[] = [
  { id: 'a-tenth-more', factor: 1.1 },
  { id: 'half', factor: 0.5 },
].map(({ id, factor }) => ({
  id,
  name: id,
  kind: 'model',
  note: 'made up',
  sha256: null,
  passages: SAMPLES.usual.surprisal.documents.map((passage, i) => ({
    domain: passage.domain,
    document: passage.document,
    bytes: passage.bytes,
    // What the corpus lacks they know better than the rest.
    bits: (passage.domain === 'tax' ? 0.6 : 1) * (factor + 0.01 * (i % 5)) * bitsOf(passage),
  })),
}))
