import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { NEAR_JACCARD } from '../../core/index.js'
import type { ReadOptions, Unit } from '../readers/unit.js'
import { findCandidates, LikelyPairs, PER_UNIT, placeAmong } from './candidates.js'
import { rowsOf } from './duplicates.js'
import { SetStore } from './set-store.js'

/** Documents that are nearly alike. */
export interface NearRepeats {
  /** Documents compared: those that are byte for byte like an earlier one are left out. */
  readonly documents: number
  /** Documents beyond the first of each cluster, and their bytes. */
  readonly duplicates: number
  readonly duplicateBytes: number
  readonly histogram: readonly { readonly times: number; readonly groups: number }[]
  /** Clusters that take the most bytes, each by its first two documents. */
  readonly worst: readonly NearCluster[]
  /** Pairs of documents whose bands agreed, and those of them that were found nearly alike: all where every pair is told, else those that joined clusters. */
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
 * Near duplicates over all units: candidates from the bands by a join on disk; those whose sketches agree are compared exactly by their
 * shingles, read from the corpus again; clusters are what alike pairs connect. In memory are 40 bytes a document that has a candidate.
 *
 * @param tables of the documents' hashes, bands and sketches, one a unit
 * @param onPair told of every pair that is alike; every likely candidate is then compared, else those alone that may join clusters
 */
export async function findNear(
  connection: DuckDBConnection,
  folder: string,
  tables: Readonly<Record<'documents' | 'bands' | 'sketches', readonly string[]>>,
  units: readonly Unit[],
  options: ReadOptions,
  onPair?: (a: NearPlace, b: NearPlace, similarity: number) => void,
): Promise<NearRepeats> {
  await findCandidates(connection, tables.documents, tables.bands)
  const [whole] = await rowsOf(
    connection,
    'SELECT count(*)::DOUBLE AS documents, (SELECT count(*) FROM candidates)::DOUBLE AS candidates FROM firsts',
  )
  const likely = await LikelyPairs.among(connection, tables.sketches, join(folder, 'pairs.bin'))
  const { ids } = likely
  const store = new SetStore(join(folder, 'shingles.bin'), ids)
  const clusters = new Clusters(ids.length)
  let pairs = 0
  try {
    await store.fill(units, options)
    likely.forEach((first, second) => {
      const [a, b] = [placeAmong(ids, first), placeAmong(ids, second)]
      if (onPair === undefined && clusters.rootOf(a) === clusters.rootOf(b)) return
      const [x, y] = [store.sizeOf(a), store.sizeOf(b)]
      if (Math.min(x, y) < NEAR_JACCARD * Math.max(x, y)) return
      const similarity = store.similarity(a, b)
      if (similarity < NEAR_JACCARD) return
      pairs++
      onPair?.(placeOf(first), placeOf(second), similarity)
      clusters.join(a, b)
    })
  } finally {
    likely.close()
    store.close()
  }
  return {
    ...summarise(store, clusters),
    documents: Number(whole?.documents),
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
