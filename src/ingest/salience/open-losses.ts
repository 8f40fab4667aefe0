import {
  type Domains,
  domainsOf,
  type LossBlock,
  MOST_RANKED_SPANS,
  ProfileSum,
  type SalienceData,
  type SalienceModel,
  type Span,
  salienceData,
} from '../../core/index.js'
import { raise } from '../records/errors.js'
import { type LossFiles, openLossFiles, requireSameOrder } from './loss-files.js'
import { oddUnits, withCopies } from './loss-notes.js'
import { type ReadLossesOptions, readLosses } from './read-losses.js'

/** Losses that capabilities are fitted on. */
export interface OpenedLosses {
  /** Its table holds no spans and no losses where these come in blocks alone. */
  readonly data: SalienceData
  readonly isInMemory: boolean
  readonly textSha256: string | null
  readonly notes: readonly string[]
  domains(): Promise<Domains>
  /** Every span once, in one order. */
  blocks(): AsyncIterable<LossBlock> | Iterable<LossBlock>
  spansAt(positions: readonly number[]): Promise<Span[]>
}

/** Positions of the models to fit on. */
type Keep = (models: readonly SalienceModel[]) => readonly number[]

/**
 * Losses of a set of models: whole where they are few, or of any shape; in blocks where they are files of `assay loss
 * --spans`, one model each, of more spans than any fit reads one by one.
 *
 * @param most spans that are read whole
 * @throws {AssayError} table/…, salience/other-text
 */
export async function openLosses(
  paths: readonly string[],
  options: ReadLossesOptions,
  keep: Keep,
  most = MOST_RANKED_SPANS,
): Promise<OpenedLosses> {
  const files = await openLossFiles(paths, options)
  if (files !== null && files.spans > most) {
    const kept = keep(files.models).map((m) => paths[m])
    await requireSameOrder(kept)
    const own = kept.length === paths.length ? files : await openLossFiles(kept, options)
    if (own === null) throw raise('empty', 'no model is left to fit on', { path: paths[0] })
    return opened(own)
  }
  const { table, textSha256, notes } = await readLosses(paths, options)
  const kept = keep(table.models)
  const { spans } = table
  const data = salienceData({
    models: kept.map((m) => table.models[m]),
    spans,
    losses: kept.map((m) => table.losses[m]),
  })
  return {
    data,
    isInMemory: true,
    textSha256,
    notes,
    domains: () => Promise.resolve(domainsOf(spans)),
    blocks: () => [{ losses: data.table.losses, weights: data.weights, count: spans.length }],
    spansAt: (positions) => Promise.resolve(positions.map((u) => spans[u])),
  }
}

async function opened(files: LossFiles): Promise<OpenedLosses> {
  const sum = new ProfileSum(files.models.length)
  const weights = new Float64Array(files.spans)
  let at = 0
  for await (const block of files.blocks()) {
    sum.add(block)
    for (let i = 0; i < block.count; i++) weights[at++] = block.weights[i]
  }
  const profiles = sum.profiles()
  const { gram, mean, models } = profiles
  const { named, notes } = withCopies(files.models, (a, b) => {
    const size = gram[a * models + a] + gram[b * models + b]
    const apart = size - 2 * gram[a * models + b]
    return Math.abs(mean[a] - mean[b]) <= 1e-12 * mean[a] && apart <= 1e-12 * (size + mean[a] ** 2)
  })
  const units = oddUnits(
    named.map(({ id }, m) => ({ id, mean: mean[m], place: { path: files.paths[m], line: 1 } })),
  )
  return {
    data: { table: { models: named, spans: [], losses: [] }, weights, profiles },
    isInMemory: false,
    textSha256: files.textSha256,
    notes: [...notes, ...units],
    domains: files.domains,
    blocks: files.blocks,
    spansAt: files.spansAt,
  }
}
