import { z } from 'zod'
import type { Gathered, PartForm, Sum } from '../job/gathering.js'
import { skippedEntry } from '../job/part.js'
import type { Skipped } from '../readers/unit.js'
import { ALL_MEASURES, type States } from './measures/index.js'
import { type ProfileSettings, profileOptions, profileSettings } from './settings.js'

/** What a profile gathers of some units. */
export interface Profiled extends Gathered {
  /** By the name of the corpus. */
  readonly corpora: Readonly<Record<string, OneCorpus>>
  /** SHA-256 of the units' tables by the names of their files: they are added up long after they were written. */
  readonly tables: Readonly<Record<string, string>>
}

export interface OneCorpus {
  documents: number
  bytes: number
  readonly states: States
}

export function startCorpus(): OneCorpus {
  const states = Object.fromEntries(ALL_MEASURES.map(({ id, start }) => [id, start()])) as unknown as States
  return { documents: 0, bytes: 0, states }
}

/** Running sums over units, corpus by corpus. */
export class ProfileSum implements Sum<Profiled> {
  readonly #corpora = new Map<string, OneCorpus>()
  readonly #skipped: Skipped[] = []
  readonly #tables: Record<string, string> = {}

  add({ corpora, skipped, tables }: Profiled): void {
    Object.assign(this.#tables, tables)
    for (const entry of skipped) this.#skipped.push(entry)
    for (const [name, { documents, bytes, states }] of Object.entries(corpora)) {
      const into = this.#corpora.get(name) ?? startCorpus()
      this.#corpora.set(name, into)
      into.documents += documents
      into.bytes += bytes
      for (const { id, merge } of ALL_MEASURES) merge(stateOf(into.states, id), stateOf(states, id))
    }
  }

  addSkipped(entry: Skipped): void {
    this.#skipped.push(entry)
  }

  toGathered(): Profiled {
    const corpora = [...this.#corpora.values()]
    return {
      documents: corpora.reduce((sum, { documents }) => sum + documents, 0),
      bytes: corpora.reduce((sum, { bytes }) => sum + bytes, 0),
      skipped: this.#skipped,
      corpora: Object.fromEntries(this.#corpora),
      tables: this.#tables,
    }
  }
}

/** The measures of all corpora together. */
export function mergedStates(corpora: readonly OneCorpus[]): States {
  const { states } = startCorpus()
  for (const corpus of corpora)
    for (const { id, merge } of ALL_MEASURES) merge(stateOf(states, id), stateOf(corpus.states, id))
  return states
}

export function stateOf(states: States, id: string): unknown {
  return (states as Readonly<Record<string, unknown>>)[id]
}

const fields = z.object({
  documents: z.int().min(0),
  bytes: z.int().min(0),
  skipped: z.array(skippedEntry),
  tables: z.record(z.string(), z.string()),
  corpora: z.record(
    z.string(),
    z.object({
      documents: z.int().min(0),
      bytes: z.int().min(0),
      states: z.object(Object.fromEntries(ALL_MEASURES.map(({ id, state }) => [id, state]))),
    }),
  ),
})

export const PROFILE_FORM: PartForm<Profiled, ProfileSettings> = {
  schema: 'assay/corpus-profile-part@2',
  beside: 'corpus',
  encode: (profiled) => profiled,
  decode: (value) => fields.parse(value) as unknown as Profiled,
  decodeSettings: (value) => profileSettings.parse(value),
  toOptions: profileOptions,
}
