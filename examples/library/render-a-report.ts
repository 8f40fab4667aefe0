// Judge evidence that was gathered before, under gates of your own, and render the result: no model is needed.
import { writeFileSync } from 'node:fs'
import { judge, readEvidence, readMethods } from 'assay-audit/audit'
import { renderHtml, renderTerminal } from 'assay-audit/report'

const [folder = 'assay-evidence', page = 'report.html'] = process.argv.slice(2)
const result = judge(await readEvidence(folder), [
  { metric: 'held-out-loss.macro', tier: 'critical', max: 1.2 },
])

// The book of methods goes into the page, so that every number can be followed to its formula.
writeFileSync(page, await renderHtml(result, readMethods()))
console.log(renderTerminal(result, { colour: false }))
