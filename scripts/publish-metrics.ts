/** Write docs/metrics.md: `npx tsx scripts/publish-metrics.ts`. */
import { writeFileSync } from 'node:fs'
import { metricPage } from './metric-page.js'

writeFileSync(new URL('../docs/metrics.md', import.meta.url), metricPage())
