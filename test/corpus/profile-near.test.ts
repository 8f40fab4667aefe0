import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { BAND_ROWS } from '../../src/core/corpus-profile/minhash.js'
import {
  agreeingHashes,
  BANDS,
  createRandom,
  Growing,
  pushSketch,
  SKETCH_WORDS,
} from '../../src/core/index.js'
import { profileCorpus } from '../../src/corpus/index.js'
import { rowsOf, withDuckDb } from '../../src/corpus/profile/duplicates.js'
import { HashTable } from '../../src/corpus/profile/tables.js'
import { jsonl, temporaryFolder, write } from './helpers.js'

const random = createRandom(11)
const word = (): string => `w${random.integer(3000)}`

/** Texts of 40 to 300 words, each with variants in which a share of words is replaced in one stretch or all over. */
function planted(originals: number): string[] {
  return Array.from({ length: originals }, () => {
    const words = Array.from({ length: 40 + random.integer(260) }, word)
    const edits = [0, 0.01, 0.02, 0.05, 0.1, 0.3]
    const variants = edits.map((share, i) => {
      const from = random.integer(words.length)
      const width = Math.round(share * words.length)
      return words
        .map((w, at) =>
          (i % 2 === 0 ? at >= from && at < from + width : random.uniform() < share / 3) ? word() : w,
        )
        .join(i === 4 ? '\n' : ' ')
    })
    return [words.join(' '), ...variants]
  }).flat()
}

function shinglesOf(text: string): Set<string> {
  const words = text.split(/\s+/)
  return new Set(words.slice(4).map((_, i) => words.slice(i, i + 5).join(' ')))
}

function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((shingle) => b.has(shingle)).length
  return both / (a.size + b.size - both)
}

it('finds the pairs that are alike and no other', async () => {
  const texts = planted(40)
  const half = texts.length / 2
  const folder = temporaryFolder()
  write('a.jsonl', jsonl(texts.slice(0, half)), folder)
  write('b.jsonl', jsonl(texts.slice(half)), folder)
  const found = new Set<string>()
  const { duplicates } = await profileCorpus(
    {
      corpora: [{ name: 'corpus', input: folder }],
      near: true,
      targets: [],
      sample: null,
      column: 'text',
      textDocument: 'line',
      format: 'auto',
      strict: false,
      threads: 1,
      shard: null,
      checkpoint: null,
      resume: false,
      tables: temporaryFolder(),
    },
    {
      progress: () => {},
      signal: new AbortController().signal,
      nearPair: (a, b) => found.add(`${a.unit * half + a.document} ${b.unit * half + b.document}`),
    },
  )
  const sets = texts.map(shinglesOf)
  const firsts = texts.flatMap((text, i) => (texts.indexOf(text) === i ? [i] : []))
  const alike = firsts.flatMap((i, k) =>
    firsts.slice(k + 1).flatMap((j) => (similarity(sets[i]!, sets[j]!) >= 0.8 ? [`${i} ${j}`] : [])),
  )
  expect(alike.length).toBeGreaterThan(100)
  expect([...found].filter((pair) => !alike.includes(pair))).toEqual([])
  // 1 − (1 − .8⁵)¹² = .991 of the pairs at the limit are candidates, more of those beyond.
  expect(found.size / alike.length).toBeGreaterThan(0.97)
  expect(duplicates.near).toMatchObject({ documents: firsts.length, pairs: found.size })
  // Clusters are what alike pairs connect.
  const cluster = new Map(firsts.map((i) => [i, i]))
  const rootOf = (i: number): number => (cluster.get(i) === i ? i : rootOf(cluster.get(i)!))
  for (const pair of found) {
    const [a, b] = pair.split(' ').map((i) => rootOf(Number(i)))
    cluster.set(Math.max(a!, b!), Math.min(a!, b!))
  }
  expect(duplicates.near?.duplicates).toBe(firsts.filter((i) => rootOf(i) !== i).length)
})

it('tells in how many hashes two sketches agree', () => {
  const hashes = BANDS * BAND_ROWS
  const least = [0, 1].map(() => Int32Array.from({ length: hashes }, () => random.integer(2 ** 31)))
  // Every third is shared; of the others one in sixteen agrees by chance.
  for (let k = 0; k < hashes; k += 3) least[1]![k] = least[0]![k]!
  const sketches = new Growing()
  for (const one of least) pushSketch(one, sketches)
  const digits = (document: number): string =>
    [...sketches.values.subarray(SKETCH_WORDS * document, SKETCH_WORDS * (document + 1))]
      .map((word) => (word >>> 0).toString(16).padStart(8, '0'))
      .map((word) => [...word].reverse().join(''))
      .join('')
      .slice(0, hashes)
  const agreeing = [...digits(0)].filter((digit, k) => digit === digits(1)[k]).length
  expect(agreeing).toBeGreaterThanOrEqual(hashes / 3)
  expect(agreeing).toBeLessThan(hashes / 2)
  expect(agreeingHashes(sketches.values, 0, 1)).toBe(agreeing)
  expect(agreeingHashes(sketches.values, 1, 1)).toBe(hashes)
})

it('writes tables of any length piece by piece, and nothing of one that was not ended', async () => {
  const folder = temporaryFolder()
  const [path, other] = [join(folder, 't.parquet'), join(folder, 'u.parquet')]
  const table = new HashTable()
  const rows = 2 ** 18 + 5
  table.begin(other)
  for (let i = 0; i < rows; i++) table.add(0, i, 1)
  table.begin(path)
  for (let i = 0; i < rows; i++) table.add(-1, i, 7 * i)
  table.end(true)
  expect(readdirSync(folder)).toEqual(['t.parquet'])
  const sql = `SELECT count(*)::DOUBLE AS n, bool_and(bytes = 7 * file_row_number AND hash = -4294967296 + file_row_number) AS isSame FROM read_parquet('${path}', file_row_number = true)`
  expect(await withDuckDb(folder, 1, (connection) => rowsOf(connection, sql))).toEqual([
    { n: rows, isSame: true },
  ])
})
