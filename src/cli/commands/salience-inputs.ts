import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { expandFiles } from '../../audit/index.js'
import { matching } from '../../ingest/index.js'

const TABLE = /\.(?:csv|tsv|parquet|jsonl?|ndjson)(?:\.gz|\.zst)?$/i

/** Files, globs and folders of tables as files; what matches nothing is kept, for its reader to refuse by name. */
export function expandTables(given: readonly string[]): string[] {
  return matching(given).flatMap((path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
      ? expandFiles([path]).filter((file) => TABLE.test(file))
      : [path],
  )
}

/** What `--apply` is held against: tables of losses, and models that are still to be scored. */
export function sortInputs(given: readonly string[]): { tables: string[]; models: string[] } {
  const tables: string[] = []
  const models: string[] = []
  for (const path of given) {
    const files = expandTables([path]).filter((file) => TABLE.test(file))
    if (files.length > 0) tables.push(...files)
    else models.push(path)
  }
  return { tables, models }
}

/** A run and the checkpoint of it that a name tells: `run@9`, `run-step9.gguf`. */
export function runOf(name: string): { run: string; checkpoint: string } {
  const plain = basename(name).replace(/\.gguf$/i, '')
  const at = name.lastIndexOf('@')
  if (at > 0) return { run: name.slice(0, at), checkpoint: name.slice(at + 1) }
  const found = /^(.+?)[-_.](?:step|checkpoint|ckpt|iter)[-_]?(\d+)$/i.exec(plain)
  return found === null ? { run: plain, checkpoint: '' } : { run: found[1], checkpoint: found[2] }
}
