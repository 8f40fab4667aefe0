import type { TrainingRun } from '../evidence/index.js'

/** A file as a reader sees it: decompressed, its path for messages, samples to recognise it by, its bytes as a stream. */
export interface LogSource {
  readonly path: string
  /** Bytes of the whole file unpacked, where that can be told without reading it; of an archive it is what its end says. */
  readonly size?: number
  /** Up to 256 KiB from the start. */
  readonly head: Uint8Array
  /** Up to 64 KiB from the end (empty when `head` holds the whole file): some logs begin with the trainer's source code. */
  readonly tail: Uint8Array
  /** The whole file in chunks; each call starts anew. A damaged or cut archive ends early, see `damage`. */
  stream(): AsyncIterable<Uint8Array>
  /** What was wrong with the container (a cut gzip member), once the stream has ended. */
  damage(): string | undefined
}

/** How foreign logs are read. */
export interface LogReaderOptions {
  /** `{loss: 'train_loss', step: 'iter'}`: our name → the file's column. */
  readonly columns: Readonly<Record<string, string>>
  /** A regular expression for lines of no known format, its groups named as our columns. */
  readonly pattern?: string
}

/** One log format. Recognition is by content, never by file name. */
export interface LogReader {
  readonly format: string
  /** How sure the reader is that the file is of its format: 0 = no, 1 = certain. */
  recognise(source: LogSource, options: LogReaderOptions): number
  /** Runs of the file, in its order; rows as they stand there. No row at all: an empty list. */
  read(source: LogSource, options: LogReaderOptions): Promise<TrainingRun[]>
}
