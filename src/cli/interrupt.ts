/**
 * An abort signal that Ctrl-C and SIGTERM raise, so that gathering stops between two items with its journal whole.
 * A second Ctrl-C ends the process at once; the journal is whole then, too.
 */
export function interruptSignal(note: (text: string) => void): AbortSignal {
  const controller = new AbortController()
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      // Not process.exit: it waits for ever for threads of an engine that are at work. What is to be done as the process ends is.
      process.emit('exit', 130)
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    }
    note('stopping after the item in flight; press Ctrl-C again to stop at once')
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}
