import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { rooted } from './rooted.js'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
}

/** Whether a path is a pattern of paths, as a shell expands it. */
export const isPattern = (path: string): boolean => /[*?[{]/.test(path)

/** Files and folders that a pattern matches, in order. */
export function matchesOf(path: string): string[] {
  const { pattern, cwd } = rooted(path)
  const options = { cwd, absolute: path.startsWith('/'), onlyFiles: false, expandDirectories: false }
  return globSync(pattern, options)
    .map((name) => (cwd === '.' ? name : join(cwd, name)).replace(/(?<=.)\/$/, ''))
    .sort()
}

/** What the operating system says of a path that was read or written, in words; of anything else its own message. */
export function reason(error: unknown, doing: 'read' | 'write' = 'read'): string {
  const { code = '', path = '' } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' && doing === 'write') return 'no file can be made there'
  if (code === 'ENOENT' && isPattern(path)) {
    const matches = matchesOf(path).length
    return matches === 0 ? `nothing matches "${path}"` : `one path is to be named here, and ${matches} match`
  }
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error))
}
