import { existsSync } from 'node:fs'
import { matching, type SubjectSource } from '../../ingest/index.js'

const SUFFIX = /\.(?:jsonl|json|csv|tsv|parquet|eval)(?:\.gz|\.zst)?$/i

/** What is left of paths without the folders, and the endings, that all of them share. */
function ownParts(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(/[/\\]/).filter((part) => part !== '' && part !== '.'))
  const shortest = Math.min(...parts.map((own) => own.length))
  const count = (partOf: (own: readonly string[], k: number) => string | undefined, most: number): number => {
    let k = 0
    while (k < most && parts.every((own) => partOf(own, k) === partOf(parts[0], k))) k++
    return k
  }
  if (paths.length < 2) return parts.map((own) => own.at(-1) ?? '')
  const before = count((own, k) => own[k], shortest - 1)
  const after = count((own, k) => own[own.length - 1 - k], shortest - 1 - before)
  return parts.map((own) => own.slice(before, own.length - after).join('/'))
}

/**
 * Results as they were named: `NAME=PATH` by that name, others by what tells their paths apart.
 */
export function sourcesOf(args: readonly string[]): SubjectSource[] {
  const given = matching(args).map((arg) => {
    const at = arg.indexOf('=')
    return at < 1 || existsSync(arg) ? { path: arg } : { name: arg.slice(0, at), path: arg.slice(at + 1) }
  })
  const names = ownParts(given.map(({ path }) => path))
  return given.map(({ name, path }, i) => ({ name: name ?? names[i].replace(SUFFIX, ''), path }))
}
