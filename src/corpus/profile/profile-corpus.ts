import { rmSync } from 'node:fs'
import { makeFolder } from '../job/files.js'
import type { Gathering, PartJob } from '../job/gathering.js'
import { hashOf } from '../job/hash.js'
import { type PassHooks, type PassOptions, passCorpus } from '../job/pass-corpus.js'
import { type Skipped, unitKey } from '../readers/unit.js'
import { findRepeats, type Repeats, withDuckDb } from './duplicates.js'
import { createProfiler, tableOf } from './gatherer.js'
import { findNear, type NearPlace, type NearRepeats } from './near.js'
import { type Example, readExamples, readNearExamples } from './places.js'
import { type OneCorpus, PROFILE_FORM, type Profiled, ProfileSum } from './profiled.js'
import type { ProfileSettings } from './settings.js'

/** Shorter paragraphs (headings, `}`, "See also") repeat in every good corpus. */
export const LEAST_PARAGRAPH_BYTES = 64

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
  readonly documents: number
  readonly bytes: number
  readonly skipped: readonly Skipped[]
  readonly files: number
  readonly notes: readonly string[]
  readonly units: number
  readonly resumedUnits: number
  readonly threads: number
  /** By name, in the order in which they were named. */
  readonly corpora: readonly (OneCorpus & { readonly name: string })[]
  readonly duplicates: {
    readonly documents: RepeatsWithText
    readonly paragraphs: RepeatsWithText
    /** null where nobody asked for them. */
    readonly near: NearWithText | null
  }
  /** Delete tables and checkpoints, once the result is safe elsewhere. */
  finish(): void
}

export interface ProfileHooks extends PassHooks {
  /** Told of every pair of documents that is nearly alike; asking for it compares more pairs. */
  nearPair?(a: NearPlace, b: NearPlace, similarity: number): void
}

function settingsOf({ column, textDocument, format, corpora, near }: ProfileSettings): ProfileSettings {
  return { column, textDocument, format, corpora, near }
}

/** Parts of a profile with these settings. */
export function profileParts(settings: ProfileSettings): PartJob<Profiled, ProfileSettings, ProfileSum> {
  return {
    job: hashOf({ version: 1, ...settings }),
    settings,
    form: PROFILE_FORM,
    sum: () => new ProfileSum(),
  }
}

function profileGathering(
  settings: ProfileSettings,
  tables: string,
): Gathering<Profiled, ProfileSettings, ProfileSum> {
  const { column, textDocument } = settings
  return {
    ...profileParts(settings),
    read: { column, textDocument },
    gatherer: () => createProfiler({ settings, tables }),
    threads: () => ({ module: 'profile/profile-worker.js', setup: { settings, tables } }),
  }
}

/**
 * Profile a corpus: one pass over its documents, then the duplicates from the tables that the pass wrote.
 *
 * @throws {AssayError} as passCorpus does
 *
 * Source: docs/methods/corpus.md#profile
 */
export async function profileCorpus(job: ProfileJob, hooks: ProfileHooks): Promise<CorpusProfile> {
  const settings = settingsOf(job)
  makeFolder(job.tables)
  const inputs = settings.corpora.map(({ input }) => input)
  const result = await passCorpus(profileGathering(settings, job.tables), { ...job, inputs }, hooks)
  const { documents, bytes, skipped, corpora } = result.totals.toGathered()
  const tablesOf = (kind: 'documents' | 'paragraphs' | 'bands'): string[] =>
    result.units.map((unit) => tableOf(job.tables, unitKey(unit), kind))
  const { near, ...repeats } = await withDuckDb(job.tables, async (connection) => ({
    documents: await findRepeats(connection, tablesOf('documents'), 1),
    paragraphs: await findRepeats(connection, tablesOf('paragraphs'), LEAST_PARAGRAPH_BYTES),
    near: settings.near
      ? await findNear(
          connection,
          job.tables,
          { documents: tablesOf('documents'), bands: tablesOf('bands') },
          result.units,
          settings,
          hooks.nearPair,
        )
      : null,
  }))
  return {
    documents,
    bytes,
    skipped,
    files: result.files,
    notes: result.notes,
    units: result.units.length,
    resumedUnits: result.resumedUnits,
    threads: result.threads,
    corpora: settings.corpora.flatMap(({ name }) => {
      const corpus = corpora[name]
      return corpus === undefined ? [] : [{ name, ...corpus }]
    }),
    duplicates: {
      ...(await readExamples(repeats, result.units, job.tables, settings)),
      near: near === null ? null : await readNearExamples(near, result.units, settings),
    },
    finish() {
      result.finish()
      rmSync(job.tables, { recursive: true, force: true })
    },
  }
}
