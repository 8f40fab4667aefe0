import {
  type AskedItem,
  type GainEvidence,
  type GainNote,
  type GainSettings,
  groupBy,
  knownChance,
  type Outcome,
  type Split,
} from '../../core/index.js'
import { notLookedUp } from '../clean-items.js'
import { FieldReader } from '../records/fields.js'
import { readRecords } from '../records/read-records.js'
import { type ArmRow, type ArmsOptions, readArm, refuseSameFiles, refuseSwappedNames } from './arm-rows.js'
import { raiseItems } from './errors.js'
import { SAMPLES_FORMAT } from './formats/lm-eval-samples/index.js'
import { type Offence, refuse } from './offences.js'
import { pairRows } from './pair-rows.js'
import { requireWished } from './scores.js'

/** How two arms are read, and what is known of their items beside the results. */
export interface PairOptions extends ArmsOptions {
  /** Test sets out of distribution. */
  readonly ood?: readonly string[]
  /** A table of items looked up in the pre-training corpus: item_id, clean, and task where there are several test sets. */
  readonly contamination?: string
  readonly settings: Omit<GainSettings, 'chance'> & { readonly chance?: number }
}

/** Which test sets are out of distribution: those named, else those whose names say so. */
function splitsOf(names: readonly string[], ood: readonly string[] | undefined): (name: string) => Split {
  const missing = ood?.find((name) => !names.includes(name))
  if (missing !== undefined)
    throw raiseItems('unknown-split', `found "${missing}", expected one of ${names.join(', ')}`, {
      field: '--ood',
    })
  const isOod = (name: string): boolean => ood?.includes(name) ?? /^(?:ood|out|shift)/i.test(name)
  if (ood === undefined && names.length > 1 && !names.some(isOod))
    throw raiseItems('unknown-split', `found ${names.join(', ')}`, { field: '--ood' })
  if (names.every(isOod))
    throw raiseItems('unknown-split', `all of ${names.join(', ')} are out of distribution`, {
      field: '--ood',
    })
  return (name) => (isOod(name) ? 'ood' : 'id')
}

/** Accuracies of guessing: as given, as the rows tell, or as known of the test sets in distribution; one, where all agree. */
function chancesOf(rows: readonly ArmRow[], given: number | undefined): (number | null)[] {
  return given === undefined ? [...new Set(rows.map((row) => row.chance ?? knownChance(row.split)))] : [given]
}

/** Whether an item of a test set stands in the pre-training corpus, where it was looked up. */
type Contamination = (split: string, item: string) => boolean | null | undefined

/**
 * What a table tells of the arms' items: a row with a task is about that test set alone; without, its item_id is
 * `<test set>/<id>`, or an id that one test set alone has.
 *
 * @throws items/ambiguous-item, items/not-looked-up naming the rows
 */
async function readContamination(
  path: string,
  answered: readonly { readonly split: string; readonly item: string }[],
): Promise<Contamination> {
  const records = await readRecords(path)
  const fields = new FieldReader(records, {})
  fields.require('item_id', 'clean')
  const keyOf = (split: string, item: string): string => `${split}/${item}`
  const keys = new Set(answered.map(({ split, item }) => keyOf(split, item)))
  const splits = groupBy(answered, ({ item }) => item)
  const found = new Map<string, { readonly line: number; readonly isContaminated: boolean | null }>()
  const offences: Offence[] = []
  const rows: AskedItem[] = []
  for (const row of records.rows) {
    const id = fields.text(row, 'item_id')
    const task = fields.textOr(row, 'task', '').trim()
    rows.push([task, id])
    // An empty cell is an item too short to decide.
    const isContaminated = fields.textOr(row, 'clean', '') === '' ? null : !fields.flag(row, 'clean')
    const place = { path, line: row.line, field: 'item_id' }
    const bare = [...new Set(splits.get(id)?.map(({ split }) => split))]
    const own =
      task !== '' ? keyOf(task, id) : keys.has(id) ? id : bare.length > 0 ? keyOf(bare[0], id) : null
    if (task === '' && own !== id && bare.length > 1)
      offences.push({ place, message: `item ${id} stands in ${bare.join(' and ')}, and no task is named` })
    if (own === null || !keys.has(own)) continue
    const before = found.get(own)
    if (before !== undefined && before.isContaminated !== isContaminated)
      offences.push({ place, message: `item ${id} is told otherwise at line ${before.line}` })
    found.set(own, { line: row.line, isContaminated })
  }
  fields.finish()
  refuse('ambiguous-item', offences)
  if (found.size === 0)
    throw notLookedUp(
      path,
      rows,
      answered.map(({ split, item }) => [split, item]),
    )
  return (split, item) => found.get(keyOf(split, item))?.isContaminated
}

function assumptions(
  assumed: ReadonlySet<'seed' | 'split'>,
  chances: readonly (number | null)[],
): GainNote[] {
  const known = chances.map((c) => c ?? 'none').join(', ')
  const told = {
    seed: 'no seed is told: all results of an arm count as one trained model at each size',
    split: 'no test set is told: all items count as in distribution',
  }
  return [
    ...[...assumed].map((what): GainNote => ({ code: 'assumed', text: told[what] })),
    ...(chances.length === 1 && chances[0] !== null
      ? []
      : [
          {
            code: 'assumed' as const,
            text: `${chances.length > 1 ? `the rows tell several accuracies of guessing (${known})` : 'the accuracy of guessing is not known'}: scores above guessing are not given without --chance`,
          },
        ]),
  ]
}

/**
 * Read the results of two arms and pair them item by item.
 *
 * @throws {AssayError} items/…, table/… naming the rows
 */
export async function readArms(
  pretrained: readonly string[],
  scratch: readonly string[],
  options: PairOptions,
): Promise<GainEvidence> {
  refuseSwappedNames(pretrained, scratch)
  const arms = {
    pretrained: await readArm('pretrained', pretrained, options),
    scratch: await readArm('scratch', scratch, options),
  }
  refuseSameFiles(arms.pretrained, arms.scratch)
  const both = [arms.pretrained, arms.scratch]
  requireWished(
    options,
    both.flatMap((arm) => arm.rows.map(({ metric }) => metric)),
    both.some(({ formats }) => formats.has(SAMPLES_FORMAT)),
    pretrained[0],
  )
  const { rows, notes } = pairRows(arms.pretrained.rows, arms.scratch.rows)
  const names = [...new Set(rows.map(({ row }) => row.split))]
  const splitOf = splitsOf(names, options.ood)
  const several = names.length > 1
  const answered = rows.map(({ row, item }) => ({ split: row.split, item }))
  const lookUp: Contamination =
    options.contamination === undefined
      ? () => undefined
      : await readContamination(options.contamination, answered)
  const outcomes = rows.map(({ arm, row, item }): Outcome => {
    const told = lookUp(row.split, item)
    const flag = told ?? row.contaminated ?? told
    return {
      arm,
      n: row.n,
      seed: row.seed,
      split: splitOf(row.split),
      test: row.split,
      item: several ? `${row.split}/${item}` : item,
      score: row.score,
      ...(row.cluster === undefined ? {} : { cluster: row.cluster }),
      ...(row.margin === undefined ? {} : { margin: row.margin }),
      ...(flag === undefined ? {} : { contaminated: flag }),
      ...(row.minK === undefined || arm === 'scratch' ? {} : { minK: row.minK }),
    }
  })
  const inDistribution = rows.flatMap(({ row }) => (splitOf(row.split) === 'id' ? [row] : []))
  const chances = chancesOf(inDistribution, options.settings.chance)
  const chance = chances.length === 1 ? chances[0] : null
  const assumed = new Set([...arms.pretrained.assumed, ...arms.scratch.assumed])
  return {
    outcomes,
    notes: [...assumptions(assumed, chances), ...notes],
    settings: { ...options.settings, chance },
  }
}
