import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expandFiles } from '../../src/audit/index.js'
import { runProfile } from '../../src/cli/corpus/profile.js'
import { profileCard } from '../../src/cli/corpus/profile-card.js'
import { duplicatesJson, duplicatesSection } from '../../src/cli/corpus/profile-duplicates.js'
import { profileJson, profileResult } from '../../src/cli/corpus/profile-result.js'
import { summarise } from '../../src/cli/corpus/profile-summary.js'
import { coverTargets, targetFindings } from '../../src/cli/corpus/profile-target.js'
import { countTokens } from '../../src/cli/corpus/profile-tokens.js'
import { silentProgress } from '../../src/cli/progress.js'
import { createRandom } from '../../src/core/index.js'
import {
  type CorpusProfile,
  domainsOf,
  mergeProfile,
  type ProfileJob,
  profileCorpus,
  profileShard,
} from '../../src/corpus/index.js'
import { fileGroup } from '../../src/corpus/profile/measures/domains.js'
import { readCorpusMix } from '../../src/ingest/index.js'
import { matching } from '../../src/ingest/matching.js'
import { tableMarkup } from '../../src/report/html/table.js'
import { renderMarkdown } from '../../src/report/index.js'
import { jsonl, temporaryFolder, write } from './helpers.js'

const random = createRandom(3)
const LONG = 'The same paragraph stands in many documents, and it is longer than sixty-four bytes.'
const KINDS = [
  'Paris is in France.',
  '',
  '東京は日本の首都です。人口が多い。',
  LONG,
  `${LONG}\n\nEnd {of} text...\n- item`,
  'x'.repeat(5000),
  'Der Hund und die Katze sind nicht im Haus, sondern draußen im großen Garten.',
]
const FILES = 7
const HOSTILE = { documents: {}, bytes: { 'c/a|\n<b>/x': 30_000, 'c/web/x': 30_000 } }
const DOCUMENTS = Array.from({ length: FILES }, () =>
  Array.from({ length: 30 }, (_, i) =>
    i % 3 === 0 ? `document ${random.integer(20)}` : KINDS[random.integer(KINDS.length)]!,
  ),
)

function corpus(): string {
  const folder = join(temporaryFolder(), 'corpus')
  for (const name of ['web', 'books']) mkdirSync(join(folder, name), { recursive: true })
  for (const [i, documents] of DOCUMENTS.entries())
    write(`${i}.jsonl`, jsonl(documents), join(folder, i < 4 ? 'web' : 'books'))
  return folder
}

function job(input: string, options: Partial<ProfileJob> = {}): ProfileJob {
  return {
    corpora: [{ name: 'corpus', input }],
    near: false,
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
    ...options,
  }
}

const hooks = { progress: () => {}, signal: new AbortController().signal }

/** Everything that a profile says of the corpus, and nothing of how it was made. */
async function profile(input: string, options: Partial<ProfileJob> = {}, its = hooks) {
  return told(await profileCorpus(job(input, options), its))
}

/** As a disk may give them back: one bit is another. */
function changedIn(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte))
}

function told({ documents, bytes, states, duplicates }: CorpusProfile) {
  const worst = ({ worst: _, ...rest }: (typeof duplicates)['documents']) => rest
  return {
    documents,
    bytes,
    states,
    duplicates: { documents: worst(duplicates.documents), paragraphs: worst(duplicates.paragraphs) },
  }
}

/** Groups of equal texts by size, counted in a map. */
function groups(texts: readonly string[]): { times: number; groups: number }[] {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  const sizes = new Map<number, number>()
  for (const times of counts.values()) if (times > 1) sizes.set(times, (sizes.get(times) ?? 0) + 1)
  return [...sizes].map(([times, n]) => ({ times, groups: n })).sort((a, b) => a.times - b.times)
}

it('counts documents, lengths, languages and repeats as maps do, threads and kills or not', async () => {
  const folder = corpus()
  const whole = await profile(folder)
  const all = DOCUMENTS.flat()
  expect([whole.documents, whole.bytes]).toEqual([210, all.reduce((sum, t) => sum + Buffer.byteLength(t), 0)])
  const lengths: Record<string, number> = {}
  for (const text of all) lengths[Buffer.byteLength(text)] = (lengths[Buffer.byteLength(text)] ?? 0) + 1
  expect(whole.states.lengths).toEqual(lengths)
  expect(whole.states.amounts).toEqual({
    characters: all.reduce((sum, text) => sum + [...text].length, 0),
    words: all.reduce((sum, text) => sum + (text.match(/\S+/gu) ?? []).length, 0),
    illFormed: 0,
    replacements: 0,
  })
  const count = (text: string): number => all.filter((t) => t === text).length
  expect(whole.states.languages.documents).toMatchObject({ ja: count(KINDS[2]!), de: count(KINDS[6]!) })
  expect(whole.states.quality['curly-brackets']?.documents).toBe(count(KINDS[4]!))
  expect(whole.states.quality.empty?.documents).toBe(count(''))
  // Empty documents hold nothing that could be repeated.
  expect(whole.duplicates.documents.histogram).toEqual(groups(all.filter((t) => t !== '')))
  const paragraphs = all.flatMap((t) => t.split('\n\n')).filter((p) => p.length >= 64)
  expect(whole.duplicates.paragraphs).toMatchObject({
    texts: paragraphs.length,
    histogram: groups(paragraphs),
  })
  expect(whole.duplicates.documents.examples[0]).toMatchObject({
    times: count(KINDS[5]!),
    text: 'x'.repeat(200),
  })
  expect(await profile(folder, { threads: 2 })).toEqual(whole)
  const tables = temporaryFolder()
  const gone = { ...hooks, signal: AbortSignal.abort() }
  await expect(profile(folder, { tables }, gone)).rejects.toMatchObject({ code: 'corpus/interrupted' })
  expect(existsSync(tables)).toBe(false)
  // So little text gives no second thread work.
  expect((await profileCorpus(job(folder, { threads: null }), hooks)).threads).toBe(1)

  const checkpoint = temporaryFolder()
  const kept = { checkpoint, tables: join(checkpoint, 'tables') }
  const controller = new AbortController()
  let units = 0
  const killed = profile(folder, kept, {
    signal: controller.signal,
    progress: () => {
      if (++units === 3) controller.abort()
    },
  })
  await expect(killed).rejects.toMatchObject({ code: 'corpus/interrupted' })
  expect(existsSync(kept.tables)).toBe(true)
  // Units whose tables are gone or not as they were are read again.
  const [missing, changed] = readdirSync(kept.tables).filter((name) => name.includes('.paragraphs.'))
  rmSync(join(kept.tables, missing!))
  writeFileSync(join(kept.tables, changed!), changedIn(readFileSync(join(kept.tables, changed!))))
  expect(await profile(folder, { ...kept, resume: true })).toEqual(whole)

  const parts = temporaryFolder()
  const near = job(folder, { near: true })
  for (const index of [2, 0, 1]) await profileShard({ ...near, shard: { index, of: 3 } }, parts, hooks)
  expect(told(await mergeProfile(parts, near))).toEqual(whole)
  const other = { ...near, textDocument: 'file' as const }
  await expect(mergeProfile(parts, other)).rejects.toMatchObject({ code: 'corpus/other-job' })
  for (const [kind, damage] of [
    ['documents', 'gone'],
    ['paragraphs', 'cut off'],
    ['bands', 'changed'],
    ['sketches', 'changed'],
  ]) {
    const tables = join(parts, 'tables')
    const path = join(tables, readdirSync(tables).find((name) => name.includes(`.${kind}.`))!)
    const bytes = readFileSync(path)
    if (damage === 'gone') rmSync(path)
    else writeFileSync(path, damage === 'changed' ? changedIn(bytes) : bytes.subarray(0, -5))
    await expect(mergeProfile(parts, near)).rejects.toMatchObject({
      code: 'corpus/bad-part',
      place: { path },
      message: expect.stringMatching(
        damage === 'gone' ? /^the table is gone \(shard \d\)$/ : /^the table is damaged \(shard \d\)$/,
      ),
    })
    writeFileSync(path, bytes)
  }
})

it('tells documents that could not be read and bytes that are no UTF-8', async () => {
  const good = jsonl(Array.from({ length: 11 }, (_, i) => `document ${i}`))
  const path = write('a.jsonl', Buffer.from(`${good}{"text": "caf\xe9 \xff\xfe"}\n{"body": ""}\n`, 'latin1'))
  const replaced = write('b.jsonl', `${jsonl(['was \ufffd'])}{"text": ["a", "b"]}\n`)
  const { findings } = profileResult(await profileCorpus(job(path), hooks), [], [path], 0, '', 1)
  expect(findings.map(({ code, title }) => [code, title]).slice(0, 2)).toEqual([
    ['left-out', '7.7 % of the documents could not be read (1 document): all figures are of the rest'],
    ['ill-formed', '3 stretches of bytes are no UTF-8: a tokenizer sees U+FFFD there'],
  ])
  const drawn = { ...(await profileCorpus(job(path), hooks)), sample: { share: 0.1, seed: 1 } }
  const [left] = profileResult(drawn, [], [path], 0, '', 1).findings
  expect(left?.title).toMatch(/^7.7 % of the documents drawn /)
  expect(left).not.toHaveProperty('estimate')
  const { states, skipped } = await profileCorpus(job(replaced), hooks)
  expect(states.amounts).toMatchObject({ illFormed: 0, replacements: 1 })
  expect(skipped).toMatchObject([{ kept: true, documents: 1, where: 'line 2' }])
})

it('tells repeated paragraphs and documents as shares of all text', async () => {
  // In each 87 bytes that are long enough, and 200 paragraphs that are not.
  const short = (i: number) =>
    Array.from({ length: 200 }, (_, j) => `${i} ${String(j).padStart(4, '0')} ${'x'.repeat(51)}`)
  const documents = [1, 2].map((i) => [LONG.padEnd(87, '!'), ...short(i)].join('\n\n'))
  const profile = await profileCorpus(job(write('a.jsonl', jsonl(documents))), hooks)
  const share = 87 / documents.join('').length
  expect(duplicatesJson(profile.duplicates, null)).toMatchObject({
    exact: { paragraphs: { texts: 2, byteShare: { value: share } }, documents: { byteShare: { value: 0 } } },
  })
  expect(duplicatesSection(profile.duplicates, null).answer).toContain(
    `${(100 * share).toFixed(1)} % in paragraphs`,
  )
})

it('is taken as the mix of a config: of a sample by the whole; a domain told twice and the table of --out are not', async () => {
  const json = {
    ...{ schema: 'assay/corpus-profile@1', documents: 9, bytes: 100, sample: { bytes: { value: 1000 } } },
    domains: [{ domain: 'a', share: { kind: 'estimate', value: 0.25, low: 0.1, high: 0.5 } }],
  }
  expect(await readCorpusMix(write('p.json', JSON.stringify(json)))).toMatchObject({
    bytes: 1000,
    domains: [{ domain: 'a', bytes: 250, range: { low: 100, high: 500 } }],
  })
  // What nine documents of nineteen hold is not what the corpus holds.
  const most = { ...json, skipped: [{ documents: null }, { documents: 10 }] }
  await expect(readCorpusMix(write('p.json', JSON.stringify(most)))).rejects.toThrow('10 were left out')
  await expect(readCorpusMix(write('m.csv', 'domain,bytes\na,5\nb,1\na,7\n'))).rejects.toMatchObject({
    code: 'table/bad-value',
    place: { line: 4, field: 'domain' },
  })
  await expect(readCorpusMix(write('o.csv', 'kind,name,amount\ndomain,a,5\n'))).rejects.toThrow('--json')
})

it('tells no share of nothing', async () => {
  const none = job(write('a.jsonl', jsonl(['', ''])), { near: true })
  await expect(profileCorpus(none, hooks)).rejects.toMatchObject({ code: 'corpus/no-documents' })
  const path = write('b.jsonl', jsonl(['', '', '1']))
  const read = await profileCorpus(job(path, { near: true }), hooks)
  const said = profileResult(read, [], [path], 0, '', 1).findings.map(
    ({ code, title }) => `${code}: ${title}`,
  )
  expect(said).toContain('empty: 66.7 % of the documents are empty (2 documents)')
  const profile = { ...read, bytes: 0 }
  const { languages, quality } = summarise(profile)
  expect(languages).toMatchObject([{ name: 'und', share: { kind: 'notEstimable' } }])
  expect(profileCard(profile)).toContain('| und | not known |')
  expect(profileCard({ ...profile, documents: 2e10 })).toContain('- 10B<n<100B')
  // Rules are of documents, of which there are three.
  expect(quality[0]).toMatchObject({ name: 'empty', share: { value: 2 / 3, n: 3 } })
})

it('counts the tokens of a small corpus and estimates those of a larger one', async () => {
  const tokenizer = {
    vocabularySize: 1,
    tokenize: (text: string) => new Int32Array(text.split(' ').length),
    tokenBytes: () => new Uint8Array(),
    tokenKind: () => 'ordinary' as const,
  }
  const folder = temporaryFolder()
  let [tokens, bytes] = [0, 0]
  const more = (name: string, kilobytes: number): void => {
    const texts = Array.from(
      { length: kilobytes },
      () => `${'word '.repeat(200 * random.uniform())}${'x'.repeat(500)}`,
    )
    write(name, jsonl(texts), folder)
    for (const text of texts) {
      tokens += text.split(' ').length
      bytes += text.length
    }
  }
  more('a.jsonl', 20)
  expect(await countTokens(tokenizer, job(folder), { bytes }, 1)).toMatchObject({
    value: tokens,
    interval: { low: tokens, high: tokens },
    n: 20,
  })
  for (let i = 0; i < 6; i++) more(`${i}.jsonl`, 1200)
  const found = await countTokens(tokenizer, job(folder), { bytes }, 1)
  if (found.kind === 'notEstimable') throw new Error(found.reason)
  expect(bytes).toBeGreaterThan(6e6)
  expect(Math.abs(found.value / tokens - 1)).toBeLessThan(0.05)
  expect(found.interval.high - found.interval.low).toBeGreaterThan(0)
  // Which stretches are drawn goes by the folder's name: the interval misses 1 time in 20, twice as wide an one in 10,000.
  const { low, high } = found.interval
  expect(low - (high - low) / 2).toBeLessThan(tokens)
  expect(high + (high - low) / 2).toBeGreaterThan(tokens)
})

it('counts how often the n-grams of a target stand in the corpus', async () => {
  const folder = corpus()
  const target = temporaryFolder()
  const texts = ['Paris is in the capital. Der Hund und', 'the same Paragraph stands in many documents']
  for (const [i, text] of texts.entries()) write(`${i}.txt`, text, target)
  const counts = async (threads: number) => {
    const targets = [{ name: 't', input: target }]
    const profile = await profileCorpus(job(folder, { targets, threads }), hooks)
    const { counts: known, hits } = profile.states.targets
    return {
      byDocument: profile.targets[0]!.documents.map((of) =>
        of.map((ids) => [...ids].map((id) => known[id] ?? 0)),
      ),
      hits: Object.values(hits).reduce((a, b) => a + b, 0),
    }
  }
  const terms = (text: string): string[] =>
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((term) => term !== '')
  const ngrams = (text: string, n: number): string[] => {
    const words = terms(text)
    return words.slice(n - 1).map((_, i) => words.slice(i, i + n).join(' '))
  }
  const times = (ngram: string, n: number): number =>
    DOCUMENTS.flat().reduce((sum, text) => sum + ngrams(text, n).filter((other) => other === ngram).length, 0)
  const one = await counts(1)
  expect(one.byDocument).toEqual(
    texts.map((text) => [1, 3, 5].map((n) => ngrams(text, n).map((ngram) => times(ngram, n)))),
  )
  const trigrams = new Set(texts.flatMap((text) => ngrams(text, 3)))
  expect(one.hits).toBe([...trigrams].reduce((sum, ngram) => sum + times(ngram, 3), 0))
  expect(await counts(2)).toEqual(one)
})

it('shades what each corpus has of a target, and tells what the others lack without it', async () => {
  const [a, b, target] = [temporaryFolder(), temporaryFolder(), temporaryFolder()]
  write('a.txt', 'red green blue', a)
  write('b.txt', 'green yellow', b)
  for (const [i, text] of ['red green', 'yellow green', 'violet green'].entries())
    write(`${i}.txt`, text, target)
  const corpora = [a, b].map((input, i) => ({ name: 'ab'[i]!, input }))
  const targets = [{ name: 't', input: target }]
  const profile = await profileCorpus(job(a, { corpora, targets }), hooks)
  const { sections } = profileResult(profile, coverTargets(profile, 1), [a, b], 0, '', 1)
  const byCorpus = sections[0]?.tables?.find(({ title }) => title === 'By corpus')
  expect(byCorpus?.rows).toEqual([
    ['a', 1, 14, expect.any(String)],
    ['b', 1, 12, expect.any(String)],
  ])
  const tables = sections.find(({ id }) => id === 'corpus-target')!.tables!
  const words = tables.find(({ title }) => title === "Share of each target's words that each corpus has")!
  const adds = tables.find(({ title }) => title.startsWith('What the other corpora lack'))!
  // Of the six words of the target a has red and three greens, b yellow and three greens.
  expect(words.rows.map(([corpus, share]) => [corpus, (share as { value: number }).value])).toEqual([
    ['a', 4 / 6],
    ['b', 4 / 6],
  ])
  expect(adds.rows.map(([corpus, of, share]) => [corpus, of, share])).toMatchObject([
    ['a', 't', { value: 1 / 6, n: 3 }],
    ['b', 't', { value: 1 / 6, n: 3 }],
  ])
  expect(tableMarkup(words).text.match(/class="numeric plus t5"/g)).toHaveLength(2)
})

it('tells nothing of runs that are longer than every document of a target', async () => {
  const target = temporaryFolder()
  for (const [i, text] of ['one document', 'of a target'].entries()) write(`${i}.txt`, text, target)
  const path = write('a.txt', 'one document of a corpus')
  const profile = await profileCorpus(job(path, { targets: [{ name: 't', input: target }] }), hooks)
  const [{ coverage } = {}] = coverTargets(profile, 1)
  // Two, one and none of them have one, three and five words.
  expect(coverage?.map(({ documents, covered }) => [documents, covered.kind])).toEqual([
    [2, 'estimate'],
    [1, 'notEstimable'],
    [0, 'notEstimable'],
  ])
  expect(coverage?.map(({ bands }) => bands[0]?.share)).toEqual([1 / 5, 1, null])
  // In Markdown, too, which has no charts; a band of one document has no interval.
  const markdown = renderMarkdown(profileResult(profile, coverTargets(profile, 1), [path], 0, '', 1))
  expect(markdown).toMatch(
    /\| target \| of \| at all \| never \| 1–9 times \| 10–99 times .* 1,000\\\+ times \|/,
  )
  expect(markdown).toMatch(/\| t \| words \| 80 % .*\| 20 % \\\[/)
  expect(markdown).toMatch(/\| t \| runs of three \| not measured: one document .* \| 100\\\.0 % \|/)
  expect(markdown).toMatch(/\| domain \| share \|\n\| --- \| --- \|\n\| a \| 100 %/)
  write('bad.jsonl', '{"body": "x"}\n', target)
  const broken = profileCorpus(job(path, { targets: [{ name: 't', input: target }] }), hooks)
  await expect(broken).rejects.toMatchObject({ code: 'corpus/bad-target' })
  // One of five words, in one of two documents: it may be none of others.
  expect(targetFindings(coverTargets(profile, 1))).toMatchObject([
    { status: 'insufficient', estimate: { value: expect.closeTo(0.2, 12), interval: { low: 0 } } },
  ])
})

it('reads a sample: the same stretches for every seed, a share of the whole, the rest untouched', async () => {
  const folder = temporaryFolder()
  const texts = Array.from({ length: 4000 }, (_, i) => `${i} ${LONG}`)
  write('a.jsonl', jsonl(texts), folder)
  const sampled = async (seed: number) => {
    const profile = await profileCorpus(job(folder, { sample: { share: 0.3, seed } }), hooks)
    const result = profileResult(profile, [], [folder], 0, '1 thread', 1)
    expect(result.summary).toMatch(/\(a sample: \d of \d stretches of the corpus; 1 thread\)/)
    const json = profileJson(profile, [], 0, undefined)
    // Of 7 stretches of the same text the last is shorter: by their storage the whole is 4,000 but for the digits before it.
    expect(json).toMatchObject({ sample: { documents: { kind: 'estimate' } } })
    const { value } = (json as { sample: { documents: { value: number } } }).sample.documents
    expect(Math.abs(value / 4000 - 1)).toBeLessThan(0.02)
    expect(result.sections[0]?.answer).toMatch(
      / kB of text, a sample: \d of \d stretches of the corpus, which has [\d,]+ documents (?:\[|all alike).*, all of it is of the domain a\.$/,
    )
    // There is one file: of what domain the rest is, its name tells.
    expect(summarise(profile).domains).toMatchObject([
      { name: 'a', share: { interval: { low: 1, high: 1 } } },
    ])
    const two = {
      ...profile,
      groups: ['c/a', 'd/b'],
      states: { ...profile.states, domains: { documents: {}, bytes: { 'c/a': 9, 'd/b': 8 } } },
    }
    expect(profileResult(two, [], [folder], 0, '', 1).sections[0]?.answer).toMatch(
      /the largest domain cannot be told \(intervals of c, d overlap\)\.$/,
    )
    const alike = {
      ...two,
      sample: null,
      states: { ...profile.states, domains: { documents: {}, bytes: { 'c/a': 9, 'd/b': 9, 'e/c': 8 } } },
    }
    expect(profileResult(alike, [], [folder], 0, '', 1).sections[0]?.answer).toMatch(
      /the largest domain cannot be told \(c, d are equal\)\.$/,
    )
    const card = profileCard({ ...profile, groups: [], states: { ...profile.states, domains: HOSTILE } })
    expect(card).toContain(`a sample: ${profile.units} of ${profile.drawnFrom} stretches`)
    expect(card).toContain('\n| a\\| &lt;b&gt; | ')
    expect(card).toMatch(/ by it\. Measured (?:.|\n)*\n\| en \| 100 % \[\d+, 100\] \|/)
    // It is of 4,000 documents.
    expect(card).toContain('- 1K<n<10K')
    return { documents: profile.documents, units: profile.units }
  }
  const [one, again, other] = [await sampled(1), await sampled(1), await sampled(2)]
  expect(again).toEqual(one)
  // 460 kB in stretches of 64 KiB: seven or eight, of which some are drawn.
  expect(one.units).toBeLessThan(8)
  expect(one.documents).toBeGreaterThan(0)
  expect(one.documents).toBeLessThan(4000)
  expect(other.units + one.units).toBeGreaterThan(0)
})

it('samples without a --target, and tells a sample that drew every stretch as the whole', async () => {
  const path = write('a.jsonl', jsonl(['one', 'two', 'two']))
  const notes: string[] = []
  const { json } = await runProfile(
    [path],
    {
      ...{ columns: {}, format: 'auto', sampleBy: 'file', without: [], target: [], sample: 0.01 },
      ...{ engine: 'embedded', shards: 1, sbatch: [] },
    },
    {
      ...{ json: true, quiet: true, seed: 1, colour: false, progress: () => silentProgress },
      ...{ note: (text: string) => notes.push(text), failed: () => {} },
    },
  )
  expect(notes).toEqual(['the sample drew every stretch: the whole corpus was read'])
  // Of nine bytes the second "two" is there before.
  expect(json).toMatchObject({
    documents: 3,
    duplicates: { exact: { documents: { byteShare: { value: 3 / 9, low: 3 / 9, high: 3 / 9 } } } },
  })
  expect(json).not.toHaveProperty('sample')
})

it('opens a tokenizer before it reads; a result that cannot be written is told, beside the others, and leaves nothing but what --resume needs', async () => {
  const path = write('a.jsonl', jsonl(['one', 'two']))
  const [temporary, folder, before] = [temporaryFolder(), temporaryFolder(), process.env.TMPDIR]
  process.env.TMPDIR = temporary
  const read: number[] = []
  const failures: unknown[] = []
  const run = (more: object) =>
    runProfile(
      [path],
      {
        ...{ columns: {}, format: 'auto', sampleBy: 'file', without: [], target: [] },
        ...{ engine: 'embedded', shards: 1, sbatch: [], ...more },
      },
      {
        ...{ json: true, quiet: true, seed: 1, colour: false, note: () => {} },
        failed: (error: unknown) => failures.push(error),
        progress: () => ({ ...silentProgress, update: (done: number) => read.push(done) }),
      },
    )
  try {
    await expect(run({ tokenizer: join(temporary, 'none.json') })).rejects.toThrow()
    expect(read).toEqual([])
    const [card, output, out] = [join(path, 'card.md'), join(folder, 'x.json'), join(folder, 'x.parquet')]
    const { json } = await run({ card, out, output: [output] })
    expect(failures).toHaveLength(1)
    expect(read).not.toEqual([])
    expect(readdirSync(temporary)).toEqual([])
    // The other files stand there, the JSON with all that --json prints.
    expect(readdirSync(folder)).toEqual(['x.json', 'x.parquet'])
    expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject(JSON.parse(JSON.stringify(json)))
    expect((await readCorpusMix(output)).domains).toEqual([{ domain: 'a', bytes: 6 }])
    await run({ card, checkpoint: join(folder, 'kept') })
    expect(existsSync(join(folder, 'kept', 'tables'))).toBe(true)
    await run({ checkpoint: join(folder, 'kept'), resume: true })
    expect(existsSync(join(folder, 'kept', 'tables'))).toBe(false)
    await expect(run({ card, shard: { index: 0, of: 1 }, parts: folder })).rejects.toThrow('--shard writes')
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
})

it('gives each file to the corpus whose input names it, however that is written', async () => {
  const [folder, outer] = [temporaryFolder(), process.cwd()]
  for (const name of ['in', 'other']) mkdirSync(join(folder, name))
  for (const name of ['in/a.txt', 'other/b.txt', 'g0.txt', 'g1.txt']) write(name, name, folder)
  process.chdir(join(folder, 'in'))
  try {
    const corpora = [
      { name: 'here', input: '../*/a.txt' },
      { name: 'beside', input: '../other' },
      { name: 'range', input: '../g{0..1}.txt' },
      { name: 'here', input: '.' },
    ]
    const profile = await profileCorpus(job('', { corpora }), hooks)
    expect(profile.corpora.map(({ name, documents }) => [name, documents])).toEqual([
      ['here', 1],
      ['beside', 1],
      ['range', 2],
    ])
    expect(matching(['../*/a.txt'])).toEqual(['../in/a.txt'])
    expect(expandFiles(['../*/a.txt'])).toEqual([realpathSync('a.txt')])
  } finally {
    process.chdir(outer)
  }
})

it('takes the folders that not all files share as domains, else the files without their numbers', () => {
  expect(fileGroup('./web/train-00001-of-00010.jsonl.gz')).toBe('web/train')
  const named = (groups: readonly string[]) => [...domainsOf(groups).values()]
  expect(named(['data/web/a/x', 'data/web/b/y', 'data/books/z'])).toEqual(['web', 'web', 'books'])
  expect(named(['data/wiki', 'data/news'])).toEqual(['wiki', 'news'])
  expect(named(['data/wiki'])).toEqual(['wiki'])
  expect(named(['../c', 'd'])).toEqual(['c', 'd'])
  expect(named(['https://host/', 'https://host/data/x'])).toEqual(['host', 'data'])
})

it('counts for a file whose name every object has', async () => {
  const [folder, outer] = [temporaryFolder(), process.cwd()]
  process.chdir(folder)
  try {
    const names = ['constructor.txt', 'toString.txt', '__proto__.txt']
    for (const name of names) write(name, name.startsWith('_') ? 'a' : 'abcd', folder)
    mkdirSync(join(folder, '__proto__'))
    write('a.txt', 'b', join(folder, '__proto__'))
    const corpora = [...names, '__proto__'].map((input) => ({ name: 'corpus', input }))
    const { domains } = summarise(await profileCorpus(job('', { corpora }), hooks))
    expect(domains.map(({ name, share }) => [name, share])).toMatchObject([
      ['constructor', { value: 0.4 }],
      ['toString', { value: 0.4 }],
      ['__proto__', { value: 0.2 }],
    ])
  } finally {
    process.chdir(outer)
  }
})
