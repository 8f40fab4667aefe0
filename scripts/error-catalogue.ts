/** Every error that Assay can raise, from the rooms' catalogues: docs/errors.md is made of it. */
import { globSync } from 'tinyglobby'
import { type ErrorEntry, type ErrorKind, fixOf } from '../src/core/index.js'

interface Catalogue {
  readonly room: string
  readonly catalogue: Readonly<Record<string, ErrorEntry>>
}

const ROOT = new URL('..', import.meta.url)
const EXIT: Readonly<Record<ErrorKind, string>> = { input: '3', engine: '4', interrupted: '130' }

/** Catalogues by the name of their room; two files may share one. */
async function readCatalogues(): Promise<Map<string, [string, ErrorEntry][]>> {
  const rooms = new Map<string, [string, ErrorEntry][]>()
  for (const path of globSync('src/**/errors.ts', {
    cwd: ROOT.pathname,
    ignore: ['src/core/errors.ts'],
  }).sort()) {
    const module = (await import(new URL(path, ROOT).href)) as Record<string, Partial<Catalogue>>
    for (const { room, catalogue } of Object.values(module))
      if (room !== undefined && catalogue !== undefined)
        rooms.set(room, [...(rooms.get(room) ?? []), ...Object.entries(catalogue)])
  }
  return rooms
}

/** The page; @throws {Error} when two errors have one code. */
export async function errorPage(): Promise<string> {
  const rooms = [...(await readCatalogues())].sort(([a], [b]) => a.localeCompare(b))
  const sections = rooms.map(([room, entries]) => {
    const names = entries.map(([name]) => name)
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    if (twice !== undefined) throw new Error(`two errors are called ${room}/${twice}`)
    const rows = entries
      .sort(([a], [b]) => a.localeCompare(b))
      .map(
        ([name, entry]) =>
          `| \`${room}/${name}\` | ${EXIT[entry.kind]} | ${entry.title} | ${fixOf(entry, true)} |`,
      )
    return [
      `## ${room}`,
      '',
      '| code | exit | what happened | what to do |',
      '|---|---|---|---|',
      ...rows,
      '',
    ].join('\n')
  })
  return [
    '# Errors',
    '',
    'Written by `npx tsx scripts/publish-errors.ts` from the catalogues in the code. Codes are permanent. An error says on the',
    'screen its code, what happened, where (file, line, field) and what to do; with `--json` the same stands under `error`.',
    'Exit codes: 3 input, 4 an engine or a probe, 130 interrupted (what was gathered is kept, `--resume` goes on from there).',
    '',
    ...sections,
  ].join('\n')
}
