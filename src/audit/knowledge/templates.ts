import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place, TemplatesByRelation } from '../../core/index.js'
import { nearest } from '../config/nearest.js'
import { fileError } from '../errors.js'
import { PACKAGE_ROOT } from '../texts/package-root.js'
import { raise } from './errors.js'

/** A sentence with a place for the subject and one for the object. */
export interface Template {
  /** With `[X]` for the subject and `[Y]` for the object, as it is reported. */
  readonly text: string
  /** What stands before the object; `[X]` inside. */
  readonly before: string
  /** What stands after the object, empty when that is punctuation alone; `[X]` inside. */
  readonly after: string
}

/** Facts about the world that ship; the planted ones are known to the ladder's models alone. */
export const SHIPPED_FACTS: readonly string[] = [join(PACKAGE_ROOT, 'facts', 'real.jsonl')]

/** Templates of the facts that ship. */
export const SHIPPED_TEMPLATES: string = join(PACKAGE_ROOT, 'facts', 'templates.json')

/**
 * Read one template: `[X]`, `{subject}` or `{}` for the subject, `[Y]` or `{object}` for the object (at the end when
 * it is left out). Punctuation after the object is dropped: the object alone is the answer.
 *
 * @throws {AssayError} knowledge/bad-template
 */
export function parseTemplate(source: string, place: Place): Template {
  let text = source.replaceAll('{subject}', '[X]').replaceAll('{object}', '[Y]').trim()
  if (!text.includes('[X]')) text = text.replace('{}', '[X]')
  if (!text.includes('[X]'))
    throw raise('bad-template', `found "${source}", which has no place for the subject`, place)
  const parts = text.split('[Y]')
  if (parts.length > 2) throw raise('bad-template', `found "${source}", which names the object twice`, place)
  const after = parts[1] ?? ''
  return {
    text: parts.length === 2 ? text : `${text} [Y]`,
    before: parts.length === 2 ? parts[0] : `${text} `,
    after: /[\p{L}\p{N}]/u.test(after) ? after : '',
  }
}

/** `{relation: [template, …]}` or `{relation: {templates: [template, …]}}`. */
function readTemplateFile(path: string): Map<string, Template[]> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError)
      throw raise('bad-template', `not JSON: ${error.message}`, { path }, error)
    throw fileError(error, path, 'read')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw raise('bad-template', 'expected an object that maps relations to lists of templates', { path })
  const byRelation = new Map<string, Template[]>()
  for (const [relation, entry] of Object.entries(value as Record<string, unknown>)) {
    const list: unknown =
      typeof entry === 'object' && entry !== null && 'templates' in entry ? entry.templates : entry
    if (!Array.isArray(list) || list.length === 0 || !list.every((t) => typeof t === 'string'))
      throw raise('bad-template', 'expected a list of one or more strings', { path, field: relation })
    byRelation.set(relation, distinct(list.map((t: string) => parseTemplate(t, { path, field: relation }))))
  }
  return byRelation
}

/** Words of other sets for those of the relations that ship: identifiers of Wikidata, and what they are called there. */
const SAME_AS: Readonly<Record<string, string>> = {
  ...{ p30: 'continent', p36: 'capital', p37: 'language', p38: 'currency', p246: 'symbol', p1086: 'number' },
  ...{
    p106: 'works',
    occupation: 'works',
    profession: 'works',
    job: 'works',
    p551: 'lives',
    residence: 'lives',
  },
}
const JOINTS = new Set(['a', 'as', 'by', 'country', 'has', 'in', 'is', 'of', 'the', 'to'])

/** `capitalOf`, `capital-of`: capital. */
const wordsOf = (relation: string): Set<string> =>
  new Set(
    (
      relation
        .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? []
    )
      .filter((word) => !JOINTS.has(word))
      .map((word) => SAME_AS[word] ?? word),
  )

/**
 * The relation whose templates ship and whose name is nearest: it shares most words, or is a typing error away. It is
 * offered, not taken: a template that does not fit its facts measures nothing.
 */
export function templateHint(relation: string): string {
  const shipped = existsSync(SHIPPED_TEMPLATES) ? [...readTemplateFile(SHIPPED_TEMPLATES).keys()] : []
  const known = shipped.flatMap((name) => [...wordsOf(name)])
  const own = new Set([...wordsOf(relation)].map((word) => nearest(word, known) ?? word))
  const shared = (name: string): number => [...wordsOf(name)].filter((word) => own.has(word)).length
  const [most] = shipped.toSorted((a, b) => shared(b) - shared(a) || a.length - b.length)
  const near = most !== undefined && shared(most) > 0 ? most : undefined
  return near === undefined
    ? ''
    : ` (templates of "${near}" ship: call the relation so, or copy them into a file for --templates)`
}

function distinct(templates: readonly Template[]): Template[] {
  return [...new Map(templates.map((t) => [t.text, t])).values()]
}

/**
 * Templates of every relation: a user's file first, then those that came with the facts, then those that ship.
 * A relation takes all its templates from one of the three, so that what is measured is what the user wrote; the
 * first `maxTemplates` of them.
 */
export function templatesFor(
  relations: Iterable<string>,
  fromFacts: TemplatesByRelation,
  options: { readonly templates?: string; readonly maxTemplates?: number },
): Map<string, readonly Template[]> {
  const own =
    options.templates === undefined ? new Map<string, Template[]>() : readTemplateFile(options.templates)
  const shipped = existsSync(SHIPPED_TEMPLATES)
    ? readTemplateFile(SHIPPED_TEMPLATES)
    : new Map<string, Template[]>()
  const chosen = new Map<string, readonly Template[]>()
  for (const relation of relations) {
    const published = fromFacts.get(relation)?.map((t) => parseTemplate(t, { field: relation }))
    const templates =
      own.get(relation) ??
      (published === undefined ? undefined : distinct(published)) ??
      shipped.get(relation)
    if (templates !== undefined && templates.length > 0)
      chosen.set(relation, templates.slice(0, options.maxTemplates))
  }
  return chosen
}
