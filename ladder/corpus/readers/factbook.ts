import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RawDocument } from '../document.js'
import { listFiles } from './files.js'

/** A country's profile: sections of named fields, nested to any depth. */
export interface Profile {
  [section: string]: Field
}

type Field = { [key: string]: Field } | string | number | null

/** The lines of a profile section: "Heading: text", nested headings joined by a comma. */
export function renderFields(field: Field, path: string[] = []): string[] {
  if (field === null) return []
  if (typeof field !== 'object') {
    const heading = path.filter((part) => part !== 'text').join(', ')
    const text = String(field)
      .replace(/\s*\+\+\s*/g, '; ')
      .replace(/<[^>]+>/g, ' ')
      .trim()
    return text === '' ? [] : [heading === '' ? text : `${heading}: ${text}`]
  }
  return Object.entries(field).flatMap(([key, value]) => renderFields(value, [...path, key]))
}

/** The short name by which a profile calls its country, or null where it gives none. */
export function countryName(profile: Profile): string | null {
  const government = profile.Government
  if (typeof government !== 'object' || government === null) return null
  const names = government['Country name']
  if (typeof names !== 'object' || names === null) return null
  const texts = ['conventional short form', 'conventional long form'].map((form) => {
    const entry = names[form]
    return typeof entry === 'object' && entry !== null ? entry.text : null
  })
  const name = texts.find((t) => typeof t === 'string' && t !== '' && t !== 'none')
  return typeof name === 'string' ? name : null
}

/** The CIA World Factbook as JSON (public domain): one document per country and section. */
export function* factbook(root: string): Generator<RawDocument> {
  for (const path of listFiles(join(root, 'package'), (p) => /^[a-z-]+\/[a-z]{2}\.json$/.test(p))) {
    const profile = JSON.parse(readFileSync(join(root, 'package', path), 'utf8')) as Profile
    const name = countryName(profile)
    if (name === null) continue
    for (const [section, fields] of Object.entries(profile)) {
      const lines = renderFields(fields)
      if (lines.length === 0) continue
      yield {
        id: `${path}#${section}`,
        title: `${name}: ${section}`,
        text: `${name}. ${section}\n\n${lines.join('\n')}`,
      }
    }
  }
}
