import { counted, type Estimate, listed, percent, type Section } from '../../core/index.js'
import { cleanOf, type Part } from './parts.js'

const ORDER = 34

/** `49.3 % [40.1, 58.5]`, `2.33 bits/byte [2.24, 2.43]`. */
export function figureText(e: Estimate): string {
  if (e.kind === 'notEstimable') return 'unknown'
  const { low, high } = e.interval
  const [value, unit, digits, times] =
    e.unit === 'accuracy' ? [percent(e.value, 1), '', 1, 100] : [e.value.toFixed(2), ` ${e.unit}`, 2, 1]
  return `${value}${unit} [${(times * low).toFixed(digits)}, ${(times * high).toFixed(digits)}]`
}

const MOST_TOLD = 3

/** Both figures of the parts of which something was read, the first few. */
function bothText(found: readonly Part[]): string {
  const told = found.slice(0, MOST_TOLD).map((p) => {
    const clean = cleanOf(p)
    return `${p.name} ${figureText(p.all)} on all ${p.items}, ${clean === 0 ? 'none of them known to be clean' : `${figureText(p.clean)} on the ${clean} clean`}`
  })
  return `${told.join('; ')}${found.length > MOST_TOLD ? '; …' : ''}.`
}

/** Of what nothing is known, behind what is. */
function restText(parts: readonly Part[], untold: readonly string[]): string {
  const unknown = parts.reduce((n, p) => n + p.unknown, 0)
  return [
    unknown === 0 ? '' : ` Of ${counted(unknown, 'more item')} nothing is known.`,
    untold.length === 0 ? '' : ` Not looked up: ${listed(untold, MOST_TOLD)}.`,
  ].join('')
}

/**
 * Every figure on all beside the same on the clean part.
 *
 * @param untold what is measured and was not looked up
 */
export function contaminationSection(
  parts: readonly Part[],
  share: Estimate,
  untold: readonly string[],
): Section {
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
      : `${
          found.length === 0
            ? `None of ${counted(share.n, 'measured item')} stands in the training corpus.`
            : `${percent(share.value, 1)} of what was looked up stands in the training corpus: ${bothText(found)}`
        }${restText(parts, untold)}`,
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
          'clean',
          'on all',
          'clean part',
          'better where it was read by',
        ],
        rows: parts.map((p) => [
          p.name,
          p.items,
          p.contaminated,
          p.unknown,
          cleanOf(p),
          p.all,
          p.clean,
          p.advantage,
        ]),
      },
    ],
    protocol: [
      'Items of a table of `assay corpus contamination`; those that are too short to decide (or short, and found in part), or were not looked up, are on neither side.',
      'A part is called better where it was read only by its whole interval, which is as wide as that of all parts together (Šidák).',
    ],
  }
}
