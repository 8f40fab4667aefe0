import {
  type Advice,
  type Estimate,
  type Finding,
  type Measurement,
  notEstimable,
  type RetentionAnalysis,
  type RetentionFit,
  standsOut,
} from '../../core/index.js'

export const PROBE = 'knowledge-bound'
const EVIDENCE = 'evidence: factCounts, answers'
const BOUND = [
  'docs/methods/smi.md#mutual-information',
  'docs/methods/smi.md#variants',
  'docs/methods/smi.md#line-and-bound',
  EVIDENCE,
  'SMI, arXiv:2502.04066',
]
const ADVICE = ['docs/methods/smi.md#advice', 'docs/methods/smi.md#pooled-forms', EVIDENCE]

/** A line can end above 1; nobody keeps more than all. */
export const percent = (share: number): string => `${Math.round(100 * Math.min(1, Math.max(0, share)))} %`

/** The fit whose bound is the headline: the newest published line, on the largest model. */
export function headlineFit({ fits, observations, advice }: RetentionAnalysis): RetentionFit | null {
  const model = advice?.model ?? observations.models.at(-1)?.model
  return (
    fits.find(
      (f) => f.model === model && f.variant === 'v5-v7' && f.measure === 'smi' && f.weighting === 'bins',
    ) ?? null
  )
}

/** Share of the counted facts that the advice sends to retrieval, leaks left out. */
export function retrievedShare({ advice }: RetentionAnalysis): Estimate {
  return advice === null ? notEstimable('no form could be fitted') : advice.retrieved
}

/** Facts that claims on knowledge are about, and those of them that retrieval should serve. */
export function claimedFacts({ facts }: Advice): { readonly all: number; readonly retrieved: number } {
  const own = facts.filter((f) => !f.leaks)
  return { all: own.length, retrieved: own.filter((f) => f.action === 'retrieve').length }
}

function boundFinding(analysis: RetentionAnalysis): Finding {
  const fit = headlineFit(analysis)
  if (fit === null || fit.bound.kind === 'notEstimable') {
    const reason =
      fit?.bound.kind === 'notEstimable'
        ? fit.bound.reason
        : (analysis.notFitted[0]?.reason ?? 'no answered fact was counted')
    return {
      probe: PROBE,
      code: `${PROBE}/bound`,
      status: 'insufficient',
      title: `Retention has no bound: ${reason}`,
      estimate: notEstimable(reason),
      action: 'Count and ask more facts, of different frequencies in the corpus.',
      sources: BOUND,
    }
  }
  return {
    probe: PROBE,
    code: `${PROBE}/bound`,
    status: 'pass',
    title: `The published law bounds what ${fit.model} keeps of even the most frequent facts at ${percent(fit.bound.value)}; it explains ${fit.r2 == null ? 'an unknown share' : percent(fit.r2)} of how retention varies`,
    estimate: fit.bound,
    sources: BOUND,
  }
}

/** Why the share stands at an end of its interval, where it does: the interval counts bands of facts that may change sides. */
function endOf(share: Estimate): string {
  if (share.kind === 'notEstimable') return ''
  const { value, interval } = share
  if (value >= interval.high) return '; no other band of facts may fall that low'
  return value <= interval.low ? '; no band of them may rise above it' : ''
}

function retrievalFinding(analysis: RetentionAnalysis): Finding[] {
  const { advice } = analysis
  if (advice === null) return []
  const claimed = claimedFacts(advice)
  if (claimed.all === 0) return []
  const share = retrievedShare(analysis)
  const retrieved = advice.rows.filter((row) => row.action === 'retrieve' && !row.leaks)
  if (retrieved.length === 0)
    return [
      {
        probe: PROBE,
        code: `${PROBE}/retrieval`,
        status: 'pass',
        title: `Every counted fact is expected to be kept (error at most ${percent(advice.maxError)})`,
        estimate: share,
        sources: ADVICE,
      },
    ]
  const byRelation = new Map<string, number>()
  for (const row of retrieved) byRelation.set(row.relation, (byRelation.get(row.relation) ?? 0) + row.facts)
  const worst = [...byRelation].sort((a, b) => b[1] - a[1]).slice(0, 3)
  return [
    {
      probe: PROBE,
      code: `${PROBE}/retrieval`,
      status: 'warn',
      title: `${advice.model} is expected to be wrong more than ${percent(advice.maxError)} of the time on ${claimed.retrieved} of ${claimed.all} facts${endOf(share)}`,
      estimate: share,
      action: `Serve them by retrieval; ${byRelation.size > worst.length ? 'most are' : 'they are'} in ${worst.map(([relation, n]) => `${relation} (${n})`).join(', ')}.`,
      sources: ADVICE,
    },
  ]
}

function leakFinding({ leaks, observations }: RetentionAnalysis): Finding[] {
  const { rows, facts } = observations.leakingAnswers
  if (leaks.facts === 0 && rows === 0) return []
  const accuracy = leaks.leaking.at(-1)?.accuracy
  const named = `${leaks.facts} of ${observations.counted} facts name their object inside the subject`
  const dropped = `${rows} answers to ${facts} facts whose prompts give the object away are left out of every fit`
  return [
    {
      probe: PROBE,
      code: `${PROBE}/leaks`,
      status: 'warn',
      title: [...(leaks.facts > 0 ? [named] : []), ...(rows > 0 ? [dropped] : [])].join('; '),
      ...(accuracy === undefined ? {} : { estimate: accuracy }),
      action: 'Leave them out of any claim on knowledge; the pooled fits and the advice already do.',
      sources: ['docs/methods/knowledge.md#leaks', EVIDENCE],
    },
  ]
}

function zeroFinding({ zeros }: RetentionAnalysis): Finding[] {
  const facts = zeros.neverTogether + zeros.belowChance
  if (facts === 0) return []
  const accuracy = zeros.answered.at(-1)?.accuracy
  const known = accuracy?.kind === 'estimate' && accuracy.interval.low > 0
  return [
    {
      probe: PROBE,
      code: `${PROBE}/zero-counts`,
      status: known ? 'warn' : 'pass',
      title: `${facts} facts stand together in this corpus no more often than chance has it (${zeros.neverTogether} never); the fits leave them out`,
      ...(accuracy === undefined ? {} : { estimate: accuracy }),
      ...(known
        ? {
            action:
              'Some are answered all the same: by other names, by inference or by guessing. Count aliases too.',
          }
        : {}),
      sources: ['docs/methods/smi.md#mutual-information', EVIDENCE],
    },
  ]
}

function relationFinding({ heldOut, advice }: RetentionAnalysis): Finding[] {
  if (advice === null) return []
  const errorOf = (variant: string, measure: string | null): Estimate | undefined =>
    heldOut.find((e) => e.over === 'facts' && e.variant === variant && e.measure === measure)?.error
  const relation = errorOf('relation', null)
  const chosen = errorOf(advice.form.variant, advice.form.measure)
  if (relation?.kind !== 'estimate' || chosen?.kind !== 'estimate' || relation.value >= chosen.value)
    return []
  return [
    {
      probe: PROBE,
      code: `${PROBE}/relation-alone`,
      status: 'warn',
      title:
        standsOut([relation, chosen], (error) => error, 'lowest') === relation
          ? 'The relation alone predicts unseen facts better than corpus counts do'
          : 'Whether corpus counts predict unseen facts better than the relation alone cannot be told',
      estimate: relation,
      action:
        'Read the advice by relation rather than by frequency; ask facts of more different frequencies.',
      sources: ['docs/methods/smi.md#held-out-error', EVIDENCE],
    },
  ]
}

function unmatchedFinding({ observations }: RetentionAnalysis): Finding[] {
  if (observations.withoutCounts === 0) return []
  return [
    {
      probe: PROBE,
      code: `${PROBE}/unmatched`,
      status: 'warn',
      title: `${observations.withoutCounts} answered facts have no counts and are left out`,
      action: 'Count the same facts file that was asked: the tables are joined on fact_id.',
      sources: ['docs/methods/corpus.md#what-is-counted', EVIDENCE],
    },
  ]
}

export function findingsOf(analysis: RetentionAnalysis): Finding[] {
  return [
    boundFinding(analysis),
    ...retrievalFinding(analysis),
    ...relationFinding(analysis),
    ...leakFinding(analysis),
    ...zeroFinding(analysis),
    ...unmatchedFinding(analysis),
  ]
}

export function metricsOf(analysis: RetentionAnalysis): Measurement[] {
  const { advice, heldOut } = analysis
  const errorOver = (over: 'facts' | 'models'): Estimate =>
    heldOut.find(
      (e) => e.over === over && e.variant === advice?.form.variant && e.measure === advice?.form.measure,
    )?.error ??
    notEstimable(over === 'models' ? 'fewer than two models were asked' : 'no form could be fitted')
  return [
    {
      metric: `${PROBE}.bound`,
      estimate: headlineFit(analysis)?.bound ?? notEstimable('no line could be fitted'),
    },
    { metric: `${PROBE}.retrieved-share`, estimate: retrievedShare(analysis) },
    { metric: `${PROBE}.held-out-error.facts`, estimate: errorOver('facts') },
    { metric: `${PROBE}.held-out-error.models`, estimate: errorOver('models') },
  ]
}
