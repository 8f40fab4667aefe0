import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Fact, FactSet, TemplateUse } from '../../core/index.js'
import { isBearRow, readBearRelation } from './bear.js'
import { raise } from './errors.js'
import { parseFactsJsonl } from './jsonl.js'
import { isLreFile, readLreRelation } from './lre.js'

const METADATA_FILE = 'metadata_relations.json'

/** The relation files of a published set's folder; its metadata are read by the readers themselves. */
function filesOf(path: string): string[] {
  let entries: Dirent[]
  try {
    if (!statSync(path).isDirectory()) return [path]
    entries = readdirSync(path, { withFileTypes: true })
  } catch (error) {
    throw raise('unreadable', error instanceof Error ? error.message : String(error), { path }, error)
  }
  const files = entries
    .filter((entry) => entry.isFile() && /\.jsonl?$/.test(entry.name) && entry.name !== METADATA_FILE)
    .map((entry) => join(path, entry.name))
    .sort()
  if (files.length === 0) throw raise('unreadable', 'the folder holds no .jsonl and no .json file', { path })
  return files
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Collects facts and refuses the second of two with the same id, naming both places. */
class FactCollector {
  readonly facts: Fact[] = []
  readonly templates = new Map<string, readonly string[]>()
  readonly templateUses = new Map<string, ReadonlyMap<string, readonly TemplateUse[]>>()
  readonly notes: string[] = []
  readonly #places = new Map<string, { path: string; line: number | undefined }>()

  add(fact: Fact, path: string, line?: number): void {
    const first = this.#places.get(fact.fact_id)
    if (first !== undefined) {
      const where =
        first.path === path && first.line !== undefined
          ? `line ${first.line}`
          : `${first.path}:${first.line ?? 1}`
      throw raise(
        'duplicate',
        `fact "${fact.fact_id}" (${fact.subject} | ${fact.relation} | ${fact.object}) already stands on ${where}`,
        line === undefined ? { path } : { path, line },
      )
    }
    this.#places.set(fact.fact_id, { path, line })
    this.facts.push(fact)
  }

  addFile(path: string, columns: Readonly<Record<string, string>>): void {
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch (error) {
      throw raise('unreadable', error instanceof Error ? error.message : String(error), { path }, error)
    }
    const firstLine = text.slice(0, Math.max(0, text.indexOf('\n')) || text.length)
    if (isBearRow(tryParse(firstLine))) this.#addRelation(readBearRelation(path))
    else if (path.endsWith('.json') && isLreFile(tryParse(text))) {
      const relation = readLreRelation(path)
      this.#addRelation(relation)
      this.templateUses.set(relation.name, relation.uses)
      if (relation.repeated > 0)
        this.notes.push(`${path}: ${relation.repeated} repeated pairs were kept once`)
    } else for (const { fact, line } of parseFactsJsonl(text, path, columns)) this.add(fact, path, line)
  }

  #addRelation({ path, facts, templates }: ReturnType<typeof readBearRelation>): void {
    for (const [index, fact] of facts.entries())
      this.add(fact, path, path.endsWith('.jsonl') ? index + 1 : undefined)
    for (const [relation, list] of templates) this.templates.set(relation, list)
  }
}

/**
 * Facts from files and folders: JSONL of `{id?, subject, relation, object, aliases?, subject_aliases?, domain?}`,
 * BEAR (a folder or a relation's file) and LRE (a folder or a relation's file), recognised by content.
 *
 * @param paths   files and folders, read in order
 * @param columns our field → the file's, for JSONL
 * @throws {AssayError} facts/unreadable, not-json, bad-field, duplicate (both places named), empty
 */
export function readFacts(paths: readonly string[], columns: Readonly<Record<string, string>> = {}): FactSet {
  const collector = new FactCollector()
  for (const path of paths) for (const file of filesOf(path)) collector.addFile(file, columns)
  if (collector.facts.length === 0)
    throw raise('empty', 'no fact was found', paths[0] === undefined ? undefined : { path: paths[0] })
  const { facts, templates, templateUses, notes } = collector
  return { facts, templates, notes, ...(templateUses.size > 0 ? { templateUses } : {}) }
}
