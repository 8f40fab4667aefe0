/**
 * Every way to count beside the plain one; counts are compared before times are taken. Needs the build
 * (`npm run build`). Peers are run where they are there: GNU grep, and embedded ClickHouse with
 * CHDB_PYTHON=…/bin/python (pip install chdb).
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Fact } from '../../dist/core/index.js'
import {
  COUNTERS,
  type CountJob,
  countCorpus,
  DEFAULT_MATCH,
  type MatchOptions,
} from '../../dist/corpus/index.js'
import { decompress } from '../../dist/corpus/readers/decompress.js'
import { planCorpus } from '../../dist/corpus/readers/plan.js'
import { readUnit } from '../../dist/corpus/readers/read-unit.js'
import { openSource } from '../../dist/corpus/readers/source.js'
import { readFacts } from '../../dist/ingest/index.js'
import { keepSection, type Measured, measure, toLine } from './measure.js'
import { makeDocuments, makeFacts, makeNames, writeJsonl } from './text.js'

const HELP = `npx tsx bench/corpus/run.ts [options]

  --mb N         MB of made-up text (default 100); scaling counts 24 copies of it
  --runs N       runs after one that warms up (default 3)
  --corpus FILE  JSONL with "text" instead of made-up text
  --only LIST    of matching,whole,scaling,peers,wikitext (default: all)
  --write        put the tables into docs/validation/corpus.md
`
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    write: { type: 'boolean', default: false },
    mb: { type: 'string', default: '100' },
    runs: { type: 'string', default: '3' },
    corpus: { type: 'string' },
    only: { type: 'string', default: 'matching,whole,scaling,peers,wikitext' },
  },
})
if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}
const runs = Number(values.runs)
const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'))
const COPIES = 24
let lines: string[] = []
function print(line: string): void {
  lines.push(line)
  process.stdout.write(`${line}\n`)
}

const names = makeNames(1_000_000, 1)
const few = makeFacts(names.slice(0, 10_000))
const many = makeFacts(names)
const documents =
  values.corpus === undefined
    ? makeDocuments(names.slice(0, 20_000), Number(values.mb) * 1e6, 2)
    : readFileSync(values.corpus, 'utf8')
        .split('\n')
        .filter((l) => l !== '')
        .map((l) => (JSON.parse(l) as { text: string }).text)
const encoded = documents.map((text) => Buffer.from(text))
const bytes = encoded.reduce((sum, document) => sum + document.length, 0)
const jsonl = join(folder, 'text.jsonl')
writeJsonl(jsonl, documents)

async function copy(to: string, options: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(
    `COPY (SELECT * FROM read_json('${jsonl}', format = 'newline_delimited')) TO '${to}' (${options})`,
  )
  connection.closeSync()
  instance.closeSync()
  return to
}
const parquet = await copy(
  join(folder, 'text.parquet'),
  'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192',
)
const zst = await copy(join(folder, 'text.jsonl.zst'), 'FORMAT json, COMPRESSION zstd')

function job(facts: readonly Fact[], input: string, threads: number): CountJob {
  return {
    facts,
    inputs: [input],
    match: DEFAULT_MATCH,
    engine: 'embedded',
    column: 'text',
    textDocument: 'line',
    format: 'auto',
    strict: true,
    threads,
    shard: null,
    checkpoint: null,
    resume: false,
  }
}
const hooks = { progress: () => {}, signal: new AbortController().signal }

function matching(kind: keyof typeof COUNTERS, facts: readonly Fact[], match: MatchOptions, part = encoded) {
  const counter = COUNTERS[kind](facts, match)
  return () => {
    for (const document of part) counter.count(document, 0, document.length)
    return counter.take()
  }
}

const published: MatchOptions = { ...DEFAULT_MATCH, match: 'published' }
async function benchMatching(): Promise<void> {
  for (const [facts, label, bar] of [
    [few, '10^4', 250],
    [many, '10^6', 80],
  ] as const)
    for (const match of [DEFAULT_MATCH, published]) {
      print(
        toLine(
          await measure(
            `matching, ${label} names, ${match.match}`,
            bytes,
            runs,
            matching('embedded', facts, match),
          ),
          bar,
        ),
      )
    }
  print(
    toLine(
      await measure(
        'matching, 10^4 names, scanner without WebAssembly',
        bytes,
        runs,
        matching('embedded-plain-scanner', few, DEFAULT_MATCH),
      ),
    ),
  )

  // The plain way on a part of the text: it is slow. First its counts are compared.
  const part = encoded.slice(0, 40)
  const partBytes = part.reduce((sum, document) => sum + document.length, 0)
  const plain = matching('plain', few, DEFAULT_MATCH, part)
  const same = JSON.stringify(plain()) === JSON.stringify(matching('embedded', few, DEFAULT_MATCH, part)())
  print(
    toLine(
      await measure(
        `substring test per name, 10^4 names (counts ${same ? 'equal' : 'DIFFER'})`,
        partBytes,
        1,
        plain,
      ),
    ),
  )
}

async function benchWhole(): Promise<void> {
  async function readOnly(path: string, sink: (bytes: number) => void): Promise<void> {
    const { units } = await planCorpus([path], { format: 'auto', textDocument: 'line' }, true)
    for (const unit of units)
      await readUnit(
        unit,
        { column: 'text', textDocument: 'line' },
        { document: (_, begin, end) => sink(end - begin), skip: () => {}, lose: () => {} },
      )
  }
  async function decompressOnly(path: string): Promise<void> {
    const source = await openSource(path)
    for await (const block of decompress(
      () => source.stream(0),
      path.endsWith('.zst') ? 'zstd' : null,
      () => {},
    ))
      void block.length
  }
  for (const [path, label] of [
    [parquet, 'zstd Parquet'],
    [zst, 'zstd JSONL'],
    [jsonl, 'JSONL'],
  ] as const) {
    if (path !== parquet)
      print(
        toLine(
          await measure(`limit: read${path === zst ? ' and decompress' : ''} ${label}`, bytes, runs, () =>
            decompressOnly(path),
          ),
        ),
      )
    print(toLine(await measure(`limit: ${label} to documents`, bytes, runs, () => readOnly(path, () => {}))))
    print(
      toLine(
        await measure(`whole way from ${label}, 10^4 names`, bytes, runs, () =>
          countCorpus(job(few, path, 1), hooks),
        ),
        130,
      ),
    )
  }
}

/** MB per second of `work` and of another process that does the same at the same time, together: what two cores can. */
function twoProcesses(facts: string, files: readonly string[]): { one: number; two: number } {
  const count = ['dist/cli/bundle/main.js', 'corpus', 'count', '--facts', facts, '--threads', '1', '--quiet']
  const half = files.length >> 1
  const time = (script: string): number => {
    const started = performance.now()
    execFileSync('bash', ['-c', script, 'x', process.execPath, ...count], { stdio: 'ignore' })
    return (performance.now() - started) / 1e3
  }
  const list = (part: readonly string[]): string => part.map((file) => `'${file}'`).join(' ')
  const first = `"$@" ${list(files.slice(0, half))}`
  const total = half * bytes
  return {
    one: total / 1e6 / time(first),
    two: (2 * total) / 1e6 / time(`${first} & "$@" ${list(files.slice(half))}; wait`),
  }
}

async function benchScaling(): Promise<void> {
  // Enough text that starting threads (some 0.3 s) does not count, in files that both threads can share.
  const files = Array.from({ length: COPIES }, (_, i) => {
    const path = join(folder, 'split', `${i}.jsonl`)
    writeJsonl(path, documents)
    return path
  })
  const size = `${((COPIES * bytes) / 1e9).toFixed(1)} GB of JSONL in ${COPIES} files`
  const split = { ...job(few, files[0]!, 1), inputs: files }
  // In turn, so that a neighbour's work falls on both.
  const [one, two, machine]: [Measured[], Measured[], number[]] = [[], [], []]
  const facts = join(folder, 'facts.jsonl')
  writeFileSync(facts, few.map((fact) => JSON.stringify({ ...fact, id: fact.fact_id })).join('\n'))
  for (let run = 0; run < runs; run++) {
    one.push(await measure('', COPIES * bytes, 1, () => countCorpus(split, hooks)))
    two.push(await measure('', COPIES * bytes, 1, () => countCorpus({ ...split, threads: 2 }, hooks)))
    const { one: alone, two: together } = twoProcesses(facts, files)
    machine.push(together / alone)
  }
  const middle = (list: readonly number[]): number => [...list].sort((x, y) => x - y)[list.length >> 1]!
  const of = (list: readonly Measured[], key: 'cpu' | 'wall'): number => middle(list.map((m) => m[key][0]))
  print('| what | MB per CPU second | MB per second |\n|---|---|---|')
  print(`| ${size}, one thread | ${of(one, 'cpu').toFixed(0)} | ${of(one, 'wall').toFixed(0)} |`)
  print(`| the same, two threads | ${of(two, 'cpu').toFixed(0)} | ${of(two, 'wall').toFixed(0)} |`)
  print('')
  const clock = middle(two.map((m, i) => m.wall[0] / one[i]!.wall[0]))
  const cpu = middle(two.map((m, i) => (2 * m.cpu[0]) / one[i]!.cpu[0]))
  print(
    `Two threads ÷ one, median of ${runs} pairs of runs: ${clock.toFixed(2)} by the clock (bar 1.8), ${cpu.toFixed(2)} by CPU time. Two processes that share nothing, each with half of the files, against one of them: ${middle(machine).toFixed(2)}, which is what the machine gave two cores then.`,
  )
}

/** Real text: WikiText-2's paragraphs with BEAR's names; copies of it, since it is small. */
async function benchWikiText(): Promise<void> {
  const data = process.env.ASSAY_DATA ?? '../shared/data'
  const source = join(data, 'texts/wikitext-2/wiki.test.raw')
  const bear = join(data, 'facts/bear/BEAR')
  if (!existsSync(source) || !existsSync(bear)) {
    print(`Not measured: ${source} or ${bear} is not there.`)
    return
  }
  const { facts } = readFacts([bear])
  const articles = readFileSync(source, 'utf8').split(/^ (?== [^=])/m)
  const copies = Math.ceil((Number(values.mb) * 1e6) / Buffer.byteLength(articles.join('')))
  const texts = Array.from({ length: copies }, () => articles).flat()
  const path = join(folder, 'wikitext.jsonl')
  writeJsonl(path, texts)
  const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  let held = 0
  const spellings = new Set(facts.flatMap((f) => [f.subject, f.object, ...f.aliases, ...f.subject_aliases]))
    .size
  const result = await measure('', size, runs, async () => {
    const { totals } = await countCorpus(job(facts, path, 1), hooks)
    held = totals.tally.ofEntity.reduce((sum, n) => sum + n, 0) / totals.tally.documents
  })
  const [median, low, high] = result.cpu.map((v) => v.toFixed(0))
  print(
    `On WikiText-2 (test, ${copies} copies, ${(size / 1e6).toFixed(0)} MB) with BEAR's ${spellings.toLocaleString('en-US')} spellings, of which an article holds ${held.toFixed(0)} on average, the whole way from JSONL was ${median} (${low}–${high}) MB per CPU second.`,
  )
}

async function benchPeers(): Promise<void> {
  const nameFile = join(folder, 'names.txt')
  const tenThousand = few.flatMap((fact) => [fact.subject, fact.object])
  writeFileSync(nameFile, `${tenThousand.join('\n')}\n`)
  const textFile = join(folder, 'text.txt')
  writeFileSync(textFile, documents.join('\n'))
  const time = (command: string, args: string[], input: object = {}) => {
    const ran = spawnSync('bash', ['-c', `TIMEFORMAT='%R %U %S'; time "$@" | wc -c`, 'x', command, ...args], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...input },
    })
    const [wall, user, system] = ran.stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
    return { wall: wall!, cpu: user! + system! }
  }
  const grep = time('grep', ['-F', '-o', '-f', nameFile, textFile])
  print(
    `| grep -F -o -f, 10^4 names | ${(bytes / 1e6 / grep.cpu).toFixed(0)} | ${(bytes / 1e6 / grep.wall).toFixed(0)} | |`,
  )
  const python = process.env.CHDB_PYTHON
  if (python !== undefined && existsSync(python)) {
    const text = execFileSync(python, ['bench/corpus/clickhouse.py', nameFile, parquet], {
      encoding: 'utf8',
    })
    const { seconds, cpu, counts } = JSON.parse(text) as { seconds: number; cpu: number; counts: number[] }
    const counter = COUNTERS.embedded(few, published)
    for (const document of encoded) counter.count(document, 0, document.length)
    const { ofEntity } = counter.take()
    const equal = counts.every((n, i) => n === ofEntity[i])
    print(
      `| embedded ClickHouse from Parquet, 10^4 names, published rule (counts ${equal ? 'equal' : 'DIFFER'}) | ${(bytes / 1e6 / cpu).toFixed(0)} | ${(bytes / 1e6 / seconds).toFixed(0)} | |`,
    )
  }
}

const HEADER = '| what | MB per CPU second | MB per second | bar (per CPU second) |\n|---|---|---|---|'
const SECTIONS: Readonly<Record<string, { table: boolean; run: () => Promise<void> }>> = {
  matching: { table: true, run: benchMatching },
  whole: { table: true, run: benchWhole },
  scaling: { table: false, run: benchScaling },
  peers: { table: true, run: benchPeers },
  wikitext: { table: false, run: benchWikiText },
}
for (const [name, { table, run }] of Object.entries(SECTIONS)) {
  if (!values.only.split(',').includes(name)) continue
  lines = []
  if (table) {
    print(
      `${documents.length} documents, ${(bytes / 1e6).toFixed(1)} MB of text; ${runs} runs: median (least–most)`,
    )
    print('')
    print(HEADER)
  }
  await run()
  if (values.write) keepSection(name, lines)
}
rmSync(folder, { recursive: true })
