import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireWritableFolder } from '../audit/index.js'

/** A temporary folder, which is deleted at `release`, or as the process ends, on a second Ctrl-C, too. */
export function scratchFolder(name: string): { readonly path: string; release(): void } {
  requireWritableFolder(tmpdir())
  const path = mkdtempSync(join(tmpdir(), `assay-${name}-`))
  // Threads may still write there.
  const remove = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 5 })
  process.once('exit', remove)
  return {
    path,
    release() {
      process.off('exit', remove)
      remove()
    },
  }
}

/** Where unfinished answers wait: at a path, or in a temporary folder. */
export function journalAt(path: string | undefined, name: string): { readonly path: string; remove(): void } {
  if (path !== undefined) return { path, remove: () => rmSync(path, { force: true }) }
  const scratch = scratchFolder(name)
  return { path: join(scratch.path, `${name}.jsonl`), remove: scratch.release }
}
