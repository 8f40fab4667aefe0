import { foreignKind } from '../../io/no-text.js'
import { raise } from '../errors.js'

/** What a file of text is. */
export type Kind = 'text' | 'markdown' | 'html' | 'jsonl' | 'json' | 'table' | 'parquet'

const BY_NAME: Readonly<Record<string, Kind>> = {
  md: 'markdown',
  markdown: 'markdown',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
  csv: 'table',
  tsv: 'table',
  parquet: 'parquet',
}

/** @throws audit/not-text for a file that is known to hold no plain text */
export function refuseForeign(head: Uint8Array, path: string): void {
  const kind = foreignKind(head)
  if (kind !== undefined) throw raise('not-text', `the file is ${kind}`, { path })
}

/** By the last part of its name, those of archives left out; by its beginning where that says nothing. */
export function kindOf(path: string, head: Uint8Array): Kind {
  if (Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1') return 'parquet'
  const [, extension = ''] = /\.([^./\\]+)(?:\.(?:gz|zst))?$/i.exec(path) ?? []
  const named = BY_NAME[extension.toLowerCase()]
  if (named !== undefined && named !== 'parquet') return named
  const text = new TextDecoder().decode(head).replace(/^\ufeff/, '')
  if (/^\s*(?:<!doctype html|<html[\s>])/i.test(text)) return 'html'
  return beginsWithRecords(text) ? 'jsonl' : 'text'
}

const LEAST_RECORDS = 2

/** Two lines and more that are JSON objects, from the first on. */
function beginsWithRecords(text: string): boolean {
  const lines = text.split('\n').slice(0, -1)
  const first = lines.slice(0, LEAST_RECORDS)
  return first.length === LEAST_RECORDS && first.every(isObject)
}

function isObject(line: string): boolean {
  if (!line.startsWith('{')) return false
  try {
    return typeof JSON.parse(line) === 'object'
  } catch {
    return false
  }
}
