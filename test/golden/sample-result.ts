import {
  createRandom,
  type Estimate,
  estimate,
  exact,
  type Finding,
  type GateResult,
  type LineChart,
  notEstimable,
  type Result,
  type Section,
} from '../../src/core/index.js'

/**
 * A made-up result with every kind of chart, status and estimate, for golden and browser tests: no number in
 * it was measured. Its names are hostile on purpose where a user's file or model could name itself so.
 */

const around = (value: number, half: number, unit: string, n: number): Estimate =>
  estimate(value, { low: value - half, high: value + half, level: 0.95 }, unit, n)

const DOMAINS = [
  ['speech', 0.842, 0.021, 48],
  ['encyclopaedia', 0.913, 0.018, 64],
  ['dialogue', 0.987, 0.041, 40],
  ['literature', 1.034, 0.016, 52],
  ['mathematics', 1.102, 0.058, 30],
  ['code: python', 1.318, 0.047, 36],
  ['code: javascript', 1.402, 0.052, 36],
  ['my-docs/<img src=x onerror=alert(1)>.txt', 1.655, 0.11, 9],
] as const

const lossSection: Section = {
  id: 'held-out-loss',
  order: 10,
  question: 'How well does it model the text of each domain?',
  answer:
    'Prose is modelled at 0.84–1.03 bits per byte, source code at 1.3–1.4: code costs 40 % more bits than an encyclopaedia.',
  inShort: '1.16 bits/byte',
  charts: [
    {
      kind: 'dots',
      caption: 'Code and the user’s own documents are modelled worst; speech best.',
      x: { label: 'held-out loss', unit: 'bits/byte' },
      rows: [
        ...DOMAINS.map(([label, value, half, n]) => ({
          label,
          estimate: around(value, half, 'bits/byte', n),
        })),
        { label: 'macro average', estimate: around(1.157, 0.019, 'bits/byte', 315), emphasis: true },
        {
          label: 'code: rust',
          estimate: notEstimable('the file holds 212 bytes; at least 1,000 are needed'),
        },
      ],
      reference: [
        { value: 1.2, label: 'gate: at most 1.2' },
        { value: 1.137, label: 'baseline audit' },
      ],
    },
  ],
  tables: [
    {
      title: 'Held-out loss by domain',
      columns: ['domain', 'documents', 'bytes', 'bits per byte', 'word perplexity'],
      rows: [
        ...DOMAINS.map(([name, value, half, n]) => [
          name,
          n,
          n * 2150,
          around(value, half, 'bits/byte', n),
          around(2 ** (value * 5.7), 2 ** (value * 5.7) * half * 4, 'perplexity/word', n),
        ]),
        ['code: rust', 1, 212, notEstimable('too little text'), null],
      ],
    },
  ],
  protocol: [
    'window 1,024 tokens, stride 512; every token is scored once, with at least 512 tokens before it',
    'documents are scored apart from each other, each after the model’s BOS token',
    'intervals: 2,000 bootstrap resamples of documents, ratio of sums, 95 %',
  ],
}

const LANGUAGES = [
  ['English', 4.51, 0.06, 'Latin'],
  ['German', 3.62, 0.05, 'Latin'],
  ['Türkçe', 2.94, 0.06, 'Latin'],
  ['Русский', 3.12, 0.07, 'Cyrillic'],
  ['Українська', 2.71, 0.07, 'Cyrillic'],
  ['中文', 2.2, 0.05, 'other'],
  ['עברית', 1.95, 0.04, 'other'],
  ['ไทย', 1.62, 0.05, 'other'],
] as const

const tokenizerSection: Section = {
  id: 'tokenizer-efficiency',
  order: 20,
  question: 'How well does its tokenizer serve the text?',
  answer: 'English needs 0.22 tokens a byte; Thai needs 2.8 times as many tokens for the same sentences.',
  inShort: '<b>1.6</b> to 4.5 bytes a token',
  charts: [
    {
      kind: 'dots',
      caption: 'Scripts outside Latin pay two to three times the tokens.',
      x: { label: 'bytes per token', unit: 'bytes/token' },
      rows: LANGUAGES.map(([label, value, half, group]) => ({
        label,
        group: `${group} script`,
        estimate: around(value, half, 'bytes/token', 400),
      })),
    },
  ],
  tables: [
    {
      title: 'Vocabulary',
      columns: ['quantity', 'tokens'],
      rows: [
        ['size', exact(49152, 'tokens', 1)],
        ['used in the sample', exact(21407, 'tokens', 1)],
        ['unreachable', exact(0, 'tokens', 1)],
      ],
    },
  ],
  protocol: ['400 parallel sentences in each language', 'words are counted with Unicode segmentation'],
}

const STEPS = 6000

function trainingCurves(): { loss: LineChart; rate: LineChart } {
  const random = createRandom(7)
  const x = Float64Array.from({ length: STEPS }, (_, i) => i + 1)
  const trend = x.map((step) => 2.05 + 9 * step ** -0.42)
  const loss = trend.map((y, i) => {
    const step = i + 1
    const spike = step >= 2400 && step < 2460 ? 1.6 * Math.exp(-(step - 2400) / 20) : 0
    const gap = step >= 3900 && step < 4000 ? Number.NaN : 0
    return y + spike + gap + (random.uniform() - 0.5) * 0.12
  })
  const warmup = 300
  const rate = x.map((step) =>
    step < warmup
      ? (3e-4 * step) / warmup
      : 3e-5 + 1.35e-4 * (1 + Math.cos((Math.PI * (step - warmup)) / (STEPS - warmup))),
  )
  const steps = { label: 'step', domain: [0, STEPS] } as const
  return {
    loss: {
      kind: 'lines',
      caption: 'One spike at step 2,400, recovered within 60 steps; 100 steps were not logged.',
      x: steps,
      y: { label: 'training loss', unit: 'nats/token', scale: 'log' },
      series: [
        { name: 'logged', style: 'faint', x, y: loss },
        { name: 'smoothed', style: 'line', x, y: trend },
      ],
      marks: [
        { from: 2400, to: 2460, label: 'spike, recovered', status: 'warn' },
        { from: 3900, to: 4000, label: 'gap: no rows', status: 'insufficient' },
        { from: 5200, label: 'gradient norm not finite', status: 'fail' },
      ],
    },
    rate: {
      kind: 'lines',
      caption: 'Cosine decay after 300 warm-up steps, as the config says.',
      x: steps,
      y: { label: 'learning rate' },
      series: [{ name: 'learning rate', style: 'line', x, y: rate }],
      height: 'short',
    },
  }
}

function curveSection(): Section {
  const { loss, rate } = trainingCurves()
  return {
    id: 'training-curve',
    order: 40,
    question: 'Was the training run healthy?',
    answer: 'Yes, with one spike that recovered; the final loss is where its own curve predicted it.',
    charts: [loss, rate],
    tables: [
      {
        title: 'Events',
        columns: ['event', 'from step', 'to step', 'height'],
        rows: [
          ['spike-recovered', 2400, 2460, around(1.58, 0.09, 'nats/token', 60)],
          ['gap', 3900, 3999, null],
        ],
      },
    ],
    protocol: ['robust Theil–Sen slope over 200 steps', 'a spike is 6 MADs above the running median'],
  }
}

function forecastSection(): Section {
  const form = (c: number): number => 0.25 + 0.68 * Math.exp(-((c / 1e20) ** -0.28))
  const compute = Float64Array.from({ length: 41 }, (_, i) => 10 ** (18 + i * 0.15))
  const seen = [1.2e18, 3e18, 8e18, 2.2e19, 6e19, 1.5e20, 4e20]
  const held = [1.1e21, 3.2e21]
  const half = compute.map((c) => 0.012 + 0.018 * Math.max(0, Math.log10(c / 4e20)))
  return {
    id: 'forecast',
    order: 50,
    question: 'Where will it land downstream?',
    answer: 'At 1e23 FLOPs it is expected to answer 85 % of ARC-Easy, give or take six points.',
    charts: [
      {
        kind: 'lines',
        caption: 'Both held-out models fall inside the 95 % band.',
        x: { label: 'training compute', unit: 'FLOPs', scale: 'log' },
        y: { label: 'ARC-Easy accuracy', unit: 'accuracy', domain: [0.2, 1] },
        series: [
          {
            name: 'fit, 95 % band',
            style: 'band',
            x: compute,
            y: compute.map(form),
            low: compute.map((c, i) => form(c) - (half[i] ?? 0)),
            high: compute.map((c, i) => form(c) + (half[i] ?? 0)),
          },
          { name: 'fit, 95 % band', style: 'line', x: compute, y: compute.map(form) },
          {
            name: 'fitted models',
            style: 'points',
            x: seen,
            y: seen.map((c, i) => form(c) + [0.01, -0.008, 0.004, 0.011, -0.012, 0.003, 0.006][i]!),
          },
          { name: 'held-out models', style: 'points', x: held, y: held.map((c) => form(c) - 0.013) },
        ],
        marks: [{ from: 1e23, label: 'target 1e23', status: 'pass' }],
      },
    ],
    tables: [],
    protocol: ['back-test: the two largest models were left out of the fit'],
  }
}

const salienceSection: Section = {
  id: 'salience',
  order: 60,
  question: 'Which tokens carry the capability?',
  answer: 'Names and numbers carry it; function words do not.',
  charts: [
    {
      kind: 'passage',
      caption: 'Weights concentrate on the named entity and the year.',
      spans: [
        { text: 'The telescope was built by ', weight: -0.1 },
        { text: 'Johannes Hevelius', weight: 0.95 },
        { text: ' in ', weight: -0.35 },
        { text: 'Gdańsk', weight: 0.7 },
        { text: ', and finished in ', weight: 0.05 },
        { text: '1641', weight: 0.85 },
        { text: '.\nIt was, by all accounts, ', weight: -0.2 },
        { text: 'enormous', weight: -0.75 },
        { text: ' <script>alert("spans are data")</script>', weight: 0.3 },
      ],
    },
  ],
  tables: [],
  protocol: ['one model family'],
}

const costSection: Section = {
  id: 'inference-cost',
  order: 90,
  question: 'What does it cost to run?',
  answer: 'It reads 1,240 tokens a second and writes 58 on two cores.',
  charts: [],
  tables: [
    {
      title: 'Speed and price',
      columns: ['quantity', 'measured'],
      rows: [
        ['prefill', around(1240, 36, 'tokens/s', 12)],
        ['decode', around(58.2, 0.9, 'tokens/s', 12)],
        ['latency, 99th percentile', around(24.1, 1.3, 'ms', 240)],
        ['FLOPs per token', exact(2.69e8, 'FLOPs/token', 1)],
        ['price', notEstimable('no price was given (cost.pricePerHour)')],
      ],
    },
  ],
  protocol: ['two threads, no GPU, 512-token prompts'],
}

const findings: readonly Finding[] = [
  {
    probe: 'held-out-loss',
    code: 'domain-loss-high',
    status: 'fail',
    title: 'JavaScript is modelled worse than its gate allows',
    estimate: around(1.402, 0.052, 'bits/byte', 36),
    threshold: { kind: 'max', value: 1.2, unit: 'bits/byte' },
    action:
      'Continue pre-training on source code: about 2B tokens should close the gap, by the domain’s own scaling.',
    sources: [
      'docs/methods/surprisal.md#bits-per-byte',
      'surprisal evidence, 36 documents',
      'Gao et al. 2020, arXiv:2101.00027',
    ],
  },
  {
    probe: 'tokenizer-efficiency',
    code: 'parity-low',
    status: 'warn',
    title: 'Thai costs 2.8 times the tokens of English',
    estimate: around(2.78, 0.09, 'ratio', 400),
    threshold: { kind: 'max', value: 2, unit: 'ratio' },
    action: 'Extend the tokenizer for Thai before fine-tuning on it.',
    sources: ['Petrov et al. 2023, arXiv:2305.15425'],
  },
  {
    probe: 'held-out-loss',
    code: 'domain-thin',
    status: 'insufficient',
    title: 'Too little Rust to judge',
    estimate: notEstimable('212 bytes; at least 1,000 are needed'),
    action: 'Give more text: --domain rust=src/**/*.rs',
    sources: [],
  },
  {
    probe: 'knowledge-retention',
    code: 'probe-failed',
    status: 'error',
    title: 'The knowledge probe stopped: facts.jsonl has two rows with one id',
    action: 'Remove one of lines 12 and 804 of facts.jsonl.',
    sources: [],
  },
  {
    probe: 'engine-check',
    code: 'engine-sound',
    status: 'pass',
    title: 'The engine’s numbers can be trusted: nine of nine checks hold',
    estimate: exact(9, 'checks', 9),
    sources: ['docs/methods/engines.md'],
  },
  {
    probe: 'training-curve',
    code: 'healthy-with-spikes',
    status: 'pass',
    title: 'The run is healthy, with one spike that recovered',
    sources: ['OLMo 2, arXiv:2501.00656'],
  },
]

const gates: readonly GateResult[] = [
  {
    metric: 'held-out-loss.bitsPerByte.macro',
    title: 'Held-out loss, macro average',
    tier: 'critical',
    status: 'pass',
    estimate: around(1.157, 0.019, 'bits/byte', 315),
    bound: { kind: 'max', value: 1.2 },
    limit: 1.2,
    failsOn: 'above',
    reason: 'the whole interval is on the right side of the bound',
  },
  {
    metric: 'held-out-loss.bitsPerByte.code-javascript',
    title: 'Held-out loss, code: javascript',
    tier: 'critical',
    status: 'fail',
    estimate: around(1.402, 0.052, 'bits/byte', 36),
    bound: { kind: 'max', value: 1.2 },
    limit: 1.2,
    failsOn: 'above',
    reason: 'the whole interval is on the wrong side of the bound',
  },
  {
    metric: 'knowledge-retention.accuracy',
    title: 'Closed-book accuracy',
    tier: 'critical',
    status: 'insufficient',
    estimate: around(0.612, 0.034, 'accuracy', 820),
    bound: { kind: 'min', value: 0.6 },
    limit: 0.6,
    failsOn: 'below',
    reason: 'the interval straddles the bound: more text or items would decide it',
  },
  {
    metric: 'tokenizer-efficiency.parity.thai',
    title: 'Tokens for Thai, against English',
    tier: 'supporting',
    status: 'fail',
    estimate: around(2.78, 0.09, 'ratio', 400),
    bound: { kind: 'max', value: 2 },
    limit: 2,
    failsOn: 'above',
    reason: 'the whole interval is on the wrong side of the bound',
  },
  {
    metric: 'inference-cost.decode',
    title: 'Decoding speed',
    tier: 'advisory',
    status: 'pass',
    estimate: around(58.2, 0.9, 'tokens/s', 12),
    bound: { kind: 'max_relative_drop', value: 0.05 },
    limit: 56.1,
    failsOn: 'below',
    reason: 'the whole interval is on the right side of the bound',
  },
  {
    metric: 'inference-cost.price',
    title: 'Price of a million tokens',
    tier: 'advisory',
    status: 'insufficient',
    estimate: notEstimable('no price was given (cost.pricePerHour)'),
    bound: { kind: 'max', value: 0.4 },
    reason: 'no price was given (cost.pricePerHour)',
  },
]

export function sampleResult(): Result {
  return {
    schema: 'assay/audit@1',
    title: 'Example-135M <b>"Q8"</b>',
    summary:
      'Good on prose, short of its gate on source code, and costly for Thai. Engine checked; nine of ten domains measured.',
    seed: 20261123,
    inputs: [
      {
        path: 'models/example-135m.gguf',
        sha256: '5d41402abc4b2a76b9719d911017c592ae2cf2fd0b1e0d5e9f6d2f0b5cf4e1aa',
      },
      {
        path: 'texts/\u202egnp.exe & "more".txt',
        sha256: '7d793037a0760186574b0282f2f435e7b0d1a1f2d3c4b5a697887766554433ff',
      },
    ],
    model: {
      name: 'Example-135M',
      architecture: 'llama',
      params: 134_515_008,
      activeParams: 106_203_456,
      contextLength: 2048,
      vocabularySize: 49152,
      tokenizer: 'gpt2 (byte-level BPE)',
      fileBytes: 144_812_032,
      sha256: '5d41402abc4b2a76b9719d911017c592ae2cf2fd0b1e0d5e9f6d2f0b5cf4e1aa',
      quantization: 'Q8_0',
      embeddingLength: 576,
      layers: 30,
    },
    verdict: 'NO-GO',
    gates,
    findings,
    metrics: [
      {
        id: 'held-out-loss.bitsPerByte.macro',
        title: 'Held-out loss, macro average',
        estimate: around(1.157, 0.019, 'bits/byte', 315),
        better: 'lower',
      },
      {
        id: 'inference-cost.price',
        title: 'Price of a million tokens',
        estimate: notEstimable('no price was given (cost.pricePerHour)'),
        better: 'lower',
      },
    ],
    sections: [
      costSection,
      lossSection,
      tokenizerSection,
      curveSection(),
      forecastSection(),
      salienceSection,
    ],
    provenance: [
      { label: 'assay', value: '0.1.0' },
      {
        label: 'engine',
        value: 'llama-cpp b4300, 2 threads, no GPU, flash attention off, batches of 512 tokens',
      },
      { label: 'intervals', value: '95 %, bootstrap over documents' },
    ],
    notMeasured: [
      { what: 'knowledge retention', why: 'no facts were given (--facts)' },
      { what: 'pre-training gain', why: 'needs two tables of adaptation runs' },
    ],
  }
}
