import { describe, expect, it } from 'vitest'
import {
  createRandom,
  type Reference,
  type ScoredDocument,
  type SurprisalEvidence,
} from '../../core/index.js'
import { nearestOf, standingsOf, verdictAgainst } from './standing.js'
import { standingFinding, standingSentence } from './standing-views.js'

/** A document of `bytes` one-byte tokens at so many bits each. */
function document(domain: string, name: string, bytes: number, bits: number): ScoredDocument {
  return {
    domain,
    document: name,
    bytes,
    words: 1,
    tokens: new Int32Array(bytes),
    byteLengths: new Int32Array(bytes).fill(1),
    logLikelihoods: new Float64Array(bytes).fill(-bits * Math.LN2),
  }
}

const evidence = (documents: readonly ScoredDocument[]): SurprisalEvidence => ({
  protocol: {
    window: 256,
    stride: 256,
    prefixToken: '<s>',
    joinDocuments: false,
    flashAttention: false,
    engine: 'made up',
  },
  documents,
  skipped: [],
  domains: [],
})

const DOCUMENTS = [
  document('prose', 'a', 100, 2),
  document('prose', 'b', 300, 2),
  document('code', 'c', 100, 3),
  document('code', 'd', 100, 3),
]

/** Bits per byte of each document, in the order of `DOCUMENTS`; null for one that it does not know. */
function reference(
  id: string,
  perByte: readonly (number | null)[],
  kind: Reference['kind'] = 'model',
): Reference {
  return {
    id,
    name: id,
    kind,
    note: '',
    sha256: null,
    passages: DOCUMENTS.flatMap(({ domain, document: name, bytes }, i) => {
      const each = perByte[i]
      return each === null || each === undefined
        ? []
        : [{ domain, document: name, bytes, bits: each * bytes }]
    }),
  }
}

const context = () => ({ random: createRandom(1), level: 0.95 })
const value = (e: { kind: string; value?: number }): number => e.value ?? Number.NaN

describe('where a model stands', () => {
  it('is a ratio of sums in a domain, then the mean of domains', () => {
    const [standing] = standingsOf(evidence(DOCUMENTS), [reference('r', [1, 2, 2.5, 2.5])], context())
    // prose: (1·100 + 2·300)/400 = 1.75; code: 2.5; mean 2.125. The model: 2 and 3, so .25 and .5 more: .375.
    expect(standing?.domains.map((d) => value(d.reference))).toEqual([1.75, 2.5])
    expect(value(standing!.macro)).toBeCloseTo(2.125, 12)
    expect(value(standing!.difference)).toBeCloseTo(0.375, 12)
  })

  it('leaves out a domain of which the reference lacks a passage, or has another under its name', () => {
    const partial = reference('partial', [1, 1, 2, null])
    const other = { ...reference('other', [1, 1, 2, 2]) }
    const longer = other.passages.map((p) => (p.document === 'd' ? { ...p, bytes: 101 } : p))
    for (const one of [partial, { ...other, passages: longer }]) {
      const [standing] = standingsOf(evidence(DOCUMENTS), [one], context())
      expect(standing?.domains.map((d) => d.domain)).toEqual(['prose'])
    }
    expect(standingsOf(evidence(DOCUMENTS), [reference('none', [])], context())).toEqual([])
  })

  it('of a reference that knows some passages is what the model needs on all, less the difference on those', () => {
    const four = [1, 2, 3, 6].map((bits, i) => document('prose', `p${i}`, 100, bits))
    const known = [0.5, 1, 1.5].map((bits, i) => ({
      domain: 'prose',
      document: `p${i}`,
      bytes: 100,
      bits: 100 * bits,
    }))
    const partial: Reference = { ...reference('partial', []), passages: known }
    const [standing] = standingsOf(evidence(four), [partial], context())
    // The model: (1 + 2 + 3 + 6)/4 = 3 on all, 2 on the three; the reference 1 on the three: 3 − (2 − 1) = 2.
    expect(value(standing!.difference)).toBeCloseTo(1, 12)
    expect(value(standing!.macro)).toBeCloseTo(2, 12)
    expect(standing!.passages).toEqual({ shared: 3, all: 4 })
    // Two of four tell nothing.
    expect(standingsOf(evidence(four), [{ ...partial, passages: known.slice(0, 2) }], context())).toEqual([])
  })

  it('is told only where the interval of the difference leaves 0 out', () => {
    const standings = standingsOf(
      evidence(DOCUMENTS),
      [
        reference('far', [1, 1, 1, 1]),
        reference('near', [1.5, 1.6, 2.5, 2.6]),
        reference('level', [1, 3, 2, 4]),
        reference('behind', [4, 4, 4, 4]),
      ],
      context(),
    )
    expect(standings.map((s) => [s.reference.id, verdictAgainst(s)])).toEqual([
      ['far', 'worse'],
      ['near', 'worse'],
      ['level', 'undecided'],
      ['behind', 'better'],
    ])
    expect(nearestOf(standings)?.reference.id).toBe('near')
    // level: prose (100 + 3·300)/400 = 2.5, code 3.
    expect(standingSentence(standings)).toBe(
      ' On the same passages it is behind near (2.06), not to be told from level (2.75), ahead of behind (4.00).',
    )
  })

  it('warns where a compressor does as well', () => {
    const beaten = standingsOf(evidence(DOCUMENTS), [reference('xz', [5, 5, 5, 5], 'compressor')], context())
    const unbeaten = standingsOf(
      evidence(DOCUMENTS),
      [reference('xz', [2, 2, 3, 3], 'compressor')],
      context(),
    )
    expect(standingFinding(beaten)[0]?.status).toBe('pass')
    expect(standingFinding(unbeaten)[0]).toMatchObject({
      status: 'warn',
      title: 'It predicts text no better than xz compresses it',
    })
    expect(standingFinding([])).toEqual([])
  })
})
