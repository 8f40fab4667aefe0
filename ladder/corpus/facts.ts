import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchPackage } from './fetch-package.js'
import { writeJsonLines } from './json-lines.js'
import { FACT_SOURCES, realFacts } from './real-facts.js'
import { REAL_RELATIONS } from './real-relations.js'
import { PLANTED_RELATIONS } from './relations.js'

// Writes facts/real.jsonl and facts/templates.json; facts/planted.jsonl is written with the corpus (build.ts).
const here = dirname(fileURLToPath(import.meta.url))
const facts = join(here, '../../facts')
const cache = join(here, '../.build/packages')

writeJsonLines(
  join(facts, 'real.jsonl'),
  realFacts({
    profiles: fetchPackage(FACT_SOURCES.profiles, cache),
    countries: fetchPackage(FACT_SOURCES.countries, cache),
    elements: fetchPackage(FACT_SOURCES.elements, cache),
  }),
)
const templates = Object.fromEntries(
  [...PLANTED_RELATIONS, ...REAL_RELATIONS].map((relation) => [
    relation.id,
    { templates: relation.templates },
  ]),
)
writeFileSync(join(facts, 'templates.json'), `${JSON.stringify(templates, null, 2)}\n`)
