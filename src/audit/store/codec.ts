import {
  type EvidenceByKind,
  type EvidenceKind,
  type FactCount,
  RUN_COLUMNS,
  type SalienceFileJson,
  salienceFileFromJson,
  salienceFileToJson,
} from '../../core/index.js'
import type { Column, Columns } from './parquet.js'

/** One kind of evidence on disk: a JSON head and, for what grows with the data, a Parquet table. */
export interface Encoded {
  readonly head: unknown
  readonly table?: Columns
}

export interface Codec<Value> {
  /** Oldest schema whose files `decode` takes; left out: only the current one. */
  readonly since?: number
  /** Columns of the table, empty when there is none. */
  readonly columns: readonly string[]
  /** Columns that evidence of an earlier schema lacks; they come back as `undefined`. */
  readonly laterColumns?: readonly string[]
  encode(value: Value): Encoded
  decode(head: unknown, table: Record<string, unknown[]>): Value
}

const plainJson = <Value>(since?: number): Codec<Value> => ({
  ...(since === undefined ? {} : { since }),
  columns: [],
  encode: (value) => ({ head: value }),
  decode: (head) => head as Value,
})

type FieldType = 'VARCHAR' | 'DOUBLE'

/** Evidence whose bulk is one list of flat rows under `key`; all else goes into the head. */
function flatRows<Value, Key extends keyof Value & string>(
  key: Key,
  fields: Value[Key] extends readonly (infer Row)[]
    ? { readonly [F in keyof Row & string as undefined extends Row[F] ? never : F]: FieldType }
    : never,
): Codec<Value> {
  const names = Object.keys(fields)
  return {
    columns: names,
    encode(value) {
      const { [key]: rows, ...head } = value
      const list = rows as readonly Record<string, string | number | null>[]
      const column = (name: string): Column =>
        (fields as Record<string, FieldType>)[name] === 'VARCHAR'
          ? { type: 'VARCHAR', values: list.map((row) => row[name] as string | null) }
          : { type: 'DOUBLE', values: list.map((row) => row[name] as number | null) }
      return { head, table: Object.fromEntries(names.map((name) => [name, column(name)])) }
    },
    decode(head, table) {
      const rows = (table[names[0]] ?? []).map((_, i) =>
        Object.fromEntries(names.map((name) => [name, table[name]?.[i] ?? null])),
      )
      return { ...(head as object), [key]: rows } as Value
    },
  }
}

const surprisal: Codec<EvidenceByKind['surprisal']> = {
  since: 1,
  columns: ['document', 'token', 'byte_length', 'log_likelihood'],
  encode({ documents, ...head }) {
    const total = documents.reduce((n, d) => n + d.tokens.length, 0)
    const document = new Int32Array(total)
    const token = new Int32Array(total)
    const byteLength = new Int32Array(total)
    const logLikelihood = new Float64Array(total)
    let at = 0
    documents.forEach((d, index) => {
      document.fill(index, at, at + d.tokens.length)
      token.set(d.tokens, at)
      byteLength.set(d.byteLengths, at)
      logLikelihood.set(d.logLikelihoods, at)
      at += d.tokens.length
    })
    return {
      head: {
        ...head,
        documents: documents.map(({ domain, document, bytes, words }) => ({
          domain,
          document,
          bytes,
          words,
        })),
      },
      table: {
        document: { type: 'INTEGER', values: document },
        token: { type: 'INTEGER', values: token },
        byte_length: { type: 'INTEGER', values: byteLength },
        log_likelihood: { type: 'DOUBLE', values: logLikelihood },
      },
    }
  },
  decode(head, table) {
    type Head = Omit<EvidenceByKind['surprisal'], 'documents'> & {
      documents: { domain: string; document: string; bytes: number; words: number }[]
    }
    const { documents, ...rest } = head as Head
    const owner = table.document as number[]
    const starts = new Int32Array(documents.length + 1)
    for (const index of owner) starts[index + 1]++
    for (let i = 0; i < documents.length; i++) starts[i + 1] += starts[i]
    const slice = (name: string, i: number): number[] =>
      (table[name] as number[]).slice(starts[i], starts[i + 1])
    return {
      ...rest,
      documents: documents.map((d, i) => ({
        ...d,
        tokens: Int32Array.from(slice('token', i)),
        byteLengths: Int32Array.from(slice('byte_length', i)),
        logLikelihoods: Float64Array.from(slice('log_likelihood', i)),
      })),
    }
  },
}

type Stored<T> = {
  [K in keyof T]: T[K] extends Int32Array | undefined ? number[] : T[K] extends object ? Stored<T[K]> : T[K]
}

const tokenizer: Codec<EvidenceByKind['tokenizer']> = {
  columns: [],
  encode: (value) => ({
    head: JSON.parse(
      JSON.stringify(value, (_, v) => (v instanceof Int32Array ? Array.from(v) : v)),
    ) as unknown,
  }),
  decode(head) {
    const { texts, vocabulary } = head as Stored<EvidenceByKind['tokenizer']>
    return {
      texts: texts.map((t) => {
        const { units, counts, ...rest } = t as unknown as Stored<
          EvidenceByKind['tokenizer']['texts'][number]
        >
        return {
          ...rest,
          units: {
            bytes: Int32Array.from(units.bytes),
            words: Int32Array.from(units.words),
            tokens: Int32Array.from(units.tokens),
            continuedWords: Int32Array.from(units.continuedWords),
            fallbackTokens: Int32Array.from(units.fallbackTokens),
          },
          counts: { ids: Int32Array.from(counts.ids), counts: Int32Array.from(counts.counts) },
        }
      }),
      vocabulary: {
        ...vocabulary,
        unreachable: Int32Array.from(vocabulary.unreachable),
        partialUtf8: Int32Array.from(vocabulary.partialUtf8),
      },
    }
  },
}

/** Since evidence of some logs holds it. */
const LATER_RUN_COLUMN = 'lossScale'

const trainingLog: Codec<EvidenceByKind['trainingLog']> = {
  columns: ['run', ...RUN_COLUMNS.filter((name) => name !== LATER_RUN_COLUMN)],
  laterColumns: [LATER_RUN_COLUMN],
  encode({ runs, ...head }) {
    const total = runs.reduce((n, run) => n + run.step.length, 0)
    const names = RUN_COLUMNS.filter((name) => runs.some((run) => run[name] !== undefined))
    const run = new Int32Array(total)
    // A column that a run's log never gives has no values in memory; on disk it is all null.
    const columns = Object.fromEntries(
      names.map((name) => [name, new Array<number | null>(total).fill(null)]),
    )
    let at = 0
    runs.forEach((r, index) => {
      run.fill(index, at, at + r.step.length)
      for (const name of names)
        r[name]?.forEach((value, i) => {
          columns[name][at + i] = value
        })
      at += r.step.length
    })
    const bare = runs.map((r) =>
      Object.fromEntries(Object.entries(r).filter(([, v]) => !(v instanceof Float64Array))),
    )
    return {
      head: { ...head, runs: bare },
      table: {
        run: { type: 'INTEGER', values: run },
        ...Object.fromEntries(
          names.map((name) => [name, { type: 'DOUBLE' as const, values: columns[name] }]),
        ),
      },
    }
  },
  decode(head, table) {
    const { runs, ...rest } = head as EvidenceByKind['trainingLog']
    const owner = table.run as number[]
    return {
      ...rest,
      runs: runs.map((r, index) => {
        const start = owner.indexOf(index)
        const end = start < 0 ? 0 : owner.lastIndexOf(index) + 1
        const column = (name: string): Float64Array =>
          start < 0 || (table[name]?.[start] ?? null) === null
            ? new Float64Array(0)
            : Float64Array.from(table[name].slice(start, end) as number[])
        const columns = RUN_COLUMNS.map((name) => [name, column(name)] as const)
        return {
          ...r,
          ...Object.fromEntries(
            columns.filter(([name, { length }]) => name !== LATER_RUN_COLUMN || length > 0),
          ),
        }
      }),
    }
  },
}

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
const factCounts: Codec<EvidenceByKind['factCounts']> = {
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

const salience: Codec<EvidenceByKind['salience']> = {
  columns: ['text', 'bits_per_byte'],
  encode: ({ source, vector, texts, losses }) => ({
    head: { source, vector: salienceFileToJson(vector) },
    table: { text: { type: 'VARCHAR', values: texts }, bits_per_byte: { type: 'DOUBLE', values: losses } },
  }),
  decode(head, table) {
    const { source, vector } = head as { source: string; vector: SalienceFileJson }
    return {
      source,
      vector: salienceFileFromJson(vector),
      texts: table.text as string[],
      losses: Float64Array.from(table.bits_per_byte as number[]),
    }
  },
}

type StoredOutcome = {
  readonly [K in 'arm' | 'seed' | 'split' | 'item']: string
} & { readonly n: number; readonly score: number } & {
  readonly [K in 'test' | 'cluster']: string | null
} & { readonly [K in 'margin' | 'contaminated' | 'minK']: number | null }

const storedOutcomes = flatRows<{ readonly outcomes: readonly StoredOutcome[] }, 'outcomes'>('outcomes', {
  arm: 'VARCHAR',
  n: 'DOUBLE',
  seed: 'VARCHAR',
  split: 'VARCHAR',
  test: 'VARCHAR',
  item: 'VARCHAR',
  cluster: 'VARCHAR',
  score: 'DOUBLE',
  margin: 'DOUBLE',
  contaminated: 'DOUBLE',
  minK: 'DOUBLE',
})

/** What an outcome does not tell is null on disk; whether an item stands in the corpus is 1 or 0. */
const gain: Codec<EvidenceByKind['gain']> = {
  columns: storedOutcomes.columns,
  encode({ outcomes, ...head }) {
    const rows = outcomes.map(
      (o): StoredOutcome => ({
        ...o,
        test: o.test ?? null,
        cluster: o.cluster ?? null,
        margin: o.margin ?? null,
        contaminated: o.contaminated === undefined ? null : Number(o.contaminated),
        minK: o.minK ?? null,
      }),
    )
    return storedOutcomes.encode({ ...head, outcomes: rows })
  },
  decode(head, table) {
    const { outcomes } = storedOutcomes.decode({}, table)
    return {
      ...(head as Omit<EvidenceByKind['gain'], 'outcomes'>),
      outcomes: outcomes.map(({ contaminated, ...row }) => ({
        ...(Object.fromEntries(
          Object.entries(row).filter(([, v]) => v !== null),
        ) as unknown as EvidenceByKind['gain']['outcomes'][number]),
        ...(contaminated === null ? {} : { contaminated: contaminated === 1 }),
      })),
    }
  },
}

/** How each kind lies on disk. read ∘ write = identity is tested for every entry. */
export const CODECS: { readonly [Kind in EvidenceKind]: Codec<EvidenceByKind[Kind]> } = {
  model: plainJson(1),
  engineCheck: plainJson(),
  surprisal,
  tokenizer,
  cost: plainJson(1),
  trainingLog,
  evaluations: flatRows('rows', {
    model: 'VARCHAR',
    family: 'VARCHAR',
    params: 'DOUBLE',
    tokens: 'DOUBLE',
    flops: 'DOUBLE',
    checkpoint: 'VARCHAR',
    benchmark: 'VARCHAR',
    metric: 'VARCHAR',
    value: 'DOUBLE',
    n_items: 'DOUBLE',
    chance: 'DOUBLE',
    k: 'DOUBLE',
    loss: 'DOUBLE',
    task_loss: 'DOUBLE',
    subset: 'VARCHAR',
    source: 'VARCHAR',
  }),
  factCounts,
  answers: {
    since: 1,
    ...flatRows('answers', {
      fact_id: 'VARCHAR',
      model: 'VARCHAR',
      params: 'DOUBLE',
      relation: 'VARCHAR',
      domain: 'VARCHAR',
      template: 'VARCHAR',
      reading: 'VARCHAR',
      correct: 'DOUBLE',
      total: 'DOUBLE',
      logprob: 'DOUBLE',
      rank: 'DOUBLE',
      candidates: 'DOUBLE',
      confidence: 'DOUBLE',
      answer: 'VARCHAR',
    }),
  },
  salience,
  gain,
  adaptation: flatRows('outcomes', {
    task: 'VARCHAR',
    condition: 'VARCHAR',
    k: 'DOUBLE',
    draw: 'DOUBLE',
    item: 'VARCHAR',
    cluster: 'VARCHAR',
    margin: 'DOUBLE',
    correct: 'DOUBLE',
  }),
  choices: flatRows('answers', {
    task: 'VARCHAR',
    draw: 'DOUBLE',
    item: 'VARCHAR',
    cluster: 'VARCHAR',
    choice: 'DOUBLE',
    gold: 'DOUBLE',
    logLikelihood: 'DOUBLE',
    unconditioned: 'DOUBLE',
    tokens: 'DOUBLE',
    characters: 'DOUBLE',
    bytes: 'DOUBLE',
    scoredBytes: 'DOUBLE',
    greedy: 'DOUBLE',
    answer: 'VARCHAR',
    match: 'DOUBLE',
  }),
  contamination: flatRows('items', { task: 'VARCHAR', item_id: 'VARCHAR', clean: 'DOUBLE' }),
  corpus: plainJson(),
}
