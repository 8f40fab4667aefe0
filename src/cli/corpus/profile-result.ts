import {
  type Chart,
  DEFAULT_LEVEL,
  type Estimate,
  estimateToJson,
  exact,
  type Finding,
  mapEstimate,
  notEstimable,
  QUALITY_RULES,
  type Result,
  type Section,
  sampledRatio,
  sampledShare,
  sampledTotal,
  type TableView,
} from '../../core/index.js'
import { counted } from '../../core/text/counted.js'
import {
  type CorpusProfile,
  domainsOf,
  drawnDensity,
  drawnSizes,
  drawnSums,
  mostEmpty,
  type Skipped,
  sortedLengths,
} from '../../corpus/index.js'
import { amountWords, headLine, skippedFields } from './describe.js'
import { duplicateFindings, duplicatesJson, duplicatesSection } from './profile-duplicates.js'
import { coverTargets, targetFindings, targetSection, targetsJson } from './profile-target.js'
import { clip, METHOD, measured, PROBE, percent, sampleWords } from './profile-text.js'

export const PROFILE_SCHEMA = 'assay/corpus-profile@1'
const SHOWN = 20
const SHOWN_NEAR = 3

interface Share {
  readonly name: string
  /** Bytes, or documents of a rule. */
  readonly amount: number
  readonly share: Estimate
}

type Kind = Parameters<typeof drawnSums>[1]

/** A share of the whole corpus: counted, or estimated from the stretches that were drawn. */
function shareOf(profile: CorpusProfile, kind: Kind, names: readonly string[], x: number): Estimate {
  const whole = kind === 'quality' ? profile.documents : profile.bytes
  if (whole === 0) return notEstimable('the documents are empty')
  if (profile.sample === null) return exact(x / whole, 'share', profile.documents)
  const sums = drawnSums(profile.states.stretches, kind, names, x, profile)
  return sampledShare(sums, sums.units / profile.drawnFrom, DEFAULT_LEVEL)
}

/** Shares by bytes, the largest first. */
function sharesOf(
  profile: CorpusProfile,
  kind: 'languages' | 'domains',
  parts: Iterable<readonly [string, { readonly bytes: number; readonly names: readonly string[] }]>,
): Share[] {
  return [...parts]
    .map(([name, { bytes, names }]) => ({ name, amount: bytes, share: shareOf(profile, kind, names, bytes) }))
    .sort((a, b) => b.amount - a.amount || (a.name < b.name ? -1 : 1))
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

export function summarise(profile: CorpusProfile): Summary {
  const { languages, domains, lengths, quality } = profile.states
  // Of a sample, also those that were not drawn: their files are known.
  const groups = [
    ...new Set([...(profile.sample === null ? [] : profile.groups), ...Object.keys(domains.bytes)]),
  ]
  const domainOf = domainsOf(groups)
  const byDomain = new Map<string, { bytes: number; names: string[] }>()
  for (const group of groups) {
    const name = domainOf.get(group)!
    const bytes = Object.hasOwn(domains.bytes, group) ? domains.bytes[group]! : 0
    const known = byDomain.get(name) ?? { bytes: 0, names: [] }
    byDomain.set(name, { bytes: known.bytes + bytes, names: [...known.names, group] })
  }
  const byLanguage = Object.entries(languages.bytes).map(
    ([name, bytes]) => [name, { bytes, names: [name] }] as const,
  )
  return {
    languages: sharesOf(profile, 'languages', byLanguage),
    domains:
      byDomain.size === 1 && profile.bytes > 0
        ? [...byDomain.keys()].map((name) => ({
            name,
            amount: profile.bytes,
            share: exact(1, 'share', profile.documents),
          }))
        : sharesOf(profile, 'domains', byDomain),
    quality: QUALITY_RULES.map(({ id, title, source }) => {
      const broken = quality[id]?.documents ?? 0
      return { name: id, title, source, amount: broken, share: shareOf(profile, 'quality', [id], broken) }
    }),
    lengths: quantilesOf(sortedLengths(lengths), profile.documents),
  }
}

/** How large the whole is by a sample. */
export function wholeOf(profile: CorpusProfile, of: 'documents' | 'bytes'): Estimate {
  const { states, drawnFrom, stored } = profile
  const read = profile[of]
  if (stored === null || stored === 0)
    return sampledTotal(drawnSizes(states.stretches, of, read), drawnFrom, of, DEFAULT_LEVEL)
  // Stretches differ in storage, which is known of all: the last one of a file is shorter.
  const sums = drawnDensity(states.stretches, of, read)
  const density = sampledRatio(sums, sums.units / drawnFrom, of, DEFAULT_LEVEL)
  return mapEstimate(density, of, (ratio) => Math.max(read, ratio * stored))
}

/** `1,401 documents, 700 kB of text`; of a sample with what the whole has by it. */
export function sizeWords(profile: CorpusProfile): string {
  const documents = wholeOf(profile, 'documents')
  const megabytes = mapEstimate(wholeOf(profile, 'bytes'), 'MB', (bytes) => bytes / 1e6)
  const whole = documents.kind === 'notEstimable' ? 'size' : `${measured(documents)}, ${measured(megabytes)}`
  return [
    amountWords(profile.documents, profile.bytes),
    ...sampleWords(profile).map(
      (words) => `${words}, which ${whole === 'size' ? 'tells no size of the whole' : `has ${whole} by it`}`,
    ),
  ].join(', ')
}

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
  seconds: number,
  seed: number,
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
    ...targetsJson(profile, coverTargets(profile, seed)),
  }
}

/** Those whose intervals reach into that of the first, and itself; none where it leads. */
function overlapping(shares: readonly Share[]): string {
  const [first, ...rest] = shares
  const low = first?.share.kind === 'estimate' ? first.share.interval.low : 0
  const near = rest.filter(({ share }) => share.kind === 'estimate' && share.interval.high > low)
  const names = [first, ...near].slice(0, SHOWN_NEAR).map((s) => s?.name)
  const more = 1 + near.length - names.length
  return near.length === 0
    ? ''
    : `intervals of ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''} overlap`
}

function leader(shares: readonly Share[]): string {
  const near = overlapping(shares)
  return near === '' ? `${shares[0]?.name} leads` : near
}

function dots(caption: string, rows: readonly Share[]): Chart {
  return {
    kind: 'dots',
    caption,
    x: { label: 'share', unit: 'share' },
    rows: rows.slice(0, SHOWN).map(({ name, share }) => ({ label: name, estimate: share })),
  }
}

/** What {@link dots} draws, for forms without charts. */
function shareTable(title: string, name: string, rows: readonly Share[]): TableView {
  return { title, columns: [name, 'share'], rows: rows.map(({ name: own, share }) => [own, share]) }
}

/** Documents of files that something is to be said of, the first ones; no table where there are none. */
function placesTable(title: string, what: string, all: readonly Skipped[]): TableView[] {
  const rows = all
    .slice(0, SHOWN)
    .map(({ path, where, reason, documents }) => [path, where, reason, documents ?? 'unknown'])
  return rows.length === 0 ? [] : [{ title, columns: ['file', 'first place', what, 'documents'], rows }]
}

function sectionsOf(profile: CorpusProfile): Section[] {
  const { languages, domains, quality, lengths } = summarise(profile)
  const states = profile.states
  const [language] = languages
  const [domain] = domains
  const [nearLanguages, nearDomains] = [overlapping(languages), overlapping(domains)]
  const largest =
    domains.length === 1
      ? `all of it is of the domain ${domain?.name}`
      : nearDomains === ''
        ? `the largest domain is ${domain?.name}`
        : `the largest domain cannot be told (${nearDomains})`
  const { skipped, remarks = [] } = skippedFields(profile.skipped)
  const worstRules = quality.filter(({ amount }) => amount > 0).sort((a, b) => b.amount - a.amount)
  const nearRules = overlapping(worstRules)
  return [
    {
      id: 'corpus-mix',
      probe: PROBE,
      order: 1,
      question: 'What does the corpus hold?',
      answer: `${sizeWords(profile)}; ${measured(language?.share)} of it is ${language?.name}${nearLanguages === '' ? '' : ` (${nearLanguages})`}, ${largest}.`,
      charts: [
        dots(`Languages by bytes; ${leader(languages)}`, languages),
        dots(`Domains by bytes; ${leader(domains)}`, domains),
      ],
      tables: [
        shareTable('Languages by bytes', 'language', languages),
        shareTable('Domains by bytes', 'domain', domains),
        {
          title: 'Length of documents',
          columns: ['share of documents', 'bytes at most'],
          rows: lengths.map(({ quantile, bytes }) => [quantile, bytes]),
        },
        ...placesTable('Left out', 'why', skipped),
        ...placesTable('Read in another way than one would think', 'how', remarks),
      ],
      protocol: [
        ...sampleWords(profile).map(
          (words) => `What was read is ${words}, drawn by the seed; intervals are over stretches.`,
        ),
        `Languages are told from a stretch of 200 characters of each document; und = cannot be told (code, tables, short texts). ${METHOD}`,
      ],
    },
    duplicatesSection(profile.duplicates, profile.sample),
    {
      id: 'corpus-quality',
      probe: PROBE,
      order: 3,
      question: 'How much of it does one not want to train on?',
      answer:
        worstRules[0] === undefined
          ? 'No document breaks a rule.'
          : `The rule that most documents break is ${worstRules[0].name} (${worstRules[0].title}): ${measured(worstRules[0].share)}${nearRules === '' ? '' : `; ${nearRules}`}.`,
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

/** Documents that could not be read, and files that broke. */
function leftOut({ skipped: all }: CorpusProfile): { documents: number; files: number } {
  const { skipped } = skippedFields(all)
  return {
    documents: skipped.reduce((sum, entry) => sum + (entry.documents ?? 0), 0),
    files: skipped.filter((entry) => entry.documents === null).length,
  }
}

/** `; left out: 3 documents, 2 files, whole or from a break on`, or nothing. */
function leftOutWords(profile: CorpusProfile): string {
  const { documents, files } = leftOut(profile)
  const parts = [
    ...(documents > 0 ? [counted(documents, 'document')] : []),
    ...(files > 0 ? [`${counted(files, 'file')}, whole or from a break on`] : []),
  ]
  return parts.length === 0 ? '' : `; left out: ${parts.join(', ')}`
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

/** More documents than these that cannot be read are a matter of their own. */
const MANY_LEFT_OUT = 0.01
/** Of all characters. */
const MANY_ILL_FORMED = 1e-6

/** What the figures are not of. */
function readingFindings(profile: CorpusProfile): Finding[] {
  const { documents } = leftOut(profile)
  const { illFormed, characters } = profile.states.amounts
  const empty = mostEmpty(profile.documents, profile.skipped)
  const all = profile.documents + documents
  const warning = { probe: PROBE, status: 'warn' as const, sources: [METHOD] }
  return [
    ...(documents > MANY_LEFT_OUT * all
      ? [
          {
            ...warning,
            code: 'left-out',
            title: `${percent(documents / all)} of the documents${profile.sample === null ? '' : ' drawn'} could not be read (${counted(documents, 'document')}): all figures are of the rest`,
            ...(profile.sample === null ? { estimate: exact(documents / all, 'share', all) } : {}),
            action: 'See why under “Left out”; --columns text=NAME names the field of the text.',
          },
        ]
      : []),
    ...(empty > 0
      ? [
          {
            ...warning,
            code: 'empty',
            title: `${percent(empty / profile.documents)} of the documents are empty (${counted(empty, 'document')})`,
            action: 'If the text is in another field, name it with --columns text=NAME.',
          },
        ]
      : []),
    ...(illFormed > MANY_ILL_FORMED * characters
      ? [
          {
            ...warning,
            code: 'ill-formed',
            title: `${counted(illFormed, 'stretch', 'stretches')} of bytes ${illFormed === 1 ? 'is' : 'are'} no UTF-8: a tokenizer sees U+FFFD there`,
            action: 'Decode the text by the encoding that it was written in.',
          },
        ]
      : []),
  ]
}

export function profileResult(
  profile: CorpusProfile,
  inputs: readonly string[],
  seconds: number,
  how: string,
  seed: number,
  tokens?: Estimate,
): Result {
  const covered = coverTargets(profile, seed)
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
    sections: [...sectionsOf(profile), ...targetSection(profile, covered)].map((section) => ({
      ...section,
      tables: section.tables.filter(({ rows }) => rows.length > 0),
    })),
    provenance: [{ label: 'Corpus', value: inputs.join(' ') }],
    notMeasured: [],
  }
}
