import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dryRun } from './dry-run.js'
import { domainFromGlobs, planAudit } from './index.js'

const ROOT = join(import.meta.dirname, '..', '..')
const OPTIONS = {
  offline: true,
  signal: new AbortController().signal,
  progress: () => ({ update: () => {}, end: () => {} }),
  note: () => {},
}
const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('assay-dry-run-'))

describe('a dry run', () => {
  it('covers every part of the plan and keeps nothing', async () => {
    const before = left()
    const domains = [domainFromGlobs('speech', [join(ROOT, 'texts/speech/*')])]
    const knowledge = {
      facts: join(ROOT, 'facts/planted.jsonl'),
      templates: join(ROOT, 'facts/templates.json'),
      answers: [],
      limit: 60,
    }
    const benchmarks = [{ task: 'agreement', limit: 40 }]
    const plan = { ...planAudit('assay-ladder', { limit: 4 }), domains, parallel: [], knowledge, benchmarks }
    const run = await dryRun(plan, OPTIONS)
    expect(run.documents).toBe(4)
    // Three relations of planted facts, four of each.
    expect(run.facts).toBe(12)
    expect(run.items).toBe(40)
    expect(run.parts.map(({ part }) => part)).toEqual(['scoring', 'asking', 'benchmarks', 'the rest'])
    expect(run.parts.every(({ seconds }) => seconds > 0)).toBe(true)
    expect(run.seconds).toBeCloseTo(
      run.parts.reduce((sum, { seconds }) => sum + seconds, 0),
      9,
    )
    // Two of the four passages were scored for it.
    expect(run.calibration.tokens).toBeGreaterThan(0)
    expect(run.calibration.tokens).toBeLessThan(run.tokens)
    expect(left()).toEqual(before)
  })
})
