import type { LogSource } from '../../../core/index.js'

/** A bar that is told of bytes as they are read. */
export interface ReadingBar {
  update(done: number, total: number): void
  end(): void
}

/** Shows that a file is being read. */
export type ShowReading = (label: string) => ReadingBar

async function* told(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
  bar: ReadingBar,
): AsyncGenerator<Uint8Array> {
  let done = 0
  try {
    for await (const chunk of chunks) {
      done += chunk.length
      bar.update(Math.min(done, size), size)
      yield chunk
    }
  } finally {
    bar.end()
  }
}

/** The source with a bar while it is read, where its size is known. */
export function withProgress(source: LogSource, progress: ShowReading | undefined): LogSource {
  const { size, path } = source
  if (progress === undefined || size === undefined) return source
  return { ...source, stream: () => told(source.stream(), size, progress(`reading ${path}`)) }
}
