import { describe, expect, it } from 'vitest'
import { OVERLAP_WORDS, runHashes, separate, withoutDuplicates } from './overlap.js'
import { overlapWords } from './text.js'

function sentence(from: number, count: number): string {
  return Array.from({ length: count }, (_, i) => `w${from + i}`).join(' ')
}

describe('runHashes', () => {
  it('gives one hash per run, equal exactly where the words are', () => {
    expect(runHashes(sentence(0, 12))).toHaveLength(0)
    const runs = runHashes(sentence(0, 20))
    expect(runs).toHaveLength(20 - OVERLAP_WORDS + 1)
    expect(new Set(runs).size).toBe(runs.length)
    expect(runHashes(`x ${sentence(3, 13)} y`)[1]).toBe(runs[3])
    expect(runHashes(sentence(0, 13).toUpperCase().replaceAll(' ', ', '))[0]).toBe(runs[0])
  })
})

describe('withoutDuplicates', () => {
  it('keeps the first of texts that differ in case, punctuation or spacing only', () => {
    const rows = [{ text: 'The cat.' }, { text: 'the  CAT' }, { text: 'The cats' }, { text: '--' }]
    expect(withoutDuplicates(rows)).toEqual([rows[0], rows[2]])
  })
})

describe('separate', () => {
  const unique = { text: sentence(1000, 200) }
  it('drops the training pieces that touch a held-out document', () => {
    const touching = { text: `${sentence(5000, 30)} ${sentence(1050, 13)}` }
    const clean = { text: sentence(6000, 50) }
    const result = separate([unique], [touching, clean])
    expect(result.heldOut).toEqual([unique])
    expect(result.training).toEqual([clean])
    expect(result).toMatchObject({ droppedHeldOut: 0, droppedTraining: 1 })
  })

  it('drops a held-out document that is mostly known, and leaves training as it is then', () => {
    const copy = { text: sentence(1000, 150) }
    expect(separate([unique], [copy])).toMatchObject({ heldOut: [], training: [copy] })
  })

  it('drops a held-out document that holds boilerplate of many pieces', () => {
    const pieces = Array.from({ length: 5 }, (_, i) => ({
      text: `${sentence(100 * i, 20)} ${sentence(1000, 13)}`,
    }))
    const result = separate([unique], pieces, { common: 4 })
    expect(result.heldOut).toEqual([])
    expect(result.training).toHaveLength(5)
  })

  it('leaves no run of 13 words in common, by plain comparison', () => {
    const held = Array.from({ length: 6 }, (_, i) => ({ text: sentence(i * 40, 60) }))
    const train = Array.from({ length: 12 }, (_, i) => ({ text: sentence(i * 27, 25) }))
    const result = separate(held, train, { share: 1, common: 100 })
    const grams = (text: string): string[] =>
      overlapWords(text)
        .map((_, i, words) => words.slice(i, i + 13).join(' '))
        .filter((g) => g.split(' ').length === 13)
    const heldGrams = new Set(result.heldOut.flatMap(({ text }) => grams(text)))
    expect(result.training.flatMap(({ text }) => grams(text)).some((gram) => heldGrams.has(gram))).toBe(false)
    expect(result.heldOut.length).toBeGreaterThan(0)
  })
})
