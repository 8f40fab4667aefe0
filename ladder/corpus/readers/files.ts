import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** Every file below a folder whose name passes, as paths relative to it, sorted by code unit. */
export function listFiles(root: string, passes: (path: string) => boolean): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(passes)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/** A file as UTF-8, or as Latin-1 where its bytes are no UTF-8. */
export function readText(path: string): string {
  const bytes = readFileSync(path)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('latin1').decode(bytes)
  }
}
