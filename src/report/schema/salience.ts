import { z } from 'zod'
import { documentOf, estimateSchema } from './parts.js'

const scoreSchema = z.object({
  model: z.string().describe('with its checkpoint behind an @, where it has one'),
  benchmark: z.string(),
  method: z.string(),
  inSample: z.boolean().describe('the vector was fitted on the model, or on a checkpoint of its run'),
  extrapolated: z.boolean().describe('its mean loss lies outside that of every fitted model'),
  bitsPerByte: z.number().describe('mean loss on the vector’s text'),
  score: estimateSchema,
})

const curveSchema = z.object({
  run: z.string(),
  inSample: z.boolean(),
  unit: z.enum(['tokens', 'steps']),
  points: z.array(
    z.object({
      checkpoint: z.string(),
      at: z.number().nullable().describe('tokens or steps; null where nobody tells'),
      bitsPerByte: z.number(),
      scores: z.array(
        z.object({
          benchmark: z.string(),
          score: estimateSchema,
          measured: z.number().nullable().describe('what --scores gives'),
        }),
      ),
    }),
  ),
})

const skillSchema = z.object({
  method: z.string().describe('id of an estimator; `chosen` and `plain` are chosen anew in every fit'),
  n: z.int().describe('models that were known'),
  explainedVariance: estimateSchema.describe(
    'of families left out; with n below that of the capability (--skill-at) the interval is the error of a median over so many draws, smaller with more --repeats, and says nothing of other models',
  ),
  pairwise: z.number().nullable().describe('share of pairs of models in the right order'),
  nearTies: z.number().nullable().describe('the same, of pairs whose mean losses nearly tie'),
})

const domainSchema = z.object({
  domain: z.string(),
  ofText: z.number().describe('share of the text, in bytes'),
  ofPull: estimateSchema.describe('share of the pull of all losses on the score'),
})

const capabilitySchema = z.object({
  benchmark: z.string(),
  n: z.int(),
  families: z.int(),
  log: z.boolean().describe('perplexities, fitted as logarithms'),
  skill: z.array(skillSchema),
  unfit: z.array(z.object({ method: z.string(), reason: z.string() })),
  chosen: z.string().describe('method that other models are read with'),
  judgedBy: z
    .enum(['chosen', 'plain'])
    .describe('row of `skill` that tells what it is worth: the choice made anew without each family'),
  carriedBy: z.string().nullable().describe('`chosen`; null where it could not be carried'),
  gainOverMean: estimateSchema.describe('`chosen` less `plain`, both chosen anew without each family'),
  permutationNull: z
    .object({ p: z.number(), permutations: z.int() })
    .nullable()
    .describe('of --permutations: how often a gain as large comes about where profiles tell nothing'),
  gainOverCompute: estimateSchema
    .nullable()
    .describe('`judgedBy` less parameters times tokens; null where these are not known'),
  domains: z.array(domainSchema),
  spans: z.array(
    z.object({
      document: z.string(),
      domain: z.string(),
      byteStart: z.int().nullable(),
      byteEnd: z.int().nullable(),
      salience: z.number().min(-1).max(1).describe('above 0: losing less here goes with a better score'),
      agreement: z.number().describe('share of refits in which the sign held'),
      text: z.string().nullable().describe('null where the text is not at hand'),
    }),
  ),
  leftOut: z.array(z.object({ model: z.string(), measured: z.number(), predicted: z.number() })),
})

/** What `salience` prints. */
export const salienceDocument = z.object({
  ...documentOf('salience'),
  models: z
    .array(
      z.object({
        id: z.string(),
        family: z.string(),
        params: z.number().nullable(),
        tokens: z.number().nullable(),
      }),
    )
    .optional()
    .describe('that were fitted on; absent with --apply'),
  spans: z.int().optional().describe('of the text; absent with --apply'),
  capabilities: z.array(capabilitySchema).describe('that were fitted; empty with --apply'),
  predictions: z
    .array(scoreSchema)
    .describe('of --apply; empty from a fit, whose predictions of its own models stand under `leftOut`'),
  curves: z.array(curveSchema).describe('of --apply, a run of several checkpoints each'),
})

/** `salience.json`, what `salience --save` writes and --apply reads. */
export const salienceVectorDocument = z.object({
  schema: z.literal('assay/salience-vector@1'),
  textSha256: z.string().nullable().describe('null where the tables of losses did not tell'),
  models: z
    .array(z.object({ id: z.string(), family: z.string() }))
    .describe('that were fitted on: read from these, a score is in-sample'),
  spans: z.array(
    z.object({
      document: z.string(),
      domain: z.string(),
      bytes: z.object({ start: z.int(), end: z.int() }).nullable(),
    }),
  ),
  capabilities: z.array(
    z.object({
      name: z.string(),
      method: z.string(),
      isLog: z.boolean(),
      lowerIsBetter: z.boolean(),
      link: z.object({ floor: z.number(), height: z.number() }).nullable(),
      intercept: z.number(),
      slope: z.number().describe('on the mean loss, per bit a byte'),
      weights: z.array(z.number()).describe('on the loss of each span, beside the mean'),
      errors: z
        .array(z.object({ error: z.number(), share: z.number() }))
        .describe('|error| on families left out, ascending; what intervals are made of'),
      models: z.int(),
      families: z.int(),
      explainedVariance: estimateSchema.describe('of families left out'),
      gainOverMean: estimateSchema,
      lossRange: z.object({ low: z.number(), high: z.number() }).describe('mean losses of the fitted models'),
      agreement: z
        .array(z.number())
        .describe('of the sign of each weight in refits; empty where the plain loss reads'),
      domains: z.array(domainSchema),
    }),
  ),
})
