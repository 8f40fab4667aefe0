import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRandom, DEFAULT_SEED } from '../core/index.js'
import { hashInputs } from './knowledge/hash-inputs.js'
import { othersThan, readReferences } from './references.js'
import { sha256 } from './store/files.js'
import { defaultTexts } from './texts/domains.js'
import { PACKAGE_ROOT } from './texts/package-root.js'
import { samplePassages } from './texts/sample.js'

describe('the references that ship', () => {
  it('were measured on the texts that ship (else: npx tsx scripts/measure-references.ts)', () => {
    const { texts } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'texts', 'references.json'), 'utf8'))
    const files = defaultTexts().domains.flatMap((d) => d.files)
    expect(texts).toBe(
      sha256(
        hashInputs(files)
          .map((input) => input.sha256)
          .join(),
      ),
    )
  })

  it('know the passages of a default audit, and of one with fewer (--limit, a domain more)', async () => {
    const random = createRandom(DEFAULT_SEED)
    const { domains } = defaultTexts()
    const more = [...domains, { ...domains[0]!, domain: 'mine' }]
    const samples = await Promise.all([
      samplePassages(domains, random.derive('sample'), { full: false }),
      samplePassages(domains, random.derive('sample'), { full: false, limit: 3 }),
      samplePassages(more, random.derive('sample'), { full: false }),
    ])
    for (const reference of await readReferences()) {
      const known = new Map(reference.passages.map((p) => [`${p.domain} ${p.document}`, p]))
      for (const { passages } of samples) {
        const shared = new Map<string, number>()
        for (const { domain, document, text } of passages) {
          const passage = known.get(`${domain} ${document}`)
          if (passage === undefined) continue
          shared.set(domain, (shared.get(domain) ?? 0) + 1)
          expect(passage.bytes, document).toBe(Buffer.byteLength(text, 'utf8'))
          expect(passage.bits, document).toBeGreaterThan(0)
        }
        // Enough of each domain to say something of it.
        for (const { domain } of domains)
          expect(shared.get(domain), `${reference.id} ${domain}`).toBeGreaterThan(2)
      }
    }
  })

  it('leave out the audited model, never a compressor', async () => {
    const references = await readReferences()
    const model = references.find((r) => r.kind === 'model')!
    const others = othersThan(references, model.sha256 ?? '')
    expect(others.map((r) => r.id)).toEqual(references.map((r) => r.id).filter((id) => id !== model.id))
    expect(others.some((r) => r.kind === 'compressor')).toBe(true)
  })
})
