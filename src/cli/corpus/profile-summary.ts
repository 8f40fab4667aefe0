import {
  DEFAULT_LEVEL,
  type Estimate,
  exact,
  mapEstimate,
  notEstimable,
  QUALITY_RULES,
  sampledRatio,
  sampledShare,
  sampledTotal,
} from '../../core/index.js'
import {
  type CorpusProfile,
  domainsOf,
  drawnDensity,
  drawnSizes,
  drawnSums,
  sortedLengths,
} from '../../corpus/index.js'
import { amountWords } from './describe.js'
import { measured, sampleWords } from './profile-text.js'

export interface Share {
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

/** The domain of each group of files. */
export function domainNames({ sample, groups, states }: CorpusProfile): Map<string, string> {
  // Of a sample, also those that were not drawn: their files are known.
  return domainsOf([...new Set([...(sample === null ? [] : groups), ...Object.keys(states.domains.bytes)])])
}

export function summarise(profile: CorpusProfile): Summary {
  const { languages, domains, lengths, quality } = profile.states
  const byDomain = new Map<string, { bytes: number; names: string[] }>()
  for (const [group, name] of domainNames(profile)) {
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
