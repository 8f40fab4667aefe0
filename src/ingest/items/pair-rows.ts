import { ARMS, type Arm, counted, type GainNote, groupBy } from '../../core/index.js'
import type { ArmRow } from './arm-rows.js'
import { raiseItems } from './errors.js'
import { refuse } from './offences.js'
import { keyed, otherPrompts } from './pairing.js'

/** A row with its arm and the name of its item, one name for both arms. */
interface PairedRow {
  readonly arm: Arm
  readonly row: ArmRow
  readonly item: string
}

type Rows = Readonly<Record<Arm, readonly ArmRow[]>>
const ARM_NAMES: Readonly<Record<Arm, string>> = {
  pretrained: 'pre-trained arm',
  scratch: 'arm from scratch',
}

const other = (arm: Arm): Arm => (arm === 'pretrained' ? 'scratch' : 'pretrained')
const listOf = (values: Iterable<number | string>): string => [...values].join(', ')

/** Both arms, with the rows for which `keep` says no in a note, if there are any. */
function keepOnly(
  rows: Rows,
  keep: (row: ArmRow, arm: Arm) => boolean,
  note: (arm: Arm, left: ArmRow[]) => void,
): Rows {
  const kept = ARMS.map((arm) => {
    const left = rows[arm].filter((row) => !keep(row, arm))
    if (left.length === 0) return rows[arm]
    note(arm, left)
    const out = new Set(left)
    return rows[arm].filter((row) => !out.has(row))
  })
  return { pretrained: kept[0], scratch: kept[1] }
}

function distinct<T>(rows: readonly ArmRow[], of: (row: ArmRow) => T): Set<T> {
  return new Set(rows.map(of))
}

function commonSizes(rows: Rows, notes: GainNote[]): Rows {
  const sizes = {
    pretrained: distinct(rows.pretrained, (r) => r.n),
    scratch: distinct(rows.scratch, (r) => r.n),
  }
  const common = [...sizes.pretrained].filter((n) => n > 0 && sizes.scratch.has(n))
  if (common.length === 0) {
    const first = ARMS.flatMap((arm) => rows[arm].slice(0, 1).map((row) => ({ arm, row })))
    refuse(
      'no-common-size',
      first.map(({ arm, row }) => ({
        place: { path: row.path, line: row.line },
        message: `the ${ARM_NAMES[arm]} has n = ${listOf(sizes[arm])}`,
      })),
    )
  }
  return keepOnly(
    rows,
    (row, arm) => sizes[other(arm)].has(row.n),
    (arm, left) =>
      notes.push({
        code: 'unpaired-sizes',
        text: `the ${ARM_NAMES[arm]} alone was tested at n = ${listOf(distinct(left, (r) => r.n))} (first at ${left[0].path}:${left[0].line}): ${counted(left.length, 'row is', 'rows are')} left out`,
      }),
  )
}

/**
 * Seeds that both arms share are pairs, since the seed draws the training data of both. Where one arm has more of them, its
 * others are left out; where they share none or one, they are drawn apart.
 */
function commonSeeds(rows: Rows, notes: GainNote[]): { rows: Rows; paired: boolean } {
  const seeds = {
    pretrained: distinct(rows.pretrained, (r) => r.seed),
    scratch: distinct(rows.scratch, (r) => r.seed),
  }
  const shared = new Set([...seeds.pretrained].filter((seed) => seeds.scratch.has(seed)))
  const fewest = Math.min(seeds.pretrained.size, seeds.scratch.size)
  if (fewest === 1)
    notes.push({
      code: 'one-seed',
      text: `${ARMS.filter((arm) => seeds[arm].size === 1)
        .map((arm) => `the ${ARM_NAMES[arm]} has one seed (${rows[arm][0].path}:${rows[arm][0].line})`)
        .join(', ')}: intervals are about other items, not about other training runs`,
    })
  if (seeds.pretrained.size === shared.size && seeds.scratch.size === shared.size)
    return { rows, paired: true }
  if (shared.size < 2 || shared.size < fewest) {
    notes.push({
      code: 'unpaired-seeds',
      text: `the arms do not share their seeds (${listOf(seeds.pretrained)} and ${listOf(seeds.scratch)}): what a seed does to both does not cancel out`,
    })
    return { rows, paired: false }
  }
  const kept = keepOnly(
    rows,
    (row) => shared.has(row.seed),
    (arm, left) =>
      notes.push({
        code: 'unpaired-seeds',
        text: `the ${ARM_NAMES[arm]} alone has the seeds ${listOf(distinct(left, (r) => r.seed))} (first at ${left[0].path}:${left[0].line}): ${counted(left.length, 'row is', 'rows are')} left out`,
      }),
  )
  return { rows: kept, paired: true }
}

function commonItems(rows: Rows, paired: boolean, notes: GainNote[]): Rows {
  const cellOf = (row: ArmRow): string => `${row.n}\u0000${paired ? row.seed : ''}\u0000${row.split}`
  const answered = (arm: Arm): Set<string> => distinct(rows[arm], (row) => `${cellOf(row)}\u0000${row.key}`)
  const has = { pretrained: answered('pretrained'), scratch: answered('scratch') }
  const isPaired = (row: ArmRow, arm: Arm): boolean => has[other(arm)].has(`${cellOf(row)}\u0000${row.key}`)
  if (!rows.pretrained.some((row) => isPaired(row, 'pretrained')))
    refuse(
      'other-items',
      ARMS.flatMap((arm) =>
        rows[arm].slice(0, 5).map((row) => ({
          place: { path: row.path, line: row.line },
          message: `the ${ARM_NAMES[arm]} answered ${row.item} (n = ${row.n}, seed ${row.seed}, ${row.split})`,
        })),
      ),
    )
  refuse('other-prompts', otherPrompts(rows.pretrained, rows.scratch, cellOf))
  return keepOnly(rows, isPaired, (arm, left) => {
    for (const [split, own] of groupBy(left, (row) => row.split))
      notes.push({
        code: 'unpaired-items',
        text: `${counted(distinct(own, (row) => row.key).size, 'item')} of ${split} ${distinct(own, (row) => row.key).size === 1 ? 'was' : 'were'} answered by the ${ARM_NAMES[arm]} alone at one size or seed or more (first: ${own[0].item} at ${own[0].path}:${own[0].line}): ${own.length} of its ${counted(rows[arm].length, 'row')} ${own.length === 1 ? 'is' : 'are'} left out`,
      })
  })
}

/** One name an item: as the pre-trained arm calls it, with a number where two items have one name. */
function itemNames(rows: readonly ArmRow[]): (row: ArmRow) => string {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const row of rows) {
    const key = `${row.split}\u0000${row.key}`
    if (names.has(key)) continue
    let name = row.item
    for (let k = 2; taken.has(`${row.split}\u0000${name}`); k++) name = `${row.item}#${k}`
    taken.add(`${row.split}\u0000${name}`)
    names.set(key, name)
  }
  return (row) => names.get(`${row.split}\u0000${row.key}`) ?? row.item
}

/**
 * Pair the rows of two arms: the same sizes, seeds where they are shared, and items. What has no pair is left out and said.
 *
 * @throws items/no-common-size, items/other-items, items/other-prompts naming the rows
 */
export function pairRows(
  pretrained: readonly ArmRow[],
  scratch: readonly ArmRow[],
): { readonly rows: readonly PairedRow[]; readonly notes: readonly GainNote[] } {
  for (const rows of [pretrained, scratch])
    if (rows.length === 0) throw raiseItems('other-items', 'an arm has no rows')
  const notes: GainNote[] = []
  const cellOf = (row: ArmRow): string => `${row.n}\u0000${row.seed}\u0000${row.split}`
  const sized = commonSizes({ pretrained: keyed(pretrained, cellOf), scratch: keyed(scratch, cellOf) }, notes)
  const { rows: seeded, paired } = commonSeeds(sized, notes)
  const both = commonItems(seeded, paired, notes)
  const nameOf = itemNames(both.pretrained)
  return {
    rows: ARMS.flatMap((arm) => both[arm].map((row) => ({ arm, row, item: nameOf(row) }))),
    notes,
  }
}
