import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** Short: sockets in it have paths of at most 108 bytes. */
const NAME = 'as-'

/**
 * Whatever tests leave in the temporary folder lies in one of the run's own, which goes when the run ends. Called for every
 * project of the run: the first call makes it.
 */
export default function setup(): (() => void) | undefined {
  const before = process.env.TMPDIR
  if (before !== undefined && basename(before).startsWith(NAME)) return undefined
  const folder = mkdtempSync(join(tmpdir(), NAME))
  process.env.TMPDIR = folder
  return () => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    } catch {
      // A daemon that a test ended still writes there; the system clears its own folder.
    }
  }
}
