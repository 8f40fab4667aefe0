import { z } from 'zod'
import { boundKindSchema, documentOf, estimateSchema } from './parts.js'

const modelSchema = z
  .object({
    name: z.string(),
    kind: z.enum(['GGUF file', 'checkpoint folder', 'server']).optional(),
    architecture: z.string().optional(),
    params: z.number().nonnegative().optional().describe('all parameters, embeddings included'),
    activeParams: z.number().nonnegative().optional().describe('parameters in a token’s matrix products'),
    contextLength: z.int().positive().optional(),
    vocabularySize: z.int().positive().optional(),
    tokenizer: z.string(),
    fileBytes: z.int().nonnegative().optional(),
    sha256: z.string().optional(),
    quantization: z.string().optional(),
    embeddingLength: z.int().optional(),
    layers: z.int().optional(),
    chatTemplate: z.boolean().optional().describe('whether the file brings a template for chats'),
  })
  .describe('a field is absent where nobody can tell')

const gateSchema = z.object({
  metric: z.string(),
  title: z.string(),
  tier: z.enum(['critical', 'supporting', 'advisory']),
  status: z.enum(['pass', 'fail', 'insufficient']),
  estimate: estimateSchema,
  bound: z.object({ kind: boundKindSchema, value: z.number() }),
  limit: z.number().optional().describe('the bound in the metric’s unit; a drop counts from the baseline'),
  failsOn: z.enum(['above', 'below']).optional().describe('on which side of the limit values fail'),
  reason: z.string(),
  why: z.string().optional().describe('why this bound, as the gate says'),
})

const metricSchema = z.object({
  id: z.string().describe('what gates refer to'),
  title: z.string(),
  estimate: estimateSchema,
  better: z.enum(['lower', 'higher']),
})

/** What `audit`, `judge` and `gate` print, and `report.json` holds. */
export const auditDocument = z.object({
  ...documentOf('audit', 'judge', 'gate'),
  title: z.string(),
  summary: z.string(),
  model: modelSchema.optional(),
  verdict: z.enum(['GO', 'NO-GO', 'INCONCLUSIVE']).optional(),
  gates: z.array(gateSchema),
  metrics: z.array(metricSchema),
  provenance: z.array(z.object({ label: z.string(), value: z.string() })),
  notMeasured: z.array(z.object({ what: z.string(), why: z.string() })),
  evidence: z.string().optional().describe('the evidence folder that was judged'),
  checkpoints: z
    .array(
      z.object({
        step: z.int(),
        model: z.string(),
        metrics: z.array(z.object({ metric: z.string(), estimate: estimateSchema })),
      }),
    )
    .optional()
    .describe('with --every-checkpoint: every checkpoint by step; all else is the last one’s'),
})

/** What was made of files that are not plain text. */
const read = z
  .array(z.object({ domain: z.string(), document: z.string(), what: z.string() }))
  .describe(
    'files that are no plain text, and what was read of them: records of a field, visible text, UTF-16',
  )

/** What `loss` prints. */
export const lossDocument = z.object({
  ...documentOf('loss'),
  domains: z.array(
    z.object({
      domain: z.string(),
      documents: z.int(),
      bytes: z.int(),
      tokens: z.int(),
      bitsPerByte: estimateSchema,
      bytePerplexity: estimateSchema,
      wordPerplexity: estimateSchema,
    }),
  ),
  macro: estimateSchema.describe('mean of the domains’ bits per byte'),
  read,
  protocol: z.object({
    window: z.int(),
    stride: z.int(),
    prefixToken: z.string().describe('text of the token that conditions the first one, or `none`'),
    prefixChoice: z
      .union([z.enum(['auto', 'bos', 'eos', 'none']), z.int()])
      .optional()
      .describe('what --prefix-token said; a number is the id of a token'),
    joinDocuments: z.boolean(),
    flashAttention: z.boolean().nullable().describe('null where a server does not tell'),
    cacheType: z
      .string()
      .nullable()
      .optional()
      .describe('what the cache of keys and values holds, F16 or F32; null where a server does not tell'),
    engine: z.string(),
  }),
})

const shotPoint = z.object({
  k: z.int().nonnegative().describe('shots; statements in the context for `counterfactual`'),
  accuracy: estimateSchema,
  margin: estimateSchema.describe('score of the right choice less that of the best wrong one, nats'),
})

/** What `adapt` prints. */
export const adaptDocument = z.object({
  ...documentOf('adapt'),
  tasks: z.array(
    z.object({
      task: z.string(),
      kind: z.enum(['labels', 'answers', 'made-up', 'counterfactual']),
      items: z.int(),
      chance: z.number().describe('accuracy of guessing'),
      shots: z.array(shotPoint),
      controls: z.array(
        shotPoint.extend({
          name: z.enum(['flipped', 'symbols', 'shuffled', 'true-statement']),
          shots: z.array(shotPoint).describe('the whole curve; beside it the point of the most shots'),
        }),
      ),
      gain: estimateSchema.describe('margin behind the most shots less margin behind none, nats'),
      labelsWorth: estimateSchema.describe('margin behind right labels less that behind wrong ones, nats'),
      leftOut: z.array(z.string()).describe('what did not fit or was not there to be asked, with the reason'),
    }),
  ),
  contextGain: estimateSchema.describe('loss early less loss late in the context, nats/token'),
  contextLoss: z
    .array(z.object({ from: z.int(), to: z.int(), loss: estimateSchema }))
    .describe('by position'),
  tokens: z.object({ evaluated: z.int(), naive: z.int() }),
  protocol: z.object({
    prefixToken: z.string(),
    prefixChoice: z.union([z.enum(['auto', 'bos', 'eos', 'none']), z.int()]),
  }),
})

/** What `tokenizer` prints. */
export const tokenizerDocument = z.object({
  ...documentOf('tokenizer'),
  texts: z.array(
    z.object({
      name: z.string(),
      language: z.string().optional(),
      bytesPerToken: estimateSchema,
      fertility: estimateSchema.describe('tokens per word'),
      continuedWords: estimateSchema.describe('share of words that take more than one token'),
      renyiEfficiency: estimateSchema.describe('of order 2.5'),
      renyiEfficiencyAlpha3: estimateSchema.describe('of order 3'),
      parity: estimateSchema.optional().describe('tokens ÷ tokens of the pivot’s parallel text'),
    }),
  ),
  read,
  vocabulary: z.object({
    size: z.int(),
    used: z.int(),
    unreachable: z.int(),
    partialUtf8: z.int(),
  }),
})

/** What `fit` prints. */
export const fitDocument = z.object({
  ...documentOf('fit'),
  form: z.string().describe('id of the scaling form'),
  equation: z.string(),
  parameters: z.array(
    z.object({
      name: z.string(),
      unit: z.string().describe('begins with `ln` where the value is a logarithm'),
      value: z.number(),
      low: z.number().nullable().describe('lower end of the interval; null where there is none'),
      high: z.number().nullable(),
      identified: z.boolean().describe('whether the rows pin the parameter down'),
      reason: z.string().optional().describe('why they do not'),
    }),
  ),
  at: estimateSchema.describe('the law’s value where --at asks, without the scatter of a single run'),
  optimum: z
    .object({
      params: estimateSchema,
      tokens: estimateSchema,
      value: estimateSchema.describe('the law’s value there'),
    })
    .optional()
    .describe('compute-optimal split of --budget at C = 6·N·D'),
  r2: z
    .number()
    .nullable()
    .describe('share of variance explained in the scale of the fit; null for a constant'),
  converged: z.boolean(),
  residualDeviation: z.number().nullable().describe('in the scale of the fit; null without spare rows'),
  rows: z.int().nonnegative(),
  runs: z.int().nonnegative(),
  notes: z.array(z.string()).describe('what was done to the rows'),
})

const armSchema = z.enum(['pretrained', 'scratch'])
const splitSchema = z.enum(['id', 'ood'])
const censoredSchema = z.object({
  value: estimateSchema,
  censored: z.boolean(),
  atLeast: z
    .number()
    .nullable()
    .describe('of a censored value: it is at least this; null where nothing bounds it from below'),
  atMost: z
    .number()
    .nullable()
    .describe('of a censored value: it is at most this; null where nothing bounds it from above'),
})

/** What `gain` prints. */
export const gainDocument = z.object({
  ...documentOf('gain'),
  gain: estimateSchema.describe('in distribution, over all training-set sizes above 0, or at one (`at`)'),
  chanceCentredGain: estimateSchema,
  retainedShare: estimateSchema.describe('(scratch − chance)/(pre-trained − chance)'),
  oodGain: estimateSchema,
  idOodDifference: estimateSchema,
  cleanSubsetGain: estimateSchema.describe('on items that do not stand in the pre-training corpus'),
  marginGain: estimateSchema,
  gainAtLastSize: estimateSchema.describe(
    'at the largest size less the mean at the others; below 0 the gap closes',
  ),
  smallestDetectable: z
    .number()
    .nullable()
    .describe('true gain that this design shows in four of five cases'),
  sampleEfficiency: z.object({
    score: z.number().describe('accuracy at which examples are compared'),
    ratio: estimateSchema.describe('examples from scratch for each one with pre-training'),
    censored: z
      .boolean()
      .describe('one arm’s curve ends before the score or begins above it: the ratio is a bound'),
    atLeast: z.number().nullable(),
    atMost: z.number().nullable(),
    pretrainedExamples: estimateSchema,
    scratchExamples: estimateSchema,
  }),
  curves: z.array(
    z.object({
      arm: armSchema,
      split: splitSchema,
      points: z.array(z.object({ n: z.number(), score: estimateSchema })),
      asymptote: estimateSchema.describe('error left with unlimited data'),
      exponent: estimateSchema,
      law: z.object({ asymptote: z.number(), amplitude: z.number(), exponent: z.number() }).nullable(),
    }),
  ),
  bySize: z.array(z.object({ n: z.number(), split: splitSchema, gain: estimateSchema })),
  dataTransferred: z.array(z.object({ n: z.number(), ...censoredSchema.shape })),
  transferLaw: z.object({
    logK: estimateSchema,
    alpha: estimateSchema,
    beta: estimateSchema,
    points: z.int(),
    outside: z.int(),
  }),
  saved: z.object({
    examples: censoredSchema,
    flops: estimateSchema,
    money: estimateSchema,
    perPoint: z.object({ pretrained: estimateSchema, scratch: estimateSchema }),
  }),
  contamination: z.object({
    lookedUp: z.int(),
    contaminated: z.int(),
    undecided: z.int(),
    minK: z.object({ unlikely: estimateSchema, likely: estimateSchema }),
  }),
  decision: z.object({
    superior: z
      .enum(['shown', 'refuted', 'not-shown'])
      .describe('not-shown is no sign that there is no effect'),
    regressed: z.array(z.string()),
    undecided: z.array(z.string()),
    holds: z.boolean(),
    target: z.number(),
    delta: z.number(),
    elsewhere: z.array(z.object({ test: z.string(), gain: estimateSchema })),
  }),
  chance: z.number().nullable(),
  at: z.union([z.literal('all'), z.number()]),
  items: z.object({ id: z.int(), ood: z.int() }),
  sizes: z.array(z.number()),
  seeds: z.int(),
  pairedSeeds: z.boolean(),
  notes: z.array(z.object({ code: z.string(), text: z.string() })),
})
