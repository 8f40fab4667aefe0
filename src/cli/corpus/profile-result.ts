import {
  type Chart,
  type Estimate,
  estimateToJson,
  exact,
  QUALITY_RULES,
  type Result,
  type Section,
} from '../../core/index.js'
import { type CorpusProfile, domainsOf, mergedStates, sortedLengths } from '../../corpus/index.js'
import { headLine } from './describe.js'
import { duplicateFindings, duplicatesJson, duplicatesSection } from './profile-duplicates.js'
import { coverTargets, targetFindings, targetSection, targetsJson } from './profile-target.js'
import { clip, METHOD, PROBE, percent } from './profile-text.js'

export const PROFILE_SCHEMA = 'assay/corpus-profile@1'
const SHOWN = 20

interface Share {
  readonly name: string
  readonly documents: number
  readonly share: Estimate
}

/** Shares of documents (of bytes for domains and languages), the largest first. */
function sharesOf(parts: Readonly<Record<string, number>>, whole: number, n: number): Share[] {
  return Object.entries(parts)
    .map(([name, amount]) => ({ name, documents: amount, share: exact(amount / whole, 'share', n) }))
    .sort((a, b) => b.documents - a.documents || (a.name < b.name ? -1 : 1))
}

interface Summary {
  readonly languages: readonly Share[]
  readonly domains: readonly Share[]
  readonly quality: readonly (Share & { readonly title: string; readonly source: string })[]
  readonly lengths: readonly { readonly quantile: number; readonly bytes: number }[]
}

const QUANTILES = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]

/** Lengths at quantiles: the least length that at least a share q of the documents does not exceed. */
function quantilesOf(
  lengths: readonly { bytes: number; documents: number }[],
  n: number,
): Summary['lengths'] {
  return QUANTILES.map((quantile) => {
    const wanted = Math.max(1, Math.ceil(quantile * n))
    let seen = 0
    const at = lengths.find(({ documents }) => {
      seen += documents
      return seen >= wanted
    })
    return { quantile, bytes: at?.bytes ?? 0 }
  })
}

function summarise(profile: CorpusProfile): Summary {
  const { documents, bytes } = profile
  const { languages, domains, lengths, quality } = mergedStates(profile)
  const names = domainsOf(Object.keys(domains.bytes))
  const byDomain: Record<string, number> = {}
  for (const [group, amount] of Object.entries(domains.bytes)) {
    const name = names.get(group)!
    byDomain[name] = (byDomain[name] ?? 0) + amount
  }
  return {
    languages: sharesOf(languages.bytes, Math.max(1, bytes), documents),
    domains: sharesOf(byDomain, Math.max(1, bytes), documents),
    quality: QUALITY_RULES.map(({ id, title, source }) => ({
      name: id,
      title,
      source,
      documents: quality[id]?.documents ?? 0,
      share: exact((quality[id]?.documents ?? 0) / documents, 'share', documents),
    })),
    lengths: quantilesOf(sortedLengths(lengths), documents),
  }
}

/** What the JSON document has beside schema, seed, inputs and findings. */
export function profileJson(profile: CorpusProfile, seconds: number, seed: number): object {
  const { languages, domains, quality, lengths } = summarise(profile)
  const states = mergedStates(profile)
  return {
    documents: profile.documents,
    bytes: profile.bytes,
    skipped: profile.skipped,
    files: profile.files,
    shards: { total: profile.units, resumed: profile.resumedUnits },
    threads: profile.threads,
    seconds,
    lengths,
    languages: languages.map(({ name, share }) => ({ language: name, share: estimateToJson(share) })),
    domains: domains.map(({ name, share }) => ({ domain: name, share: estimateToJson(share) })),
    duplicates: duplicatesJson(profile.duplicates),
    quality: quality.map(({ name, title, source, share }) => ({
      rule: name,
      title,
      source,
      share: estimateToJson(share),
      examples: (states.quality[name]?.examples ?? []).map(({ path, text }) => ({ path, text })),
    })),
    corpora: profile.corpora.map(({ name, documents, bytes }) => ({ corpus: name, documents, bytes })),
    ...targetsJson(profile, coverTargets(profile, seed)),
  }
}

function dots(caption: string, rows: readonly Share[]): Chart {
  return {
    kind: 'dots',
    caption,
    x: { label: 'share', unit: 'share' },
    rows: rows.slice(0, SHOWN).map(({ name, share }) => ({ label: name, estimate: share })),
  }
}

function sectionsOf(profile: CorpusProfile): Section[] {
  const { languages, domains, quality, lengths } = summarise(profile)
  const states = mergedStates(profile)
  const [language] = languages
  const [domain] = domains
  const worstRules = quality.filter(({ documents: n }) => n > 0).sort((a, b) => b.documents - a.documents)
  return [
    {
      id: 'corpus-mix',
      probe: PROBE,
      order: 1,
      question: 'What does the corpus hold?',
      answer: `${headLine(profile.documents, profile.bytes, 0, '').replace(/ in 0.0 s \(\)$/, '')}; ${percent(language === undefined ? 0 : pointOf(language.share))} of it is ${language?.name}, the largest domain is ${domain?.name}.`,
      charts: [
        dots(`Languages by bytes; ${language?.name} leads`, languages),
        dots(`Domains by bytes; ${domain?.name} leads`, domains),
      ],
      tables: [
        {
          title: 'Length of documents',
          columns: ['share of documents', 'bytes at most'],
          rows: lengths.map(({ quantile, bytes }) => [quantile, bytes]),
        },
      ],
      protocol: [
        `Languages are told from a stretch of 200 characters of each document; und = cannot be told (code, tables, short texts). ${METHOD}`,
      ],
    },
    duplicatesSection(profile.duplicates),
    {
      id: 'corpus-quality',
      probe: PROBE,
      order: 3,
      question: 'How much of it does one not want to train on?',
      answer:
        worstRules[0] === undefined
          ? 'No document breaks a rule.'
          : `The rule that most documents break is ${worstRules[0].name} (${worstRules[0].title}): ${percent(pointOf(worstRules[0].share))}.`,
      charts: [dots('Documents that break a rule', worstRules)],
      tables: [
        {
          title: 'Rules and examples',
          columns: ['rule', 'says', 'share', 'source', 'an example begins'],
          rows: quality.map(({ name, title, share, source }) => [
            name,
            title,
            share,
            source,
            clip(states.quality[name]?.examples[0]?.text ?? ''),
          ]),
        },
      ],
      protocol: ['A rule names documents to look at; code breaks several rules of prose by its nature.'],
    },
  ]
}

function pointOf(e: Estimate): number {
  return e.kind === 'estimate' ? e.value : 0
}

export function profileResult(
  profile: CorpusProfile,
  inputs: readonly string[],
  seconds: number,
  how: string,
  seed: number,
): Result {
  const covered = coverTargets(profile, seed)
  return {
    schema: PROFILE_SCHEMA,
    title: 'Profile of a corpus',
    summary: headLine(profile.documents, profile.bytes, seconds, how),
    seed,
    inputs: [],
    gates: [],
    findings: [...duplicateFindings(profile.duplicates), ...targetFindings(covered)],
    metrics: [],
    sections: [...sectionsOf(profile), ...targetSection(profile, covered)],
    provenance: [{ label: 'Corpus', value: inputs.join(' ') }],
    notMeasured: [],
  }
}
