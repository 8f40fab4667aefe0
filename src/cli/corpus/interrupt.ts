import type { Io } from '../run.js'

/** SIGINT and SIGTERM ask the count to stop after the shards in hand; a second one ends the process at once. */
export function abortOnInterrupt(io: Io): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130)
    io.note('Stopping after the shards in hand; once more to stop at once.')
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
    },
  }
}
