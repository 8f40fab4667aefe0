import { type Plan, planCorpus } from '../readers/plan.js'
import { pathOfKey, type Unit, unitKey } from '../readers/unit.js'
import type { Gathered, PartForm, PartJob } from './gathering.js'
import { hashOf } from './hash.js'
import type { Part, ShardNote } from './part.js'
import { type CorpusSettings, differingOptions } from './settings.js'

/** What a call is to read. Parts are its own where job and plan are the same. */
export interface PlannedPass<S> {
  readonly job: string
  readonly settings: S
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

/** What a job is to read of a corpus that was looked at. */
export function plannedOf<G extends Gathered, S>(
  { job, settings }: PartJob<G, S>,
  { units, files, notes }: Plan,
): PlannedPass<S> {
  return { job, settings, plan: planHash(units), units: new Set(units.map(unitKey)), files, notes }
}

/** Look at the corpus without reading it. @throws {AssayError} as planCorpus does */
export async function planPass<G extends Gathered, S extends CorpusSettings>(
  job: PartJob<G, S>,
  inputs: readonly string[],
  strict: boolean,
): Promise<PlannedPass<S>> {
  return plannedOf(job, await planCorpus(inputs, job.settings, strict))
}

/** Why a shard's part is not of this pass, in words; undefined where it is. */
export function differenceFrom<G extends Gathered, S>(
  planned: PlannedPass<S>,
  part: Part<G, S>,
  note: ShardNote<S>,
  { toOptions, beside }: PartForm<G, S>,
): string | undefined {
  if (part.job !== planned.job) {
    const { there, here } = differingOptions(toOptions(note.settings), toOptions(planned.settings))
    return there === ''
      ? `it was made with other ${beside}`
      : `it was made with ${there}, this call has ${here}`
  }
  if (note.plan === planned.plan) return undefined
  const stray = part.units.find((unit) => !planned.units.has(unit))
  const path = stray === undefined ? undefined : pathOfKey(stray)
  if (path !== undefined) {
    const stays = [...planned.units].some((unit) => pathOfKey(unit) === path)
    return `${path} ${stays ? 'has changed since' : 'is no longer part of the corpus'}`
  }
  return note.files === planned.files
    ? 'the corpus had other files, or changed ones, when it was made'
    : `the corpus had ${files(note.files)} then and has ${files(planned.files)} now`
}

function files(n: number): string {
  return n === 1 ? '1 file' : `${n} files`
}
