import { describe, expect, it } from 'vitest'
import { SAMPLES } from '../../../test/contract/evidence-samples.js'
import { estimated } from '../../../test/estimated.js'
import { createRandom, type ScoredDocument, type SurprisalEvidence } from '../../core/index.js'
import { heldOutLossChanges } from './changes.js'
import { heldOutLoss, measureHeldOutLoss } from './index.js'

const context = () => ({ random: createRandom(1), level: 0.95 })

/** A document whose every token costs `bits`; token bytes and text bytes are given apart. */
function documentOf(
  domain: string,
  name: string,
  byteLengths: number[],
  bits: number,
  bytes?: number,
): ScoredDocument {
  return {
    domain,
    document: name,
    bytes: bytes ?? byteLengths.reduce((a, b) => a + b, 0),
    words: 2,
    tokens: Int32Array.from(byteLengths, (_, i) => i),
    byteLengths: Int32Array.from(byteLengths),
    logLikelihoods: Float64Array.from(byteLengths, () => -bits * Math.LN2),
  }
}

function evidenceOf(documents: ScoredDocument[], domains: string[]): SurprisalEvidence {
  return {
    protocol: {
      window: 8,
      stride: 8,
      prefixToken: '<s>',
      joinDocuments: false,
      flashAttention: false,
      engine: 'e',
    },
    documents,
    skipped: [],
    domains: domains.map((domain) => ({ domain, source: 's', licence: 'l', offered: 1 })),
  }
}

const pointOf = (evidence: SurprisalEvidence): number => {
  const [{ bitsPerByte }] = measureHeldOutLoss(evidence, context()).domains
  if (bitsPerByte.kind !== 'estimate') throw new Error(bitsPerByte.reason)
  return bitsPerByte.value
}

describe('bits per byte', () => {
  it('is Σ bits / Σ bytes of the text, the same with few and with many documents', () => {
    // 4 tokens of 3 bits on 6 bytes of text: 12 / 6 = 2, also where the tokens stand for 8 bytes.
    const documents = (n: number) =>
      Array.from({ length: n }, (_, i) => documentOf('a', `${i}`, [2, 2, 2, 2], 3, 6))
    expect(pointOf(evidenceOf(documents(7), ['a']))).toBeCloseTo(2)
    expect(pointOf(evidenceOf(documents(8), ['a']))).toBeCloseTo(2)
  })

  it('keeps the bits of tokens that have no bytes of their own', () => {
    // 3 tokens of 2 bits on 3 bytes: 6 / 3, although the first token has no byte.
    const one = [documentOf('a', 'x', [0, 1, 2], 2), documentOf('a', 'y', [0, 1, 2], 2)]
    expect(pointOf(evidenceOf(one, ['a']))).toBeCloseTo(2)
  })
})

describe('a domain that could not be scored', () => {
  it('stays in the list without an estimate, and the macro mean with it', () => {
    const documents = Array.from({ length: 9 }, (_, i) => documentOf('a', `${i}`, [2, 2], 1 + i / 10))
    const measured = measureHeldOutLoss(evidenceOf(documents, ['a', 'mine']), context())
    expect(measured.domains.map((d) => [d.domain, d.bitsPerByte.kind])).toEqual([
      ['a', 'estimate'],
      ['mine', 'notEstimable'],
    ])
    expect(measured.macro.kind).toBe('notEstimable')
    const { findings } = heldOutLoss.judge({ surprisal: evidenceOf(documents, ['a', 'mine']) }, context())
    expect(findings[0].status).toBe('insufficient')
  })
})

describe('text that costs more than guessing evenly', () => {
  // Of a vocabulary of 16 tokens even guessing costs 4 bits a token.
  it.each([
    [3.9, 32, []],
    [4.1, 32, ['held-out-loss/worse-than-guessing']],
    [4.1, 31, []],
  ])('at %f bits a token of %i', (bits, tokens, codes) => {
    const { model } = SAMPLES.usual
    const document = documentOf(
      'a',
      'x',
      Array.from({ length: tokens }, () => 1),
      bits,
    )
    const evidence = {
      surprisal: evidenceOf([document], ['a']),
      model: { ...model!, vocabularySize: 16 },
    }
    const told = heldOutLoss.judge(evidence, context()).findings.map(({ code }) => code)
    expect(told.filter((code) => code.endsWith('guessing'))).toEqual(codes)
  })
})

describe('domains of few documents', () => {
  it('are pointed out, with how many there were', () => {
    const many = Array.from({ length: 8 }, (_, i) => documentOf('a', `${i}`, [2, 2, 2], 3))
    const { findings } = heldOutLoss.judge(
      { surprisal: evidenceOf([...many, documentOf('b', 'x', [2, 2, 2], 3)], ['a', 'b']) },
      context(),
    )
    const thin = findings.find((f) => f.code === 'held-out-loss/few-documents')
    expect(thin?.status).toBe('warn')
    expect(thin?.title).toContain('b (1)')
    expect(thin?.title).not.toContain('a (8)')
  })
})

describe('changes since a baseline', () => {
  // Documents of 1 to 20 bits a token on 2 bytes: hard ones are hard for both models.
  const scored = (more: (i: number) => number) =>
    evidenceOf(
      Array.from({ length: 20 }, (_, i) => documentOf('a', `${i}`, [2, 2, 2], i + 1 + more(i))),
      ['a'],
    )

  it('are Σ bits / Σ bytes after less before, and far narrower than either loss', () => {
    // Every other document loses .2 bits a token of 2 bytes: .1 bits a byte, .05 on average.
    const changes = heldOutLossChanges(
      scored(() => 0),
      scored((i) => (i % 2) * 0.2),
      context(),
    )
    const change = estimated(changes.get('held-out-loss.domain.a'))
    expect(change).toMatchObject({ n: 20, unit: 'bits/byte' })
    expect(change.value).toBeCloseTo(0.05, 10)
    // Standard error of a mean of 20 values of 0 or .1: .05 / √20 = .0112; Student's 2.09 standard errors are .023.
    expect(change.interval.high - change.value).toBeGreaterThan(0.018)
    expect(change.interval.high - change.value).toBeLessThan(0.03)
    expect(changes.get('held-out-loss.macro')).toMatchObject({ kind: 'estimate', n: 20 })
  })

  it('are left out where the documents are not the same', () => {
    const other = evidenceOf([documentOf('a', 'x', [2, 2], 3), documentOf('a', 'y', [2, 2], 3)], ['a'])
    expect(
      heldOutLossChanges(
        other,
        scored(() => 0),
        context(),
      ).size,
    ).toBe(0)
  })
})
