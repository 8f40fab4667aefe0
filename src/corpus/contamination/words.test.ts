import { describe, expect, it } from 'vitest'
import { wordsOf } from './words.js'

describe('normalised words', () => {
  const same = (a: string, b: string) => expect([...wordsOf(a)], `${a} | ${b}`).toEqual([...wordsOf(b)])
  it('are alike in any case, punctuation, form and typography', () => {
    same('Don’t STOP — the well-known Café!', "don't stop the well known cafe\u0301")
    same('Ｐａｒｉｓ（1900）', 'paris 1900')
    same('ﬁnal ½ ㎏ Ⅷ ﬀ', 'final 1 2 kg viii ff')
    same('İstanbul’un Ñandú 1ª', 'istanbulun nandu 1a')
    same('soft\u00adhyphen\u200b snake_case', 'softhyphen snake case')
    same('東京タワーTower', '東京ﾀﾜｰ tower')
    expect(wordsOf(' … ')).toHaveLength(0)
  })
})

describe('words of scripts without spaces', () => {
  const sentence = '敏捷的棕色狐狸跳过了懒狗然后在河边的柳树下睡了一整个漫长的下午直到月亮升起'
  const hasInside = (outer: Int32Array, inner: Int32Array): boolean =>
    outer.some((_, at) => inner.every((word, i) => outer[at + i] === word))

  it('are the same wherever the text stands, but for the first and the last', () => {
    const alone = wordsOf(sentence)
    expect(alone.length).toBeGreaterThan(sentence.length / 4)
    expect(alone.length).toBeLessThan(sentence.length)
    for (const before of ['', '他说', '昨天早上', 'He said: '])
      for (const behind of ['', '我们', ' (end)'])
        expect(hasInside(wordsOf(before + sentence + behind), alone.subarray(1, -1))).toBe(true)
  })

  it('are cut by a reader that goes on, however long they are without any, and whatever they are of', () => {
    const before = [...wordsOf(sentence)]
    for (const letter of ['1年', '年', '½', 'ﷺ', '㈱', '2026年1月1日', 'あ', 'о']) {
      for (const times of [4200, 30_000]) wordsOf(letter.repeat(times))
      expect([...wordsOf(sentence)], letter).toEqual(before)
    }
  })

  it('of a long text without any are those of its parts', () => {
    const long = wordsOf(sentence.repeat(200))
    expect(long.length / 200).toBeCloseTo(wordsOf(sentence.repeat(3)).length / 3, 0)
    expect(new Set(long)).toEqual(new Set(wordsOf(sentence.repeat(3))))
  })
})
