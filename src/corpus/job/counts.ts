import { z } from 'zod'
import type { Fact } from '../../core/index.js'
import { threadModule } from '../../io/thread-module.js'
import type { DocumentCounter } from '../counter.js'
import { buildEmbeddedTables, createEmbeddedCounter } from '../embedded/create.js'
import { resolveEntities } from '../names/entities.js'
import { FOLDS } from '../names/fold.js'
import { foldsOf } from '../names/match.js'
import { createPlainCounter } from '../plain/counter.js'
import type { Gathered, Gatherer, Gathering, PartForm, PartJob } from './gathering.js'
import { skippedEntry } from './part.js'
import { type CountSettings, jobFingerprint } from './settings.js'
import { type Sparse, toSparse } from './sparse.js'
import { Totals } from './totals.js'

/** Counts over some documents in the form that travels between threads and into checkpoints. */
export interface Counts extends Gathered {
  readonly ofEntity: Sparse
  readonly ofPair: Sparse
  /** Only with a window. */
  readonly ofPairInDocument: Sparse | null
}

const sparse = z.object({ steps: z.array(z.int().min(1)), values: z.array(z.int().min(1)) })
const fields = z.object({
  documents: z.int().min(0),
  bytes: z.int().min(0),
  skipped: z.array(skippedEntry),
  entities: sparse,
  pairs: sparse,
  pairsInDocument: sparse.nullable(),
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

export const COUNT_FORM: PartForm<Counts, CountSettings> = {
  schema: 'assay/corpus-part@1',
  beside: 'facts',
  encode: ({ documents, bytes, skipped, ofEntity, ofPair, ofPairInDocument }) =>
    ({
      documents,
      bytes,
      skipped: [...skipped],
      entities: toSteps(ofEntity),
      pairs: toSteps(ofPair),
      pairsInDocument: ofPairInDocument === null ? null : toSteps(ofPairInDocument),
    }) satisfies z.infer<typeof fields>,
  decode(value) {
    const { documents, bytes, skipped, entities, pairs, pairsInDocument } = fields.parse(value)
    return {
      documents,
      bytes,
      skipped,
      ofEntity: fromSteps(entities),
      ofPair: fromSteps(pairs),
      ofPairInDocument: pairsInDocument === null ? null : fromSteps(pairsInDocument),
    }
  },
  decodeSettings: (value) => settings.parse(value),
  toOptions: ({ match, column, textDocument, format }) => ({
    '--match': match.match,
    '--ignore-case': match.ignoreCase ? 'on' : 'off',
    '--fold': foldsOf(match).join(',') || 'none',
    '--within': match.within === null ? 'unset' : String(match.within),
    '--columns': `text=${column}`,
    '--sample-by': textDocument,
    '--format': format,
  }),
}

/** Gathers a counter's tallies. */
export function gathererOf(counter: DocumentCounter): Gatherer<Counts> {
  return {
    document: (bytes, begin, end) => counter.count(bytes, begin, end),
    finish(_unit, skipped) {
      const { documents, bytes, ofEntity, ofPair, ofPairInDocument } = counter.take()
      return {
        documents,
        bytes,
        skipped,
        ofEntity: toSparse(ofEntity),
        ofPair: toSparse(ofPair),
        ofPairInDocument: ofPairInDocument === null ? null : toSparse(ofPairInDocument),
      }
    },
  }
}

/** Parts of a count of these facts. */
export function countParts(
  facts: readonly Fact[],
  settings: CountSettings,
): PartJob<Counts, CountSettings, Totals> {
  const entities = resolveEntities(facts, settings.match)
  return {
    job: jobFingerprint(facts, settings),
    settings,
    form: COUNT_FORM,
    sum: () => new Totals(entities),
  }
}

/** Counting the documents that hold the facts' names; the plain counter always runs alone. */
export function countGathering(
  facts: readonly Fact[],
  settings: CountSettings,
  engine: 'embedded' | 'plain',
): Gathering<Counts, CountSettings, Totals> {
  const parts = countParts(facts, settings)
  const { entities } = parts.sum()
  const { column, textDocument } = settings
  return {
    ...parts,
    read: { column, textDocument },
    gatherers(threads) {
      if (engine === 'plain') return { own: gathererOf(createPlainCounter(entities)), others: null }
      const setup = buildEmbeddedTables(entities, threads)
      return {
        own: gathererOf(createEmbeddedCounter(setup, 0)),
        others: { module: threadModule(import.meta.url, './count-worker'), setup },
      }
    },
  }
}
