import type { LogReader, LogReaderOptions, LogSource } from '../../core/index.js'
import { LOG_READERS } from './formats/index.js'
import { keyValueReader } from './formats/key-value/index.js'

/** Below this no reader is sure enough. */
const LEAST_CERTAINTY = 0.15

/** Readers that recognise a log, the surest first; the last resort is asked when the others have failed. */
export function* recognise(source: LogSource, options: LogReaderOptions): Generator<LogReader> {
  yield* LOG_READERS.filter((reader) => reader !== keyValueReader)
    .map((reader) => ({ reader, score: reader.recognise(source, options) }))
    .filter(({ score }) => score > LEAST_CERTAINTY)
    .sort((a, b) => b.score - a.score)
    .map(({ reader }) => reader)
  if (keyValueReader.recognise(source, options) > LEAST_CERTAINTY) yield keyValueReader
}
