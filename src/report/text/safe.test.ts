import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeMarkdown, escapeMarkup, oneLine, plain } from './safe.js'

const ESCAPE = String.fromCharCode(27)

describe('plain', () => {
  it('shows direction overrides and invisible characters instead of obeying them', () => {
    expect(plain('invoice\u202egnp.exe')).toBe('invoice‹202E›gnp.exe')
    expect(plain('pay\u200bpal')).toBe('pay‹200B›pal')
  })

  it('replaces controls, so that a name cannot move a cursor', () => {
    expect(plain(`${ESCAPE}[2Jgone\u0000`)).toBe('\ufffd[2Jgone\ufffd')
  })

  it('keeps newlines, tabs, joined emoji and other scripts', () => {
    expect(plain('a\r\nb\tc')).toBe('a\nb\tc')
    expect(plain('👩‍🔬 עברית ไทย')).toBe('👩‍🔬 עברית ไทย')
  })

  it('replaces lone surrogates, which no encoding can write', () => {
    expect(plain('a\ud800b')).toBe('a\ufffdb')
  })

  it('is done after one pass, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = plain(text)
        expect(plain(shown)).toBe(shown)
        expect(shown.replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
        expect(oneLine(text)).not.toMatch(/[\n\t]/)
      }),
    )
  })
})

describe('escapeMarkup', () => {
  it('leaves nothing that opens a tag or closes an attribute, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeMarkup(text)
        expect(escaped).not.toMatch(/[<>"']/)
        expect(escaped.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
      }),
    )
  })

  it('escapes each of the five once', () => {
    expect(escapeMarkup(`<a href="x">'&'</a>`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;')
  })
})

describe('escapeMarkdown', () => {
  it.each([
    ['[x](http://evil)', '\\[x\\]\\(http:&#47;&#47;evil\\)'],
    ['a | b', 'a \\| b'],
    ['<img src=x>', '&lt;img src=x&gt;'],
    ['`code` *bold* _it_', '\\`code\\` \\*bold\\* \\_it\\_'],
    ['# heading\nnext', '\\# heading next'],
    ['@team', '\\@team'],
    ['1. list', '1\\. list'],
  ])('%s', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped)
  })
})
