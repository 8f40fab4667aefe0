/**
 * Writes docs/validation/salience.md, section by section; those that are not named stay as they are.
 *
 *     npx tsx bench/salience/page.ts [SECTION…]      public-table coverage simulations ladder large (all where none is named)
 *
 * ASSAY_DATA: the folder that holds salience/ (default ../shared/data); PYTHON: one with numpy and pyarrow, for `large`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ladderSection } from './ladder.js'
import { largeSection } from './large.js'
import { publicCoverageSection } from './public-coverage.js'
import { publicTableSection } from './public-table.js'
import { simulationSections } from './simulations.js'

const PAGE = 'docs/validation/salience.md'
const folder = join(process.env.ASSAY_DATA ?? '../shared/data', 'salience')
const HEAD = `# Capability salience, validated

Written by \`npx tsx bench/salience/page.ts\`; every figure comes from that run. Default settings, seeds fixed. Methods:
[salience.md](../methods/salience.md).
`

const SECTIONS: Readonly<Record<string, () => Promise<string> | string>> = {
  'public-table': () => publicTableSection(folder),
  coverage: () => publicCoverageSection(folder),
  simulations: () => simulationSections({ planted: 20, null: 1000, coverage: 40 }),
  ladder: ladderSection,
  large: () => largeSection(process.env.PYTHON ?? 'python3'),
}

const titleOf = (section: string): string => section.slice(0, section.indexOf('\n'))
const asked = process.argv.slice(2)
for (const [name, section] of Object.entries(SECTIONS)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const made = await section()
  const [, ...old] = existsSync(PAGE) ? readFileSync(PAGE, 'utf8').split(/\n(?=## )/) : []
  const at = old.findIndex((other) => titleOf(other) === titleOf(made))
  const sections = at < 0 ? [...old, made] : old.with(at, made)
  writeFileSync(PAGE, `${[HEAD, ...sections].map((part) => part.trimEnd()).join('\n\n')}\n`)
  console.error(`${name} written`)
}
