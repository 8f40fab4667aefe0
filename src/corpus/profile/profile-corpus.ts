import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { threadModule } from '../../io/thread-module.js'
import { makeFolder } from '../job/files.js'
import type { Gathering, PartJob } from '../job/gathering.js'
import { hashOf } from '../job/hash.js'
import { type PassHooks, type PassOptions, passCorpus, type Shard } from '../job/pass-corpus.js'
import { plannedOf, planPass } from '../job/planned.js'
import { mergeShards, writeShard } from '../job/shards.js'
import type { Sample } from '../readers/draw.js'
import { planCorpus } from '../readers/plan.js'
import { type Skipped, type Unit, unitKey } from '../readers/unit.js'
import { findRepeats, loadDuckDb, type Repeats, withDuckDb } from './duplicates.js'
import { createProfiler, type TableKind, tableOf } from './gatherer.js'
import { loadDetector } from './language.js'
import { fileGroup } from './measures/domains.js'
import type { States } from './measures/index.js'
import { findNear, type NearPlace, type NearRepeats } from './near.js'
import { type Example, readExamples, readNearExamples } from './places.js'
import { mergedStates, type OneCorpus, PROFILE_FORM, type Profiled, ProfileSum } from './profiled.js'
import { type ProfileSettings, recordedSettings } from './settings.js'
import { tableError, tableFault } from './tables.js'
import { readTargets, type TargetText, type TargetTexts } from './target-texts.js'

export interface ProfileJob extends ProfileSettings, Omit<PassOptions, 'inputs'> {
  /** Folder for the tables that duplicates are found from. */
  readonly tables: string
}

/** Equal texts of a corpus, with what the worst of them say. */
export interface RepeatsWithText extends Repeats {
  readonly examples: readonly Example[]
}

/** Near duplicates, with the beginnings of two documents of each of the worst clusters. */
export interface NearWithText extends NearRepeats {
  readonly examples: readonly {
    readonly times: number
    readonly bytes: number
    readonly documents: readonly Example[]
  }[]
}

export interface CorpusProfile {
  /** null where the whole corpus was read, as a sample that draws every stretch does. */
  readonly sample: Sample | null
  /** Read: of a sample, the sample's. */
  readonly documents: number
  readonly bytes: number
  readonly skipped: readonly Skipped[]
  readonly files: number
  readonly notes: readonly string[]
  readonly units: number
  /** Units of the corpus, drawn or not. */
  readonly drawnFrom: number
  /** Bytes of storage of all of these; null where one of them does not tell. */
  readonly stored: number | null
  /** Its files, drawn or not, as domains are told by them. */
  readonly groups: readonly string[]
  readonly resumedUnits: number
  readonly threads: number
  /** By name, in the order in which they were named. */
  readonly corpora: readonly (OneCorpus & { readonly name: string })[]
  /** The measures of all corpora together. */
  readonly states: States
  readonly duplicates: {
    readonly documents: RepeatsWithText
    readonly paragraphs: RepeatsWithText
    /** null where nobody asked for them. */
    readonly near: NearWithText | null
  }
  /** The texts that it is to cover. */
  readonly targets: readonly TargetText[]
  /** Delete tables and checkpoints, once the result is safe elsewhere. */
  finish(): void
}

export interface ProfileHooks extends PassHooks {
  /** Told of every pair of documents that is nearly alike; asking for it compares more pairs. */
  nearPair?(a: NearPlace, b: NearPlace, similarity: number): void
}

function settingsOf({
  column,
  textDocument,
  format,
  corpora,
  near,
  targets,
  sample,
}: ProfileSettings): ProfileSettings {
  return { column, textDocument, format, corpora, near, targets, sample }
}

/** Parts of a profile with these settings. */
export function profileParts(
  read: ProfileSettings,
  targetHash: string,
): PartJob<Profiled, ProfileSettings, ProfileSum> {
  const settings = recordedSettings(read)
  return {
    job: hashOf({ version: 6, ...settings, targetHash }),
    settings,
    form: PROFILE_FORM,
    sum: () => new ProfileSum(),
  }
}

function profileGathering(
  settings: ProfileSettings,
  { tables, checkpoint, shard }: ProfileJob,
  targets: TargetTexts | null,
): Gathering<Profiled, ProfileSettings, ProfileSum> {
  const { column, textDocument } = settings
  const setup = { settings, tables, areKept: checkpoint !== null, index: targets?.index ?? null }
  return {
    ...profileParts(settings, targets?.hash ?? ''),
    fault: (profiled) => tableFault(tables, profiled.tables),
    read: { column, textDocument },
    gatherers: () => ({
      async own() {
        await loadDetector()
        // Whoever needs it hears what is wrong with it.
        if (shard === null) loadDuckDb().catch(() => {})
        return createProfiler(setup)
      },
      others: { module: threadModule(import.meta.url, './profile-worker'), setup },
    }),
  }
}

/** What one pass leaves, whole or added up from shards: sums in memory and tables in a folder. */
interface Passed {
  readonly totals: ProfileSum
  readonly units: readonly Unit[]
  readonly drawnFrom: number
  readonly stored: number | null
  readonly paths: readonly string[]
  readonly files: number
  readonly notes: readonly string[]
  /** Of the search for duplicates; null = one for each core. */
  readonly threads: number | null
}

/** Find the duplicates from the tables of all units, and read the words of the worst. */
async function complete(
  { totals, units, drawnFrom, stored, paths, files, notes, threads }: Passed,
  settings: ProfileSettings,
  tables: string,
  targets: TargetTexts | null,
  nearPair?: ProfileHooks['nearPair'],
): Promise<Omit<CorpusProfile, 'resumedUnits' | 'threads' | 'finish'>> {
  const { documents, bytes, skipped, corpora, tables: sums } = totals.toGathered()
  const tablesOf = (kind: TableKind): string[] => units.map((unit) => tableOf(tables, unitKey(unit), kind))
  const { near, ...repeats } = await withDuckDb(tables, threads, async (connection) => ({
    documents: await findRepeats(connection, tablesOf('documents')),
    paragraphs: await findRepeats(connection, tablesOf('paragraphs')),
    near: settings.near
      ? await findNear(
          connection,
          tables,
          { documents: tablesOf('documents'), bands: tablesOf('bands'), sketches: tablesOf('sketches') },
          units,
          settings,
          nearPair,
        )
      : null,
  })).catch((error: unknown) => {
    throw tableError(error, tables, sums)
  })
  const drewAll = settings.sample !== null && units.length === drawnFrom
  return {
    sample: drewAll ? null : settings.sample,
    documents,
    bytes,
    skipped,
    files,
    notes: drewAll ? [...notes, 'the sample drew every stretch: the whole corpus was read'] : notes,
    units: units.length,
    drawnFrom,
    stored,
    groups: [...new Set(paths.map(fileGroup))],
    states: mergedStates(Object.values(corpora)),
    corpora: settings.corpora.flatMap(({ name }, i) => {
      const corpus = Object.hasOwn(corpora, name) ? corpora[name] : undefined
      const isFirst = settings.corpora.findIndex((other) => other.name === name) === i
      return corpus === undefined || !isFirst ? [] : [{ name, ...corpus }]
    }),
    duplicates: {
      ...(await readExamples(repeats, units, tables, settings)),
      near: near === null ? null : await readNearExamples(near, units, settings),
    },
    targets: targets?.texts ?? [],
  }
}

/** One pass over a corpus, or over one shard of it. */
async function pass(job: ProfileJob, hooks: PassHooks) {
  const settings = settingsOf(job)
  makeFolder(job.tables)
  const targets = await readTargets(settings.targets, settings)
  const inputs = settings.corpora.map(({ input }) => input)
  const result = await passCorpus(profileGathering(settings, job, targets), { ...job, inputs }, hooks)
  return { settings, targets, result }
}

/**
 * Profile a corpus: one pass over its documents, then the duplicates from the tables that the pass wrote.
 *
 * @throws {AssayError} as passCorpus does
 *
 * Source: docs/methods/corpus.md#profile
 */
export async function profileCorpus(job: ProfileJob, hooks: ProfileHooks): Promise<CorpusProfile> {
  const finish = (): void => rmSync(job.tables, { recursive: true, force: true })
  try {
    const { settings, targets, result } = await pass(job, hooks)
    const passed = { ...result, threads: job.threads }
    return {
      ...(await complete(passed, settings, job.tables, targets, hooks.nearPair)),
      resumedUnits: result.resumedUnits,
      threads: result.threads,
      finish() {
        result.finish()
        finish()
      },
    }
  } catch (error) {
    // Without a checkpoint nothing goes on from the tables.
    if (job.checkpoint === null) finish()
    throw error
  }
}

/** Folder of the tables beside the parts of shards. */
export function shardTables(parts: string): string {
  return join(parts, 'tables')
}

/** Profile one shard into a folder that all shards share: its part, and its units' tables. Returns the part's path. */
export async function profileShard(
  job: ProfileJob & { readonly shard: Shard },
  parts: string,
  hooks: PassHooks,
): Promise<{ path: string; documents: number; bytes: number; notes: readonly string[] }> {
  const { settings, result } = await pass({ ...job, tables: shardTables(parts) }, hooks)
  const path = await writeShard(parts, job.shard, result, recordedSettings(settings), PROFILE_FORM)
  result.finish()
  const { documents, bytes } = result.totals.toGathered()
  return { path, documents, bytes, notes: result.notes }
}

/** What a profile of these settings reads, without reading it. */
export async function planProfile(settings: ProfileSettings, strict: boolean) {
  const targets = await readTargets(settings.targets, settings)
  const inputs = settings.corpora.map(({ input }) => input)
  return planPass(profileParts(settingsOf(settings), targets?.hash ?? ''), inputs, strict)
}

/**
 * Add up the shards of one profile; the corpus has to be where it was, because candidates and examples are read again.
 *
 * @throws {AssayError} as mergeShards does
 */
export async function mergeProfile(
  parts: string,
  job: ProfileSettings & { readonly strict: boolean },
): Promise<CorpusProfile> {
  const settings = settingsOf(job)
  const targets = await readTargets(settings.targets, settings)
  const inputs = settings.corpora.map(({ input }) => input)
  const plan = await planCorpus(inputs, settings, job.strict)
  const tables = shardTables(parts)
  const jobParts = {
    ...profileParts(settings, targets?.hash ?? ''),
    fault: (profiled: Profiled) => tableFault(tables, profiled.tables),
  }
  const planned = plannedOf(jobParts, plan)
  const { totals, shards } = await mergeShards(parts, PROFILE_FORM, () => jobParts, planned)
  const passed = { ...plan, totals, threads: null }
  return {
    ...(await complete(passed, settings, tables, targets)),
    resumedUnits: 0,
    threads: shards,
    finish() {},
  }
}
