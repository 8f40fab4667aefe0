import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../core/index.js'
import { decodeText } from './decode.js'
import { parseDomains } from './domains.js'
import { passagesOf } from './passages.js'
import { DEFAULT_BYTES, PASSAGE_BYTES, samplePassages } from './sample.js'

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')

function folderOf(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-texts-'))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

describe('decodeText', () => {
  it('reads UTF-8 and marked UTF-16', () => {
    expect(decodeText(Buffer.from('é😀'), 'f')).toBe('é😀')
    expect(decodeText(Buffer.from('\ufeffa'), 'f')).toBe('a')
    expect(decodeText(Buffer.from([0xff, 0xfe, 0x61, 0x00]), 'f')).toBe('a')
  })

  it('names the first byte that begins no character', () => {
    const latin1 = Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9]), Buffer.from(' au lait')])
    expect(() => decodeText(latin1, 'f.txt')).toThrow(
      expect.objectContaining({ code: 'audit/not-utf8', place: { path: 'f.txt', byteOffset: 3 } }),
    )
  })
})

describe('passagesOf', () => {
  it('loses nothing and keeps to the limit', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.integer({ min: 4, max: 60 }),
        (text, limit) => {
          const passages = passagesOf(text, limit)
          expect(passages.join('')).toBe(text)
          for (const passage of passages) expect(bytes(passage)).toBeLessThanOrEqual(limit)
        },
      ),
    )
  })
})

describe('samplePassages', () => {
  const files = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`d/${i}.txt`, `${i} word word word\n`.repeat(500)]),
  )

  it('is seeded, balanced and bounded, one passage a file while there are files', async () => {
    const folder = folderOf(files)
    const domains = [
      { domain: 'a', files: Object.keys(files).map((f) => join(folder, f)), source: 's', licence: 'l' },
      { domain: 'b', files: Object.keys(files).map((f) => join(folder, f)), source: 's', licence: 'l' },
    ]
    const { passages } = await samplePassages(domains, createRandom(1), { full: false })
    expect((await samplePassages(domains, createRandom(1), { full: false })).passages).toEqual(passages)
    expect((await samplePassages(domains, createRandom(2), { full: false })).passages).not.toEqual(passages)
    const a = passages.filter((p) => p.domain === 'a')
    const size = a.reduce((n, p) => n + bytes(p.text), 0)
    expect(size).toBeLessThanOrEqual(DEFAULT_BYTES / 2)
    expect(size).toBeGreaterThan(DEFAULT_BYTES / 2 - 2 * PASSAGE_BYTES)
    const used = new Set(a.slice(0, 30).map((p) => p.document.split('#')[0]))
    expect(used.size).toBe(30)
  })

  it('skips empty files with a reason and refuses a domain without text', async () => {
    const folder = folderOf({ 'd/1.txt': '', 'd/2.txt': 'x' })
    const [domain] = parseDomains([`d=${folder}/d/*.txt`])
    const sample = await samplePassages([domain], createRandom(1), { full: false })
    expect(sample.passages.map((p) => p.text)).toEqual(['x'])
    expect(sample.skipped).toHaveLength(1)
    const [none] = parseDomains([`d=${folder}/d/1.txt`])
    await expect(samplePassages([none], createRandom(1), { full: false })).rejects.toMatchObject({
      code: 'audit/no-text',
    })
  })
})

describe('parseDomains', () => {
  it('takes name=glob, and files that the shell expanded', () => {
    const folder = folderOf({ 'law/a.txt': 'a', 'law/b.txt': 'b', 'law/c.md': 'c' })
    expect(parseDomains([`x=${folder}/law/*.txt`])[0]).toMatchObject({
      domain: 'x',
      files: [join(folder, 'law/a.txt'), join(folder, 'law/b.txt')],
    })
    const [domain] = parseDomains([join(folder, 'law/a.txt'), join(folder, 'law/c.md')])
    expect(domain.domain).toBe('law')
    expect(domain.files).toHaveLength(2)
  })

  it('refuses a pattern that matches nothing', () => {
    expect(() => parseDomains(['x=/no/such/*.txt'])).toThrow(
      expect.objectContaining({ code: 'audit/no-text' }),
    )
  })
})
