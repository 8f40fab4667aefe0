import { raise } from './errors.js'

/** Serves calls one after the other, since a model's cache belongs to one at a time, until it is closed. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve()
  private closing: Promise<void> | null = null

  /** @throws {AssayError} `engines/closed` (rejects) when closing has begun */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(() => {
      this.check()
      return work()
    })
    this.last = result.catch(() => undefined)
    return result
  }

  /** To be called between two batches: ends the work when closing has begun. */
  check(): void {
    if (this.closing !== null) throw raise('closed', 'between two batches')
  }

  /** End the work in hand at its next check, then release what it used; a second call waits for the first. */
  close(release: () => void | Promise<void>): Promise<void> {
    this.closing ??= this.last.then(release)
    return this.closing
  }
}
