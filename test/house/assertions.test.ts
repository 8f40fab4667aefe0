import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const files = globSync(
  ['src/**/*.test.ts', 'test/**/*.test.ts', 'test/**/*.contract.ts', 'ladder/**/*.test.ts'],
  {
    cwd: ROOT,
    ignore: '**/node_modules/**',
  },
)

const indent = (line: string): number => line.length - line.trimStart().length

/** Lines inside a test's body (deeper than its `it(`, as the formatter lays it out) on which it could leave early. */
function earlyEnds(text: string): number[] {
  const found: number[] = []
  let test = Number.POSITIVE_INFINITY
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return
    if (indent(line) <= test) test = Number.POSITIVE_INFINITY
    if (/^\s*it(?:\.\w+)*\(/.test(line)) test = indent(line)
    else if (indent(line) > test && /^\s*if \(.*\) return$/.test(line)) found.push(i + 1)
  })
  return found
}

describe('tests', () => {
  it('are seen to leave early where they do', () => {
    expect(earlyEnds("it('is checked', () => {\n  if (!known) return\n  expect(1).toBe(1)\n})\n")).toEqual([
      2,
    ])
    expect(earlyEnds("const f = () => {\n  if (done) return\n}\nit('is one', () => {\n  f()\n})\n")).toEqual(
      [],
    )
  })

  // Without any assertion a test fails by itself: `requireAssertions` in vitest.config.ts.
  it('do not leave early: what is not checked is skipped with its reason, or fails', () => {
    expect(files.length).toBeGreaterThan(100)
    expect(
      files.flatMap((path) => earlyEnds(readFileSync(join(ROOT, path), 'utf8')).map((n) => `${path}:${n}`)),
    ).toEqual([])
  })
})
