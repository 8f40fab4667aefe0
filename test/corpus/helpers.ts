import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Fact } from '../../src/core/index.js'
import {
  COUNT_FORM,
  type CountJob,
  type CountResult,
  type CountRow,
  countCorpus,
  countParts,
  DEFAULT_MATCH,
  mergeShards,
  type Shard,
  toRows,
  writeShard,
} from '../../src/corpus/index.js'

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'assay-corpus-'))
}

export function fact(subject: string, object: string): Fact {
  return {
    fact_id: `${subject}>${object}`,
    subject,
    relation: 'r',
    object,
    aliases: [],
    subject_aliases: [],
    domain: '',
  }
}

export const FACTS: readonly Fact[] = [fact('France', 'Paris'), fact('Perú', 'Lima'), fact('東京', 'Japan')]

/** Documents that exercise escapes, scripts and emptiness; and what FACTS count in them, by hand. */
export const DOCUMENTS: readonly string[] = [
  'Paris is in France.',
  'France "quoted" \\ back',
  'Lima, Perú',
  '今日東京タワー in Japan',
  'nothing 😀 here',
  'tab\tParis',
]
export const EXPECTED = [
  [2, 2, 1],
  [1, 1, 1],
  [1, 1, 1],
]

export function jsonl(documents: readonly string[], end = '\n'): string {
  return documents.map((text, id) => `${JSON.stringify({ id, text })}${end}`).join('')
}

/** All characters beyond ASCII as \u escapes, as Python's json.dumps writes them. */
export function asciiJsonl(documents: readonly string[]): string {
  return jsonl(documents).replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export function write(name: string, content: string | Uint8Array, folder = temporaryFolder()): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Copy the documents of a JSONL file with DuckDB: `COPY … TO path (options)`. */
export async function copyWithDuckDb(from: string, to: string, options: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(
    `COPY (SELECT * FROM read_json('${from}', format = 'newline_delimited')) TO '${to}' (${options})`,
  )
  connection.closeSync()
  instance.closeSync()
  return to
}

export function job(inputs: readonly string[], options: Partial<CountJob> = {}): CountJob {
  return {
    facts: FACTS,
    inputs,
    match: DEFAULT_MATCH,
    engine: 'embedded',
    column: 'text',
    textDocument: 'line',
    format: 'auto',
    strict: false,
    threads: 1,
    shard: null,
    checkpoint: null,
    resume: false,
    ...options,
  }
}

export async function count(
  inputs: readonly string[],
  options: Partial<CountJob> = {},
): Promise<{ result: CountResult; rows: CountRow[]; counts: number[][]; documents: number }> {
  const all = job(inputs, options)
  const result = await countCorpus(all, { progress: () => {}, signal: new AbortController().signal })
  const rows = toRows(all.facts, result.entities, result.totals.tally)
  return {
    result,
    rows,
    counts: rows.map((row) => [row.n_s, row.n_o, row.n_so]),
    documents: result.totals.tally.documents,
  }
}

/** Write the part of a shard that was counted with the options of {@link job}. */
export async function writePart(folder: string, shard: Shard, result: CountResult): Promise<void> {
  const { match, column, textDocument, format } = job([])
  await writeShard(folder, shard, result, { match, column, textDocument, format }, COUNT_FORM)
}

export function mergeParts(folder: string, facts: readonly Fact[] = FACTS) {
  return mergeShards(folder, COUNT_FORM, (settings) => countParts(facts, settings))
}
