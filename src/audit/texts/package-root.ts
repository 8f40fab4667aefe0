import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of Assay's package.json, from source and from dist alike: where models/, texts/ and facts/ ship. */
export const PACKAGE_ROOT: string = findRoot(dirname(fileURLToPath(import.meta.url)))

function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from
  const parent = dirname(from)
  if (parent === from) throw new Error('package.json of Assay was not found above its own code')
  return findRoot(parent)
}
