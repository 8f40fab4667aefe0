import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')

/** For each sub-folder of a folder, the other sub-folders that its sources import from; tests aside. */
function importsBetweenRooms(folder: string): Map<string, Set<string>> {
  const roomOf = (path: string): string | undefined => {
    const parts = relative(folder, path).split(sep)
    return parts.length > 1 && parts[0] !== '..' ? parts[0] : undefined
  }
  const imports = new Map<string, Set<string>>()
  for (const path of globSync(`${folder}/**/*.ts`, { cwd: ROOT })) {
    const room = roomOf(path)
    if (room === undefined || path.endsWith('.test.ts')) continue
    const own = imports.get(room) ?? new Set<string>()
    imports.set(room, own)
    for (const [, target] of readFileSync(join(ROOT, path), 'utf8').matchAll(/from '(\.[^']+)'/g)) {
      const other = roomOf(normalize(join(dirname(path), target)))
      if (other !== undefined && other !== room) own.add(other)
    }
  }
  return imports
}

/** Rooms that lead back to themselves. */
function circles(imports: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const reaches = (from: string, seen = new Set<string>()): Set<string> => {
    for (const next of imports.get(from) ?? [])
      if (!seen.has(next)) {
        seen.add(next)
        reaches(next, seen)
      }
    return seen
  }
  return [...imports.keys()].filter((room) => reaches(room).has(room))
}

/** Names in the first column of the table that follows a text of ARCHITECTURE.md. */
function roomsAfter(text: string): string[] {
  const [, after] = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').split(text)
  const [table] = after.slice(after.indexOf('\n| ')).split('\n\n')
  return [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  )
}

/** Names of the folders in a folder, and of the files that are no index and no test. */
function contentsOf(folder: string): { folders: string[]; files: string[] } {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true })
  return {
    folders: entries.filter((e) => e.isDirectory()).map((e) => e.name),
    files: entries
      .filter((e) => /\.ts$/.test(e.name) && !/^index\.ts$|\.test\.ts$/.test(e.name))
      .map((e) => e.name.replace('.ts', '')),
  }
}

describe('ARCHITECTURE.md has a row for', () => {
  it('every room of src', () => {
    const rooms = contentsOf('src').folders.map((name) => `src/${name}`)
    expect(roomsAfter('walls between rooms').toSorted()).toEqual(rooms.toSorted())
  })

  it('every room of src/core, and every file that stands there directly', () => {
    const { folders, files } = contentsOf('src/core')
    expect(roomsAfter('Inside `src/core`, whose').toSorted()).toEqual([...folders, ...files].toSorted())
  })

  it('every room of src/core/curve', () => {
    const { folders } = contentsOf('src/core/curve')
    expect(roomsAfter('Inside `src/core/curve`').toSorted()).toEqual(folders.toSorted())
  })
})

describe('rooms import one way', () => {
  it.each(['src/core', 'src/core/retention'])('in %s', (folder) => {
    const imports = importsBetweenRooms(folder)
    expect(imports.size).toBeGreaterThan(4)
    expect(circles(imports)).toEqual([])
  })

  it('which a circle of three would not', () => {
    const ring = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c'])],
      ['c', new Set(['a'])],
      ['d', new Set(['a'])],
    ])
    expect(circles(ring)).toEqual(['a', 'b', 'c'])
  })
})
