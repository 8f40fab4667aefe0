import { type PassHooks, type PassOptions, passCorpus } from '../job/pass-corpus.js'
import type { CorpusSettings } from '../job/settings.js'
import { mergeShards, writeShard } from '../job/shards.js'
import { type Lost, lostIn, mostLeftOut, type Skipped } from '../readers/unit.js'
import type { SoughtItem } from './cut-items.js'
import { type ItemIndex, indexItems } from './index-items.js'
import { LOOKED_FORM, type Looked, lookedParts, lookingFor } from './looked.js'
import { type ItemVerdict, judgeItems } from './verdict.js'

/** What is looked for, and what words are common. */
export interface Sought {
  readonly items: readonly SoughtItem[]
  /** Texts of no particular matter, one a language, by which common words are known. */
  readonly background: readonly string[]
}

/** What became of the items, and of the corpus on the way. */
export interface ItemsFound {
  /** A row for every item, in their order. */
  readonly rows: readonly ItemVerdict[]
  readonly documents: number
  readonly bytes: number
  readonly skipped: readonly Skipped[]
  readonly lost: Lost | null
  readonly files: number
  readonly notes: readonly string[]
  readonly threads: number
  /** Delete the checkpoints, once the result is safe elsewhere. */
  finish(): void
}

/** Share of the documents that damaged files may keep back before an item that was not found may stand there. */
const MOST_LOST = 0.001

/** @param isPart whether more of the corpus is read elsewhere */
function resultOf(items: readonly SoughtItem[], index: ItemIndex, looked: Looked, isPart = false) {
  const { documents, bytes, skipped } = looked
  const lost = lostIn(skipped)
  const isWhole =
    !isPart &&
    mostLeftOut(documents, skipped) === 0 &&
    (lost === null || (lost.unknown === 0 && lost.documents <= MOST_LOST * (documents + lost.documents)))
  const rows = judgeItems(items, index, looked).map((row) =>
    row.clean === true && !isWhole ? { ...row, clean: null } : row,
  )
  return { rows, documents, bytes, skipped, lost }
}

/**
 * Which items stand in a corpus, in one pass.
 *
 * @param partFolder where a shard's part goes; null = none is written
 * @throws {AssayError} as passCorpus does
 *
 * Source: docs/methods/corpus.md#contamination
 */
export async function lookForItems(
  { items, background }: Sought,
  settings: CorpusSettings,
  options: PassOptions & { readonly partFolder: string | null },
  hooks: PassHooks,
): Promise<ItemsFound & { readonly part?: string }> {
  const gathering = lookingFor(items, background, settings)
  const result = await passCorpus(gathering, options, hooks)
  const { files, notes, threads } = result
  const { partFolder, shard } = options
  const part =
    partFolder !== null && shard !== null
      ? await writeShard(partFolder, shard, result, gathering.settings, LOOKED_FORM)
      : undefined
  return {
    ...resultOf(items, gathering.index, result.totals.toGathered(), shard !== null),
    files,
    notes,
    threads,
    finish: () => result.finish(),
    ...(part === undefined ? {} : { part }),
  }
}

/** The same from the parts that shards wrote. @throws {AssayError} as mergeShards does */
export async function mergeItemsFound(folder: string, { items, background }: Sought): Promise<ItemsFound> {
  const merged = await mergeShards(folder, LOOKED_FORM, (settings) =>
    lookedParts(items, background, settings),
  )
  return {
    ...resultOf(items, indexItems(items, background), merged.totals.toGathered()),
    files: merged.files,
    notes: [],
    threads: 0,
    finish: () => {},
  }
}
