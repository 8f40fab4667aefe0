import type { Arm } from '../../core/index.js'
import type { ItemRow, ItemsOptions } from './item-row.js'
import { type Offence, refuse } from './offences.js'
import { offendingScores, type PlacedRow, repeatedItems } from './pairing.js'
import { pathReader, sizeOf } from './path-pattern.js'
import { expandItemPaths, readItems } from './read-items.js'

/** How the rows of two arms are read. */
export interface ArmsOptions extends ItemsOptions {
  /** What paths tell: `n{n}/seed{seed}/{split}`. */
  readonly path?: string
  /** n, seed and split where neither paths nor rows tell them. */
  readonly set?: Readonly<Record<string, string>>
}

/** An item as one trained model of an arm answered it. */
export interface ArmRow extends PlacedRow {
  readonly n: number
  readonly seed: string
  readonly split: string
}

/** What was taken for granted of an arm’s rows, since nothing tells it. */
export interface ArmRows {
  readonly rows: readonly ArmRow[]
  readonly files: readonly string[]
  readonly formats: ReadonlySet<string>
  readonly assumed: ReadonlySet<'seed' | 'split'>
}

/** Stands for the seed of all rows where none is told. */
const NO_SEED = 'not told'

/** The arm that a table names, or undefined for another word. */
function armNamed(name: string): Arm | undefined {
  if (/pre-?_?train/i.test(name)) return 'pretrained'
  return /scratch|random/i.test(name) ? 'scratch' : undefined
}

/** Rows of one arm: of a table that holds both, its own. */
function ownRows(arm: Arm, path: string, rows: readonly ItemRow[]): readonly ItemRow[] {
  const own = rows.filter((row) => row.arm === undefined || (armNamed(row.arm) ?? arm) === arm)
  if (own.length === 0)
    refuse(
      'swapped-arms',
      rows.map((row) => ({
        place: { path, line: row.line, field: 'arm' },
        message: `found "${row.arm}" among the rows of the ${arm} arm`,
      })),
    )
  return own
}

/** Paths without the folders that all of them lie in: on a cluster all may lie below /scratch. */
function withoutCommonFolders(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(/[/\\]/))
  let common = 0
  while (parts.every((own) => common < own.length - 1 && own[common] === parts[0][common])) common++
  return parts.map((own) => own.slice(common).join('/'))
}

/** @throws items/swapped-arms where the names of both arms’ files say the opposite of their places */
export function refuseSwappedNames(pretrained: readonly string[], scratch: readonly string[]): void {
  const names = withoutCommonFolders([...pretrained, ...scratch])
  const named = (own: readonly string[], arm: Arm): boolean =>
    own.length > 0 && own.every((name) => armNamed(name) === arm)
  if (
    named(names.slice(0, pretrained.length), 'scratch') &&
    named(names.slice(pretrained.length), 'pretrained')
  )
    refuse('swapped-arms', [
      { place: { path: pretrained[0] }, message: 'was given as the pre-trained arm' },
      { place: { path: scratch[0] }, message: 'was given as the arm from scratch' },
    ])
}

/** @throws items/swapped-arms where one file, which tells no arms apart, is given as both */
export function refuseSameFiles(pretrained: ArmRows, scratch: ArmRows): void {
  const both = pretrained.files.find(
    (path) =>
      scratch.files.includes(path) &&
      pretrained.rows.some((row) => row.path === path && row.arm === undefined),
  )
  if (both !== undefined)
    refuse('swapped-arms', [
      {
        place: { path: both },
        message: 'is given as both arms, and has no column arm that tells them apart',
      },
    ])
}

/**
 * Every row of one arm with its training-set size, seed and test set: from the path, the row, or what was set for all.
 *
 * @throws items/missing-sizes, items/percent, items/repeated, items/swapped-arms naming the rows
 */
export async function readArm(arm: Arm, paths: readonly string[], options: ArmsOptions): Promise<ArmRows> {
  const { path: pattern, set = {} } = options
  const told = pattern === undefined ? () => ({}) : pathReader(pattern)
  const setSize = set.n === undefined ? undefined : sizeOf(set.n, '--set', 'n')
  const assumed = new Set<'seed' | 'split'>()
  const unsized: Offence[] = []
  const rows: ArmRow[] = []
  const formats = new Set<string>()
  const files = expandItemPaths(paths)
  for (const path of files) {
    const file = await readItems(path, options)
    formats.add(file.format)
    const facts: { n?: number; seed?: string; split?: string } = told(path)
    for (const row of ownRows(arm, path, file.rows)) {
      const n = facts.n ?? row.n ?? setSize
      const seed = facts.seed ?? row.seed ?? set.seed
      const split = facts.split ?? row.split ?? set.split
      if (n === undefined || n < 0)
        unsized.push({
          place: { path, line: row.line, field: options.columns?.n ?? 'n' },
          message: `item ${row.item}: ${n === undefined ? 'no size is told' : `found ${n}`}`,
        })
      if (seed === undefined) assumed.add('seed')
      if (split === undefined) assumed.add('split')
      rows.push({ ...row, path, n: n ?? 0, seed: seed ?? NO_SEED, split: split ?? 'id' })
    }
  }
  refuse('missing-sizes', unsized)
  refuse('percent', offendingScores(rows))
  refuse(
    'repeated',
    repeatedItems(
      rows,
      (row) => `${row.n}\u0000${row.seed}\u0000${row.split}`,
      (row) => `n = ${row.n}, seed ${row.seed}, ${row.split}`,
    ),
  )
  return { rows, files, formats, assumed }
}
