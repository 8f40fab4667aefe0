import {
  BAND_TITLES,
  bandEstimates,
  type Cell,
  type Coverage,
  coverageOf,
  createRandom,
  DEFAULT_LEVEL,
  type Estimate,
  estimateToJson,
  exact,
  type Finding,
  mapEstimate,
  type Section,
  TARGET_NGRAMS,
  type TableView,
} from '../../core/index.js'
import { counted } from '../../core/text/counted.js'
import { type CorpusProfile, domainsOf } from '../../corpus/index.js'
import { METHOD, PROBE, percent } from './profile-text.js'

const SHOWN_PARTS = 20
/** Of a target's words: more that the corpus never has are worth a look. */
const MANY_UNSEEN = 0.01

/** What of a target stands in the corpus. */
export interface CoveredTarget {
  readonly name: string
  readonly documents: number
  /** In the order of TARGET_NGRAMS. */
  readonly coverage: readonly Coverage[]
  /** Shares by how often the corpus has them, shape (TARGET_NGRAMS, bands). */
  readonly bands: readonly (readonly Estimate[])[]
  /** Share of the target's words that the corpus never has. */
  readonly unseenWords: Estimate
  /** By corpus: the same alone, and what the corpora together lose without it; none where there is one corpus. */
  readonly corpora: readonly {
    readonly corpus: string
    readonly coverage: readonly Coverage[]
    readonly adds: readonly Estimate[]
  }[]
}

function point(e: Estimate): number {
  return e.kind === 'estimate' ? e.value : 0
}

/** Coverage of every target, by all corpora together and by each. */
export function coverTargets(profile: CorpusProfile, seed: number): CoveredTarget[] {
  if (profile.targets.length === 0) return []
  const all = profile.states.targets.counts
  return profile.targets.map(({ name, documents }) => {
    const random = createRandom(seed).derive(`target ${name}`)
    const cover = (counts: (id: number) => number): Coverage[] =>
      TARGET_NGRAMS.map((_, i) =>
        coverageOf(
          documents.map((ngrams) => ngrams[i]!),
          counts,
          random,
          DEFAULT_LEVEL,
        ),
      )
    const coverage = cover((id) => all[id] ?? 0)
    const several = profile.corpora.length > 1 ? profile.corpora : []
    return {
      name,
      documents: documents.length,
      coverage,
      bands: TARGET_NGRAMS.map((_, i) =>
        bandEstimates(
          documents.map((ngrams) => ngrams[i]!),
          (id) => all[id] ?? 0,
          random.derive(`bands ${i}`),
          DEFAULT_LEVEL,
        ),
      ),
      unseenWords: mapEstimate(coverage[0]!.covered, 'share', (share) => 1 - share),
      corpora: several.map(({ name: corpus, states }) => {
        const { counts } = states.targets
        const here = (id: number): number => counts[id] ?? 0
        const hereAlone = (id: number): number => (here(id) === all[id] ? here(id) : 0)
        return { corpus, coverage: cover(here), adds: cover(hereAlone).map(({ covered: share }) => share) }
      }),
    }
  })
}

/** Parts of the corpus by the share of their trigrams that a target has, the nearest first. */
function nearestParts(profile: CorpusProfile): { part: string; trigrams: number; share: number }[] {
  const { trigrams, hits } = profile.states.targets
  const names = domainsOf(Object.keys(trigrams))
  const parts = new Map<string, { trigrams: number; hits: number }>()
  for (const [group, amount] of Object.entries(trigrams)) {
    const part = parts.get(names.get(group)!) ?? { trigrams: 0, hits: 0 }
    parts.set(names.get(group)!, { trigrams: part.trigrams + amount, hits: part.hits + (hits[group] ?? 0) })
  }
  return [...parts]
    .filter(([, { trigrams: n }]) => n > 0)
    .map(([part, { trigrams: n, hits: h }]) => ({ part, trigrams: n, share: h / n }))
    .sort((a, b) => b.share - a.share || (a.part < b.part ? -1 : 1))
    .slice(0, SHOWN_PARTS)
}

function coverageJson(coverage: readonly Coverage[], drawn: CoveredTarget['bands'] = []): object[] {
  return coverage.map(({ covered, bands }, i) => ({
    n: TARGET_NGRAMS[i],
    share: estimateToJson(covered),
    bands: bands.map((band, k) => {
      const e = drawn[i]?.[k]
      return e?.kind === 'estimate' ? { ...band, low: e.interval.low, high: e.interval.high } : band
    }),
  }))
}

/** Of one document of a target a share has no interval. */
function bandCells(shares: readonly Estimate[], { bands }: Coverage): Cell[] {
  return shares.map((e, k) => {
    const share = bands[k]!.share
    return e.kind === 'estimate' ? e : share === null ? null : percent(share)
  })
}

/** `target` (the first) and `targets` of the JSON document; nothing where none is named. */
export function targetsJson(profile: CorpusProfile, covered: readonly CoveredTarget[]): object {
  const targets = covered.map(({ name, documents, coverage, bands, unseenWords, corpora }) => ({
    target: name,
    documents,
    coverage: coverageJson(coverage, bands),
    unseenWords: estimateToJson(unseenWords),
    ...(corpora.length === 0
      ? {}
      : {
          corpora: corpora.map(({ corpus, coverage: its, adds }) => ({
            corpus,
            coverage: coverageJson(its),
            adds: adds.map((share, i) => ({ n: TARGET_NGRAMS[i], share: estimateToJson(share) })),
          })),
        }),
  }))
  return targets.length === 0 ? {} : { target: targets[0], targets, nearest: nearestParts(profile) }
}

export function targetFindings(covered: readonly CoveredTarget[]): Finding[] {
  return covered.map(({ name, unseenWords, documents }) => {
    const known = unseenWords.kind === 'estimate'
    const many = known && unseenWords.interval.low > MANY_UNSEEN
    const few = known && unseenWords.value <= MANY_UNSEEN
    return {
      probe: PROBE,
      code: 'unseen-words',
      status: many ? 'warn' : few ? 'pass' : 'insufficient',
      title: known
        ? `${percent(unseenWords.value)} of the words of ${name} never stand in the corpus${many || few ? '' : `; ${counted(documents, 'document')} cannot tell whether more than ${percent(MANY_UNSEEN)} do`}`
        : `How many words of ${name} the corpus lacks cannot be told from ${documents} document`,
      estimate: unseenWords,
      ...(many ? { action: `Add text of the kind of ${name}: the parts nearest to it are listed.` } : {}),
      sources: [METHOD],
    }
  })
}

const NAMES = ['words', 'runs of three', 'runs of five']

/** Corpus × target, for words and for each length of runs: the share of the target that the corpus has. */
function heatMaps(covered: readonly CoveredTarget[]): TableView[] {
  return NAMES.map((what, i) => ({
    title: `Share of each target's ${what} that each corpus has`,
    heat: true,
    columns: ['corpus', ...covered.map(({ name }) => name)],
    rows: covered[0]!.corpora.map(({ corpus }, k) => [
      corpus,
      ...covered.map(({ corpora }) => corpora[k]!.coverage[i]!.covered),
    ]),
  }))
}

function whatEachAdds(covered: readonly CoveredTarget[]): TableView {
  return {
    title: 'What the other corpora lack of a target without this one',
    columns: ['corpus', 'target', ...NAMES],
    rows: covered.flatMap(({ name, corpora }) => corpora.map(({ corpus, adds }) => [corpus, name, ...adds])),
  }
}

export function targetSection(profile: CorpusProfile, covered: readonly CoveredTarget[]): Section[] {
  const [first] = covered
  if (first === undefined) return []
  const rows = covered.flatMap(({ name, coverage }) =>
    coverage.map(({ covered: estimate }, i) => ({ label: `${name}: ${NAMES[i]}`, estimate })),
  )
  const nearest = nearestParts(profile)
  return [
    {
      id: 'corpus-target',
      probe: PROBE,
      order: 4,
      question: 'Does it cover what it is meant for?',
      answer: `Of ${first.name} the corpus has ${percent(point(first.coverage[0]!.covered))} of the words and ${percent(point(first.coverage[1]!.covered))} of the runs of three${nearest[0] === undefined || nearest.length < 2 ? '' : `; ${nearest[0].part} is the part nearest to it`}.`,
      charts: [
        {
          kind: 'dots',
          caption: 'What of the target the corpus has',
          x: { label: 'share', unit: 'share', domain: [0, 1] },
          rows,
        },
        ...(first.corpora.length === 0
          ? []
          : [
              {
                kind: 'dots' as const,
                caption: `What the other corpora lack without each: ${NAMES[1]}`,
                x: { label: 'share', unit: 'share' },
                rows: covered.flatMap(({ name, corpora }) =>
                  corpora.map(({ corpus, adds }) => ({ label: `${name}: ${corpus}`, estimate: adds[1]! })),
                ),
              },
            ]),
        ...(nearest.length < 2
          ? []
          : [
              {
                kind: 'dots' as const,
                caption: `Parts of the corpus by how much of their text the target has; ${nearest[0]!.part} is nearest`,
                x: { label: 'share of runs of three', unit: 'share' },
                rows: nearest.map(({ part, share, trigrams }) => ({
                  label: part,
                  estimate: exact(share, 'share', trigrams),
                })),
              },
            ]),
      ],
      tables: [
        {
          title: 'By how often the corpus has them',
          columns: [
            'target',
            'of',
            'at all',
            ...BAND_TITLES.map((title) => (title === 'never' ? title : `${title} times`)),
          ],
          rows: covered.flatMap(({ name, coverage, bands }) =>
            coverage.map((of, i) => [name, NAMES[i]!, of.covered, ...bandCells(bands[i]!, of)]),
          ),
        },
        ...(nearest.length < 2
          ? []
          : [
              {
                title: 'Parts of the corpus, the nearest first',
                columns: ['part', 'runs of three', 'of them in the target'],
                rows: nearest.map(({ part, share, trigrams }) => [
                  part,
                  trigrams,
                  exact(share, 'share', trigrams),
                ]),
              },
            ]),
        ...(first.corpora.length === 0 ? [] : [...heatMaps(covered), whatEachAdds(covered)]),
      ],
      protocol: [
        'Terms in lower case, counted as often as the target has them; intervals are over documents of the target. Text of the target that stands in the corpus counts as covered: see assay corpus contamination.',
      ],
    },
  ]
}
