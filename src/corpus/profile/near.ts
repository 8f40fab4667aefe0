import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { DocumentScan, Growing, jaccard, NEAR_JACCARD, shingleSet, shingles } from '../../core/index.js'
import { readUnit } from '../readers/read-unit.js'
import type { ReadOptions, Unit } from '../readers/unit.js'
import { listOf, quote, rowsOf } from './duplicates.js'

/** Documents that are nearly alike. */
export interface NearRepeats {
  /** Documents compared: those that are byte for byte like an earlier one are left out. */
  readonly documents: number
  readonly bytes: number
  /** Documents beyond the first of each cluster, and their bytes. */
  readonly duplicates: number
  readonly duplicateBytes: number
  readonly histogram: readonly { readonly times: number; readonly groups: number }[]
  /** Clusters that take the most bytes, each by its first two documents. */
  readonly worst: readonly NearCluster[]
  /** Pairs of documents whose bands agreed, and those of them that are nearly alike. */
  readonly candidates: number
  readonly pairs: number
}

export interface NearCluster {
  readonly times: number
  readonly bytes: number
  /** Of the first two documents. */
  readonly places: readonly NearPlace[]
}

/** Where a document stands: index of its unit, and its number there. */
export interface NearPlace {
  readonly unit: number
  readonly document: number
}

const WORST = 5
/** In larger buckets documents are compared with the first and with the one before them alone. */
const ALL_PAIRS_UP_TO = 32
/** Sets of shingles kept in memory while pairs are compared. */
const CACHED_SETS = 4096
const PER_UNIT = 2 ** 32
const PAIRS_AT_ONCE = 100_000

/** Candidate pairs on disk: a.id < b.id, each once. An id is unit × 2³² + document. */
async function findCandidates(
  connection: DuckDBConnection,
  documents: readonly string[],
  bands: readonly string[],
): Promise<void> {
  const unitOf = (paths: readonly string[]): string =>
    `(SELECT unnest(${listOf(paths)}) AS filename, unnest(range(${paths.length})) AS unit)`
  const id = `unit * ${PER_UNIT} + document`
  // The first of byte for byte equal documents stands for them.
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE firsts AS SELECT min(${id})::BIGINT AS id, any_value(bytes) AS bytes FROM
     (SELECT hash, bytes, unit, file_row_number AS document
      FROM read_parquet(${listOf(documents)}, filename = true, file_row_number = true) JOIN ${unitOf(documents)} USING (filename))
     WHERE bytes > 0 GROUP BY hash, bytes`,
  )
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE members AS SELECT hash, id, count(*) OVER (PARTITION BY hash) AS n FROM
     (SELECT hash, (${id})::BIGINT AS id FROM
      (SELECT hash, bytes AS document, unit FROM read_parquet(${listOf(bands)}, filename = true) JOIN ${unitOf(bands)} USING (filename)))
     SEMI JOIN firsts USING (id) QUALIFY n > 1`,
  )
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE candidates AS
     SELECT a.id AS a, b.id AS b FROM members a JOIN members b ON a.hash = b.hash AND a.id < b.id WHERE a.n <= ${ALL_PAIRS_UP_TO}
     UNION
     SELECT a, b FROM (SELECT lag(id) OVER (PARTITION BY hash ORDER BY id) AS a, id AS b FROM members WHERE n > ${ALL_PAIRS_UP_TO}) WHERE a IS NOT NULL
     UNION
     SELECT a, b FROM (SELECT min(id) OVER (PARTITION BY hash) AS a, id AS b FROM members WHERE n > ${ALL_PAIRS_UP_TO}) WHERE a < b`,
  )
  await connection.run('DROP TABLE members')
}

/** Sets of shingles of some documents on disk, by the document's id. */
class SetStore {
  readonly ids: Float64Array
  readonly bytes: Float64Array
  readonly #path: string
  readonly #offsets: Float64Array
  readonly #lengths: Int32Array
  readonly #cache = new Map<number, Int32Array>()
  #file = -1

  /** @param ids ascending */
  constructor(path: string, ids: Float64Array) {
    this.#path = path
    this.ids = ids
    this.bytes = new Float64Array(ids.length)
    this.#offsets = new Float64Array(ids.length)
    this.#lengths = new Int32Array(ids.length)
  }

  indexOf(id: number): number {
    let low = 0
    let high = this.ids.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.ids[middle]! < id) low = middle + 1
      else high = middle
    }
    return this.ids[low] === id ? low : -1
  }

  /** Read the documents again and write their sets; what can no longer be read has the empty set, like to nothing. */
  async fill(units: readonly Unit[], options: ReadOptions): Promise<void> {
    this.#file = openSync(this.#path, 'w+')
    const scan = new DocumentScan()
    const hashes = new Growing()
    let offset = 0
    for (let at = 0; at < this.ids.length; ) {
      const unit = Math.floor(this.ids[at]! / PER_UNIT)
      const last = units[unit]!
      let ordinal = -1
      try {
        await readUnit(last, options, {
          document: (bytes, begin, end) => {
            ordinal++
            if (at >= this.ids.length || this.ids[at] !== unit * PER_UNIT + ordinal) return
            scan.scan(bytes, begin, end)
            shingles(scan.terms, hashes)
            const set = shingleSet(hashes)
            writeSync(this.#file, new Uint8Array(set.buffer, set.byteOffset, set.byteLength))
            this.#offsets[at] = offset
            this.#lengths[at] = set.length
            this.bytes[at] = end - begin
            offset += set.byteLength
            at++
          },
          skip() {},
          lose() {},
        })
      } catch {
        // The pass has told what of the unit cannot be read.
      }
      while (at < this.ids.length && Math.floor(this.ids[at]! / PER_UNIT) === unit) at++
    }
  }

  sizeOf(index: number): number {
    return this.#lengths[index]!
  }

  setOf(index: number): Int32Array {
    const known = this.#cache.get(index)
    if (known !== undefined) return known
    const set = new Int32Array(this.#lengths[index]!)
    readSync(this.#file, new Uint8Array(set.buffer), 0, set.byteLength, this.#offsets[index]!)
    if (this.#cache.size >= CACHED_SETS) this.#cache.delete(this.#cache.keys().next().value!)
    this.#cache.set(index, set)
    return set
  }

  close(): void {
    if (this.#file >= 0) closeSync(this.#file)
  }
}

/** Sets that are joined bit by bit; the root of a cluster is its least member. */
class Clusters {
  readonly #parent: Int32Array

  constructor(members: number) {
    this.#parent = Int32Array.from({ length: members }, (_, i) => i)
  }

  rootOf(member: number): number {
    const parent = this.#parent
    let at = member
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!
      at = parent[at]!
    }
    return at
  }

  join(a: number, b: number): void {
    const [x, y] = [this.rootOf(a), this.rootOf(b)]
    this.#parent[Math.max(x, y)] = Math.min(x, y)
  }
}

/**
 * Near duplicates over all units: candidates from the bands by a join on disk, each compared exactly by its shingles, read
 * from the corpus again; clusters are what alike pairs connect. In memory are 32 bytes a document that has a candidate.
 *
 * @param documents tables of the documents' hashes, one a unit
 * @param bands     tables of the documents' bands, one a unit
 * @param onPair    told of every pair that is alike; every candidate is then compared, else those alone that may join
 *   clusters
 */
export async function findNear(
  connection: DuckDBConnection,
  folder: string,
  tables: { readonly documents: readonly string[]; readonly bands: readonly string[] },
  units: readonly Unit[],
  options: ReadOptions,
  onPair?: (a: NearPlace, b: NearPlace, similarity: number) => void,
): Promise<NearRepeats> {
  await findCandidates(connection, tables.documents, tables.bands)
  const [whole] = await rowsOf(
    connection,
    'SELECT count(*)::DOUBLE AS documents, coalesce(sum(bytes), 0)::DOUBLE AS bytes, (SELECT count(*) FROM candidates)::DOUBLE AS candidates FROM firsts',
  )
  // By column: an object a row takes a hundred bytes a document.
  const ids = await connection.runAndReadAll(
    'SELECT DISTINCT id::DOUBLE AS id FROM (SELECT a AS id FROM candidates UNION ALL SELECT b FROM candidates) ORDER BY id',
  )
  const store = new SetStore(
    join(folder, 'shingles.bin'),
    Float64Array.from(ids.getColumns()[0] ?? [], Number),
  )
  const clusters = new Clusters(store.ids.length)
  let pairs = 0
  try {
    await store.fill(units, options)
    const path = join(folder, 'candidates.parquet')
    await connection.run(
      `COPY (SELECT a::DOUBLE AS a, b::DOUBLE AS b FROM candidates ORDER BY a, b) TO ${quote(path)}`,
    )
    const candidates = Number(whole?.candidates)
    for (let from = 0; from < candidates; from += PAIRS_AT_ONCE) {
      const rows = await rowsOf(
        connection,
        `SELECT a, b FROM read_parquet(${quote(path)}, file_row_number = true) WHERE file_row_number >= ${from} AND file_row_number < ${from + PAIRS_AT_ONCE}`,
      )
      for (const row of rows) {
        const [a, b] = [store.indexOf(Number(row.a)), store.indexOf(Number(row.b))]
        if (onPair === undefined && clusters.rootOf(a) === clusters.rootOf(b)) continue
        const [x, y] = [store.sizeOf(a), store.sizeOf(b)]
        if (Math.min(x, y) < NEAR_JACCARD * Math.max(x, y)) continue
        const similarity = jaccard(store.setOf(a), store.setOf(b))
        if (similarity < NEAR_JACCARD) continue
        pairs++
        onPair?.(placeOf(Number(row.a)), placeOf(Number(row.b)), similarity)
        clusters.join(a, b)
      }
    }
  } finally {
    store.close()
  }
  return {
    ...summarise(store, clusters),
    documents: Number(whole?.documents),
    bytes: Number(whole?.bytes),
    candidates: Number(whole?.candidates),
    pairs,
  }
}

function placeOf(id: number): NearPlace {
  return { unit: Math.floor(id / PER_UNIT), document: id % PER_UNIT }
}

function summarise(
  store: SetStore,
  clusters: Clusters,
): Pick<NearRepeats, 'duplicates' | 'duplicateBytes' | 'histogram' | 'worst'> {
  const sizes = new Map<number, { times: number; bytes: number; second: number }>()
  let duplicates = 0
  let duplicateBytes = 0
  for (let i = 0; i < store.ids.length; i++) {
    const root = clusters.rootOf(i)
    if (root === i) continue
    duplicates++
    duplicateBytes += store.bytes[i]!
    const known = sizes.get(root)
    if (known === undefined) sizes.set(root, { times: 2, bytes: store.bytes[i]!, second: i })
    else {
      known.times++
      known.bytes += store.bytes[i]!
    }
  }
  const histogram = new Map<number, number>()
  for (const { times } of sizes.values()) histogram.set(times, (histogram.get(times) ?? 0) + 1)
  const worst = [...sizes].sort((a, b) => b[1].bytes - a[1].bytes || a[0] - b[0]).slice(0, WORST)
  return {
    duplicates,
    duplicateBytes,
    histogram: [...histogram].map(([times, groups]) => ({ times, groups })).sort((a, b) => a.times - b.times),
    worst: worst.map(([root, { times, bytes, second }]) => ({
      times,
      bytes,
      places: [placeOf(store.ids[root]!), placeOf(store.ids[second]!)],
    })),
  }
}
