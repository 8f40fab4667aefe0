import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fact } from '../../src/core/index.js'
import { type DocumentCounter, emptyTally, type Tally } from '../../src/corpus/counter.js'
import { COUNTERS } from '../../src/corpus/counters.js'
import { resolveEntities } from '../../src/corpus/names/entities.js'
import { FOLDS } from '../../src/corpus/names/fold.js'
import { DEFAULT_MATCH, type MatchOptions } from '../../src/corpus/names/match.js'

type MakeCounter = (facts: readonly Fact[], options: MatchOptions) => DocumentCounter

export function fact(
  subject: string,
  object: string,
  aliases: string[] = [],
  subject_aliases: string[] = [],
): Fact {
  return {
    fact_id: JSON.stringify([subject, object]),
    subject,
    relation: 'r',
    object,
    aliases,
    subject_aliases,
    domain: '',
  }
}

/** Counts of every fact as [n_s, n_o, n_so] (and n_so over whole documents where a window is set). */
export function countFacts(
  make: MakeCounter,
  facts: readonly Fact[],
  documents: readonly (string | Uint8Array)[],
  options: Partial<MatchOptions> = {},
): number[][] {
  const all = { ...DEFAULT_MATCH, ...options }
  const counter = make(facts, all)
  const padding = Buffer.from('Paris x')
  const entities = resolveEntities(facts, all)
  const held = emptyTally(entities)
  for (const document of documents) {
    // What stands around the document in its buffer must not count.
    const bytes = Buffer.concat([padding, Buffer.from(document), padding])
    counter.count(bytes, padding.length, bytes.length - padding.length)
    const { entities: found, pairs, pairsInDocument } = counter.held()
    for (const entity of found) held.ofEntity[entity]!++
    for (const pair of pairs) held.ofPair[pair]!++
    for (const pair of pairsInDocument) held.ofPairInDocument![pair]!++
  }
  const tally: Tally = counter.take()
  // What single documents are told to hold adds up to what was counted.
  expect({ ...held, documents: tally.documents, bytes: tally.bytes }).toEqual(tally)
  return facts.map((_, i) => {
    const pair = entities.pairOf[i]!
    const row = [
      tally.ofEntity[entities.subjectOf[i]!]!,
      tally.ofEntity[entities.objectOf[i]!]!,
      tally.ofPair[pair]!,
    ]
    if (tally.ofPairInDocument !== null) row.push(tally.ofPairInDocument[pair]!)
    return row
  })
}

/** Characters that make edges interesting: joining, separating, unspaced, composed, decomposed, astral. */
const CHARACTERS = [
  ...'aabbAB1_ -.!\n',
  ' ',
  ' ',
  'é',
  'e\u0301',
  '\u0301',
  'ß',
  'İ',
  '東',
  '京',
  'か',
  'ー',
  'ส',
  '\u0e34',
  '한',
  '𝒳',
  '😀',
  '\u200d',
  '\ufeff',
  // A vowel before and one after its consonant, stacked consonants, a mark of kana, an emoji's skin.
  'เ',
  'า',
  'ក',
  '\u17d2',
  '\u3099',
  '👍',
  '\u{1f3fd}',
  // What is folded.
  '\r\n',
  '\u00a0',
  '\u00ad',
  '\u200b',
  '\u2019',
  "'",
  '\u2011',
  'Ａ',
  'ﬁ',
  '\u3000',
  '__',
  '-\n',
  '\u00ad\n',
  '\u2010\n ',
]
const text = (max: number) =>
  fc.array(fc.constantFrom(...CHARACTERS), { minLength: 1, maxLength: max }).map((c) => c.join(''))
const name = text(4).filter((n) => n.trim() !== '')
const anyName = fc.oneof(
  { weight: 4, arbitrary: name },
  { weight: 1, arbitrary: fc.tuple(name, name).map(([a, b]) => `${a} ${b}`) },
)
const facts = fc
  .array(
    fc.tuple(anyName, anyName, fc.array(anyName, { maxLength: 2 }), fc.array(anyName, { maxLength: 2 })),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((rows) => rows.map(([s, o, a, sa]) => fact(s, o, a, sa)))

/** Documents made of the facts' own names with little between them, so that overlaps and near misses abound. */
function documentsOf(set: readonly Fact[]): fc.Arbitrary<string[]> {
  const names = set.flatMap((f) => [f.subject, f.object, ...f.aliases, ...f.subject_aliases])
  const piece = fc.oneof(fc.constantFrom(...names), text(3), fc.constant(' '))
  return fc.array(
    fc.array(piece, { maxLength: 12 }).map((p) => p.join('')),
    { maxLength: 5 },
  )
}
const scenario = facts.chain((set) => fc.tuple(fc.constant(set), documentsOf(set)))
const options: fc.Arbitrary<MatchOptions> = fc.oneof(
  fc.record({
    match: fc.constant('boundary' as const),
    ignoreCase: fc.boolean(),
    fold: fc.oneof(fc.constant(DEFAULT_MATCH.fold), fc.constant(FOLDS), fc.subarray([...FOLDS])),
    within: fc.option(fc.integer({ min: 0, max: 6 })),
  }),
  fc.record({
    match: fc.constant('published' as const),
    ignoreCase: fc.constant(false),
    fold: fc.constant([]),
    within: fc.option(fc.integer({ min: 0, max: 6 })),
  }),
)

/** What every counter owes; run once for each of them. */
export function counterContract(id: keyof typeof COUNTERS): void {
  const make: MakeCounter = COUNTERS[id]

  describe(`${id} counter`, () => {
    it('counts a document once, subjects, objects and pairs', () => {
      const rows = countFacts(
        make,
        [fact('France', 'Paris'), fact('Peru', 'Lima')],
        ['Paris, Paris and Paris in France.', 'France', 'Lima beans', ''],
      )
      expect(rows).toEqual([
        [2, 1, 1],
        [0, 1, 0],
      ])
    })

    it('bounds names at words of any script, at starts and ends of documents', () => {
      const n = (subject: string, document: string, o: Partial<MatchOptions> = {}): number =>
        countFacts(make, [fact(subject, 'zzz')], [document], o)[0]![0]!
      expect(n('Caf', 'Café')).toBe(0)
      expect(n('Cafe', 'Cafe\u0301')).toBe(0)
      expect(n('Café', 'le Cafe\u0301.')).toBe(1)
      expect(n('Paris', 'Paris')).toBe(1)
      expect(n('Paris', "Paris's")).toBe(1)
      expect(n('Paris', 'Parisian')).toBe(0)
      expect(n('Paris', 'ÀParis')).toBe(0)
      expect(n('1796', '1,1796,')).toBe(1)
      expect(n('1796', '17960')).toBe(0)
      expect(n('C++', 'in C++, say')).toBe(1)
      expect(n('C++', 'C++11')).toBe(0)
      expect(n('.NET', 'ASP.NET')).toBe(0)
      expect(n('.NET', '(.NET)')).toBe(1)
      expect(n('!!!', 'by !!! (band)')).toBe(1)
      expect(n('!!!', 'Stop!!!')).toBe(0)
      expect(n('東京', '今日東京タワーへ')).toBe(1)
      expect(n('New York', 'New  York New\nYork', { fold: [] })).toBe(0)
      expect(n('New York', 'a NewNew York')).toBe(0)
      expect(n('New York', 'New New York')).toBe(1)
      expect(n('paris', 'PARIS')).toBe(0)
      expect(n('paris', 'PARIS', { ignoreCase: true })).toBe(1)
      expect(n('Ångström', 'ÅNGSTRÖM', { ignoreCase: true })).toBe(1)
    })

    it('cuts no character: marks, vowel signs and stacked consonants go with what bears them', () => {
      const n = (subject: string, document: string): number =>
        countFacts(make, [fact(subject, 'zzz')], [document])[0]![0]!
      const nfd = 'ほんだ'.normalize('NFD')
      expect(n('ほんた', nfd)).toBe(0)
      expect(n('ほんだ', nfd)).toBe(1)
      expect(n('\u3099さん', `${nfd}さん`)).toBe(0)
      expect(n('さん', `${nfd}さん`)).toBe(1)
      expect(n('ﾎﾝﾀ', 'ﾎﾝﾀﾞ')).toBe(0)
      // Thai: a mark, a vowel after and one before the consonant.
      expect(n('กร', 'กรุงเทพ')).toBe(0)
      expect(n('มา', 'เมา')).toBe(0)
      expect(n('ทร', 'ทรายงาม')).toBe(0)
      expect(n('กรุงเทพ', 'ไปกรุงเทพมา')).toBe(1)
      // Lao vowel, Khmer coeng, Myanmar stack and vowel sign, Devanagari virama and vowel sign, Tamil pulli.
      expect(n('ລ', 'ລາວ')).toBe(0)
      expect(n('ក', 'ក្រុង')).toBe(0)
      expect(n('រ', 'ក្រ')).toBe(0)
      expect(n('ក្រុង', 'ទីក្រុងភ្នំពេញ')).toBe(1)
      expect(n('မန', 'မန္တလေး')).toBe(0)
      expect(n('တ', 'မန္တလေး')).toBe(0)
      expect(n('က', 'ကို')).toBe(0)
      expect(n('क', 'क्ष')).toBe(0)
      expect(n('राम', 'रामा')).toBe(0)
      expect(n('ष', 'क्ष')).toBe(0)
      expect(n('தமிழ', 'தமிழ்')).toBe(0)
      // Tibetan parts its syllables, so a syllable is a word.
      expect(n('བོ', 'བོད་')).toBe(0)
      expect(n('བོད', 'བོད་ལྗོངས')).toBe(1)
      expect(n('👍', '👍🏽')).toBe(0)
      expect(n('!', '!\u0301')).toBe(0)
      expect(n('\u0301', ' \u0301')).toBe(0)
      expect(n('\u0301', '\u0301')).toBe(1)
    })

    it('folds ways of writing that make no other name', () => {
      const n = (subject: string, document: string, o: Partial<MatchOptions> = {}): number =>
        countFacts(make, [fact(subject, 'zzz')], [document], o)[0]![0]!
      const all = { fold: FOLDS }
      for (const text of ['New\nYork', 'New\r\n  York', 'New\u00a0York', 'New \u3000 York'])
        expect(n('New York', `in ${text}.`)).toBe(1)
      expect(n('New York', 'New\n\nYork')).toBe(0)
      expect(n('東京', '今日東\n京タワー')).toBe(1)
      expect(n('東京', '東 京')).toBe(0)
      for (const quote of ['\u2019', '\u02bc', '\uff07']) expect(n("O'Brien", `O${quote}Brien`)).toBe(1)
      expect(n('O’Brien', "O'Brien")).toBe(1)
      expect(n('Bose-Einstein', 'Bose–Einstein')).toBe(1)
      expect(n('Washington', 'Wash\u00ading\u200bton')).toBe(1)
      expect(n('Paris', 'Ｐａｒｉｓ！')).toBe(1)
      expect(n('Fiji office', 'Fiji oﬃce')).toBe(1)
      for (const text of ['_Paris_', '__Paris__', '*_Paris_,*']) expect(n('Paris', text, all)).toBe(1)
      expect(n('Paris', 'my_Paris_x', all)).toBe(0)
      expect(n('New York', '_New\nYork_', all)).toBe(1)
      expect(n('a_b', 'a_b', all)).toBe(1)
      expect(n('New York', 'New\nYork', { fold: [] })).toBe(0)
      expect(n('new york', 'New\nYORK', { ignoreCase: true })).toBe(1)
    })

    it('takes any alias for the name, and names within names for both', () => {
      const rows = countFacts(
        make,
        [fact('New York City', 'New York', [], ['NYC']), fact('York', 'New')],
        ['New York City', 'NYC', 'New York', 'York'],
      )
      expect(rows).toEqual([
        [2, 2, 1],
        [3, 2, 2],
      ])
    })

    it('follows the published rule: one space before, nothing after, no aliases', () => {
      const n = (subject: string, document: string): number =>
        countFacts(make, [fact(subject, 'zzz', [], ['alias'])], [document], { match: 'published' })[0]![0]!
      expect(n('Paris', 'Paris')).toBe(0)
      expect(n('Paris', 'in Parisian')).toBe(1)
      expect(n('Paris', 'in\nParis')).toBe(0)
      expect(n('Paris', 'in paris')).toBe(0)
      expect(n('Paris', '(Paris) alias an alias')).toBe(0)
      expect(n('P', ' Paris')).toBe(1)
      expect(n('Cafe', ' Cafe\u0301')).toBe(1)
      expect(n('New Yo', 'a New Yorker')).toBe(1)
      expect(n('!!!', 'a !!!x')).toBe(1)
    })

    it('counts pairs within a window of words, first word to first word', () => {
      const f = [fact('France', 'Paris')]
      const gap = (words: number): string => `France ${'w, '.repeat(words)} Paris`
      // `words` fillers put the two first words words + 1 apart.
      expect(countFacts(make, f, [gap(4)], { within: 5 })).toEqual([[1, 1, 1, 1]])
      expect(countFacts(make, f, [gap(5)], { within: 5 })).toEqual([[1, 1, 0, 1]])
      expect(countFacts(make, f, [`${gap(50)} France`], { within: 1 })).toEqual([[1, 1, 1, 1]])
    })

    it('gives every document of a tally once, and bytes as UTF-8', () => {
      const counter = make([fact('a', 'b')], DEFAULT_MATCH)
      const bytes = Buffer.from('é a')
      counter.count(bytes, 0, bytes.length)
      expect(counter.take()).toMatchObject({ documents: 1, bytes: 4, ofPairInDocument: null })
      expect(counter.take()).toMatchObject({ documents: 0, bytes: 0 })
    })

    it('does not mind bytes that are not UTF-8', () => {
      const document = Buffer.concat([
        Buffer.from('France \xff', 'latin1'),
        Buffer.from([0xe4, 0xb8]),
        Buffer.from(' Paris'),
      ])
      expect(countFacts(make, [fact('France', 'Paris')], [document])).toEqual([[1, 1, 1]])
    })

    it('equals the plain counter on any names, documents and options', () => {
      fc.assert(
        fc.property(scenario, options, ([set, documents], o) => {
          expect(countFacts(make, set, documents, o)).toEqual(countFacts(COUNTERS.plain, set, documents, o))
        }),
        { numRuns: 1000 },
      )
    })
  })
}
