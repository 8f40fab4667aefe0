import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { readMethods } from '../../src/audit/index.js'
import { createRandom } from '../../src/core/index.js'
import { PROBES } from '../../src/probes/index.js'
import { anchorOf, CITATION, sectionsOf } from '../../src/report/methods/book.js'
import { SAMPLES } from '../contract/evidence-samples.js'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const IGNORED = ['**/node_modules/**', '**/.build/**', '**/dist/**']
const list = (patterns: string[]): string[] => globSync(patterns, { cwd: ROOT, ignore: IGNORED }).sort()

const BOOK = readMethods()
const CODE = list(['{src,test,bench,scripts,examples,ladder}/**/*.{ts,js,py,sh,c,md,yaml}'])
const DOCUMENTS = list(['*.md', '{docs,ladder,texts,facts,bench,src,examples}/**/*.md'])

/** Anchors of every heading of a document, as GitHub makes them. */
const anchorsOf = (markdown: string): Set<string> =>
  new Set([...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) => anchorOf(title!)))

/** Citations of a text that lead nowhere. A page may be named with a folder's dots in front of it. */
function dead(text: string): string[] {
  const all = text.matchAll(new RegExp(CITATION.source, 'gu'))
  return [...all].flatMap(([whole, page, anchor]) => {
    const markdown = page === undefined ? undefined : BOOK.get(page)
    if (markdown === undefined) return [whole]
    return anchor === undefined || anchorsOf(markdown).has(anchor) ? [] : [whole]
  })
}

describe('citations of the book of methods', () => {
  it('resolve in sources, docstrings, tests and documents', () => {
    // The parser's own test cites pages that are made up.
    const files = [...new Set([...CODE, ...DOCUMENTS])].filter((path) => !path.endsWith('.test.ts'))
    expect(files.flatMap((path) => dead(read(path)).map((citation) => `${path}: ${citation}`))).toEqual([])
  })

  it('stand among the sources of every probe', () => {
    const without = PROBES.filter(({ sources }) => !sources.some((source) => CITATION.test(source)))
    expect(without.map((probe) => probe.id)).toEqual([])
  })

  it.each(PROBES.map((probe) => [probe.id, probe] as const))(
    'resolve in every finding of %s',
    (id, probe) => {
      const findings = Object.values(SAMPLES).flatMap(
        (evidence) => probe.judge(evidence, { random: createRandom(1).derive(id), level: 0.95 }).findings,
      )
      expect(findings.length).toBeGreaterThan(0)
      for (const { code, sources } of findings) {
        expect(
          sources.some((source) => CITATION.test(source)),
          code,
        ).toBe(true)
        expect(sources.flatMap(dead), code).toEqual([])
      }
    },
  )

  it('take the place of notes that are not in the repository', () => {
    const outside = /\b(?:METHODS §|DESIGN\.md|STYLE\.md|FIELD\.md|DATA\.md|METHODS\.md)/
    const found = [...CODE, ...DOCUMENTS].filter(
      (path) => path !== 'test/docs/citations.test.ts' && outside.test(read(path)),
    )
    expect(found).toEqual([])
  })
})

describe('pages of the book', () => {
  it('are listed in its table of contents', () => {
    const listed = [...read('docs/methods/README.md').matchAll(/\]\(([a-z-]+)\.md\)/g)].map(
      ([, page]) => page,
    )
    expect(listed.toSorted()).toEqual([...BOOK.keys()])
  })

  it.each([...BOOK])('%s keeps to what the report can show', (_page, markdown) => {
    const sections = sectionsOf(markdown)
    expect(sections[0]?.level).toBe(1)
    expect(new Set(sections.map((s) => s.anchor)).size).toBe(sections.length)
    for (const { title, text } of sections)
      for (const block of text.split(/\n{2,}/)) {
        const rows = block.split('\n')
        const bars = rows.filter((row) => row.startsWith('|'))
        // A table is a block of its own, with as many cells in every row.
        expect([0, rows.length], title).toContain(bars.length)
        expect(new Set(bars.map((row) => row.split('|').length)).size, `${title}: ${bars[0]}`).toBeLessThan(2)
        expect(block, title).not.toMatch(/^(?:>|```|\d+\. |\s*\* )|<[a-z]+>|!\[/m)
      }
  })

  it.each([...BOOK])('%s names code and tests that are there', (_page, markdown) => {
    const paths = [...markdown.matchAll(/`((?:src|test)\/[^`\s]+)`/g)].map(([, path]) => path!)
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
    const named = [...markdown.matchAll(/\*\*Code\.\*\*([\s\S]*?)(?=\*\*|\n\n|$)/g)].flatMap(([, text]) => {
      const folders = [...text!.matchAll(/`(src\/[^`\s]+)`/g)].map(([, path]) => path!)
      const sources = list((folders.length > 0 ? folders : ['src']).map((folder) => `${folder}/**/*.ts`))
        .map(read)
        .join('\n')
      return [...text!.matchAll(/`([A-Za-z_]\w*)`/g)]
        .map(([, name]) => name!)
        .filter((name) => !new RegExp(`(?:function|const|class|interface) ${name}\\b`).test(sources))
    })
    expect(named).toEqual([])
  })
})

describe('links between documents', () => {
  it('lead to files and headings that are there', () => {
    const broken = DOCUMENTS.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].flatMap(([, link]) => {
        const [file = '', anchor] = link!.split('#')
        const target = file === '' ? path : normalize(join(dirname(path), file))
        const there = existsSync(join(ROOT, target))
        const found = there && (anchor === undefined || anchorsOf(read(target)).has(anchor))
        return found ? [] : [`${path} → ${link}`]
      }),
    )
    expect(broken).toEqual([])
  })
})
