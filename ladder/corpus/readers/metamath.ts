import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RawDocument } from '../document.js'

/** Theorems in one document: long enough to hold context, short enough to be one topic. */
const THEOREMS = 12

/** The name, description and statement of every axiom and theorem that has a description. */
export function* readTheorems(
  database: string,
): Generator<{ label: string; about: string; statement: string }> {
  const pattern = /\$\(\s((?:(?!\$\)|\$\().)*?)\s\$\)\s*([\w.-]+)\s+\$[ap]\s+\|-\s+([\s\S]*?)\s*\$[=.]/gs
  for (const [, about = '', label = '', statement = ''] of database.matchAll(pattern)) {
    const prose = about
      .replace(/\(\s*(?:Contributed|Revised|Proof (?:shortened|modification)|New usage|Proposed)[^)]*\)/g, '')
      .replace(/`([^`]*)`/g, (_, formula: string) => formula.trim())
      .replace(/~ (\S+)/g, '$1')
      .replace(/_(\w+)_/g, '$1')
      .replace(/\s+/g, ' ')
      .trim()
    if (prose.length >= 20) yield { label, about: prose, statement: statement.replace(/\s+/g, ' ') }
  }
}

/** Metamath's set.mm (public domain): descriptions and statements, without the machine proofs. */
export function* metamath(root: string): Generator<RawDocument> {
  const database = readFileSync(join(root, 'usr/share/metamath/databases/set.mm'), 'utf8')
  let block: string[] = []
  let first = ''
  for (const { label, about, statement } of readTheorems(database)) {
    if (block.length === 0) first = label
    block.push(`Theorem ${label}. ${about}\n|- ${statement}`)
    if (block.length === THEOREMS) {
      yield { id: first, title: `set.mm from ${first}`, text: block.join('\n\n') }
      block = []
    }
  }
  if (block.length > 0) yield { id: first, title: `set.mm from ${first}`, text: block.join('\n\n') }
}
