import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { AssayError } from '../../core/index.js'
import { readPolicy } from './read.js'

const path = join(mkdtempSync(join(tmpdir(), 'assay-yaml-')), 'assay.yaml')

function refused(text: string): AssayError {
  writeFileSync(path, text)
  try {
    readPolicy(path)
  } catch (error) {
    return error as AssayError
  }
  throw new Error('taken')
}

it.each([
  ['gates: [1', 1, 10, /not closed/],
  ['gates: "x', 1, 10, /never closed/],
  ['gates: b: c', 1, 8, /begin a new line/],
  ['gates: 1\ngates: 2', 2, 1, /twice/],
  ['gates:\n\t- b', 2, 1, /a tab stands/],
  ['gates: 1\n---\nb: 2', 2, 1, /one document/],
  ['gates: @x', 1, 8, /put it in quotes/],
  ['- a\ngates: 1', 2, 1, /nothing can/],
  ['gates: "\\q"', 1, 9, /single quotes/],
  ['['.repeat(5000), 1, undefined, /deeper than a config can be/],
])('%j is refused in words of ours, with line and column', (text, line, column, message) => {
  const { code, place, message: told } = refused(text)
  expect(code).toBe('audit/bad-config')
  expect(told).toMatch(message)
  expect(told).not.toMatch(/implicit|scalar|token|parseAllDocuments|call stack/)
  expect(place).toMatchObject({ path, line, ...(column === undefined ? {} : { column }) })
})
