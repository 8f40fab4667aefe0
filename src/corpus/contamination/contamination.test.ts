import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../core/index.js'
import type { Unit } from '../readers/unit.js'
import { PUBLISHED_N, type SoughtItem } from './cut-items.js'
import { type ItemIndex, indexItems } from './index-items.js'
import { lookForItems, mergeItemsFound } from './look.js'
import { ItemMatcher } from './matcher.js'
import { judgeItems } from './verdict.js'
import { wordsOf } from './words.js'

const UNIT: Unit = {
  path: 'a',
  format: 'text',
  compression: null,
  input: 0,
  from: 0,
  to: null,
  size: null,
  version: '',
}
const text = (id: string, words: string): SoughtItem => ({
  id,
  task: 't',
  text: words,
  choices: [],
  gold: null,
})
const literature = readdirSync('texts/literature')
  .sort()
  .map((name) => readFileSync(join('texts/literature', name), 'utf8'))
const background = [literature.slice(0, 20).join('\n')]

const look = (items: readonly SoughtItem[], documents: readonly string[], mostWords?: number) =>
  lookWith(indexItems(items, background), items, documents, mostWords)

function lookWith(
  index: ItemIndex,
  items: readonly SoughtItem[],
  documents: readonly string[],
  mostWords?: number,
) {
  const matcher = new ItemMatcher(index, mostWords)
  matcher.begin()
  for (const document of documents) {
    // What stands around a document in its buffer must not be read.
    const bytes = Buffer.from(`xx ${document} xx`)
    matcher.document(bytes, 3, bytes.length - 3)
  }
  return judgeItems(items, index, matcher.finish(UNIT, []))
}

describe('plain 13-grams', () => {
  it('are found exactly where a naive search finds them', () => {
    // Four words make repeats and near misses abound; a document of other words parts the rest.
    const words = (most: number) =>
      fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: most }).map((list) => list.join(' '))
    fc.assert(
      fc.property(
        fc.array(words(20), { minLength: 1, maxLength: 4 }),
        fc.array(words(60), { maxLength: 4 }),
        fc.integer({ min: 0, max: 8 }),
        (items, documents, cut) => {
          const all = [...documents, ...items.map((item) => `x ${item.slice(cut)} y`)]
          const has = (item: string): boolean | null => {
            const own = item.split(' ').filter((word) => word !== '')
            if (own.length < PUBLISHED_N) return null
            const grams = own.slice(PUBLISHED_N - 1).map((_, i) => own.slice(i, i + PUBLISHED_N).join(' '))
            return grams.some((gram) => all.some((document) => ` ${document} `.includes(` ${gram} `)))
          }
          const rows = look(
            items.map((item, i) => text(String(i), item)),
            all,
          )
          expect(rows.map(({ ngram13 }) => ngram13)).toEqual(items.map(has))
        },
      ),
      { numRuns: 200 },
    )
  })
})

/** Sentences of 18 to 40 words of one chapter, as items; the odd ones stand in the corpus. */
const sentences = literature
  .slice(20)
  .flatMap((chapter) => chapter.match(/[^.!?]+[.!?]/g) ?? [])
  .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
  .filter((sentence, i, all) => all.indexOf(sentence) === i && /^(\S+ ){18,40}\S+$/.test(sentence))
  .slice(0, 200)
const items = sentences.map((sentence, i) => text(String(i), sentence))
const planted = sentences.filter((_, i) => i % 2 === 1)
const other = background[0]!.split(/\s+/)
const lines = (words: string): string[] => words.match(/(?:\S+\s*){1,8}/g)!.map((line) => line.trim())
const KINDS: Readonly<Record<string, (sentence: string, i: number) => string[]>> = {
  verbatim: (s) => [`Before it. ${s} And after.`],
  're-wrapped to 8-word lines': (s) => lines(s),
  'diluted 1:1 by lines': (s, i) =>
    lines(s).flatMap((line, k) => [line, other.slice(9 * i + k, 9 * i + k + 8).join(' ')]),
  'diluted 1:1 by words': (s, i) => [
    s
      .split(' ')
      .map((word, k) => `${word} ${other[50 * i + k]}`)
      .join(' '),
  ],
  'other case and punctuation': (s) => [s.toUpperCase().replace(/[,;:.]/g, ' -')],
}

describe('items in a corpus', () => {
  it.each(Object.entries(KINDS))('are found %s, and no others', (_, plant) => {
    const documents = [...literature.slice(0, 20), ...planted.flatMap(plant)]
    const rows = look(items, documents)
    const wrong = rows.filter(({ clean }, i) => clean !== null && clean !== (i % 2 === 0))
    expect(wrong).toEqual([])
    expect(rows.filter(({ clean }) => clean === null).length).toBeLessThan(10)
  })

  it.each(['zh', 'ja', 'th'])('are found in %s, and no others', (language) => {
    const parallel = readFileSync(join('texts/parallel', `${language}.txt`), 'utf8')
    const lines = parallel.split(/[\n。]/).map((line) => line.trim())
    const own = lines.filter((line, i) => line.length > 30 && lines.indexOf(line) === i)
    const list = own.map((line, i) => text(String(i), line))
    const rows = look(
      list,
      own.filter((_, i) => i % 2 === 1),
    )
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.filter(({ clean }, i) => clean === (i % 2 === 1))).toEqual([])
    expect(rows.filter(({ clean }) => clean === null).length).toBeLessThan(rows.length / 2)
  })

  it('are found in a unit of more words than positions count', () => {
    const documents = [...literature.slice(0, 20), ...planted.map((sentence) => `Before. ${sentence}`)]
    const said = (mostWords?: number) =>
      look(items, documents, mostWords).map(({ clean, document }) => [clean, clean === false && document])
    const rows = said()
    expect(said(100)).toEqual(rows)
    // Each is told to stand where it was planted, also where the next document shares words with it.
    for (const [i, [clean, document]] of rows.entries())
      if (clean === false) expect(document).toBe(`a#${21 + (i - 1) / 2}`)
  })

  it('are found by question and answer apart, and laid to the item that more of stands there', () => {
    const question =
      'Which of the wandering potters on the outer islands glazes her bowls with the ash of driftwood?'
    const twin =
      'Which of the wandering potters on the outer islands glazes her bowls with the shells of mussels?'
    const asked = (id: string, stem: string): SoughtItem => ({
      id,
      task: 't',
      text: stem,
      choices: ['Ann', 'Eve'],
      gold: 0,
    })
    const rows = look(
      [asked('own', question), asked('twin', twin)],
      [question.toLowerCase(), 'nothing', 'Ann'],
    )
    expect(rows.map(({ clean }) => clean)).toEqual([false, true])
    const [absent] = look([asked('own', question)], ['nothing', 'Ann'])
    expect(absent).toMatchObject({ overlap: null, longest: null, document: null, clean: true })
    expect(rows[1]!.overlap).toBeGreaterThan(0.6)
  })

  it('that differ in numbers alone stand there by themselves or all together, whatever the list', () => {
    const version = (bought: number, sold: number) =>
      `A farmer in Lancashire owns ${bought} piebald ponies and purchases ${sold} additional Clydesdale horses at the Appleby fair; how many animals graze on his meadow afterwards?`
    const versions = [version(17, 23), version(18, 29), version(41, 77), version(12, 93)]
    const asked = versions.map((words, i) => text(`n${i}`, words))
    const said = (list: readonly SoughtItem[], corpus: string) =>
      look(list, [corpus]).map(({ clean }) => clean)
    // A fifth version is no item's: it stands as near to each of them as to one alone.
    for (const corpus of [version(5, 6), version(17, 6)]) {
      expect(said(asked, corpus)).toEqual([false, false, false, false])
      for (const one of asked) expect(said([one], corpus)).toEqual([false])
    }
    // So do as many as share their words with too many for these to point anywhere.
    const many = [...asked, ...Array.from({ length: 40 }, (_, i) => text(`m${i}`, version(100 + i, 200 + i)))]
    expect(new Set(said(many, version(5, 6)))).toEqual(new Set([false]))
    expect(said(many, versions[2]!).indexOf(false)).toBe(2)
    expect(said(many, versions[2]!).filter((clean) => clean === false)).toHaveLength(1)
    // A sentence of it that is quoted earlier in the file hides none of that.
    const tail =
      'count the geese that winter beside the brackish lagoon, divide their number by that of the shepherds who still remember the dialect of the northern valley, and explain why the ferryman of Ulverston refused to carry lanterns after the harvest festival'
    const long = (sheep: number) => `Given ${sheep} merino sheep, ${tail}.`
    const list = Array.from({ length: 40 }, (_, i) => text(`l${i}`, long(100 + i)))
    const quoted = tail.split(' ').slice(0, 14).join(' ')
    const rows = look(list, [quoted, ...literature.slice(0, 5), long(5)])
    expect(new Set(rows.map(({ clean }) => clean))).toEqual(new Set([false]))
    // One that is spelled out is laid to its item alone.
    expect(said(asked, versions[2]!)).toEqual([true, true, false, true])
  })

  it('that differ in two words are told apart however many words part them', () => {
    const rows = ['lavender', 'verbena', 'chamomile', 'valerian', 'tarragon', 'hyssop', 'fennel', 'lovage']
    const asked = rows.map((herb, i) =>
      text(
        herb,
        `A gardener named Matilda plants seedlings along the northern fence of her orchard every spring morning before breakfast. She waters two rows of ${herb} and then prunes the bushes of ${rows[(3 * i + 1) % 8]} before the neighbours wake up. How many plants does Matilda tend altogether during one week of work in the orchard?`,
      ),
    )
    const index = indexItems(asked, background)
    for (let between = 0; between < 160; between++) {
      const documents = asked
        .slice(0, 4)
        .flatMap((item, i) => [item.text, other.slice(200 * i, 200 * i + between).join(' ')])
      expect(
        lookWith(index, asked, documents).map(({ clean }) => clean),
        `${between} words between`,
      ).toEqual([false, false, false, false, true, true, true, true])
    }
  })

  it('share what is common in their language, and are not found by it', () => {
    const found = (texts: (sentences: readonly string[]) => string[]) =>
      ['de', 'es', 'fr', 'hi', 'it', 'sw', 'vi'].flatMap((code) => {
        const all = readFileSync(`texts/parallel/${code}.txt`, 'utf8').trim().split('\n')
        // What is common is told by other sentences than those that are looked for and looked through.
        const rest = all.slice(25)
        const asked = rest.filter((_, i) => i % 2 === 0).map((words, i) => text(`${i}`, words))
        const documents = rest.filter((_, i) => i % 2 === 1)
        const index = indexItems(asked, [...background, ...texts(all.slice(0, 25))])
        return lookWith(index, asked, documents).filter(({ clean }) => clean === false)
      }).length
    expect(found(() => [])).toBeGreaterThan(10)
    expect(found((sentences) => [sentences.join('\n')])).toBeLessThan(4)
  })

  it('are unknown where a short one stands there in part: a question that its answer alone makes long enough', () => {
    const question = 'How many kettles did the farrier carry home?'
    const asked = (answer: string): SoughtItem => ({
      ...{ id: '1', task: 't', text: question, choices: [answer, 'None'], gold: 0 },
    })
    const long = asked('Eleven copper ones')
    const verdictOf = (documents: string[], item = long) => look([item], documents)[0]!
    const alone = verdictOf([question])
    expect(alone.longest).toBe(wordsOf(question).length)
    expect(alone.overlap).toBeGreaterThan(0.5)
    expect(alone.overlap).toBeLessThan(0.9)
    expect(alone.clean).toBe(null)
    expect(verdictOf([`${question} ${long.choices[0]}`]).clean).toBe(false)
    expect(verdictOf(literature.slice(0, 5)).clean).toBe(true)
    // A part that stands there as another item's is that one's.
    const whole = text('2', `${question} ${'Nobody in the village remembers who counted them that evening.'}`)
    expect(look([long, whole], [whole.text]).map(({ clean }) => clean)).toEqual([true, false])
  })

  it('are looked for where no word of theirs is rare among the items', () => {
    // Twenty families of five, each of the same thirty words in another order.
    const orders = [1, 7, 11, 13, 17]
    const list = Array.from({ length: 100 }, (_, i) => {
      const order = orders[Math.floor(i / 20)]!
      const words = Array.from({ length: 30 }, (_, k) => `w${i % 20}x${(((k + 1) * order) % 31) - 1}`)
      return text(String(i), words.join(' '))
    })
    const there = [3, 47, 98]
    const rows = look(
      list,
      there.map((i) => list[i]!.text),
    )
    expect(rows.flatMap(({ clean }, i) => (clean === true ? [] : [i]))).toEqual(there)
  })

  it('are laid to another item that stands there twice, as they are where it stands there once', () => {
    const passage =
      'The limpets on the breakwater at Ullapool graze within a hand of their scars, and return to them before the tide leaves the granite dry.'
    const asked = text('asked', `${passage} What do the animals return to?`)
    const there = text('there', `${passage} Which harbour has a breakwater?`)
    const said = (...documents: string[]) => look([asked, there], documents).map(({ clean }) => clean)
    expect(said(there.text)).toEqual([true, false])
    expect(said(there.text, ...literature.slice(0, 3), `${there.text} Some animals live.`)).toEqual([
      true,
      false,
    ])
    expect(said(`${there.text} Some animals live.`, ...literature.slice(0, 3), there.text)).toEqual([
      true,
      false,
    ])
  })

  it('are found before a long text without separators', () => {
    const [row] = look([items[1]!], [`${sentences[1]} ${'1年'.repeat(4200)}`])
    expect(row!.clean).toBe(false)
  })

  it('are not found by the few symbols that they are made of', () => {
    const random = createRandom(3)
    const digits = (n: number) => Array.from({ length: n }, () => random.integer(10)).join(' ')
    const grids = Array.from({ length: 20 }, (_, i) =>
      text(`${i}`, `Which grid follows from this one? ${digits(50)}`),
    )
    const buffalo = text('b', `What does this sentence show? ${'Buffalo buffalo '.repeat(6)}`)
    const rows = look([...grids, buffalo], [digits(4000), 'Buffalo '.repeat(60)])
    // Where chance gives some digits to a grid once or twice, these tell it from others all the same.
    expect(rows.filter(({ clean }) => clean === false).length).toBeLessThan(3)
    expect(rows.at(-1)!.clean).not.toBe(false)
  })

  it('are unknown where they are too short to decide', () => {
    const [row] = look(
      [{ id: '1', task: 't', text: 'What is hot?', choices: ['fire', 'ice'], gold: 0 }],
      ['fire'],
    )
    expect(row).toMatchObject({ overlap: null, clean: null, ngram13: null, document: null })
  })

  it('give the same rows from any shards and threads', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-contamination-'))
    for (const [i, sentence] of planted.entries())
      writeFileSync(join(folder, `${i % 7}.txt`), `${sentence}\n`, { flag: 'a' })
    const settings = { column: 'text', textDocument: 'line', format: 'auto' } as const
    const hooks = { progress: () => {}, signal: new AbortController().signal }
    const options = {
      inputs: [folder],
      strict: true,
      checkpoint: null,
      resume: false,
      partFolder: null,
      shard: null,
    }
    const sought = { items, background }
    const whole = await lookForItems(sought, settings, { ...options, threads: 1 }, hooks)
    const found = whole.rows.filter(({ clean }, i) => i % 2 === 1 && clean === false)
    expect(found).toHaveLength(whole.rows.filter(({ clean }, i) => i % 2 === 1 && clean !== null).length)
    expect((await lookForItems(sought, settings, { ...options, threads: 2 }, hooks)).rows).toEqual(whole.rows)
    // Of a file that is cut short nobody knows what it held: what was not found is not clean.
    const cut = join(mkdtempSync(join(tmpdir(), 'assay-contamination-')), 'cut.txt.gz')
    writeFileSync(cut, gzipSync(`${planted.join('\n')}\n`).subarray(0, -1000))
    const part = { ...options, inputs: [cut], strict: false, threads: 1 }
    const { rows, lost } = await lookForItems(sought, settings, part, hooks)
    expect(lost).toMatchObject({ unknown: 1 })
    expect(rows.filter(({ clean }) => clean === true)).toEqual([])
    expect(whole.rows.some(({ clean }) => clean === true)).toBe(true)
    // Nor of documents that lack the field of the text, where they are most.
    const untold = [...planted.map((sentence) => ({ body: sentence })), { text: 'A text.' }]
    const lacking = join(mkdtempSync(join(tmpdir(), 'assay-contamination-')), 'l.jsonl')
    writeFileSync(lacking, untold.map((row) => `${JSON.stringify(row)}\n`).join(''))
    const most = await lookForItems(sought, settings, { ...part, inputs: [lacking] }, hooks)
    expect(most.rows.filter(({ clean }) => clean === true)).toEqual([])
    const parts = `${mkdtempSync(join(tmpdir(), 'assay-contamination-'))}/`
    for (const index of [0, 1, 2]) {
      const shard = { ...options, threads: 1, shard: { index, of: 3 }, partFolder: parts }
      const ofPart = await lookForItems(sought, settings, shard, hooks)
      // What the other parts hold is not known yet.
      expect(ofPart.rows.filter(({ clean }) => clean === true)).toEqual([])
    }
    expect((await mergeItemsFound(parts, sought)).rows).toEqual(whole.rows)
    await expect(mergeItemsFound(parts, { ...sought, items: items.slice(1) })).rejects.toMatchObject({
      code: 'corpus/parts-disagree',
      message: 'it was made with other items',
    })
  })
})
