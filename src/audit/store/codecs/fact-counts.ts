import type { EvidenceByKind, FactCount } from '../../../core/index.js'
import { type Codec, flatRows } from './codec.js'

type StoredCount = Omit<FactCount, 'model' | 'documents'> & {
  readonly model: string | null
  readonly documents: number | null
}

const storedCounts = flatRows<{ readonly counts: readonly StoredCount[] }, 'counts'>('counts', {
  fact_id: 'VARCHAR',
  subject: 'VARCHAR',
  object: 'VARCHAR',
  relation: 'VARCHAR',
  n_s: 'DOUBLE',
  n_o: 'DOUBLE',
  n_so: 'DOUBLE',
  model: 'VARCHAR',
  documents: 'DOUBLE',
})

/** Counts in the corpus of one model carry its name and size; where all share one corpus, both are null on disk. */
export const factCounts: Codec<EvidenceByKind['factCounts']> = {
  columns: storedCounts.columns.filter((name) => name !== 'model' && name !== 'documents'),
  laterColumns: ['model', 'documents'],
  encode({ counts, ...head }) {
    const rows = counts.map((c) => ({ ...c, model: c.model ?? null, documents: c.documents ?? null }))
    return storedCounts.encode({ ...head, counts: rows })
  },
  decode(head, table) {
    const { counts } = storedCounts.decode({}, table)
    return {
      ...(head as Omit<EvidenceByKind['factCounts'], 'counts'>),
      counts: counts.map(({ model, documents, ...count }) => ({
        ...count,
        ...(model === null ? {} : { model }),
        ...(documents === null ? {} : { documents }),
      })),
    }
  },
}
