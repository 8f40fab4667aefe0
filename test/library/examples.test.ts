import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, scratch } from '../cli/run-cli.js'

const folder = scratch('assay-library-')
const evidence = join(folder, 'evidence')
const page = join(folder, 'report.html')

/** In an order in which each finds what an earlier one wrote: its arguments, and what it prints. */
const EXAMPLES: Readonly<Record<string, { readonly args?: readonly string[]; readonly prints: RegExp[] }>> = {
  // The two runs of the ladder by what was done to them: one trained as planned, one fed a burst of noise.
  'judge-a-log': {
    prints: [/^1.6M-r10\S*: healthy$/m, /bad-data-burst\S*: .*(spike|slow-recovery) at step 9\d\d/],
  },
  // 5,000,000 parameters is beyond every run of the table: an accuracy is foretold with its level, or refused with why.
  forecast: {
    prints: [
      /^agreement: [\d.]+ % \[[\d.]+, [\d.]+\] at 80 %/m,
      /: no forecast, the average of forms does not beat copying/,
    ],
  },
  'score-a-model': { prints: [/on README\.md: \d\.\d+ bits\/byte \[/] },
  'count-facts': { prints: [/^\d+ of 1007 facts stand somewhere in \d+ documents$/m] },
  // The table was made with alpha = .34 and beta = .28 (its own first line).
  'fit-a-law': { prints: [/^alpha = 0\.3[34]/m, /^beta = 0\.2[78]/m, /parameters for 1e23 FLOPs: /] },
  'own-probe': { args: [evidence], prints: [/^NO-GO: Tokens below 1 % probability fail$/m] },
  'render-a-report': { args: [evidence, page], prints: [/NO-GO/, /bits\/byte/] },
}

describe('examples/library', () => {
  it('are all run here, compiled against the exports of the package', () => {
    const names = readdirSync(join(ROOT, 'examples/library')).filter((name) => name.endsWith('.ts'))
    expect(names.map((name) => name.replace('.ts', '')).toSorted()).toEqual(Object.keys(EXAMPLES).toSorted())
  })

  it.each(Object.entries(EXAMPLES))(
    '%s prints what it says',
    (name, { args = [], prints }) => {
      const compiled = join(ROOT, 'dist/examples', `${name}.js`)
      const printed = execFileSync(process.execPath, [compiled, ...args], { cwd: ROOT, encoding: 'utf8' })
      for (const text of prints) expect(printed).toMatch(text)
      expect(printed).not.toMatch(/NaN|undefined|\[object/)
    },
    120_000,
  )

  it('leave a report that opens', () => {
    expect(existsSync(page)).toBe(true)
  })
})
