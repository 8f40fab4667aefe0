/** Write the JSON Schemas of results and of the files that a user writes to schema/: `npx tsx scripts/publish-schemas.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { configSchemas } from '../src/audit/config/publish.js'
import { publishedSchemas } from '../src/report/schema/publish.js'

const folder = new URL('../schema/', import.meta.url)
mkdirSync(folder, { recursive: true })
for (const [name, text] of [...publishedSchemas(), ...configSchemas()])
  writeFileSync(new URL(name, folder), text)
