import type { Chart, Section, TableView } from '../../core/index.js'
import { listed } from '../../core/text/counted.js'
import type { CorpusProfile, Skipped } from '../../corpus/index.js'
import { skippedFields } from './describe.js'
import { domainNames, type Share, sizeWords, summarise } from './profile-summary.js'
import { clip, METHOD, measured, PROBE, sampleWords } from './profile-text.js'

const SHOWN = 20
const SHOWN_NEAR = 3

/** Those whose intervals reach into that of the first, or which are as large, and itself; none where it leads. */
function overlapping(shares: readonly Share[]): string {
  const [first, ...rest] = shares
  if (first?.share.kind !== 'estimate') return ''
  const { low, high } = first.share.interval
  const near = rest.filter(({ share }) => share.kind === 'estimate' && share.interval.high >= low)
  const names = listed(
    [first, ...near].map(({ name }) => name),
    SHOWN_NEAR,
  )
  return near.length === 0 ? '' : low === high ? `${names} are equal` : `intervals of ${names} overlap`
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

/** Which domains each named corpus has: files called alike are of one domain, whichever corpus they stand in. */
function corporaTable(profile: CorpusProfile): TableView[] {
  if (profile.corpora.length < 2) return []
  const domainOf = domainNames(profile)
  const rows = profile.corpora.map(({ name, documents, bytes, states }) => {
    const own = Object.keys(states.domains.bytes).map((group) => domainOf.get(group)!)
    return [name, documents, bytes, listed([...new Set(own)], SHOWN_NEAR)]
  })
  return [{ title: 'By corpus', columns: ['corpus', 'documents', 'bytes', 'domains'], rows }]
}

/** What the corpus holds: languages, domains, lengths, and what of it could not be read. */
export function contentSection(profile: CorpusProfile): Section {
  const { languages, domains, lengths } = summarise(profile)
  const [language] = languages
  const [domain] = domains
  const [nearLanguages, nearDomains] = [overlapping(languages), overlapping(domains)]
  const largest =
    domains.length === 1
      ? `all of it is of the domain ${domain?.name}${
          profile.corpora.length < 2
            ? ''
            : `, in ${profile.corpora.length} corpora (${listed(
                profile.corpora.map(({ name }) => name),
                SHOWN_NEAR,
              )})`
        }`
      : nearDomains === ''
        ? `the largest domain is ${domain?.name}`
        : `the largest domain cannot be told (${nearDomains})`
  const { skipped, remarks = [] } = skippedFields(profile.skipped)
  return {
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
      ...corporaTable(profile),
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
  }
}

/** Which rules of quality its documents break. */
export function qualitySection(profile: CorpusProfile): Section {
  const { quality } = summarise(profile)
  const worstRules = quality.filter(({ amount }) => amount > 0).sort((a, b) => b.amount - a.amount)
  const nearRules = overlapping(worstRules)
  return {
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
          clip(profile.states.quality[name]?.examples[0]?.text ?? ''),
        ]),
      },
    ],
    protocol: ['A rule names documents to look at; code breaks several rules of prose by its nature.'],
  }
}
