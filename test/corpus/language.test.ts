import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eld } from 'eld/medium'
import { expect, it } from 'vitest'
import { languageOfText } from '../../src/corpus/profile/n-gram-language.js'

const AWKWARD = [
  '',
  "'",
  "'quoted' don't ''twice'' rock 'n' roll 'til",
  'İSTANBUL’da İŞ ÇIĞLIK ışık',
  '𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐐀𐐁 letters 😀 between',
  `${'x'.repeat(300)} ${'überlang'.repeat(20)}`,
  'constructor __proto__ toString hasOwnProperty',
  '東京都庁は新宿区にあります。',
  'हिन्दी भाषा में लिखा हुआ एक वाक्य',
  '12 34 -- ## a b',
]

it('tells the language as eld does', () => {
  const texts = readdirSync('texts/parallel').flatMap((name) => {
    const text = readFileSync(join('texts/parallel', name), 'utf8')
    return [0, 61, 700, 1500, 2503].flatMap((from) => [30, 200, 400].map((n) => text.slice(from, from + n)))
  })
  const code = readFileSync('README.md', 'utf8')
  for (let at = 0; at < code.length; at += 97) texts.push(code.slice(at, at + 200))
  const wrong = [...AWKWARD, ...texts].filter((text) => {
    const found = eld.detect(text)
    const expected = found.language !== '' && found.isReliable() ? found.language : undefined
    return languageOfText(text) !== expected
  })
  expect(texts.length).toBeGreaterThan(400)
  expect(wrong).toEqual([])
})
