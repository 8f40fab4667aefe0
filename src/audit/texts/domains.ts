import { existsSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { globSync } from 'tinyglobby'
import { rooted } from '../../io/rooted.js'
import { raise } from '../errors.js'
import { readBytes } from '../store/files.js'
import { PACKAGE_ROOT } from './package-root.js'

/** The files that stand for one domain of text. */
export interface DomainSource {
  readonly domain: string
  readonly files: readonly string[]
  readonly source: string
  readonly licence: string
}

/** One language of the parallel text: line i of every file says the same. */
export interface ParallelSource {
  readonly language: string
  readonly code: string
  readonly file: string
}

interface TextsManifest {
  readonly domains: readonly {
    domain: string
    files: readonly { path: string; source: string; licence: string }[]
  }[]
  readonly parallel: readonly { language: string; code: string; path: string }[]
}

const unique = (values: readonly string[]): string => [...new Set(values)].join('; ')

/** The held-out texts that ship with Assay, each with its licence (texts/README.md). */
export function defaultTexts(): { domains: DomainSource[]; parallel: ParallelSource[] } {
  const folder = join(PACKAGE_ROOT, 'texts')
  const manifest = JSON.parse(readBytes(join(folder, 'manifest.json')).toString('utf8')) as TextsManifest
  return {
    domains: manifest.domains.map(({ domain, files }) => ({
      domain,
      files: files.map((f) => join(folder, f.path)),
      source: unique(files.map((f) => f.source)),
      licence: unique(files.map((f) => f.licence)),
    })),
    parallel: manifest.parallel.map(({ language, code, path }) => ({
      language,
      code,
      file: join(folder, path),
    })),
  }
}

/** Expand globs (and plain paths, also those with glob characters in their names) to files in a stable order. */
export function expandFiles(patterns: readonly string[]): string[] {
  const files = patterns.flatMap((pattern) => {
    if (existsSync(pattern) && statSync(pattern).isFile()) return [resolve(pattern)]
    const { pattern: inner, cwd } = rooted(pattern)
    return globSync(inner, { cwd, absolute: true, onlyFiles: true, expandDirectories: true })
  })
  return [...new Set(files)].sort()
}

/**
 * What `--domain` was given: `name=glob` opens a domain; a bare path joins the one before it (the shell expands
 * an unquoted glob into many words) or opens one named after its folder.
 */
export function parseDomains(values: readonly string[]): DomainSource[] {
  const patterns = new Map<string, string[]>()
  let current: string | undefined
  for (const value of values) {
    const at = value.indexOf('=')
    const named = at > 0 && !existsSync(value)
    if (named) current = value.slice(0, at)
    else current ??= basename(dirname(resolve(value))) || 'domain'
    const list = patterns.get(current) ?? []
    list.push(named ? value.slice(at + 1) : value)
    patterns.set(current, list)
  }
  return [...patterns].map(([domain, globs]) => domainFromGlobs(domain, globs))
}

/** A user's domain; every pattern must match, so that a typing error does not shrink the audit in silence. */
export function domainFromGlobs(domain: string, globs: readonly string[]): DomainSource {
  for (const glob of globs)
    if (expandFiles([glob]).length === 0)
      throw raise('no-text', `no file matches "${glob}" (domain ${domain})`, {
        path: glob,
        field: `domains.${domain}`,
      })
  return { domain, files: expandFiles(globs), source: globs.join('; '), licence: "the user's own" }
}

/** A path inside the package or the folder where the command ran, relative to it; any other path as it is. */
export function placeOf(path: string): string {
  if (!isAbsolute(path)) return path
  const near = [PACKAGE_ROOT, process.cwd()].map((root) => relative(root, path))
  return near.find((found) => found !== '' && !found.startsWith('..') && !isAbsolute(found)) ?? path
}

/** The name under which a file's passages are recorded: relative to the package or where the command ran, else its last part. */
export function documentName(path: string): string {
  const place = placeOf(resolve(path))
  return isAbsolute(place) ? basename(place) : place
}
