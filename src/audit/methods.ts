import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Book } from '../report/index.js'
import { PACKAGE_ROOT } from './texts/package-root.js'

const FOLDER = join(PACKAGE_ROOT, 'docs', 'methods')

/** The pages of docs/methods that ship with the program, by name; the report carries what its findings cite of them. */
export function readMethods(): Book {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.md') && name !== 'README.md')
  return new Map(
    names.sort().map((name) => [name.slice(0, -'.md'.length), readFileSync(join(FOLDER, name), 'utf8')]),
  )
}
