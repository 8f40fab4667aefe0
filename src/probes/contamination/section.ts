import { counted, type Estimate, percent, type Section } from '../../core/index.js'
import type { Part } from './parts.js'

const ORDER = 34

/** Every figure on all beside the same on the clean part. */
export function contaminationSection(parts: readonly Part[], share: Estimate): Section {
  const found = parts.filter((p) => p.contaminated > 0)
  const known = share.kind === 'estimate'
  const scores = parts.filter((p) => p.kind !== 'domain')
  const domains = parts.filter((p) => p.kind === 'domain')
  const pairs = (own: readonly Part[]) =>
    own.flatMap(({ name, all, clean }) => [
      { label: name, estimate: all, group: 'all' },
      { label: name, estimate: clean, group: 'clean part', emphasis: true },
    ])
  return {
    id: 'contamination',
    order: ORDER,
    question: 'Has it read what it is measured by?',
    answer: !known
      ? 'It cannot be told of what was measured.'
      : found.length === 0
        ? `None of ${counted(share.n, 'measured item')} stands in the training corpus.`
        : `${percent(share.value, 1)} of ${counted(share.n, 'measured item')} stands in the training corpus: ${found.map((p) => p.name).join(', ')}.`,
    inShort: !known
      ? 'not known'
      : found.length === 0
        ? 'none found'
        : `${percent(share.value, 1)} of the items`,
    charts: [
      { own: domains, label: 'held-out loss', unit: 'bits/byte' },
      { own: scores, label: 'score', unit: 'share' },
    ].flatMap(({ own, label, unit }) =>
      own.some((p) => p.contaminated > 0)
        ? [
            {
              kind: 'dots' as const,
              caption: `${label === 'score' ? 'Scores' : 'Held-out loss'} on all, and on what does not stand in the corpus`,
              x: { label, unit },
              rows: pairs(own.filter((p) => p.contaminated > 0)),
            },
          ]
        : [],
    ),
    tables: [
      {
        title: 'On all items, and on those that do not stand in the corpus',
        columns: [
          'what',
          'items',
          'in the corpus',
          'not known',
          'on all',
          'clean part',
          'better where it was read by',
        ],
        rows: parts.map((p) => [p.name, p.items, p.contaminated, p.unknown, p.all, p.clean, p.advantage]),
      },
    ],
    protocol: [
      'Items of a table of `assay corpus contamination`; those that are too short to decide, or were not looked up, are on neither side.',
      'A part is called better where it was read only by its whole interval, which is as wide as that of all parts together (Šidák).',
    ],
  }
}
