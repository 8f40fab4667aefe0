import {
  type GainEvidence,
  type GainNote,
  type GainSettings,
  knownChance,
  type Outcome,
  type Split,
} from '../../core/index.js'
import { FieldReader } from '../records/fields.js'
import { readRecords } from '../records/read-records.js'
import { type ArmRow, type ArmsOptions, readArm, refuseSwappedNames } from './arm-rows.js'
import { raiseItems } from './errors.js'
import { pairRows } from './pair-rows.js'

/** How two arms are read, and what is known of their items beside the results. */
export interface PairOptions extends ArmsOptions {
  /** Test sets out of distribution. */
  readonly ood?: readonly string[]
  /** A table of `assay corpus contamination`. */
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

/** Accuracy of guessing: as given, as the rows tell, or as it is known of the test sets in distribution. */
function chanceOf(rows: readonly ArmRow[], given: number | undefined): number | null {
  if (given !== undefined) return given
  const told = new Set(rows.map((row) => row.chance ?? knownChance(row.split)))
  const [only] = told
  return told.size === 1 ? only : null
}

/** Whether items stand in the pre-training corpus, by their id or `<test set>/<id>`. */
async function readContamination(path: string): Promise<ReadonlyMap<string, boolean>> {
  const records = await readRecords(path)
  const fields = new FieldReader(records, {})
  fields.require('item_id', 'clean')
  const flags = new Map(records.rows.map((row) => [fields.text(row, 'item_id'), !fields.flag(row, 'clean')]))
  fields.finish()
  return flags
}

function assumptions(assumed: ReadonlySet<'seed' | 'split'>, chance: number | null): GainNote[] {
  const told = {
    seed: 'no seed is told: all results of an arm count as one trained model at each size',
    split: 'no test set is told: all items count as in distribution',
  }
  return [
    ...[...assumed].map((what): GainNote => ({ code: 'assumed', text: told[what] })),
    ...(chance === null
      ? [
          {
            code: 'assumed' as const,
            text: 'the accuracy of guessing is not known (--chance): shares above it are not given',
          },
        ]
      : []),
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
  const { rows, notes } = pairRows(arms.pretrained.rows, arms.scratch.rows)
  const names = [...new Set(rows.map(({ row }) => row.split))]
  const splitOf = splitsOf(names, options.ood)
  const several = names.length > 1
  const flags =
    options.contamination === undefined ? undefined : await readContamination(options.contamination)
  let looked = 0
  const outcomes = rows.map(({ arm, row, item }): Outcome => {
    const flag = flags?.get(item) ?? flags?.get(`${row.split}/${item}`) ?? row.contaminated
    if (flag !== undefined) looked++
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
  if (flags !== undefined && looked === 0)
    throw raiseItems('other-items', `none of its ${flags.size} items was answered by the arms`, {
      path: options.contamination ?? '',
      field: 'item_id',
    })
  const inDistribution = rows.flatMap(({ row }) => (splitOf(row.split) === 'id' ? [row] : []))
  const chance = chanceOf(inDistribution, options.settings.chance)
  const assumed = new Set([...arms.pretrained.assumed, ...arms.scratch.assumed])
  return {
    outcomes,
    notes: [...assumptions(assumed, chance), ...notes],
    settings: { ...options.settings, chance },
  }
}
