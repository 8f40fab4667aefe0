import {
  type Advice,
  counted,
  type Estimate,
  type Finding,
  type Measurement,
  notEstimable,
  percent as percentOf,
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
export const percent = (share: number): string => percentOf(Math.min(1, Math.max(0, share)))

/** The fit whose bound is the headline: the newest published line, on the largest model. */
export function headlineFit({ fits, observations, advice }: RetentionAnalysis): RetentionFit | null {
  // Of a model that is not trained yet there is no fit: the largest stands for it.
  const model = fits.some((f) => f.model === advice?.model)
    ? advice?.model
    : observations.models.at(-1)?.model
  return (
    fits.find(
      (f) => f.model === model && f.variant === 'v5-v7' && f.measure === 'smi' && f.weighting === 'bins',
    ) ?? null
  )
}

/** What the most frequent facts of a model came to, as it was measured; null where it was asked none that occur. */
export function topBand({ bands }: RetentionAnalysis, model: string): Estimate | null {
  return bands.findLast((band) => band.model === model && band.to > 0)?.accuracy ?? null
}

/** Said where a model keeps more of them than the law lets it. */
function aboveBound(analysis: RetentionAnalysis, { model, bound }: RetentionFit): string {
  const top = topBand(analysis, model)
  if (top?.kind !== 'estimate' || bound.kind !== 'estimate' || top.value <= bound.value) return ''
  return ` Of the tenth that occurs most it was measured to keep more, ${percent(top.value)}: there the law bends too early, and what was measured counts.`
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

/** An interval that holds nearly everything: its middle says nothing. */
const OPEN_WIDTH = 0.9
export const isOpen = (e: Estimate): boolean =>
  e.kind === 'estimate' && e.interval.high - e.interval.low > OPEN_WIDTH

const rangeOf = (e: Estimate): string =>
  e.kind === 'estimate' ? `${percent(e.interval.low)} to ${percent(e.interval.high)}` : 'anything'

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
  if (isOpen(fit.bound))
    return {
      probe: PROBE,
      code: `${PROBE}/bound`,
      status: 'insufficient',
      title: `What ${fit.model} keeps of even the most frequent facts cannot be told: ${rangeOf(fit.bound)} fits its answers`,
      estimate: fit.bound,
      action: 'Count and ask more facts, of different frequencies in the corpus.',
      sources: BOUND,
    }
  return {
    probe: PROBE,
    code: `${PROBE}/bound`,
    status: 'pass',
    title: `Of even the most frequent facts, ${fit.model} is expected to keep ${percent(fit.bound.value)} at most`,
    estimate: fit.bound,
    detail: `By the published law (SMI v5–v7 on binned facts), which explains ${fit.r2 == null ? 'an unknown share' : percent(fit.r2)} of how retention varies.${aboveBound(analysis, fit)}`,
    sources: BOUND,
  }
}

/** Of the facts: more than this goes to retrieval, so that the limit says little. */
const NEARLY_ALL = 0.9

/** Why the share stands at an end of its interval, where it does. */
function endOf(share: Estimate): string {
  if (share.kind === 'notEstimable') return ''
  const { value, interval } = share
  const isHighest = value >= interval.high
  if (!isHighest && value > interval.low) return ''
  return ` It stands at the ${isHighest ? 'upper' : 'lower'} end of its interval, for none of the ${isHighest ? 'other' : 'retrieved'} bands may change sides.`
}

/** Where nearly all facts go to retrieval: what this reading reaches, and the limit that would leave a tenth to the model. */
function reachOf(
  { tradeOff, maxError, rows }: Advice,
  { all, retrieved }: ReturnType<typeof claimedFacts>,
): string {
  const best = Math.max(...rows.flatMap((row) => (row.leaks ? [] : (row.predicted ?? []))))
  const point = tradeOff.findLast((p) => p.retrieved <= NEARLY_ALL)
  if (retrieved < NEARLY_ALL * all || !Number.isFinite(best) || point === undefined) return ''
  const limit = Math.round(100 * (1 - point.threshold)) / 100
  return ` Asked like this it is right on ${percent(best)} of its best band at most${limit > maxError ? `: --max-error ${limit} would leave it ${percent(1 - point.retrieved)} of the facts` : ''}.`
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
  if (isOpen(share))
    return [
      {
        probe: PROBE,
        code: `${PROBE}/retrieval`,
        status: 'insufficient',
        title: `How many of ${claimed.all} facts retrieval should serve cannot be told: ${rangeOf(share)} fits the answers`,
        estimate: share,
        action: `Ask ${advice.model} more facts; until then decide fact by fact (--list of assay bound).`,
        sources: ADVICE,
      },
    ]
  const worst = [...byRelation].sort((a, b) => b[1] - a[1]).slice(0, 3)
  return [
    {
      probe: PROBE,
      code: `${PROBE}/retrieval`,
      status: 'warn',
      title: `${claimed.retrieved} of ${claimed.all} facts stand too rarely in the training corpus: ${advice.model} is expected to get them wrong more than ${percent(advice.maxError)} of the time`,
      estimate: share,
      action: `Do not rely on the model for them, look them up when asked (retrieval); ${byRelation.size > worst.length ? 'most are' : 'they are'} of the kinds ${worst.map(([relation, n]) => `${relation} (${n})`).join(', ')}.${reachOf(advice, claimed)}`,
      detail: `The share of facts that retrieval should serve, with an interval that counts the bands of frequency whose expected accuracy may lie on the other side of the limit.${endOf(share)}`,
      sources: ADVICE,
    },
  ]
}

function leakFinding({ leaks, observations }: RetentionAnalysis): Finding[] {
  const { rows, facts } = observations.leakingAnswers
  if (leaks.facts === 0 && rows === 0) return []
  const accuracy = leaks.leaking.at(-1)?.accuracy
  const named = `${leaks.facts} of ${observations.counted} facts give their answer away: it is part of the subject’s name`
  const dropped = `${counted(rows, 'answer')} to ${counted(facts, 'fact')} whose questions hold their own answer ${rows === 1 ? 'is' : 'are'} left out`
  return [
    {
      probe: PROBE,
      code: `${PROBE}/leaks`,
      status: 'warn',
      title: [...(leaks.facts > 0 ? [named] : []), ...(rows > 0 ? [dropped] : [])].join('; '),
      ...(accuracy === undefined ? {} : { estimate: accuracy }),
      action: 'Leave them out of any claim on what the model knows, as the advice here does.',
      sources: ['docs/methods/knowledge.md#leaks', EVIDENCE],
    },
  ]
}

function zeroFinding(analysis: RetentionAnalysis): Finding[] {
  const { zeros } = analysis
  const facts = zeros.neverTogether + zeros.belowChance
  if (facts === 0) return []
  const model = headlineFit(analysis)?.model
  const { accuracy } = zeros.answered.find((group) => group.model === model) ?? {}
  const known = accuracy?.kind === 'estimate' && accuracy.interval.low > 0
  return [
    {
      probe: PROBE,
      code: `${PROBE}/zero-counts`,
      status: known ? 'warn' : 'pass',
      title: known
        ? `${counted(facts, 'fact stands', 'facts stand')} in the corpus no more often than by chance, and yet ${model} answers some of them: by guessing, by what their kind gives away, or by other names`
        : `${counted(facts, 'fact stands', 'facts stand')} in the corpus no more often than by chance`,
      ...(accuracy === undefined ? {} : { estimate: accuracy }),
      ...(known
        ? {
            action:
              'Do not call them unknown by their counts alone. Give other names of the same things (aliases) and count again: the corpus may tell them under those.',
          }
        : {}),
      detail: `Subject and object stand in the same document in no more documents than two independent names would (${zeros.neverTogether} never); they have no mutual information, so the fits leave them out.`,
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
          ? 'What kind of fact it is foretells whether it is known better than how often the corpus tells it'
          : 'These answers do not tell whether the kind of a fact or its frequency in the corpus says more of what is known',
      estimate: relation,
      action:
        'Decide on retrieval by kind of fact (capitals, birthplaces …) rather than by frequency; ask facts of more different frequencies to learn more.',
      detail:
        'Error on facts left out of the fit: the mean of their relation against the form that the advice rests on.',
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
