/**
 * Writes docs/validation/salience.md, section by section; those that are not named stay as they are.
 *
 *     npx tsx bench/salience/page.ts [SECTION…]      public-table coverage planted null made-up-coverage ladder bad-input large
 *     (all where none is named)
 *
 * ASSAY_DATA: the folder that holds salience/ (default ../shared/data); for `large`, PYTHON: one with numpy and pyarrow,
 * SPANS: how many (default ten million).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ladderSection } from './ladder.js'
import { largeSection } from './large.js'
import { publicCoverageSection } from './public-coverage.js'
import { publicTableSection } from './public-table.js'
import { nullSection, plantedSection, simulatedCoverageSection } from './simulations.js'

const PAGE = 'docs/validation/salience.md'
const folder = join(process.env.ASSAY_DATA ?? '../shared/data', 'salience')
const HEAD = `# Capability salience, validated

Written by \`npx tsx bench/salience/page.ts\`; every figure comes from that run. Default settings, seeds fixed. Methods:
[salience.md](../methods/salience.md).
`

/** What the tests hold, which run with every change. */
const BAD_INPUT = `## Bad input

Each is a test of \`src/ingest/salience\` or \`src/core/salience\`.

| input | what happens |
|---|---|
| a model that lacks spans; an empty cell of a wide table | refused: model and first span; row and column |
| a span given twice; two columns of one name; one model in two files | refused: both places |
| losses of another text; a vector of another text | refused (\`text_sha256\`, or the first span that is not there) |
| losses of many spans that stand in another order than those of the first file | refused, with the file |
| a model that loses over 8 bits/byte, or four times more or less than the middle one (nats, percent, a run gone ill) | said, with file and row |
| one run gone ill (101 bits/byte on the ladder) among the fitted ones | does not count for the range of losses that the vector is read in |
| a name of \`--benchmark\` or \`--lower-is-better\` that is none | refused, with those that there are |
| fewer families than an interval of .95 takes | said where a vector is saved |
| a loss below 0 or above 1e6 bits/byte (1e200); a score beyond 1e100; words among the scores of a wide table | refused: row and column |
| models that lose the same on every span | one family, and said |
| a benchmark whose scores are all alike | left out, and said; a fit of it is flat |
| scores that are alike in most families | draws of them alone tell no explained variance |
| a score without chance | fitted: the floor is free |
| one family alone (or all models alike); fewer than 12 models | the plain loss is the answer, with the reason |
`

const SECTIONS: Readonly<Record<string, () => Promise<string> | string>> = {
  'public-table': () => publicTableSection(folder),
  coverage: () => publicCoverageSection(folder),
  planted: () => plantedSection(20),
  null: () => nullSection(1000),
  'made-up-coverage': () => simulatedCoverageSection(40),
  ladder: ladderSection,
  'bad-input': () => BAD_INPUT,
  large: () => largeSection(process.env.PYTHON ?? 'python3', Number(process.env.SPANS ?? 1e7)),
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
