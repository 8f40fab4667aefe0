import type { Labels, ReadOptions, Skipped, Unit } from '../readers/unit.js'

/** What every pass over a corpus gathers of some units, beside what is its own. */
export interface Gathered {
  readonly documents: number
  /** UTF-8 bytes of the documents' text. */
  readonly bytes: number
  readonly skipped: readonly Skipped[]
}

/** A running sum over units; addition is all there is to merging. */
export interface Sum<G extends Gathered> {
  add(gathered: G): void
  addSkipped(entry: Skipped): void
  toGathered(): G
}

/** Takes in the documents of one unit after the other, in one thread. */
export interface Gatherer<G extends Gathered> {
  /** The unit whose documents come next. */
  begin?(unit: Unit): void
  /** One document: UTF-8 in `bytes[begin…end)`. The bytes may be overwritten afterwards. */
  document(bytes: Uint8Array, begin: number, end: number, labels?: Labels): void
  /** What was gathered since the last call: a unit's documents, and what of it could not be read. */
  finish(unit: Unit, skipped: readonly Skipped[]): G | Promise<G>
}

/** How what was gathered stands in a part on disk, and what a shard's part tells of its options. */
export interface PartForm<G extends Gathered, S> {
  readonly schema: string
  /** Fields of the part's JSON. */
  encode(gathered: G): object
  /** @throws {z.ZodError} where they are no such fields */
  decode(fields: unknown): G
  /** @throws {z.ZodError} where they are no such settings */
  decodeSettings(value: unknown): S
  /** Settings in the words of the command line, for saying which of them differ. */
  toOptions(settings: S): Readonly<Record<string, string>>
  /** What decides beside the settings: `facts`. */
  readonly beside: string
}

/** What parts need: whose they are, and how they add up. */
export interface PartJob<G extends Gathered, S, T extends Sum<G> = Sum<G>> {
  /** Fingerprint of all that decides what is gathered: only parts of one job add up. */
  readonly job: string
  readonly settings: S
  readonly form: PartForm<G, S>
  /** The sum of nothing. */
  sum(): T
  /** The first file beside a part that is no longer as it was written, and what is the matter; the part counts for nothing then. */
  fault?(gathered: G): { readonly path: string; readonly what: string } | undefined
}

/**
 * A pass over a corpus: what is gathered of each unit. Whoever brings one gets the readers, threads, checkpoints, shards
 * and Slurm.
 */
export interface Gathering<G extends Gathered, S, T extends Sum<G> = Sum<G>> extends PartJob<G, S, T> {
  readonly read: ReadOptions
  /** What gathers in `threads` threads, of which this one is the first. */
  gatherers(threads: number): {
    /** Asked for when the others have been started, so that they load what they need at the same time. */
    own(): Gatherer<G> | Promise<Gatherer<G>>
    /** The module of the other threads (job/serve-units.ts) and what each is given, which is cloned; null = this thread alone gathers. */
    readonly others: { readonly module: URL; readonly setup: unknown } | null
  }
}
