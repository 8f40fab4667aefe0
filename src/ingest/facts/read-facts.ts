import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Fact, type FactSet, groupBy, type TemplateUse } from '../../core/index.js'
import { counted } from '../../core/text/counted.js'
import { distinctFiles } from '../distinct-files.js'
import { tryParse } from '../text/tolerant-json.js'
import { reason } from '../text/unpack.js'
import { isBearRow, readBearRelation } from './bear.js'
import { raise } from './errors.js'
import { foreignRows } from './foreign.js'
import { checkedFacts, parseFactsJsonl } from './jsonl.js'
import { isLreFile, readLreRelation } from './lre.js'
import { noiseNotes } from './noise.js'

/** What tells of relations: BEAR's and LAMA's. */
const METADATA_FILES = ['metadata_relations.json', 'relations.jsonl']
/** Templates that rows bring, of one relation. */
const MOST_TEMPLATES = 5

/** The relation files of a published set's folder; its metadata are read by the readers themselves. */
function filesOf(path: string): string[] {
  let entries: Dirent[]
  try {
    if (!statSync(path).isDirectory()) return [path]
    entries = readdirSync(path, { withFileTypes: true })
  } catch (error) {
    throw raise('unreadable', reason(error), { path }, error)
  }
  const files = entries
    .filter(
      (entry) =>
        entry.isFile() && /\.(jsonl?|csv|tsv)$/.test(entry.name) && !METADATA_FILES.includes(entry.name),
    )
    .map((entry) => join(path, entry.name))
    .sort()
  if (files.length === 0)
    throw raise('unreadable', 'the folder holds no .jsonl, .json, .csv or .tsv file', { path })
  return files
}

/** `{"relation": "P19", "template": "[X] was born in [Y] ."}` a line. */
function lamaTemplates(path: string): ReadonlyMap<string, string> {
  const folder = dirname(path)
  const file = [folder, dirname(folder)].map((f) => join(f, 'relations.jsonl')).find((f) => existsSync(f))
  if (file === undefined) return new Map()
  const rows = readFileSync(file, 'utf8').split('\n').map(tryParse) as (
    | { readonly relation?: unknown; readonly template?: unknown }
    | null
    | undefined
  )[]
  return new Map(
    rows.flatMap((row) =>
      typeof row?.relation === 'string' && typeof row.template === 'string'
        ? [[row.relation, row.template]]
        : [],
    ),
  )
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
      throw raise('unreadable', reason(error), { path }, error)
    }
    const firstLine = text.slice(0, Math.max(0, text.indexOf('\n')) || text.length)
    if (isBearRow(tryParse(firstLine))) this.#addRelation(readBearRelation(path))
    else if (path.endsWith('.json') && isLreFile(tryParse(text))) {
      const relation = readLreRelation(path)
      this.#addRelation(relation)
      this.templateUses.set(relation.name, relation.uses)
      if (relation.repeated > 0)
        this.notes.push(`${path}: ${relation.repeated} repeated pairs were kept once`)
    } else {
      const rows = foreignRows(text, path, columns)
      const facts =
        rows === undefined ? parseFactsJsonl(text, path, columns) : checkedFacts(rows, path, columns)
      const seen = new Set<string>()
      let repeated = 0
      for (const [i, { fact, line }] of facts.entries())
        if (rows?.[i]?.mayRepeat === true && seen.has(fact.fact_id)) repeated++
        else {
          seen.add(fact.fact_id)
          this.add(fact, path, line)
        }
      if (repeated > 0)
        this.notes.push(`${path}: ${counted(repeated, 'repeated row is', 'repeated rows are')} left out`)
      if (rows !== undefined) this.#addTemplates(path, facts, rows)
    }
  }

  /** Templates of LAMA's `relations.jsonl` beside or above the file, and those that most rows bring. */
  #addTemplates(
    path: string,
    facts: ReturnType<typeof checkedFacts>,
    rows: NonNullable<ReturnType<typeof foreignRows>>,
  ): void {
    const published = lamaTemplates(path)
    const brought = facts.flatMap(({ fact: { relation } }, i) => {
      const template = rows[i]?.template
      return template === undefined ? [] : [{ relation, template }]
    })
    for (const [relation, own] of groupBy(brought, (b) => b.relation)) {
      const byTemplate = [...groupBy(own, (b) => b.template)].sort(([, a], [, b]) => b.length - a.length)
      this.templates.set(
        relation,
        byTemplate.slice(0, MOST_TEMPLATES).map(([template]) => template),
      )
    }
    for (const { fact } of facts) {
      const template = published.get(fact.relation)
      if (template !== undefined) this.templates.set(fact.relation, [template])
    }
  }

  #addRelation({ path, facts, templates }: ReturnType<typeof readBearRelation>): void {
    for (const [index, fact] of facts.entries())
      this.add(fact, path, path.endsWith('.jsonl') ? index + 1 : undefined)
    for (const [relation, list] of templates) this.templates.set(relation, list)
  }
}

/**
 * Facts from files and folders: JSONL, CSV and TSV of `{id?, subject, relation, object, aliases?, subject_aliases?, domain?}`,
 * BEAR and LRE (a folder or a relation's file), PopQA, LAMA, TriviaQA and exports of Wikidata, recognised by content. A table
 * without a relation is of the one that its file is called by.
 *
 * @param paths   files and folders, read in order
 * @param columns our field → the file's
 * @throws {AssayError} facts/unreadable, not-json, bad-field, duplicate (both places named), empty
 */
export function readFacts(paths: readonly string[], columns: Readonly<Record<string, string>> = {}): FactSet {
  const collector = new FactCollector()
  const { files, notes: repeats } = distinctFiles(paths.flatMap(filesOf))
  for (const file of files) collector.addFile(file, columns)
  if (collector.facts.length === 0)
    throw raise('empty', 'no fact was found', paths[0] === undefined ? undefined : { path: paths[0] })
  const { facts, templates, templateUses, notes } = collector
  return {
    facts,
    templates,
    notes: [...repeats, ...notes, ...noiseNotes(facts)],
    ...(templateUses.size > 0 ? { templateUses } : {}),
  }
}
