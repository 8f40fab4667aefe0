import {
  type Chart,
  type Estimate,
  estimateToJson,
  exact,
  type Finding,
  QUALITY_RULES,
  type Result,
  type Section,
} from '../../core/index.js'
import { type CorpusProfile, domainsOf, mergedStates, sortedLengths } from '../../corpus/index.js'
import { headLine } from './describe.js'

const PROBE = 'corpus-profile'
const SCHEMA = 'assay/corpus-profile@1'
const SHOWN = 20
const EXAMPLE_CHARACTERS = 120
/** Of bytes in documents that stand in the corpus before: more than this is worth a look. */
const MANY_DUPLICATES = 0.05
const METHOD = 'docs/methods/corpus.md#profile'

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

function duplicatesJson({
  texts,
  bytes,
  duplicates,
  duplicateBytes,
  histogram,
  examples,
}: CorpusProfile['duplicates']['documents']) {
  return {
    texts,
    duplicates,
    share: estimateToJson(exact(texts === 0 ? 0 : duplicates / texts, 'share', texts)),
    byteShare: estimateToJson(exact(bytes === 0 ? 0 : duplicateBytes / bytes, 'share', texts)),
    histogram,
    worst: examples,
  }
}

/** What the JSON document has beside schema, seed, inputs and findings. */
export function profileJson(profile: CorpusProfile, seconds: number): object {
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
    duplicates: {
      exact: {
        documents: duplicatesJson(profile.duplicates.documents),
        paragraphs: duplicatesJson(profile.duplicates.paragraphs),
      },
    },
    quality: quality.map(({ name, title, source, share }) => ({
      rule: name,
      title,
      source,
      share: estimateToJson(share),
      examples: (states.quality[name]?.examples ?? []).map(({ path, text }) => ({ path, text })),
    })),
    corpora: profile.corpora.map(({ name, documents, bytes }) => ({ corpus: name, documents, bytes })),
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.001 ? 3 : 1)} %`
}

function duplicateFinding(profile: CorpusProfile): Finding {
  const { texts, bytes, duplicates, duplicateBytes } = profile.duplicates.documents
  const share = bytes === 0 ? 0 : duplicateBytes / bytes
  const many = share > MANY_DUPLICATES
  return {
    probe: PROBE,
    code: 'exact-duplicates',
    status: many ? 'warn' : 'pass',
    title: `${percent(share)} of the text stands in documents that are there before (${duplicates.toLocaleString('en-US')} of ${texts.toLocaleString('en-US')} documents)`,
    estimate: exact(share, 'share', texts),
    ...(many
      ? {
          action:
            'Keep one of each: repeated documents cost compute and are memorised (Lee et al., arXiv:2107.06499).',
        }
      : {}),
    sources: [METHOD],
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

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > EXAMPLE_CHARACTERS ? `${line.slice(0, EXAMPLE_CHARACTERS)}…` : line
}

function sectionsOf(profile: CorpusProfile): Section[] {
  const { languages, domains, quality, lengths } = summarise(profile)
  const states = mergedStates(profile)
  const [language] = languages
  const [domain] = domains
  const { documents, paragraphs } = profile.duplicates
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
    {
      id: 'corpus-duplicates',
      probe: PROBE,
      order: 2,
      question: 'What stands in it more than once?',
      answer: `${percent(documents.bytes === 0 ? 0 : documents.duplicateBytes / documents.bytes)} of the text is in documents, ${percent(paragraphs.bytes === 0 ? 0 : paragraphs.duplicateBytes / paragraphs.bytes)} in paragraphs that stand there before.`,
      charts: [
        {
          kind: 'lines',
          caption: 'Groups of equal paragraphs by their size',
          x: { label: 'times', scale: 'log' },
          y: { label: 'groups', scale: 'log' },
          series: [
            {
              name: 'paragraphs',
              style: 'points',
              x: paragraphs.histogram.map(({ times }) => times),
              y: paragraphs.histogram.map(({ groups }) => groups),
            },
            {
              name: 'documents',
              style: 'points',
              x: documents.histogram.map(({ times }) => times),
              y: documents.histogram.map(({ groups }) => groups),
            },
          ],
        },
      ],
      tables: (['documents', 'paragraphs'] as const).map((kind) => ({
        title: `The ${kind} that take the most bytes by repeating`,
        columns: ['times', 'bytes', 'text', 'one stands in'],
        rows: profile.duplicates[kind].examples.map(({ times, bytes, text, path }) => [
          times,
          bytes,
          clip(text),
          path,
        ]),
      })),
      protocol: [
        'Documents are equal byte for byte; paragraphs (runs of lines, parted by blank ones) of at least 64 bytes are equal but for white space around lines.',
      ],
    },
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
  seed: number,
): Result {
  return {
    schema: SCHEMA,
    title: 'Profile of a corpus',
    summary: headLine(profile.documents, profile.bytes, seconds, `${profile.threads} threads`),
    seed,
    inputs: [],
    gates: [],
    findings: [duplicateFinding(profile)],
    metrics: [],
    sections: sectionsOf(profile),
    provenance: [{ label: 'Corpus', value: inputs.join(' ') }],
    notMeasured: [],
  }
}
