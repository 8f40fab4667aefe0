import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCount } from '../../src/cli/corpus/count.js'
import { silentProgress } from '../../src/cli/progress.js'
import type { CountJob, Grouping } from '../../src/corpus/index.js'
import {
  COUNT_FORM,
  countParts,
  groupRowsOf,
  mergeShards,
  namedSources,
  writeShard,
} from '../../src/corpus/index.js'
import { copyWithDuckDb, count, FACTS, job, temporaryFolder, write } from './helpers.js'

/** Documents with what they are labelled by: escapes, lists, numbers, nothing, names of prototypes. */
const ROWS: readonly { text: string; lang?: unknown; meta?: unknown }[] = [
  { text: 'Paris is in France.', lang: 'fr', meta: { site: 'ä.com' } },
  { text: 'France, and Paris "quoted" \\ back', lang: '__proto__' },
  { text: 'Lima, Perú', lang: null, meta: { site: ['a', 'b'] } },
  { text: '今日東京タワー in Japan', lang: '日本', meta: { site: 7 } },
  { text: 'Paris', lang: 'fr', meta: {} },
  { text: 'nothing here', meta: { site: 'ä.com' } },
]
const LANGS = ['fr', '__proto__', '', '日本', 'fr', '']
const SITES = ['ä.com', '', 'a, b', '7', '', 'ä.com']
const grouping = (more: Partial<Grouping> = {}): Grouping => ({
  by: ['column:lang', 'meta.site', 'source'],
  corpora: [],
  examples: null,
  ...more,
})

/** Three folders of two documents, written in three ways. */
function corpus(): string {
  const folder = temporaryFolder()
  for (const [i, part] of [ROWS.slice(0, 2), ROWS.slice(2, 4), ROWS.slice(4)].entries()) {
    mkdirSync(join(folder, `p${i}`))
    const lines = part.map((row) => JSON.stringify(i === 1 ? { meta: row.meta, ...row } : row)).join('\n')
    // The second file escapes all but ASCII.
    const text =
      i === 1
        ? lines.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
        : lines
    write(`part-${i}.jsonl`, `${text}\n`, join(folder, `p${i}`))
  }
  return folder
}

/** By grouping and value: documents, then n_s, n_o, n_so of every fact that is named there. */
async function groupsOf(inputs: readonly string[], options: Partial<CountJob>) {
  const { result } = await count(inputs, options)
  const { totals } = result
  return { totals, groups: tableOf(totals.groups, options.grouping!, result.entities) }
}
function tableOf(
  list: Parameters<typeof namedSources>[0],
  { corpora }: Grouping,
  entities: Parameters<typeof groupRowsOf>[1],
) {
  const named = namedSources(list, corpora)
  const rows = groupRowsOf(FACTS, entities, named)
  return named.map(({ by, value, documents }) => [
    by,
    value,
    documents,
    rows.filter((r) => r.by === by && r.value === value).map((r) => [r.fact_id, r.n_s, r.n_o, r.n_so]),
  ])
}

/** The same by hand: the documents of each value, counted by looking. */
const NAMED = ROWS.map(({ text }) =>
  [
    ['France>Paris', 'France', 'Paris'],
    ['Perú>Lima', 'Perú', 'Lima'],
    ['東京>Japan', '東京', 'Japan'],
  ].map(([id, s, o]) => [id!, Number(text.includes(s!)), Number(text.includes(o!))] as const),
)
function expected(by: string, values: readonly string[]) {
  return [...new Set(values)].sort().map((value) => {
    const own = NAMED.filter((_, i) => values[i] === value)
    const rows = own[0]!.map(([id], f) => {
      const sum = (of: (found: readonly [string, number, number]) => number): number =>
        own.reduce((all, facts) => all + of(facts[f]!), 0)
      return [id, sum((x) => x[1]), sum((x) => x[2]), sum((x) => x[1] * x[2])] as const
    })
    return [by, value, own.length, rows.filter(([, s, o]) => s + o > 0).map((row) => [...row])]
  })
}
const EXPECTED = [
  ...expected('column:lang', LANGS),
  ...expected('meta.site', SITES),
  ...expected('source', ['p0', 'p0', 'p1', 'p1', 'p2', 'p2']),
]

describe('counts by part of the corpus', () => {
  it('equal those of the documents of each value, by any engine and any number of threads', async () => {
    const folder = corpus()
    for (const options of [{}, { engine: 'plain' as const }, { threads: 2 }])
      expect((await groupsOf([folder], { ...options, grouping: grouping() })).groups).toEqual(EXPECTED)
  })

  it('are the same from Parquet, whose text is in a page of its own', async () => {
    const folder = temporaryFolder()
    const rows = ROWS.map((row, i) => JSON.stringify({ text: row.text, lang: LANGS[i] || null, n: i }))
    const path = join(folder, 'a.parquet')
    await copyWithDuckDb(write('a.jsonl', rows.join('\n'), folder), path, 'FORMAT parquet, ROW_GROUP_SIZE 2')
    const by = { grouping: grouping({ by: ['column:lang', 'n'] }) }
    const { groups } = await groupsOf([path], by)
    expect(groups.slice(0, 4)).toEqual(expected('column:lang', LANGS))
    expect(groups.slice(4)).toEqual(expected('n', ['0', '1', '2', '3', '4', '5']))
  })

  it('add up over shards and go on after a kill', async () => {
    const folder = corpus()
    const told = grouping({ examples: { most: 1, around: 5 } })
    const { totals } = await groupsOf([folder], { grouping: told })
    const parts = temporaryFolder()
    const settings = { ...job([]), grouping: told }
    for (const index of [0, 1]) {
      const shard = { index, of: 2 }
      const checkpoint = join(parts, `c${index}`)
      const { result } = await count([folder], { grouping: told, shard, checkpoint })
      // A killed process leaves its units; here one of them is gone, and is read again.
      const [name] = readdirSync(checkpoint)
      rmSync(join(checkpoint, name!))
      const { result: resumed } = await count([folder], { grouping: told, shard, checkpoint, resume: true })
      expect(resumed.totals.toGathered()).toEqual(result.totals.toGathered())
      const { match, column, textDocument, format } = settings
      await writeShard(
        parts,
        shard,
        resumed,
        { match, column, textDocument, format, grouping: told },
        COUNT_FORM,
      )
    }
    const merged = await mergeShards(parts, COUNT_FORM, (of) => countParts(FACTS, of))
    expect(merged.settings.grouping).toEqual(told)
    expect(merged.totals.toGathered()).toEqual(totals.toGathered())
  })

  it('refuse a field that tells documents apart', async () => {
    const lines = Array.from({ length: 10_001 }, (_, id) => JSON.stringify({ id, text: 'x' })).join('\n')
    const path = write('a.jsonl', lines)
    await expect(count([path], { grouping: grouping({ by: ['id'] }) })).rejects.toMatchObject({
      code: 'corpus/too-many-groups',
    })
  })
})

describe('examples of a pair', () => {
  const told = grouping({ by: [], examples: { most: 2, around: 6 } })
  const texts = (totals: { examples: readonly { path: string; text: string }[] }) =>
    totals.examples.map(({ text }) => text)

  it('are the same whatever the order, the files and the threads; equal documents are one', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => JSON.stringify({ text: `Paris, France ${i % 10}` }))
    const [one, other] = [temporaryFolder(), temporaryFolder()]
    write('a.jsonl', lines.join('\n'), one)
    for (const i of [0, 1, 2, 3])
      write(
        `${i}.jsonl`,
        lines
          .filter((_, k) => k % 4 === i)
          .reverse()
          .join('\n'),
        other,
      )
    const whole = texts((await groupsOf([one], { grouping: told })).totals)
    expect(whole).toHaveLength(2)
    expect(new Set(whole).size).toBe(2)
    expect(texts((await groupsOf([other], { grouping: told, threads: 2 })).totals)).toEqual(whole)
  })

  it('show no more around the names than was asked for, cut no character, and nothing that acts', async () => {
    const far = `${'😀'.repeat(9)} Paris ${'b'.repeat(90)} \u001b[31m\u202eFrance ${'😀'.repeat(9)}`
    const path = write('a.jsonl', JSON.stringify({ text: far }))
    const options = { grouping: told, match: { ...job([]).match, fold: [] } }
    // Six UTF-16 units: a space, two pairs and half of one, which is left out.
    expect(texts((await groupsOf([path], options)).totals)).toEqual([
      '…😀😀 Paris bbbbb… … [31m France 😀😀…',
    ])
  })
})

/** `assay corpus count`: what it hands back, and what it notes. */
async function told(inputs: readonly string[], facts: string, options: object = {}) {
  const notes: string[] = []
  const outcome = await runCount(
    inputs,
    {
      ...{ facts: [facts], engine: 'embedded', match: 'boundary', columns: {}, format: 'auto' },
      ...{ sampleBy: 'line', threads: 1, shards: 2, retries: 0, sbatch: [], endpoint: '', concurrency: 1 },
      ...options,
    } as Parameters<typeof runCount>[1],
    {
      ...{ json: true, quiet: true, seed: 1, colour: false, progress: () => silentProgress },
      ...{ note: (text: string) => notes.push(text), failed: () => {} },
    },
  )
  return { ...outcome, notes }
}

function factsFile(folder: string): string {
  return write('f.jsonl', FACTS.map((f) => JSON.stringify({ id: f.fact_id, ...f })).join('\n'), folder)
}

describe('what a count tells', () => {
  it('refuses a file under two names where names decide, else says which one counts', async () => {
    const folder = temporaryFolder()
    const facts = factsFile(folder)
    const path = write('a.jsonl', JSON.stringify({ text: 'Paris' }), folder)
    const inputs = [`web=${path}`, `books=${path}`]
    const stands = `${path} stands under the names web and books`
    for (const options of [{ by: ['source'] }, { weights: { web: '1', books: '2' } }])
      await expect(told(inputs, facts, options)).rejects.toMatchObject({
        code: 'cli/bad-option',
        message: expect.stringContaining(stands),
      })
    const { notes } = await told(inputs, facts)
    expect(notes[0]).toBe(`${stands}; what goes by names counts it for web`)
    await expect(told([path], facts, { weights: { web: '1' } })).rejects.toMatchObject({
      message: expect.stringContaining('no corpus has a name: name it, as in web='),
    })
  })

  it('says that no document has the field, takes facts named twice once, keeps the digits of labels', async () => {
    const folder = temporaryFolder()
    const facts = factsFile(folder)
    const id = '123456789012345678901234567890'
    const lines = [
      `{"id": -${id}, "text": "a"}`,
      `{"text": "b", "id": [${id}, 1.25, "x ${id}"], "a": "\\u0041"}`,
    ]
    const by = ['id', 'nosuch']
    const path = write('a.jsonl', lines.join('\n'), folder)
    const { json, text, notes } = await told([path], facts, { facts: [facts, facts], by })
    const note = 'no document has a field "nosuch"; --by takes source, language or the name of a field'
    expect(json).toMatchObject({ facts: FACTS.length, notes: [note] })
    expect(text).toContain(note)
    expect(text).not.toContain('(none)')
    expect(notes).toContain(`${facts} is named 2 times and counted once`)
    const { groups } = json as { groups: { by: string; value: string }[] }
    const labels = groups.flatMap((group) => (group.by === 'id' ? [group.value] : []))
    expect(labels.sort()).toEqual([`-${id}`, `${id}, 1.25, x ${id}`])
  })

  it('ends with 2 where more than half of the documents are left out', async () => {
    const folder = temporaryFolder()
    const facts = factsFile(folder)
    const lines = (read: number) =>
      ['text', 'text', 'content', 'content', 'content']
        .map((name, i) => JSON.stringify({ [i < read ? 'text' : name]: 'Paris' }))
        .join('\n')
    expect((await told([write('half.jsonl', lines(3), folder)], facts)).exitCode).toBe(0)
    const { exitCode, text } = await told([write('most.jsonl', lines(0), folder)], facts)
    expect(exitCode).toBe(2)
    expect(text).toContain(
      'More than half of the documents are left out (3 of 5): name the field of the text',
    )
  })

  it('weighs by corpus, names the part that tells the most, and escapes examples', async () => {
    const folder = temporaryFolder()
    const facts = factsFile(folder)
    const texts = (...all: string[]) => all.map((text) => JSON.stringify({ text })).join('\n')
    const web = write(
      'web.jsonl',
      texts('Paris, France <script>alert(1)</script>', 'Paris', 'Lima, Perú'),
      folder,
    )
    const books = write('books.jsonl', texts('France and Paris'), folder)
    const report = join(folder, 'r.html')
    const { json, text } = await told([`web=${web}`, `books=${books}`], facts, {
      ...{ by: ['source'], weights: { web: '.5', books: '3' }, examples: 2, output: [report] },
    })
    const { counts, groups, weighted } = json as Record<string, unknown>
    // Paris: 2 documents of web and 1 of books are 2 · .5 + 3; both: .5 + 3. Documents: 3 · .5 + 3.
    expect(counts).toMatchObject([
      { n_s: 2, n_o: 3, n_so: 2, w_s: 3.5, w_o: 4, w_so: 3.5 },
      { n_so: 1, w_so: 0.5 },
      { n_so: 0, w_so: 0 },
    ])
    expect(weighted).toEqual({ documents: 4.5, weights: { web: 0.5, books: 3 } })
    expect(groups).toMatchObject([
      { value: 'web', documents: 3, facts: 2, onlyHere: 1, tellings: 2 },
      { value: 'books', documents: 1, facts: 1, onlyHere: 0, tellings: 1 },
    ])
    expect(text).toContain('tells 2 facts (1 told nowhere else), 66.7 % of all tellings')
    const html = readFileSync(report, 'utf8')
    expect(html).toContain('France &lt;script&gt;alert(1)')
    expect(html).not.toContain('<script>alert')
  })
})
