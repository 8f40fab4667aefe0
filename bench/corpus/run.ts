/**
 * `npx tsx bench/corpus/run.ts [--mb 100] [--runs 3] [--corpus FILE.jsonl] [--only matching,whole,scaling,peers]`: every way to count beside the plain one,
 * counts compared before times are taken. Peers are run where they are there: GNU grep, and embedded ClickHouse with
 * CHDB_PYTHON=…/bin/python (pip install chdb). Needs the build (`npm run build`).
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
import { measure, toLine } from './measure.js'
import { makeDocuments, makeFacts, makeNames, writeJsonl } from './text.js'

const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '100' },
    runs: { type: 'string', default: '3' },
    corpus: { type: 'string' },
    only: { type: 'string', default: 'matching,whole,scaling,peers' },
  },
})
const runs = Number(values.runs)
const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'))
const COPIES = 24
const print = (line: string): void => void process.stdout.write(`${line}\n`)

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

print(
  `${documents.length} documents, ${(bytes / 1e6).toFixed(1)} MB of text; ${runs} runs: median (least–most)`,
)
print('| what | MB per CPU second | MB per second | bar (per CPU second) |\n|---|---|---|---|')

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
        { document: (_, begin, end) => sink(end - begin), skip: () => {} },
      )
  }
  async function decompressOnly(path: string): Promise<void> {
    const source = await openSource(path)
    for await (const block of decompress(source.stream(0), path.endsWith('.zst') ? 'zstd' : null))
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

async function benchScaling(): Promise<void> {
  // Enough text that starting threads (some 0.3 s) does not count, in files that both threads can share.
  const files = Array.from({ length: COPIES }, (_, i) => {
    const path = join(folder, 'split', `${i}.jsonl`)
    writeJsonl(path, documents)
    return path
  })
  const split = { ...job(few, files[0]!, 1), inputs: files }
  const one = await measure(`${COPIES} JSONL files, one thread`, COPIES * bytes, runs, () =>
    countCorpus(split, hooks),
  )
  const two = await measure(`${COPIES} JSONL files, two threads`, COPIES * bytes, runs, () =>
    countCorpus({ ...split, threads: 2 }, hooks),
  )
  print(toLine(one))
  print(toLine(two))
  const ratio = (2 * two.cpu[0]) / one.cpu[0]
  print(
    `two threads ÷ one: ${(two.wall[0] / one.wall[0]).toFixed(2)} by the clock, ${ratio.toFixed(2)} by CPU time on two free cores (bar 1.8)`,
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

if (values.only.includes('matching')) await benchMatching()
if (values.only.includes('whole')) await benchWhole()
if (values.only.includes('scaling')) await benchScaling()
if (values.only.includes('peers')) await benchPeers()
rmSync(folder, { recursive: true })
