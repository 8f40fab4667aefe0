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

/** Yes or no by what it rests on: amounts where every domain has its share, else a reference, which may lack the same. */
function answerOf(
  told: readonly JudgedDomain[],
  lacking: readonly JudgedDomain[],
  shareOf: (domain: JudgedDomain) => string,
): string {
  if (told.length === 0) return 'It cannot be told.'
  if (lacking.length > 0)
    return `Yes: ${lacking.map((d) => `${d.domain} (${shareOf(d)} of the corpus)`).join(', ')}.`
  const little = told.filter((d) => d.lacks)
  if (little.length === 0)
    return `No: by its amounts the corpus has its share of each of the ${told.length} domains that can be told.`
  const against = [...new Set(little.map((d) => d.against))].join(', ')
  return `Not shown: it has little of ${little.map((d) => d.domain).join(', ')}, but beside ${against} the loss there is as expected; a reference of the same corpus hides what both lack.`
}

/** Loss by domain beside the corpus' share of it. */
export function coverageSection(
  judged: readonly JudgedDomain[],
  { source, bytes }: Pick<CorpusEvidence, 'source' | 'bytes'>,
  alpha: DataExponent,
): Section {
  const told = judged.filter((d) => d.lacks !== null && d.isHigh !== null)
  const lacking = told.filter((d) => d.lacks && d.isHigh)
  const shareOf = ({ share, range }: JudgedDomain): string =>
    share === null
      ? 'not told'
      : range === undefined
        ? percent(share, 1)
        : `${percent(share, 1)} [${[range.low, range.high].map((b) => ((100 * b) / bytes).toFixed(1)).join(', ')}]`
  return {
    id: 'domain-coverage',
    order: ORDER,
    question: 'Does the corpus lack a domain?',
    answer: answerOf(told, lacking, shareOf),
    inShort:
      told.length === 0
        ? 'not known'
        : lacking.length > 0
          ? lacking.map((d) => d.domain).join(', ')
          : told.some((d) => d.lacks)
            ? 'not shown'
            : 'no',
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
          d.share === null ? null : d.range === undefined ? exact(d.share, 'share', 1) : shareOf(d),
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
