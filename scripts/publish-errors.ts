/** Write docs/errors.md: `npx tsx scripts/publish-errors.ts`. */
import { writeFileSync } from 'node:fs'
import { errorPage } from './error-catalogue.js'

writeFileSync(new URL('../docs/errors.md', import.meta.url), await errorPage())
