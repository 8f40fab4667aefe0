import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileMatcher } from '../../scripts/build-wasm.js'
import { MATCHER_WASM } from '../../src/corpus/embedded/matcher-wasm.js'
import { classBeyondTable } from '../../src/corpus/embedded/wasm-scanner.js'
import { wordClass } from '../../src/corpus/names/word-class.js'
import { count, jsonl, write } from './helpers.js'

describe('the matcher in WebAssembly', () => {
  it('is what its source compiles to (else: npx tsx scripts/build-wasm.ts)', async () => {
    expect(readFileSync('src/corpus/embedded/matcher-wasm.ts', 'utf8')).toContain(MATCHER_WASM.slice(0, 40))
    expect(MATCHER_WASM).toBe(await compileMatcher())
  })

  it('knows the class of every code point beyond its table', () => {
    const wrong: string[] = []
    for (let codePoint = 0x40000; codePoint < 0x110000; codePoint++)
      if (wordClass(codePoint) !== classBeyondTable(codePoint)) wrong.push(`U+${codePoint.toString(16)}`)
    expect(wrong).toEqual([])
  })

  it('hands documents that are longer than its memory to the plain scanner', async () => {
    const long = `${'word '.repeat(900_000)}Paris`
    const path = write('a.jsonl', jsonl([long, 'Paris', `France ${long}`]))
    const { counts } = await count([path])
    expect(counts[0]).toEqual([1, 3, 1])
  })
})
