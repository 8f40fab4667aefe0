import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { messageOf } from '../../core/errors.js'
import type { Fact } from '../../core/index.js'
import { raise } from './errors.js'

interface BearRow {
  readonly sub_id: string
  readonly sub_label: string
  readonly sub_aliases?: readonly string[]
  readonly obj_id: string
  readonly obj_label: string
  readonly obj_aliases?: readonly string[]
}

/** Facts of one relation with its templates, as one file of a published set holds them. */
export interface RelationFile {
  readonly path: string
  readonly facts: readonly Fact[]
  readonly templates: ReadonlyMap<string, readonly string[]>
}

/** Whether a parsed row is one of BEAR's. */
export function isBearRow(value: unknown): value is BearRow {
  if (typeof value !== 'object' || value === null) return false
  const row = value as Readonly<Record<string, unknown>>
  return ['sub_id', 'sub_label', 'obj_id', 'obj_label'].every((field) => typeof row[field] === 'string')
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw raise('not-json', messageOf(error), { path }, error)
  }
}

/** The first domain of each relation, from the `relation_info.json` beside or above the set's folder. */
function readDomains(folder: string): ReadonlyMap<string, string> {
  const path = [folder, dirname(folder)].map((f) => join(f, 'relation_info.json')).find((p) => existsSync(p))
  if (path === undefined) return new Map()
  const info = readJson(path) as Readonly<Record<string, { domains?: readonly string[] }>>
  return new Map(Object.entries(info).map(([relation, entry]) => [relation, entry.domains?.[0] ?? '']))
}

function readTemplates(folder: string, relation: string): ReadonlyMap<string, readonly string[]> {
  const path = join(folder, 'metadata_relations.json')
  if (!existsSync(path)) return new Map()
  const metadata = readJson(path) as Readonly<Record<string, { templates?: readonly string[] }>>
  const templates = metadata[relation]?.templates
  return templates === undefined ? new Map() : new Map([[relation, templates]])
}

/**
 * One relation of BEAR or BEAR-big: `<relation>.jsonl` with `sub_id, sub_label, sub_aliases, obj_id, obj_label`;
 * templates and domains come from the files beside it. A fact's id is `relation:sub_id`, as the set's own pairs are
 * (a subject has one object per relation there).
 *
 * Source: Wiland, Ploner, Akbik, "BEAR: A Unified Framework for Evaluating Relational Knowledge", arXiv:2404.04113.
 */
export function readBearRelation(path: string): RelationFile {
  const folder = dirname(path)
  const relation = basename(path, '.jsonl')
  const domain = readDomains(folder).get(relation) ?? ''
  const facts: Fact[] = []
  for (const [index, raw] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (raw.trim() === '') continue
    const place = { path, line: index + 1 }
    let row: unknown
    try {
      row = JSON.parse(raw)
    } catch (error) {
      throw raise('not-json', messageOf(error), place, error)
    }
    if (!isBearRow(row))
      throw raise(
        'bad-field',
        'expected the strings sub_id, sub_label, obj_id and obj_label of a BEAR row',
        place,
      )
    facts.push({
      fact_id: `${relation}:${row.sub_id}`,
      subject: row.sub_label,
      relation,
      object: row.obj_label,
      aliases: row.obj_aliases ?? [],
      subject_aliases: row.sub_aliases ?? [],
      domain,
    })
  }
  return { path, facts, templates: readTemplates(folder, relation) }
}
