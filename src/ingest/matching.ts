import { existsSync } from 'node:fs'
import { isPattern, matchesOf } from '../io/reason.js'

/** Quoted patterns as the shell expands bare ones; what matches nothing is kept, for its reader to refuse by name. */
export function matching(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!isPattern(path) || existsSync(path)) return [path]
    const found = matchesOf(path)
    return found.length === 0 ? [path] : found
  })
}
