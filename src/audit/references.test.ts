import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  createRandom,
  DEFAULT_SEED,
  type ModelEvidence,
  type ScoredDocument,
  type SurprisalEvidence,
} from '../core/index.js'
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
    const rest = references.map((r) => r.id).filter((id) => id !== model.id)
    const idsOf = (own: Parameters<typeof othersThan>[1]): string[] =>
      othersThan(references, own).map((r) => r.id)
    expect(idsOf({ model: { sha256: model.sha256 } as ModelEvidence })).toEqual(rest)
    // In another file its weights need the same bits for every passage; bits are −ln p ÷ ln 2.
    const scored = (times: (i: number) => number): SurprisalEvidence => ({
      ...({} as SurprisalEvidence),
      documents: model.passages.map(({ bits, ...passage }, i) => ({
        ...({} as ScoredDocument),
        ...passage,
        logLikelihoods: Float64Array.of(-bits * times(i) * Math.LN2),
      })),
    })
    expect(idsOf({ surprisal: scored(() => 1.0002) })).toEqual(rest)
    expect(idsOf({ surprisal: scored((i) => (i === 1 ? 1.001 : 1)) })).toHaveLength(references.length)
    expect(rest.some((id) => references.find((r) => r.id === id)?.kind === 'compressor')).toBe(true)
  })
})
