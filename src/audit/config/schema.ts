import { z } from 'zod'
import { quantity, share } from '../../ingest/index.js'
import { BOUND_KINDS, bound, drop } from './bounds.js'

/** Whether a probe declares it is checked by the reader, which knows the probes and the audit's texts. */
const metric = z.string().describe('metric id as listed in report.json, for example held-out-loss.macro')

const gate = z
  .strictObject({
    metric,
    tier: z.enum(['critical', 'supporting', 'advisory']).default('critical'),
    min: bound.optional(),
    max: bound.optional(),
    max_drop: drop.optional(),
    max_relative_drop: drop.optional(),
    why: z.string().optional().describe('why this bound: shown beside it'),
  })
  .refine(
    (g) => BOUND_KINDS.filter((kind) => g[kind] !== undefined).length === 1,
    `set exactly one of ${BOUND_KINDS.join(', ')}`,
  )

/** Demands on the metrics; two that no value can meet together are refused. */
const gates = z.array(gate).superRefine((list, context) => {
  list.forEach((lower, i) => {
    const upper = list.find(
      (g) =>
        g.metric === lower.metric && g.max !== undefined && g.max.value < (lower.min?.value ?? -Infinity),
    )
    if (upper !== undefined)
      context.addIssue({
        code: 'custom',
        path: [i, 'min'],
        message: `no value is at least ${lower.min?.text} and at most ${upper.max?.text}: ${lower.metric} has both bounds`,
      })
  })
})

/** How much of something: 7e9, or 7B. */
const amount = z
  .union([z.string().transform(quantity), z.number()])
  .pipe(z.number('expected a number, such as 7e9 or 7B').positive())
/** .25, or 25 %. */
const shareFrom = (least: number) =>
  z
    .union([z.string().transform(share), z.number()])
    .pipe(z.number(`expected a share, as in .25 or 25 %`).min(least).lt(1))
const globs = z.union([z.string(), z.array(z.string()).min(1)])

/** The one config file, `assay.yaml`; its JSON Schema is schema/config.schema.json. */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  model: z
    .string()
    .trim()
    .min(1, 'it is empty: name a model, or leave the line out for the one that ships')
    .optional()
    .describe(
      'a GGUF file, a checkpoint folder, hf:org/name, hf:org/repo/file.gguf or http://host:8000/v1; left out: the model that ships',
    ),
  tokenizer: z
    .string()
    .trim()
    .min(1)
    .optional()
    .describe(
      'of a server’s model: a folder, a tokenizer.json, hf:org/name, or server: where it took it from',
    ),
  domains: z
    .record(z.string(), globs)
    .optional()
    .describe("the user's held-out text: name → glob or list of globs"),
  default_texts: z.boolean().default(true).describe('score the texts that ship, too'),
  limit: z.number().int().positive().optional().describe('documents per domain'),
  full: z.boolean().default(false).describe('score whole files instead of a balanced sample'),
  window: z.number().int().min(2).optional().describe('tokens a window, at most the context of the model'),
  prefix_token: z
    .union([z.enum(['auto', 'bos', 'eos', 'none']), z.number().int().nonnegative()])
    .default('auto')
    .describe('token in front of documents and prompts, by name or id'),
  seed: z.number().int().nonnegative().optional(),
  engine: z
    .strictObject({
      threads: z.number().int().positive().optional(),
      gpu: z.enum(['off', 'auto']).default('off'),
    })
    .optional(),
  price_per_million_tokens: z.number().nonnegative().optional(),
  baseline: z.string().optional().describe('evidence folder that max_drop gates are measured from'),
  references: globs.optional().describe('evidence folders of audits to show this one beside'),
  training_logs: globs.optional().describe('logs of the run, any format that `assay curve` reads'),
  evaluations: z
    .strictObject({
      files: globs,
      params: amount.optional(),
      tokens: amount.optional(),
      flops: amount.optional(),
    })
    .optional()
    .describe('results of smaller runs and the run to forecast'),
  knowledge: z
    .strictObject({
      facts: z.string().describe('facts in JSONL'),
      templates: z.string().optional(),
      counts: z.string().optional().describe('table of `assay corpus count`'),
      documents: amount.pipe(z.int()).optional().describe('documents of the counted corpus'),
      answers: globs.optional().describe('answers of other models, for the bound'),
      limit: z.number().int().positive().optional(),
    })
    .optional(),
  salience: z
    .strictObject({
      vector: z.string().describe('what `assay salience --save` wrote: capabilities to read from the losses'),
      text: z
        .record(z.string(), globs)
        .optional()
        .describe("the vector's text, name → glob or list of globs; left out: the texts that ship"),
    })
    .optional(),
  gain: z
    .strictObject({
      pretrained: globs.describe('results item by item of the arm from pre-trained weights'),
      scratch: globs.describe('the same of the arm from random weights'),
      task: z.string().min(1).optional().describe('what both arms learn, for the report'),
      path: z.string().optional().describe("what folders tell: 'n{n}/seed{seed}/{split}'"),
      ood: z.array(z.string()).optional().describe('test sets out of distribution'),
      chance: shareFrom(0).optional().describe('accuracy of guessing'),
      contamination: z
        .string()
        .optional()
        .describe(
          'table of items looked up in the pre-training corpus: item_id, clean (1 or 0), task (the test set)',
        ),
      target: shareFrom(-1).optional().describe('least gain that counts'),
      delta: shareFrom(0).optional().describe('largest loss elsewhere that is put up with'),
    })
    .optional()
    .describe('two arms trained alike, one from scratch: what `assay gain` compares'),
  tasks: z
    .array(
      z.union([
        z.string(),
        z.strictObject({
          task: z.string().describe('a task that ships, or a task YAML of lm-evaluation-harness'),
          data: z
            .string()
            .optional()
            .describe(
              'its items: a file, or hf:org/name/file.parquet; left out: what the YAML names, else the Hub',
            ),
          shots: z.number().int().nonnegative().optional().describe('left out: as the task says'),
          limit: z
            .number()
            .int()
            .positive()
            .optional()
            .describe('items, drawn by the seed; left out: 60, and all with full'),
        }),
      ]),
    )
    .min(1)
    .optional()
    .describe('benchmark tasks that the model is scored on: what `assay choices --task` takes'),
  corpus: z
    .union([
      z.string(),
      z.strictObject({
        profile: z.string().describe('JSON of `assay corpus profile`, or a table: domain, bytes'),
        parts: z
          .record(z.string(), z.union([z.string(), z.array(z.string())]))
          .optional()
          .describe(
            'held-out domain → the domains of the corpus that are text of its kind; [] where it has none',
          ),
      }),
    ])
    .optional()
    .describe('what the training corpus holds by domain'),
  contamination: globs
    .optional()
    .describe(
      'tables of `assay corpus contamination`, one a corpus: every figure on what does not stand in the training corpus, too',
    ),
  adaptability: z
    .union([
      z.literal(false),
      z.strictObject({
        tasks: globs.optional().describe('multiple-choice items as `assay adapt --task` takes them'),
      }),
    ])
    .optional()
    .describe('what the model learns from its context; false leaves it out'),
  gates: gates.optional(),
})

export type Config = z.infer<typeof configSchema>

/** A gates-only file for `assay gate DIR --policy P`. */
export const policySchema = z.strictObject({ $schema: z.string().optional(), gates: gates.min(1) })
