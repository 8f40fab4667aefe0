import type { Fact } from '../../core/index.js'
import { planCorpus } from '../readers/plan.js'
import { pathOfKey, type Unit, unitKey } from '../readers/unit.js'
import { hashOf } from './hash.js'
import type { Part, ShardNote } from './part.js'
import { type CountSettings, differingOptions, jobFingerprint } from './settings.js'

/** What a call is to count. Parts are its own where job and plan are the same. */
export interface PlannedCount {
  readonly job: string
  readonly settings: CountSettings
  /** Hash over the keys of all units. */
  readonly plan: string
  /** Keys of all units. */
  readonly units: ReadonlySet<string>
  readonly files: number
  /** What the reader should know of the inputs. */
  readonly notes: readonly string[]
}

/** Hash over the keys of all units of a corpus: equal where its files, their versions and cuts are. */
export function planHash(units: readonly Unit[]): string {
  return hashOf(units.map(unitKey))
}

/** Look at the corpus without counting it. @throws {AssayError} as planCorpus does */
export async function planCount(
  facts: readonly Fact[],
  inputs: readonly string[],
  settings: CountSettings,
  strict: boolean,
): Promise<PlannedCount> {
  const { units, files, notes } = await planCorpus(inputs, settings, strict)
  return {
    job: jobFingerprint(facts, settings),
    settings,
    plan: planHash(units),
    units: new Set(units.map(unitKey)),
    files,
    notes,
  }
}

/** Why a shard's part is not of this count, in words; undefined where it is. */
export function differenceFrom(planned: PlannedCount, part: Part, note: ShardNote): string | undefined {
  if (part.job !== planned.job) {
    const { there, here } = differingOptions(note.settings, planned.settings)
    return there === ''
      ? 'it was counted with other facts'
      : `it was counted with ${there}, this call has ${here}`
  }
  if (note.plan === planned.plan) return undefined
  const stray = part.units.find((unit) => !planned.units.has(unit))
  const path = stray === undefined ? undefined : pathOfKey(stray)
  if (path !== undefined) {
    const stays = [...planned.units].some((unit) => pathOfKey(unit) === path)
    return `${path} ${stays ? 'has changed since it was counted' : 'is no longer part of the corpus'}`
  }
  return note.files === planned.files
    ? 'the corpus had other files, or changed ones, when it was counted'
    : `the corpus had ${files(note.files)} when it was counted and has ${files(planned.files)} now`
}

function files(n: number): string {
  return n === 1 ? '1 file' : `${n} files`
}
