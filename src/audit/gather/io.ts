import type { Random } from '../../core/index.js'
import type { Settings } from '../store/journal.js'

/** A bar that gathering keeps up to date. */
export interface ProgressBar {
  update(done: number, total: number, note?: string): void
  end(): void
}

/** What gatherers get from the outside world. */
export interface GatherIo {
  readonly random: Random
  readonly resume: boolean
  readonly signal: AbortSignal
  /** What was asked for by name, for the message when resuming is refused. */
  readonly asked?: Settings
  journalPath(kind: string): string
  progress(label: string): ProgressBar
  note(text: string): void
}
