import { realpathSync } from 'node:fs'
import { groupBy } from '../core/index.js'
import { repeatNotes } from '../core/text/repeats.js'

/** What a path leads to; one that leads nowhere stands for itself. */
function identityOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** Files each once and as they are spelled first, in order; and what to say of those that are named again. */
export function distinctFiles(paths: readonly string[]): { files: string[]; notes: string[] } {
  const spellings = [...groupBy(paths, identityOf).values()]
  return { files: spellings.map(([first]) => first!), notes: repeatNotes(spellings) }
}
