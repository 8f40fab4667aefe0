import {
  dataExponent,
  defineProbe,
  type Estimate,
  exact,
  type Finding,
  findingsBy,
  type Measurement,
  notEstimable,
} from '../../core/index.js'
import { coveredDomains, domainExcess } from './excess.js'
import { METRICS } from './metrics.js'
import { needOf } from './need.js'
import { amountText, coverageSection, type JudgedDomain } from './section.js'

export { type CoveredDomain, domainExcess } from './excess.js'
export { needOf } from './need.js'

const PROBE = 'domain-coverage'
const finding = findingsBy(PROBE, ['docs/methods/corpus.md#domain-coverage', 'evidence: corpus, surprisal'])

const named = (domains: readonly JudgedDomain[]): string => domains.map((d) => d.domain).join(', ')
const between = (e: Estimate): string =>
  e.kind === 'notEstimable'
    ? 'an unknown amount'
    : `${amountText(e.interval.low)} to ${amountText(e.interval.high)}`

/** One finding for each domain that suffers from what the corpus lacks. */
function lackingFindings(lacking: readonly JudgedDomain[]): Finding[] {
  return lacking.map(({ domain, excess, need, against }) => {
    const times = excess.kind === 'estimate' ? excess.value.toFixed(2) : ''
    const told = need.half.kind === 'estimate' && need.whole.kind === 'estimate'
    return finding(
      'lacking',
      'warn',
      `${domain} is predicted badly because the corpus lacks it: ${times} times the loss that the other domains make expect`,
      {
        estimate: excess,
        action: told
          ? `Add text of the kind of ${domain}: ${between(need.half)} would halve what it is behind, ${between(need.whole)} is what the other domains have more.`
          : `Add text of the kind of ${domain}; how much cannot be told, since how much the corpus has is not.`,
        detail: `Held against ${against}; the interval is that of a further domain which the corpus has.`,
      },
    )
  })
}

function overallFinding(judged: readonly JudgedDomain[], corpus: number): Finding {
  const told = judged.filter((d) => d.lacks !== null && d.isHigh !== null)
  const lacking = told.filter((d) => d.lacks && d.isHigh)
  const rest = judged.filter((d) => !told.includes(d))
  const detail = rest.length === 0 ? {} : { detail: `It cannot be told of ${named(rest)}.` }
  if (told.length === 0)
    return finding('domains', 'insufficient', 'Whether the corpus lacks a domain cannot be told', {
      action:
        corpus === 0
          ? 'Name a corpus whose profile has documents.'
          : judged.some((d) => d.range !== undefined)
            ? 'Profile more of the corpus (a larger --sample, or all of it): how much it has of each domain is not told by what was drawn.'
            : 'Name four held-out domains or more as the parts of the corpus are named (corpus.parts in the config says which are alike), or look their texts up in it (assay corpus profile --target NAME=GLOB); references other than the model itself must know their passages.',
      ...detail,
    })
  if (lacking.length > 0)
    return finding('domains', 'warn', `The corpus lacks ${named(lacking)}, and the loss shows it`, {
      action: 'Add such text before more of the rest: the amounts stand with each domain.',
      ...detail,
    })
  const little = told.filter((d) => d.lacks)
  return finding(
    'domains',
    'pass',
    little.length === 0
      ? `No domain is lacking: of all ${told.length} that can be told the corpus has its share`
      : `The corpus has little of ${named(little)}, but it is not shown that the loss suffers`,
    detail,
  )
}

/** Is a domain predicted badly because the training corpus lacks it, and how much text would mend it? */
export const domainCoverage = defineProbe({
  id: PROBE,
  title: 'No domain is predicted badly for want of text in the corpus',
  failureTitle: 'A domain is predicted badly because the corpus lacks it',
  needs: ['surprisal', 'corpus'],
  wants: ['evaluations'],
  sources: ['docs/methods/corpus.md#domain-coverage'],
  metrics: METRICS,
  judge: ({ surprisal, corpus, evaluations }, { random, level, references }) => {
    const domains = domainExcess(coveredDomains(surprisal, corpus, references), level)
    const had = domains.flatMap((d) => (d.lacks === false && d.bytes !== null ? [d.bytes] : []))
    const alpha = dataExponent(evaluations?.rows ?? [], level)
    const none = notEstimable('nothing shows that it is behind for want of text')
    const judged = domains.map((d): JudgedDomain => {
      const need =
        d.lacks && d.isHigh
          ? needOf(d, had, alpha, { random: random.derive(d.domain), level })
          : { half: none, whole: none }
      return { ...d, need, share: d.bytes === null || corpus.bytes <= 0 ? null : d.bytes / corpus.bytes }
    })
    const lacking = judged.filter((d) => d.lacks && d.isHigh)
    const told = judged.filter((d) => d.lacks !== null && d.isHigh !== null)
    return {
      findings: [overallFinding(judged, corpus.bytes), ...lackingFindings(lacking)],
      metrics: [
        {
          metric: `${PROBE}.lacking`,
          estimate:
            told.length === 0
              ? notEstimable('it cannot be told of any domain')
              : exact(lacking.length, 'domains', told.length),
        },
        ...judged.map(
          (d): Measurement => ({ metric: `${PROBE}.excess.*`, part: d.domain, estimate: d.excess }),
        ),
        ...lacking.map(
          (d): Measurement => ({ metric: `${PROBE}.need.*`, part: d.domain, estimate: d.need.half }),
        ),
      ],
      sections: [coverageSection(judged, corpus, alpha)],
    }
  },
})
