/** Write the JSON Schemas of results to schema/: `npx tsx scripts/publish-schemas.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { publishedSchemas } from '../src/report/schema/publish.js'

const folder = new URL('../schema/', import.meta.url)
mkdirSync(folder, { recursive: true })
for (const [name, text] of publishedSchemas()) writeFileSync(new URL(name, folder), text)
