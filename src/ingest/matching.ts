import { existsSync } from 'node:fs'
import { globSync } from 'tinyglobby'
import { isPattern } from '../io/reason.js'

/** Quoted patterns as the shell expands bare ones; what matches nothing is kept, for its reader to refuse by name. */
export function matching(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!isPattern(path) || existsSync(path)) return [path]
    const options = { absolute: path.startsWith('/'), onlyFiles: false, expandDirectories: false }
    const found = globSync(path, options).map((name) => name.replace(/(?<=.)\/$/, ''))
    return found.length === 0 ? [path] : found.sort()
  })
}
