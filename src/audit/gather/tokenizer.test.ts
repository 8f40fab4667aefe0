import { describe, expect, it } from 'vitest'
import type { TextTokenizer } from '../../core/index.js'
import { tokenizeContinuation } from '../../core/index.js'
import { blocksOfText, tokenizeText } from './tokenizer.js'

const VOCABULARY = [' the', ' cat', ' sat', 'ing', ' ', 'a', ' a', 's', 'c', 't', '\n']

/** Longest match first; with `prefix` it puts a space before every text, as SentencePiece does by default. */
function greedy(prefix: boolean): TextTokenizer {
  return {
    vocabularySize: VOCABULARY.length,
    tokenize(text) {
      let rest = prefix && text !== '' ? ` ${text}` : text
      const ids: number[] = []
      while (rest !== '') {
        let best = -1
        VOCABULARY.forEach((token, id) => {
          if (rest.startsWith(token) && (best < 0 || token.length > VOCABULARY[best].length)) best = id
        })
        if (best < 0) throw new Error(`no token for "${rest}"`)
        ids.push(best)
        rest = rest.slice(VOCABULARY[best].length)
      }
      return Int32Array.from(ids)
    },
    tokenBytes: (id) => Buffer.from(VOCABULARY[id]),
    tokenKind: () => 'ordinary',
  }
}

const spelled = (ids: Int32Array): string[] => Array.from(ids, (id) => VOCABULARY[id])

describe('text that goes on from another', () => {
  it.each([false, true])('has one space where it begins with one (prefix %s)', (prefix) => {
    expect(spelled(tokenizeContinuation(greedy(prefix), ' cat sat'))).toEqual([' cat', ' sat'])
  })

  it.each([false, true])('has none where it begins with none (prefix %s)', (prefix) => {
    expect(spelled(tokenizeContinuation(greedy(prefix), 'ing'))).toEqual(['ing'])
    expect(spelled(tokenizeContinuation(greedy(prefix), ' '))).toEqual([' '])
  })
})

describe('tokenizing a text', () => {
  it.each([false, true])('counts words that took two tokens (prefix %s)', (prefix) => {
    const text = tokenizeText(
      greedy(prefix),
      'cats',
      ['the cat', ' cats sat'].map((t) => (prefix ? t.trim() : ` ${t.trim()}`)),
    )
    expect(Array.from(text.units.words)).toEqual([2, 2])
    // " cats" is " cat" + "s"
    expect(Array.from(text.units.continuedWords)).toEqual([0, 1])
    expect(Array.from(text.units.tokens)).toEqual([2, 3])
  })
})

describe('blocks of a text', () => {
  it('lose nothing and are cut before a space between words', () => {
    const passage = 'one two  three\nfour '.repeat(500)
    const blocks = blocksOfText([passage, 'short'])
    expect(blocks.join('')).toBe(`${passage}short`)
    for (const block of blocks.slice(1, -1)) expect(block).toMatch(/^ \S/)
    // 10,005 bytes in 16 parts are 625 bytes a block.
    expect(blocks.length).toBeGreaterThanOrEqual(15)
  })

  it('cuts a short text finer, so that it has an interval', () => {
    expect(blocksOfText(['word '.repeat(100)]).length).toBe(5)
  })
})
