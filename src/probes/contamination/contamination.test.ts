import { describe, expect, it } from 'vitest'
import { SAMPLES } from '../../../test/contract/evidence-samples.js'
import { createRandom, type EvidenceByKind, type ScoredDocument } from '../../core/index.js'
import { benchmarkScores } from '../benchmark-scores/index.js'
import { heldOutLoss } from '../held-out-loss/index.js'
import { knowledgeRetention } from '../knowledge-retention/index.js'
import { contamination } from './index.js'

const { surprisal, choices, answers } = SAMPLES.usual
type Kinds = Partial<Pick<EvidenceByKind, 'surprisal' | 'choices' | 'answers'>>

const judged = (evidence: Kinds, items: EvidenceByKind['contamination']['items']) =>
  contamination.judge({ ...evidence, contamination: { items } }, { random: createRandom(3), level: 0.95 })

/** A copy that a model has learnt by heart. */
const planted = (d: ScoredDocument): ScoredDocument => ({
  ...d,
  document: `${d.document} planted`,
  logLikelihoods: d.logLikelihoods.map((x) => x / 20),
})

describe('figures of the clean part', () => {
  const told = [
    ...surprisal.documents.map((d) => ({ task: d.domain, item_id: d.document, clean: 1 })),
    ...choices.answers.map((a) => ({ task: a.task, item_id: a.item, clean: 1 })),
    ...answers.facts.map((f) => ({ task: 'facts', item_id: f.fact_id, clean: 1 })),
  ]
  const without = judged({ surprisal, choices, answers }, told)
  const texts = surprisal.documents.filter((_, i) => i % 3 === 0).map(planted)
  const items = choices.answers
    .filter((a) => a.item.endsWith('3'))
    .map((a) => ({ ...a, item: `${a.item} planted` }))
  const facts = answers.answers
    .filter((a) => a.fact_id.endsWith('5'))
    .map((a) => ({ ...a, fact_id: `${a.fact_id} planted`, correct: a.total }))
  const withPlanted = judged(
    {
      surprisal: { ...surprisal, documents: [...surprisal.documents, ...texts] },
      choices: { ...choices, answers: [...choices.answers, ...items] },
      answers: { ...answers, answers: [...answers.answers, ...facts] },
    },
    [
      ...told,
      ...texts.map((d) => ({ task: d.domain, item_id: d.document, clean: 0 })),
      ...items.map((a) => ({ task: a.task, item_id: a.item, clean: 0 })),
      ...facts.map((a) => ({ task: 'facts', item_id: a.fact_id, clean: 0 })),
    ],
  )

  it('are those of an audit without the planted items, to the last digit', () => {
    const clean = ({ metrics }: typeof without) => metrics.filter((m) => m.id.includes('.clean-'))
    // A macro mean, five domains, four tasks, facts.
    expect(clean(without)).toHaveLength(11)
    expect(clean(withPlanted)).toEqual(clean(without))
  })

  it('stand beside a share, and beside what was planted where that is better by its interval', () => {
    const share = withPlanted.metrics.find((m) => m.id === 'contamination.share')?.estimate
    const [documents, asked, known] = [60 + 20, 4 * (60 + 6), 40 + 4]
    expect(share).toMatchObject({ n: documents + asked + known, value: (20 + 24 + 4) / (80 + 264 + 44) })
    const titles = withPlanted.findings
      .filter((f) => f.code === 'contamination/flattered')
      .map((f) => f.title)
    for (const domain of ['law', 'code', 'speech.v2'])
      expect(titles.join()).toContain(`${domain} looks better`)
    expect(titles.join()).not.toContain('pairs')
    expect(without.findings.map((f) => f.status)).toEqual(['pass'])
  })
})

it('where nothing is clean no figure passes, and none is called one of unseen text', () => {
  const told = (clean: (i: number) => number | null) => [
    ...surprisal.documents.map((d, i) => ({ task: d.domain, item_id: d.document, clean: clean(i) })),
    ...choices.answers.map((a, i) => ({ task: a.task, item_id: a.item, clean: clean(i) })),
    ...answers.facts.map((f, i) => ({ task: 'facts', item_id: f.fact_id, clean: clean(i) })),
  ]
  const main = ['held-out-loss/macro', 'benchmark-scores/above-chance', 'knowledge-retention/retention']
  const concluded = (items: EvidenceByKind['contamination']['items'] | undefined) => {
    const evidence = { surprisal, choices, answers, ...(items && { contamination: { items } }) }
    const all = [heldOutLoss, benchmarkScores, knowledgeRetention].map((probe) =>
      probe.judge(evidence, { random: createRandom(3), level: 0.95 }),
    )
    return {
      statuses: all.flatMap(({ findings }) =>
        findings.filter(({ code }) => main.includes(code)).map(({ status }) => status),
      ),
      answers: all.flatMap(({ sections }) => sections.map(({ answer }) => answer)).join('\n'),
    }
  }
  const [unknown, mixed, all] = [
    concluded(undefined),
    concluded(told((i) => i % 2)),
    concluded(told((i) => (i === 0 ? 0 : null))),
  ]
  // As they are where nobody looked, and where some of it is clean.
  expect(mixed.statuses).toEqual(unknown.statuses)
  expect(unknown.answers).toContain('unseen text')
  expect(mixed.answers).toMatch(/text of which \d+ of 60 documents stand in its training corpus \(8/)
  expect(all.answers).toMatch(
    /text of which 1 of 60 documents stands in its training corpus and none is known not to/,
  )
  // Of domains that were not looked up nothing is said.
  const law = told(() => 0).filter(({ task }) => task === 'law')
  expect(concluded(law).statuses).toEqual(unknown.statuses)
  const read = concluded(told(() => 0))
  expect(read.statuses).not.toContain('pass')
  expect(read.answers).not.toContain('unseen')
  const { sections, findings } = judged(
    { surprisal, choices, answers },
    told(() => 0),
  )
  expect(sections[0]?.answer).toMatch(/bits\/byte \[.*\] on all 12, none of them known to be clean/)
  expect(findings[0]?.action).toMatch(/^No measured item is known to be clean/)
  expect(
    judged(
      { surprisal },
      told((i) => i % 2),
    ).sections[0]?.answer,
  ).toMatch(/law \d\.\d\d bits\/byte \[.*\] on all 12, \d\.\d\d bits\/byte \[.*\] on the 6 clean/)
})

it('what the table does not tell of is left out, and one that tells of nothing is said to', () => {
  const law = surprisal.documents.filter((d) => d.domain === 'law')
  const { metrics } = judged(
    { surprisal, choices, answers },
    law.map((d) => ({ task: 'law', item_id: d.document, clean: 1 })),
  )
  expect(metrics.map((m) => m.id)).toEqual([
    'contamination.share',
    'contamination.clean-loss',
    'contamination.clean-domain.law',
  ])
  const [finding] = judged({ surprisal, choices, answers }, [
    { task: 'law', item_id: 'else', clean: 0 },
  ]).findings
  expect(finding).toMatchObject({
    status: 'insufficient',
    title: 'The one item of the table was not measured',
    detail: 'The table is about law.',
  })
})

it('of most of what was measured nothing is known: none found is no pass, and what was not looked up is named', () => {
  const law = surprisal.documents.filter((d) => d.domain === 'law')
  const of = (known: number) =>
    judged(
      { surprisal, choices },
      law.slice(0, known).map((d) => ({ task: 'law', item_id: d.document, clean: 1 })),
    )
  const rest = law.length - 5
  expect(of(5).findings).toMatchObject([
    {
      status: 'insufficient',
      title: expect.stringContaining(
        `none of 5 items stands in the training corpus, ${rest} could not be told`,
      ),
    },
  ])
  expect(of(6).findings).toMatchObject([{ status: 'pass' }])
  // Four other domains, four tasks.
  expect(of(5).sections[0]?.answer).toMatch(
    new RegExp(
      `^None of 5 measured items .* Of ${rest} more items nothing is known\\. Not looked up: (\\S+, ){2}\\S+ and 5 more\\.$`,
    ),
  )
})

it('of several corpora an item is clean where it is clean of all', () => {
  const [d] = surprisal.documents
  const row = { task: d.domain, item_id: d.document }
  for (const [other, found] of [
    [0, 1],
    [1, 0],
    [null, 0],
  ] as const) {
    const { metrics } = judged({ surprisal, choices, answers }, [
      { ...row, clean: 1 },
      { ...row, clean: other },
    ])
    const share = metrics.find((m) => m.id === 'contamination.share')?.estimate
    expect(share, String(other)).toMatchObject(
      other === null ? { kind: 'notEstimable' } : { value: found, n: 1 },
    )
  }
})
