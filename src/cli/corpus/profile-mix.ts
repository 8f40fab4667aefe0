import { writeParquet } from '../../audit/index.js'
import { type Cell, exact, type Section } from '../../core/index.js'
import { type CorpusProfile, domainsOf } from '../../corpus/index.js'
import { raise } from '../errors.js'
import { weightsOf } from './options.js'
import { summarise } from './profile-summary.js'
import { PROBE } from './profile-text.js'

/** Parts of a training mix: what each corpus is drawn with, and what that comes to. */
interface Mix {
  readonly corpora: readonly {
    readonly corpus: string
    readonly documents: number
    readonly bytes: number
    /** Of the bytes as they lie. */
    readonly share: number
    /** Of the bytes that are trained on. */
    readonly weight: number
    /** Times that it is read while as many bytes are trained on as all corpora have. */
    readonly epochs: number
  }[]
  readonly languages: readonly { readonly language: string; readonly share: number }[]
  readonly domains: readonly { readonly domain: string; readonly share: number }[]
}

/**
 * Corpora drawn by weights, `web=.7 books=.3`, which need not add up to 1.
 *
 * @throws {AssayError} cli/bad-option where a weight names no corpus, a corpus has no weight, or one is not 0 or more
 */
export function mixOf(profile: CorpusProfile, weights: Readonly<Record<string, string>>): Mix {
  const wrong = (message: string) => raise('bad-option', message, { field: '--weights' })
  const names = profile.corpora.map(({ name }) => name)
  const given = weightsOf(names, weights)
  const total = given.reduce((sum, w) => sum + w, 0)
  const all = profile.corpora.reduce((sum, { bytes }) => sum + bytes, 0)
  const corpora = profile.corpora.map(({ name, documents, bytes }, i) => {
    const weight = given[i]! / total
    if (bytes === 0 && weight > 0) throw wrong(`${name} is empty`)
    return {
      corpus: name,
      documents,
      bytes,
      share: all === 0 ? 0 : bytes / all,
      weight,
      epochs: bytes === 0 ? 0 : (weight * all) / bytes,
    }
  })
  const weighted = (
    of: (states: CorpusProfile['corpora'][number]['states']) => Readonly<Record<string, number>>,
    nameOf: (key: string) => string,
  ): [string, number][] => {
    const shares = new Map<string, number>()
    profile.corpora.forEach(({ states, bytes }, i) => {
      if (bytes === 0) return
      for (const [key, own] of Object.entries(of(states)))
        shares.set(nameOf(key), (shares.get(nameOf(key)) ?? 0) + (corpora[i]!.weight * own) / bytes)
    })
    return [...shares].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  }
  const groups = profile.corpora.flatMap(({ states }) => Object.keys(states.domains.bytes))
  const domainOf = domainsOf([...new Set(groups)])
  return {
    corpora,
    languages: weighted(
      (s) => s.languages.bytes,
      (name) => name,
    ).map(([language, share]) => ({ language, share })),
    domains: weighted(
      (s) => s.domains.bytes,
      (group) => domainOf.get(group) ?? group,
    ).map(([domain, share]) => ({ domain, share })),
  }
}

/** What is trained on, beside what lies there. */
export function mixSection({ corpora, languages, domains }: Mix, profile: CorpusProfile): Section {
  const most = corpora.reduce((top, c) => (c.epochs > top.epochs ? c : top))
  const plain = summarise(profile)
  const rows = (mixed: readonly (readonly [string, number])[], own: typeof plain.domains): Cell[][] =>
    mixed
      .slice(0, 20)
      .map(([name, share]) => [
        name,
        own.find((o) => o.name === name)?.share ?? null,
        exact(share, 'share', profile.documents),
      ])
  return {
    id: 'corpus-weights',
    probe: PROBE,
    order: 1.5,
    question: 'What is trained on, by these weights?',
    answer: `While as much is read as all corpora have, ${most.corpus} is read ${most.epochs.toLocaleString('en-US', { maximumSignificantDigits: 2 })} times.`,
    charts: [
      {
        kind: 'dots',
        caption: `Share of what is trained on; ${most.corpus} is repeated most`,
        x: { label: 'share', unit: 'share', domain: [0, 1] },
        rows: corpora.flatMap((c) => [
          { label: c.corpus, group: 'as it lies', estimate: exact(c.share, 'share', c.documents) },
          { label: c.corpus, group: 'by weight', estimate: exact(c.weight, 'share', c.documents) },
        ]),
      },
    ],
    tables: [
      {
        title: 'Corpora by weight',
        columns: ['corpus', 'documents', 'bytes', 'as it lies', 'by weight', 'times read'],
        rows: corpora.map((c) => [
          c.corpus,
          c.documents,
          c.bytes,
          exact(c.share, 'share', c.documents),
          exact(c.weight, 'share', c.documents),
          c.epochs,
        ]),
      },
      {
        title: 'Domains of the mix',
        columns: ['domain', 'as it lies', 'by weight'],
        rows: rows(
          domains.map((d) => [d.domain, d.share]),
          plain.domains,
        ),
      },
      {
        title: 'Languages of the mix',
        columns: ['language', 'as it lies', 'by weight'],
        rows: rows(
          languages.map((l) => [l.language, l.share]),
          plain.languages,
        ),
      },
    ],
    protocol: [
      'Weights are shares of the bytes that are trained on; times read are per as many bytes as all corpora have.',
    ],
  }
}

/** The profile as a tidy table: a row for each language, domain, rule and corpus. */
export function writeProfileTable(path: string, profile: CorpusProfile): Promise<void> {
  const { languages, domains, quality } = summarise(profile)
  const rows = [
    ...languages.map((row) => ({ kind: 'language', ...row })),
    ...domains.map((row) => ({ kind: 'domain', ...row })),
    ...quality.map((row) => ({ kind: 'rule', ...row })),
  ]
  const shareOf = (pick: (e: { value: number; interval: { low: number; high: number } }) => number) =>
    rows.map(({ share }) => (share.kind === 'estimate' ? pick(share) : null))
  return writeParquet(path, {
    kind: { type: 'VARCHAR', values: rows.map((row) => row.kind) },
    name: { type: 'VARCHAR', values: rows.map((row) => row.name) },
    // Bytes of a language or domain, documents that break a rule.
    amount: { type: 'DOUBLE', values: rows.map((row) => row.amount) },
    share: { type: 'DOUBLE', values: shareOf((e) => e.value) },
    low: { type: 'DOUBLE', values: shareOf((e) => e.interval.low) },
    high: { type: 'DOUBLE', values: shareOf((e) => e.interval.high) },
  })
}
