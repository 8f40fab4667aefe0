import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { isPattern } from '../io/reason.js'
import { rooted } from '../io/rooted.js'

/** Quoted patterns as the shell expands bare ones; what matches nothing is kept, for its reader to refuse by name. */
export function matching(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!isPattern(path) || existsSync(path)) return [path]
    const { pattern, cwd } = rooted(path)
    const options = { cwd, absolute: path.startsWith('/'), onlyFiles: false, expandDirectories: false }
    const found = globSync(pattern, options).map((name) =>
      (cwd === '.' ? name : join(cwd, name)).replace(/(?<=.)\/$/, ''),
    )
    return found.length === 0 ? [path] : found.sort()
  })
}
