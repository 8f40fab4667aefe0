/**
 * Recall and false finds of `assay corpus contamination` on real items planted in real text, and its speed.
 *
 *   ASSAY_DATA=../shared/data npx tsx bench/corpus/contamination.ts [--write]
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { commonTexts } from '../../src/cli/corpus/contamination.js'
import { createRandom, type Random, shuffled } from '../../src/core/index.js'
import type { SoughtItem } from '../../src/corpus/contamination/cut-items.js'
import { type ItemIndex, indexItems } from '../../src/corpus/contamination/index-items.js'
import type { Looked } from '../../src/corpus/contamination/looked.js'
import { ItemMatcher } from '../../src/corpus/contamination/matcher.js'
import {
  type ItemVerdict,
  judgeItems,
  OVERLAP_LIMITS,
  type OverlapLimits,
} from '../../src/corpus/contamination/verdict.js'
import { createWordReader, wordsOf as normalisedWords } from '../../src/corpus/contamination/words.js'
import { readSoughtItems } from '../../src/ingest/index.js'

const { values } = parseArgs({
  options: { write: { type: 'boolean' }, seed: { type: 'string', default: '1' } },
})
const data = process.env.ASSAY_DATA ?? '../shared/data'
const UNIT = {
  path: 'corpus',
  format: 'text',
  compression: null,
  input: 0,
  from: 0,
  to: null,
  size: null,
  version: '',
} as const

function markdownOf(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.md$/i.test(name),
  )
  return files.sort().map((name) => readFileSync(join(folder, name), 'utf8'))
}

const SENTENCE = /[^.!?\n]+[.!?\n]+|[^.!?\n]+$/g
const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')
const linesOf = (text: string, n: number): string[] => {
  const words = wordsOf(text)
  return Array.from({ length: Math.ceil(words.length / n) }, (_, i) =>
    words.slice(n * i, n * (i + 1)).join(' '),
  )
}
const LETTERS = 'ABCDEFGH'
function written(item: SoughtItem, number: (i: number) => string = (i) => `${LETTERS[i]}. `): string {
  const choices = item.choices.map((choice, i) => `${number(i)}${choice}`)
  const answer = item.gold === null ? [] : [`Answer: ${item.choices[item.gold]}`]
  return [item.text, ...choices, ...answer].join('\n')
}

/** Takes other text, a few words after the other, from where it was left. */
class Host {
  readonly #words: string[]
  #at: number
  constructor(documents: readonly string[], random: Random) {
    this.#words = documents.flatMap(wordsOf)
    this.#at = random.integer(this.#words.length)
  }
  take(n: number): string {
    this.#at = (this.#at + n) % this.#words.length
    return this.#words.slice(this.#at, this.#at + n).join(' ')
  }
}

/** Ways in which an item gets into a corpus: the documents that hold it. */
const KINDS: Readonly<Record<string, (item: SoughtItem, host: Host, random: Random) => string[]>> = {
  verbatim: (item, host) => [`${host.take(60)}\n${written(item)}\n${host.take(60)}`],
  'question and answer': (item, host) => [
    `${host.take(60)}\n${item.text} ${item.gold === null ? '' : item.choices[item.gold]}\n${host.take(60)}`,
  ],
  're-wrapped to 8-word lines, each a document': (item) => linesOf(written(item), 8),
  'diluted 1:1, words': (item, host) => [
    wordsOf(written(item))
      .map((word) => `${word} ${host.take(1)}`)
      .join(' '),
  ],
  'diluted 1:1, words at random': (item, host, random) => [
    wordsOf(written(item))
      .map((word) => `${word} ${host.take(random.integer(3))}`)
      .join(' '),
  ],
  'diluted 1:1, 8-word lines': (item, host) => [
    linesOf(written(item), 8)
      .map((line) => `${line}\n${host.take(8)}`)
      .join('\n'),
  ],
  'diluted 1:1, sentences': (item, host) => [
    (written(item).match(SENTENCE) ?? []).map((s) => `${s} ${host.take(wordsOf(s).length)}.`).join(' '),
  ],
  'case, punctuation, numbering': (item) => [
    written(item, (i) => `(${i + 1}) `)
      .toUpperCase()
      .replace(/[.,;:!?"“”()-]/g, ' '),
  ],
  'question and answer apart': (item, host) => [
    `${host.take(40)} ${item.text}`,
    host.take(4000),
    `${item.gold === null ? '' : item.choices[item.gold]} ${host.take(40)}`,
  ],
}

const PER_KIND = 800
const LONG = [0.5, 0.55, 0.6, 0.65, 0.7]
const SHORT = [0.75, 0.8, 0.85, 0.9, 0.95]
/** The bar. */
const MOST_FALSE = 0.001
const RUNS = 5
const SPEED_BYTES = 120e6
const PAGE = 'docs/validation/contamination.md'

const lines: string[] = []
function print(line: string): void {
  console.log(line)
  lines.push(line)
}

/** CPU seconds of some work. */
function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

const percent = (part: number, all: number): string => `${((100 * part) / all).toFixed(3)} %`

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}

function look(index: ItemIndex, documents: readonly Uint8Array[], matcher = new ItemMatcher(index)): Looked {
  matcher.begin()
  for (const document of documents) matcher.document(document, 0, document.length)
  return matcher.finish(UNIT, [])
}

/** Whether an item is found, or long enough to be: one that is unknown since it is found in part counts as missed. */
const isLongEnough = ({ clean }: ItemVerdict, i: number, index: ItemIndex): boolean =>
  clean !== null || index.decided[i] === 1

/** What limits give: the worst recall of all ways, and the share of items found that were not planted. */
function judgeLimits(
  rows: readonly ItemVerdict[],
  index: ItemIndex,
  planted: ReadonlyMap<number, string>,
  isOurs: (i: number) => boolean,
): { worst: number; wrong: number } {
  const share = (keep: (i: number) => boolean): number => {
    const decided = rows.filter((row, i) => isLongEnough(row, i, index) && isOurs(i) && keep(i))
    return decided.filter(({ clean }) => clean === false).length / decided.length
  }
  return {
    worst: Math.min(...Object.keys(KINDS).map((kind) => share((i) => planted.get(i) === kind))),
    wrong: share((i) => !planted.has(i)),
  }
}

async function main(): Promise<void> {
  const random = createRandom(Number(values.seed))
  const files = readdirSync(join(data, 'tasks'))
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
  const all: SoughtItem[] = []
  for (const file of files) all.push(...(await readSoughtItems(join(data, 'tasks', file))))
  const background = commonTexts()
  const hosts = markdownOf('node_modules')
  const host = new Host(hosts, random)
  const kinds = Object.keys(KINDS)
  const planted = new Map<number, string>()
  const documents = [...hosts]
  const chosen = shuffled([...all.keys()], random)
  for (const [k, kind] of kinds.entries())
    for (const i of chosen.slice(PER_KIND * k, PER_KIND * (k + 1))) {
      planted.set(i, kind)
      documents.push(...KINDS[kind]!(all[i]!, host, random), host.take(200))
    }
  const index = indexItems(all, background)
  const looked = look(
    index,
    documents.map((text) => Buffer.from(text)),
  )
  // Limits are chosen on one half of the items and judged on the other.
  const halves = createRandom(Number(values.seed) + 1)
  const isChoosing = all.map(() => halves.uniform() < 0.5)
  const tried = LONG.flatMap((long) =>
    SHORT.map((short): OverlapLimits => ({ ...OVERLAP_LIMITS, long, short })),
  ).map((limits) => ({
    limits,
    ...judgeLimits(judgeItems(all, index, looked, limits), index, planted, (i) => isChoosing[i]!),
  }))
  for (const { limits, worst, wrong } of tried)
    console.log('  tried', JSON.stringify(limits), worst.toFixed(3), percent(wrong, 1))
  const best = tried
    .filter(({ wrong }) => wrong <= MOST_FALSE)
    .sort((a, b) => b.worst - a.worst || b.limits.long + b.limits.short - a.limits.long - a.limits.short)[0]!
  const rows = judgeItems(all, index, looked)
  print('# Contamination: what was checked')
  print('')
  print('Written by `npx tsx bench/corpus/contamination.ts --write`.')
  print('')
  print(
    `${all.length.toLocaleString('en-US')} items of ${files.length} published tasks; ${PER_KIND} drawn at random for each way, planted in the Markdown of ${hosts.length.toLocaleString('en-US')} packages' pages. A stretch is found from an overlap of ${OVERLAP_LIMITS.long} on (${OVERLAP_LIMITS.short} where it carries less than 45 nats, ${OVERLAP_LIMITS.unspaced} in a script without spaces). Of ${tried.length} such pairs a random half of the items chooses ${best.limits.long} and ${best.limits.short}: the best recall of the worst way (${best.worst.toFixed(3)}) at ${percent(best.wrong, 1)} false, at most ${percent(MOST_FALSE, 1)}. What follows is of the other half.`,
  )
  print('')
  print(
    '| way into the corpus | planted | long enough to decide | recall of these | plain 13-grams, of items that have one |',
  )
  print('|---|---|---|---|---|')
  for (const kind of kinds) {
    const ours = [...planted.keys()].filter((i) => planted.get(i) === kind && !isChoosing[i]!)
    const own = ours.map((i) => rows[i]!)
    const decided = ours.filter((i) => isLongEnough(rows[i]!, i, index)).map((i) => rows[i]!)
    const long = own.filter(({ ngram13 }) => ngram13 !== null)
    const found = decided.filter(({ clean }) => clean === false).length
    const grams = long.filter(({ ngram13 }) => ngram13 === true).length
    print(
      `| ${kind} | ${own.length} | ${decided.length} | **${(found / decided.length).toFixed(3)}** | ${(grams / long.length).toFixed(3)} of ${long.length} |`,
    )
  }
  const others = rows.filter((_, i) => !planted.has(i) && !isChoosing[i]!)
  const decided = others.filter((row) => row.clean !== null)
  const inPart = rows.filter(
    ({ clean }, i) => !planted.has(i) && !isChoosing[i]! && clean === null && index.decided[i] === 1,
  )
  const wrong = decided.filter((row) => row.clean === false)
  const long = others.filter((row) => row.ngram13 !== null)
  const grams = long.filter((row) => row.ngram13 === true).length
  print('')
  print(
    `Of ${decided.length.toLocaleString('en-US')} decided items that were not planted ${wrong.length} are called contaminated: **${percent(wrong.length, decided.length)}** (bar .1 %); by plain 13-grams ${grams} of ${long.length.toLocaleString('en-US')}, ${percent(grams, long.length)}: tasks ask several questions of one passage. ${others.length - decided.length} are unknown, nearly all of them closed-book questions of a line; ${inPart.length} of them are long enough, and found in part.`,
  )
  const right = rows.map((_, i) => (random.uniform() < (planted.has(i) ? 0.9 : 0.5) ? 1 : 0))
  const score = (keep: (i: number) => boolean): number => {
    const kept = right.filter((_, i) => keep(i))
    return kept.reduce((sum: number, value) => sum + value, 0) / kept.length
  }
  const known = (i: number): boolean => rows[i]!.clean !== null && !isChoosing[i]!
  print('')
  print(
    `A made-up model that is right on .5 of the items and on .9 of the planted ones scores ${score(known).toFixed(4)} on the decided items, ${score((i) => known(i) && rows[i]!.clean === true).toFixed(4)} on the clean part, ${score((i) => known(i) && !planted.has(i)).toFixed(4)} without the planted ones.`,
  )
  for (const row of wrong) console.log('  false', JSON.stringify(row))
  for (const [i, kind] of [...planted].filter(([i]) => rows[i]!.clean === true).slice(0, 20))
    console.log('  missed', kind, JSON.stringify(rows[i]))
  speed(all, background, hosts)
  if (values.write === true) writeFileSync(PAGE, `${lines.join('\n')}\n`)
}

/** Speed at 10⁶ n-grams, on text without the items. */
function speed(all: readonly SoughtItem[], background: readonly string[], hosts: readonly string[]): void {
  const some = all.filter(({ text, choices }) => normalisedWords([text, ...choices].join(' ')).length >= 13)
  let index = indexItems(all, background)
  const seconds = cpuSeconds(() => {
    index = indexItems(some, background)
  })
  const own = hosts.map((text) => Buffer.from(text))
  const once = own.reduce((sum, { length }) => sum + length, 0)
  const documents = Array.from({ length: Math.ceil(SPEED_BYTES / once) }, () => own).flat()
  const bytes = documents.reduce((sum, { length }) => sum + length, 0)
  const matcher = new ItemMatcher(index)
  const times = Array.from({ length: RUNS + 2 }, () =>
    cpuSeconds(() => void look(index, documents, matcher)),
  ).slice(2)
  const reader = createWordReader()
  const reading = Array.from({ length: RUNS + 2 }, () =>
    cpuSeconds(() => {
      for (const document of documents) {
        reader.begin(document, 0, document.length, 0)
        while (reader.read());
      }
    }),
  ).slice(2)
  const grams = index.published.starts.at(-1)! + index.seeds.starts.at(-1)!
  const rates = times.map((t) => bytes / 1e6 / t)
  print('')
  print(
    `Speed: ${(bytes / 1e6).toFixed(0)} MB of Markdown (that of the packages again and again) against ${grams.toLocaleString('en-US')} n-grams (${index.published.starts.at(-1)!.toLocaleString('en-US')} of 13 words): **${median(rates).toFixed(0)}** (${Math.min(...rates).toFixed(0)}–${Math.max(...rates).toFixed(0)}) MB per CPU second (bar 100), of which cutting it into words alone runs at ${median(reading.map((t) => bytes / 1e6 / t)).toFixed(0)}; indexing takes ${seconds.toFixed(1)} CPU s. Load of the machine (two cores) ${loadavg()[0]!.toFixed(0)}.`,
  )
}
await main()
