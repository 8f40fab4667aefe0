import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTokenizerFolder } from '../../src/engines/tokenizer-json/folder.js'

/** What tokenizers.py writes, by language and domain. */
interface Expected {
  readonly texts: Readonly<Record<string, { readonly tokens: number; readonly sha256: string }>>
}

const FIXTURES = join(import.meta.dirname, 'tokenizers')
const TEXTS = join(import.meta.dirname, '..', '..', 'texts')

/** Texts of a language or domain, in the order of their names. */
function textsOf(domain: string): string[] {
  const files = domain.endsWith('.txt')
    ? [domain]
    : readdirSync(join(TEXTS, domain))
        .sort()
        .map((name) => join(domain, name))
  return files.map((file) => readFileSync(join(TEXTS, file), 'utf8'))
}

describe.each(readdirSync(FIXTURES))('a tokenizer of the kind %s', (name) => {
  const { texts }: Expected = JSON.parse(readFileSync(join(FIXTURES, name, 'expected.json'), 'utf8'))

  it('gives the ids of its own library on every text that ships', async () => {
    const { tokenizer } = await openTokenizerFolder(join(FIXTURES, name))
    const found = Object.fromEntries(
      Object.keys(texts).map((domain) => {
        const ids = textsOf(domain).map((text) => tokenizer.tokenize(text))
        const hash = createHash('sha256')
        for (const part of ids) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
        return [
          domain,
          { tokens: ids.reduce((sum, part) => sum + part.length, 0), sha256: hash.digest('hex') },
        ]
      }),
    )
    expect(found).toEqual(texts)
    expect(Object.keys(texts).length).toBeGreaterThan(30)
  }, 120_000)
})
