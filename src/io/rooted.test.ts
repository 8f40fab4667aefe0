import { expect, it } from 'vitest'
import { rooted } from './rooted.js'

it.each([
  ['../*/a.txt', '../', '*/a.txt'],
  ['./../*/a.txt', './../', '*/a.txt'],
  ['a/../../{b,c}/../*.txt', 'a/../../', '{b,c}/../*.txt'],
  ['../a/../../b/*', '../a/../../', 'b/*'],
  ['./a/*.txt', '.', './a/*.txt'],
  ['a../*', '.', 'a../*'],
  ['*/../a.txt', '.', '*/../a.txt'],
  ['/a/../b/*', '.', '/a/../b/*'],
  ['../', '.', '../'],
])('%s is looked for from %s as %s', (given, cwd, pattern) => {
  expect(rooted(given)).toEqual({ cwd, pattern })
})
