import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compile, moduleOf, PROGRAMS } from '../../scripts/build-wasm.js'
import { EXTEND, NONE, wordClass } from '../../src/corpus/names/word-class.js'
import { count, jsonl, write } from './helpers.js'

describe('what is written in AssemblyScript', () => {
  it.each(PROGRAMS)(
    '$name is what its source compiles to (else: npx tsx scripts/build-wasm.ts)',
    async (program) => {
      const module = readFileSync(moduleOf(program.source), 'utf8')
      const base64 = [...module.matchAll(/^ {2}'(.*)',$/gm)].map(([, line]) => line).join('')
      expect(base64).toBe(await compile(program))
    },
  )
})

describe('the matcher in WebAssembly', () => {
  it('knows the class of every code point beyond its table', () => {
    const extends_ = (codePoint: number): boolean =>
      (codePoint >= 0xe0100 && codePoint <= 0xe01ef) || (codePoint >= 0xe0020 && codePoint <= 0xe007f)
    const wrong: string[] = []
    for (let codePoint = 0x40000; codePoint < 0x110000; codePoint++)
      if (wordClass(codePoint) !== (extends_(codePoint) ? EXTEND : NONE))
        wrong.push(`U+${codePoint.toString(16)}`)
    expect(wrong).toEqual([])
  })

  it('hands documents that are longer than its memory to the plain scanner', async () => {
    const long = `${'word '.repeat(900_000)}Paris`
    const path = write('a.jsonl', jsonl([long, 'Paris', `France ${long}`]))
    const { counts } = await count([path])
    expect(counts[0]).toEqual([1, 3, 1])
  })
})
