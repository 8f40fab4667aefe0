import { type Estimate, estimateToJson, type Result } from '../../core/index.js'
import { counted } from '../../core/text/counted.js'
import type { CorpusProfile } from '../../corpus/index.js'
import { headLine, skippedFields } from './describe.js'
import { duplicateFindings, duplicatesJson, duplicatesSection } from './profile-duplicates.js'
import { leftOutWords, readingFindings } from './profile-reading.js'
import { contentSection, qualitySection } from './profile-sections.js'
import { summarise, wholeOf } from './profile-summary.js'
import { type CoveredTarget, targetFindings, targetSection, targetsJson } from './profile-target.js'
import { sampleWords } from './profile-text.js'

export const PROFILE_SCHEMA = 'assay/corpus-profile@1'

/** How large the whole is by a sample; nothing where all was read. */
function sampleJson(profile: CorpusProfile): object {
  const { sample } = profile
  if (sample === null) return {}
  return {
    sample: {
      share: sample.share,
      stretches: profile.units,
      documents: estimateToJson(wholeOf(profile, 'documents')),
      bytes: estimateToJson(wholeOf(profile, 'bytes')),
    },
  }
}

/** What the JSON document has beside schema, seed, inputs and findings. */
export function profileJson(
  profile: CorpusProfile,
  covered: readonly CoveredTarget[],
  seconds: number,
  tokens: Estimate | undefined,
): object {
  const { languages, domains, quality, lengths } = summarise(profile)
  const states = profile.states
  return {
    documents: profile.documents,
    bytes: profile.bytes,
    ...states.amounts,
    ...(tokens === undefined ? {} : { tokens: estimateToJson(tokens) }),
    ...sampleJson(profile),
    ...skippedFields(profile.skipped),
    files: profile.files,
    shards: { total: profile.units, resumed: profile.resumedUnits },
    threads: profile.threads,
    seconds,
    lengths,
    languages: languages.map(({ name, share }) => ({ language: name, share: estimateToJson(share) })),
    domains: domains.map(({ name, share }) => ({ domain: name, share: estimateToJson(share) })),
    duplicates: duplicatesJson(profile.duplicates, profile.sample),
    quality: quality.map(({ name, title, source, share }) => ({
      rule: name,
      title,
      source,
      share: estimateToJson(share),
      examples: (states.quality[name]?.examples ?? []).map(({ path, text }) => ({ path, text })),
    })),
    corpora: profile.corpora.map(({ name, documents, bytes }) => ({ corpus: name, documents, bytes })),
    ...targetsJson(profile, covered),
  }
}

/** `; 12,345 tokens`, or in millions with their interval. */
function tokenWords(tokens: Estimate | undefined): string {
  if (tokens === undefined) return ''
  if (tokens.kind === 'notEstimable') return `; tokens: not known, ${tokens.reason}`
  const { low, high } = tokens.interval
  if (low === high) return `; ${counted(tokens.value, 'token')}`
  const millions = (n: number): string => (n / 1e6).toLocaleString('en-US', { maximumSignificantDigits: 4 })
  return `; ${millions(tokens.value)} million tokens [${millions(low)}, ${millions(high)}]`
}

export function profileResult(
  profile: CorpusProfile,
  covered: readonly CoveredTarget[],
  inputs: readonly string[],
  seconds: number,
  how: string,
  seed: number,
  tokens?: Estimate,
): Result {
  return {
    schema: PROFILE_SCHEMA,
    title: 'Profile of a corpus',
    summary: `${headLine(profile.documents, profile.bytes, seconds, [...sampleWords(profile), how].join('; '))}${tokenWords(tokens)}${leftOutWords(profile)}`,
    seed,
    inputs: [],
    gates: [],
    findings: [
      ...readingFindings(profile),
      ...duplicateFindings(profile.duplicates, profile.sample),
      ...targetFindings(covered),
    ],
    metrics: [],
    sections: [
      contentSection(profile),
      duplicatesSection(profile.duplicates, profile.sample),
      qualitySection(profile),
      ...targetSection(profile, covered),
    ].map((section) => ({
      ...section,
      tables: section.tables.filter(({ rows }) => rows.length > 0),
    })),
    provenance: [{ label: 'Corpus', value: inputs.join(' ') }],
    notMeasured: [],
  }
}
