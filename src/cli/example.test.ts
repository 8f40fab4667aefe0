import { expect, it } from 'vitest'
import { exampleHere } from './example.js'

const EXAMPLE = 'assay curve ladder/runs/a.json --out x.md'

it.each([
  [
    'a clone',
    { cwd: '/clone', root: '/clone', script: '/clone/assay' },
    './assay curve ladder/runs/a.json --out x.md',
  ],
  [
    'a project that installed it',
    { cwd: '/p', root: '/p/node_modules/assay-audit', script: '/p/node_modules/.bin/assay' },
    'npx assay curve node_modules/assay-audit/ladder/runs/a.json --out x.md',
  ],
  [
    'anywhere, installed for all',
    { cwd: '/home/u', root: '/usr/lib/node_modules/assay-audit', script: '/usr/bin/assay' },
    'assay curve /usr/lib/node_modules/assay-audit/ladder/runs/a.json --out x.md',
  ],
  [
    'a folder with a blank in its name',
    { cwd: '/my p', root: "/it's here/assay", script: '/usr/bin/assay' },
    String.raw`assay curve '/it'\''s here/assay/ladder/runs/a.json' --out x.md`,
  ],
])('in %s', (_where, here, told) => {
  expect(exampleHere(EXAMPLE, here)).toBe(told)
})
