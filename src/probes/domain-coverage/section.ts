import {
  type Cell,
  type CorpusEvidence,
  type DataExponent,
  exact,
  percent,
  type Section,
} from '../../core/index.js'
import { type DomainExcess, LITTLE, MANY_UNSEEN } from './excess.js'
import type { Need } from './need.js'

const ORDER = 14

/** A domain with what would mend it, and its share of the corpus. */
export interface JudgedDomain extends DomainExcess {
  readonly need: Need
  /** null where it is not told. */
  readonly share: number | null
}

/** `1.3 MB`, `120 GB` of megabytes. */
export function amountText(megabytes: number): string {
  const [value, unit] =
    megabytes >= 1e6
      ? [megabytes / 1e6, 'TB']
      : megabytes >= 1e3
        ? [megabytes / 1e3, 'GB']
        : megabytes >= 1
          ? [megabytes, 'MB']
          : [megabytes * 1e3, 'kB']
  return `${Number(value.toPrecision(2))} ${unit}`
}

function wordOf({ lacks, isHigh }: DomainExcess): string {
  if (isHigh === null) return 'cannot be told'
  if (lacks === null) return isHigh ? 'high; what the corpus has of it is not told' : 'as expected'
  if (lacks)
    return isHigh ? 'high because the corpus lacks it' : 'little in the corpus, not shown in the loss'
  return isHigh ? 'high, though the corpus has it' : 'as expected'
}

/** Loss by domain beside the corpus' share of it. */
export function coverageSection(
  judged: readonly JudgedDomain[],
  { source, bytes }: Pick<CorpusEvidence, 'source' | 'bytes'>,
  alpha: DataExponent,
): Section {
  const told = judged.filter((d) => d.lacks !== null && d.isHigh !== null)
  const lacking = told.filter((d) => d.lacks && d.isHigh)
  const shareOf = ({ share }: JudgedDomain): string => (share === null ? 'not told' : percent(share, 1))
  return {
    id: 'domain-coverage',
    order: ORDER,
    question: 'Does the corpus lack a domain?',
    answer:
      told.length === 0
        ? 'It cannot be told.'
        : lacking.length === 0
          ? `No: none of ${told.length} domains is predicted badly for want of text.`
          : `Yes: ${lacking.map((d) => `${d.domain} (${shareOf(d)} of the corpus)`).join(', ')}.`,
    inShort:
      told.length === 0 ? 'not known' : lacking.length === 0 ? 'no' : lacking.map((d) => d.domain).join(', '),
    charts: judged.some((d) => d.excess.kind === 'estimate')
      ? [
          {
            kind: 'dots',
            caption:
              lacking.length === 0
                ? 'Every domain’s loss beside what the others make expect; in brackets its share of the corpus'
                : `${lacking.map((d) => d.domain).join(', ')}: more loss than the others make expect, and little text`,
            x: { label: 'loss ÷ what the other domains make expect', unit: 'ratio' },
            rows: judged.map((d) => ({
              label: `${d.domain} (${shareOf(d)})`,
              estimate: d.excess,
              emphasis: lacking.includes(d),
            })),
            reference: [{ value: 1, label: 'as expected' }],
          },
        ]
      : [],
    tables: [
      {
        title: 'Loss by domain beside the corpus',
        columns: [
          'domain',
          'of the corpus',
          'words it never has',
          'loss ÷ expected',
          'held against',
          'concluded',
          'text that halves it',
          'text the others have more',
        ],
        rows: judged.map((d): Cell[] => [
          d.domain,
          d.share === null ? null : exact(d.share, 'share', 1),
          d.unseenWords === null ? null : exact(d.unseenWords, 'share', 1),
          d.excess,
          d.against,
          wordOf(d),
          d.need.half,
          d.need.whole,
        ]),
      },
    ],
    protocol: [
      `What the corpus has: ${source}, ${amountText(bytes / 1e6)}. Little is less than ${percent(LITTLE)} of the other domains' median, or ${MANY_UNSEEN} times as many words that it never has.`,
      'Expected: what a reference needs on the same passages, times what this model needs more (or less) than it on the domains that the corpus has. The interval is for a further such domain (Student). A reference trained on the same corpus hides what both lack; it is held against every one, at a level divided by their number.',
      alpha.runs === 0
        ? `The loss is taken to fall with data by an exponent of ${alpha.low} to ${alpha.high}, as published.`
        : `The loss falls with data by an exponent of ${alpha.low.toFixed(2)} to ${alpha.high.toFixed(2)}, by the ${alpha.runs} runs of the evaluations.`,
    ],
  }
}
