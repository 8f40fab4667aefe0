import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

interface LockedPackage {
  readonly resolved?: string
  readonly hasInstallScript?: boolean
  readonly optionalDependencies?: Record<string, string>
}

const ROOT = join(import.meta.dirname, '..', '..')
const json = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, name), 'utf8'))
const { packages } = json('package-lock.json') as { packages: Record<string, LockedPackage> }
const { allowScripts } = json('package.json') as { allowScripts: Record<string, boolean> }
const PREFIX = 'node_modules/'
const nameOf = (path: string): string => path.slice(path.lastIndexOf(PREFIX) + PREFIX.length)

describe('the lock file', () => {
  const locked = Object.entries(packages)

  it('names no registry', () => {
    expect(locked.filter(([, entry]) => entry.resolved !== undefined)).toEqual([])
  })

  it('lists the optional packages of every platform, as npm ci demands', () => {
    const known = new Set(locked.map(([path]) => nameOf(path)))
    const absent = locked.flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => !known.has(name))
        .map((name) => `${nameOf(path)} → ${name}`),
    )
    expect(absent).toEqual([])
  })

  it('holds no package with an install script on which nobody has decided', () => {
    const scripted = locked.filter(([, entry]) => entry.hasInstallScript).map(([path]) => nameOf(path))
    expect(Object.keys(allowScripts).toSorted()).toEqual(scripted.toSorted())
  })
})
