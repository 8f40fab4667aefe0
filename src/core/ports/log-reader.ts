import type { TrainingRun } from '../evidence/index.js'

/** A file as a reader sees it: its path for messages, the first bytes to recognise it, and all bytes as a stream. */
export interface LogSource {
  readonly path: string
  readonly size: number
  /** Up to 64 KiB from the start. */
  readonly head: Uint8Array
  /** The whole file in chunks; each call starts anew. */
  stream(): AsyncIterable<Uint8Array>
}

export interface LogReaderOptions {
  /** `{loss: 'train_loss', step: 'iter'}`: our name → the file's column. */
  readonly columns: Readonly<Record<string, string>>
}

/** One log format. Recognition is by content, never by file name. */
export interface LogReader {
  readonly format: string
  /** How sure the reader is that the file is of its format: 0 = no, 1 = certain. */
  recognise(source: LogSource): number
  read(source: LogSource, options: LogReaderOptions): Promise<TrainingRun[]>
}
