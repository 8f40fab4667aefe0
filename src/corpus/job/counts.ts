import { z } from 'zod'
import type { Fact } from '../../core/index.js'
import { threadModule } from '../../io/thread-module.js'
import { buildEmbeddedTables, createEmbeddedCounter } from '../embedded/create.js'
import { resolveEntities } from '../names/entities.js'
import { FOLDS } from '../names/fold.js'
import { foldsOf } from '../names/match.js'
import { createPlainCounter } from '../plain/counter.js'
import { fieldsOf, gathererOf } from './count-gatherer.js'
import type { PairExample } from './examples.js'
import type { Gathered, Gathering, PartForm, PartJob } from './gathering.js'
import type { GroupCounts, Sums } from './groups.js'
import { skippedEntry } from './part.js'
import { type GroupedSettings, jobFingerprint } from './settings.js'
import type { Sparse } from './sparse.js'
import { Totals } from './totals.js'

/** Counts over some documents in the form that travels between threads and into checkpoints. */
export interface Counts extends Gathered, Sums {
  /** By source, language, field; none unless asked for. */
  readonly groups: readonly GroupCounts[]
  readonly examples: readonly PairExample[]
}

const sparse = z.object({ steps: z.array(z.int().min(1)), values: z.array(z.int().min(1)) })
const sums = z.object({
  documents: z.int().min(0),
  bytes: z.int().min(0),
  entities: sparse,
  pairs: sparse,
  pairsInDocument: sparse.nullable(),
})
const fields = sums.extend({
  skipped: z.array(skippedEntry),
  groups: z.array(sums.extend({ by: z.string(), value: z.string() })).optional(),
  examples: z
    .array(z.object({ pair: z.int().min(0), hash: z.string(), path: z.string(), text: z.string() }))
    .optional(),
})
const settings = z.object({
  match: z.object({
    match: z.enum(['boundary', 'published']),
    ignoreCase: z.boolean(),
    fold: z.array(z.enum(FOLDS)).readonly(),
    within: z.int().min(0).nullable(),
  }),
  column: z.string(),
  textDocument: z.enum(['line', 'paragraph', 'file']),
  format: z.enum(['auto', 'parquet', 'jsonl', 'text']),
  grouping: z
    .object({
      by: z.array(z.string()).readonly(),
      corpora: z.array(z.object({ name: z.string(), input: z.string() })).readonly(),
      examples: z.object({ most: z.int(), around: z.int() }).nullable(),
    })
    .optional(),
})

/** Indices as steps from one to the next (the first from −1), so that the text stays short. */
function toSteps({ indices, values }: Sparse): z.infer<typeof sparse> {
  let last = -1
  const steps = Array.from(indices, (index) => {
    const step = index - last
    last = index
    return step
  })
  return { steps, values: [...values] }
}

function fromSteps({ steps, values }: z.infer<typeof sparse>): Sparse {
  let last = -1
  return { indices: Int32Array.from(steps, (step) => (last += step)), values: Float64Array.from(values) }
}

function encodeSums({ documents, bytes, ofEntity, ofPair, ofPairInDocument }: Sums): z.infer<typeof sums> {
  return {
    documents,
    bytes,
    entities: toSteps(ofEntity),
    pairs: toSteps(ofPair),
    pairsInDocument: ofPairInDocument === null ? null : toSteps(ofPairInDocument),
  }
}

function decodeSums({ documents, bytes, entities, pairs, pairsInDocument }: z.infer<typeof sums>): Sums {
  return {
    documents,
    bytes,
    ofEntity: fromSteps(entities),
    ofPair: fromSteps(pairs),
    ofPairInDocument: pairsInDocument === null ? null : fromSteps(pairsInDocument),
  }
}

export const COUNT_FORM: PartForm<Counts, GroupedSettings> = {
  schema: 'assay/corpus-part@1',
  beside: 'facts',
  encode: ({ skipped, groups, examples, ...counts }) =>
    ({
      ...encodeSums(counts),
      skipped: [...skipped],
      ...(groups.length === 0
        ? {}
        : { groups: groups.map((group) => ({ by: group.by, value: group.value, ...encodeSums(group) })) }),
      ...(examples.length === 0 ? {} : { examples: [...examples] }),
    }) satisfies z.infer<typeof fields>,
  decode(value) {
    const { skipped, groups = [], examples = [], ...counts } = fields.parse(value)
    return {
      ...decodeSums(counts),
      skipped,
      groups: groups.map((group) => ({ by: group.by, value: group.value, ...decodeSums(group) })),
      examples,
    }
  },
  decodeSettings: (value) => settings.parse(value),
  toOptions: ({ match, column, textDocument, format, grouping }) => ({
    '--match': match.match,
    '--ignore-case': match.ignoreCase ? 'on' : '',
    '--fold': foldsOf(match).join(',') || 'none',
    '--within': String(match.within ?? ''),
    '--columns': `text=${column}`,
    '--sample-by': textDocument,
    '--format': format,
    '--by': grouping?.by.join(' ') ?? '',
    '--examples': String(grouping?.examples?.most ?? ''),
    '--around': String(grouping?.examples?.around ?? ''),
    CORPUS: grouping?.corpora.map(({ name, input }) => `${name}=${input}`).join(' ') || 'unnamed',
  }),
}

/** Parts of a count of these facts. */
export function countParts(
  facts: readonly Fact[],
  settings: GroupedSettings,
): PartJob<Counts, GroupedSettings, Totals> {
  const entities = resolveEntities(facts, settings.match)
  return {
    job: jobFingerprint(facts, settings),
    settings,
    form: COUNT_FORM,
    sum: () => new Totals(entities, settings.grouping?.examples?.most),
  }
}

/** Counting the documents that hold the facts' names; the plain counter always runs alone. */
export function countGathering(
  facts: readonly Fact[],
  settings: GroupedSettings,
  engine: 'embedded' | 'plain',
): Gathering<Counts, GroupedSettings, Totals> {
  const parts = countParts(facts, settings)
  const { entities } = parts.sum()
  const { column, textDocument, grouping } = settings
  return {
    ...parts,
    read: { column, textDocument, labels: fieldsOf(grouping?.by ?? []) },
    gatherers(threads) {
      if (engine === 'plain')
        return { own: () => gathererOf(createPlainCounter(entities), entities, grouping), others: null }
      const tables = buildEmbeddedTables(entities, threads)
      return {
        own: () => gathererOf(createEmbeddedCounter(tables, 0), entities, grouping),
        others: { module: threadModule(import.meta.url, './count-worker'), setup: { tables, grouping } },
      }
    },
  }
}
