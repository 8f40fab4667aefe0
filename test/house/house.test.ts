import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { errorPage } from '../../scripts/error-catalogue.js'
import { metricPage } from '../../scripts/metric-page.js'
import { returnsOf, roomReturns } from '../../scripts/room-returns.js'
import { COMMANDS } from '../../src/cli/commands/index.js'
import { PROBES } from '../../src/probes/index.js'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const sources = (pattern: string): string[] =>
  globSync(pattern, { cwd: ROOT }).filter((path) => !path.endsWith('.test.ts'))

describe('indexes', () => {
  it('list every probe folder, by the id that is its name', () => {
    const folders = readdirSync(join(ROOT, 'src/probes'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
    expect(PROBES.map((probe) => probe.id).toSorted()).toEqual(folders.toSorted())
  })

  it('give every probe a title for either outcome, its evidence and its sources', () => {
    for (const probe of PROBES) {
      expect(probe.title, probe.id).not.toBe(probe.failureTitle)
      expect(probe.needs.length, probe.id).toBeGreaterThan(0)
      expect(probe.sources.length, probe.id).toBeGreaterThan(0)
    }
  })

  it('lead to a README of every probe', () => {
    for (const { id } of PROBES) expect(read(`src/probes/${id}/README.md`), id).toMatch(/^# .+\n+\S/)
  })

  it('list every command that a file in cli/commands adds', () => {
    const added = sources('src/cli/commands/*.ts').flatMap(
      (path) => read(path).match(/export function add[A-Z]\w*/g) ?? [],
    )
    expect(COMMANDS.length).toBe(added.length)
  })
})

describe('core and probes', () => {
  it('have no clock, chance, disk, network or console', () => {
    const impure = /Math\.random|Date\.now|new Date\(\)|performance\.now|\bprocess\.|\bconsole\.|from 'node:/
    const found = [...sources('src/core/**/*.ts'), ...sources('src/probes/**/*.ts')].filter((path) =>
      impure.test(read(path)),
    )
    expect(found).toEqual([])
  })
})

describe('documents', () => {
  it('list every error (else: npx tsx scripts/publish-errors.ts)', async () => {
    expect(read('docs/errors.md')).toBe(await errorPage())
  })

  it('list every metric (else: npx tsx scripts/publish-metrics.ts)', () => {
    expect(read('docs/metrics.md')).toBe(metricPage())
  })

  it('number decisions once each, in the page as in its name', () => {
    const pages = globSync('docs/decisions/[0-9]*.md', { cwd: ROOT })
    const numbers = pages.map((path) => path.replace(/^.*\/(\d+)-.*$/, '$1'))
    expect(new Set(numbers).size).toBe(pages.length)
    expect(pages.map((path) => read(path).slice(0, 7))).toEqual(numbers.map((number) => `# ${number} `))
  })

  it('link to files that are there', () => {
    const broken = globSync(
      ['*.md', 'docs/**/*.md', 'ladder/**/*.md', 'texts/*.md', 'bench/**/*.md', 'src/**/*.md'],
      {
        cwd: ROOT,
        ignore: ['**/node_modules/**', '**/.build/**'],
      },
    ).flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map((match) => match[1])
        .filter((link) => !existsSync(join(ROOT, dirname(path), link)))
        .map((link) => `${relative(ROOT, join(ROOT, path))} → ${link}`),
    )
    expect(broken).toEqual([])
  })
})

describe('the curve’s rooms', () => {
  it('send a run back to a file that it had left no more than a third as often as the 84 times of one flat room', () => {
    const { files, functions } = roomReturns()
    expect(files).toBeLessThanOrEqual(84 / 3)
    // Laying files together lowers the first figure alone.
    expect(functions).toBeLessThanOrEqual(62)
  })
})

describe('the count of returns', () => {
  it('counts entering a place that was left, and neighbours in one place once', () => {
    expect(returnsOf(['a', 'b', 'b', 'c'])).toBe(0)
    expect(returnsOf(['a', 'b', 'a', 'b', 'b'])).toBe(2)
  })
})
