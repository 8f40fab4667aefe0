import { quantity } from '../evaluations/row.js'
import { raiseItems } from './errors.js'

/** What a path tells of the rows in it. */
export interface PathFacts {
  readonly n?: number
  readonly seed?: string
  readonly split?: string
}

const FIELDS = ['n', 'seed', 'split'] as const

/** A training-set size as people write it (`1000`, `4k`), or `items/missing-sizes`. */
export function sizeOf(text: string, path: string, field: string): number {
  const n = quantity(text)
  if (!(n >= 0))
    throw raiseItems('missing-sizes', `found "${text}", expected a number of 0 or more`, { path, field })
  return n
}

/**
 * A reader of what paths tell, by a pattern such as `n{n}/seed{seed}/{split}`: it stands for whole folders, or a file’s name
 * without its ending.
 *
 * @throws items/path-mismatch where a path does not fit
 */
export function pathReader(pattern: string): (path: string) => PathFacts {
  const unknown = [...pattern.matchAll(/\{([^}]*)\}/g)].find(([, name]) => !FIELDS.some((f) => f === name))
  if (unknown !== undefined)
    throw raiseItems('path-mismatch', `found {${unknown[1]}}, expected {n}, {seed} or {split}`, {
      path: pattern,
    })
  const source = pattern
    .replace(/^\/+|\/+$/g, '')
    .split(/(\{[a-z]+\})/)
    .map((part) =>
      /^\{.+\}$/.test(part)
        ? `(?<${part.slice(1, -1)}>[^/]+?)`
        : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('')
  const shape = new RegExp(`(?:^|/)${source}(?=/|(?:\\.[a-z]+)+$|$)`)
  return (path) => {
    const found = shape.exec(path.replaceAll('\\', '/'))
    if (found === null) throw raiseItems('path-mismatch', `expected ${pattern}`, { path })
    const { n, seed, split } = found.groups ?? {}
    return {
      ...(n === undefined ? {} : { n: sizeOf(n, path, 'n') }),
      ...(seed === undefined ? {} : { seed }),
      ...(split === undefined ? {} : { split }),
    }
  }
}
