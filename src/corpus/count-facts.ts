import type { Fact } from '../core/index.js'
import { countCorpus } from './job/count-corpus.js'
import type { CountSettings } from './job/settings.js'
import { type CorpusNote, type CountRow, corpusNote, toRows } from './job/table.js'
import { DEFAULT_MATCH } from './names/match.js'
import type { Skipped } from './readers/unit.js'

/** Every field may be left out. */
export interface CountFactsOptions extends Partial<CountSettings> {
  /** Threads; otherwise one for each processor that the corpus gives work to. */
  readonly threads?: number
  /** Stop at the first document or file that cannot be read, instead of saying so in `skipped`. */
  readonly strict?: boolean
  /** Ends the count with `corpus/interrupted`. */
  readonly signal?: AbortSignal
  /** Bytes read so far, of how many. */
  readonly progress?: (done: number, total: number) => void
}

/** Counts of every fact in the order of the facts, and the corpus that they were counted in. */
export interface CountedFacts extends CorpusNote {
  readonly rows: readonly CountRow[]
  readonly skipped: readonly Skipped[]
}

/**
 * Count the documents of a corpus that hold the subject, the object and both, of every fact, in one pass.
 *
 * @param inputs  files, folders, globs, `s3://` and `https://` addresses: Parquet, JSONL or text, plain, .gz or .zst
 * @throws {AssayError} `corpus/…`: no input, no documents, interrupted; with `strict` what could not be read
 *
 * Source: docs/methods/corpus.md
 */
export async function countFacts(
  facts: readonly Fact[],
  inputs: readonly string[],
  options: CountFactsOptions = {},
): Promise<CountedFacts> {
  const match = options.match ?? DEFAULT_MATCH
  const { totals, entities } = await countCorpus(
    {
      match,
      column: options.column ?? 'text',
      textDocument: options.textDocument ?? 'line',
      format: options.format ?? 'auto',
      facts,
      inputs,
      engine: 'embedded',
      threads: options.threads ?? null,
      strict: options.strict ?? false,
      shard: null,
      checkpoint: null,
      resume: false,
    },
    {
      signal: options.signal ?? new AbortController().signal,
      progress: options.progress ?? (() => {}),
    },
  )
  return {
    ...corpusNote(totals, match),
    rows: toRows(facts, entities, totals.tally),
    skipped: totals.skipped,
  }
}
