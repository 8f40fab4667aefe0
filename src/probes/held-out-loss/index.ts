import {
  cleanItems,
  counted,
  defineProbe,
  type Estimate,
  type EvidenceByKind,
  type Finding,
  type FrequencyDecile,
  frequencyDeciles,
  groupBy,
  type JudgeContext,
  type Measurement,
  MIN_DOCUMENTS,
  macroMean,
  type ProbeContext,
  type SurprisalEvidence,
} from '../../core/index.js'
import { heldOutLossChanges } from './changes.js'
import { chatModelFinding } from './chat-model.js'
import { guessingFinding } from './guessing.js'
import { type DomainLoss, measureDomain } from './measures.js'
import { METRICS } from './metrics.js'
import { heldOutLossSection } from './section.js'
import { type Standing, standingsOf } from './standing.js'
import { standingFinding, standingMetrics } from './standing-views.js'

export type { DomainLoss } from './measures.js'

const PROBE = 'held-out-loss'
/** A domain this much above the macro mean, by its interval's lower end, is pointed out. */
const WEAK_DOMAIN_RATIO = 1.25

/** Everything that the held-out text says, for the probe and for `assay loss`. */
export interface HeldOutLoss {
  readonly domains: readonly DomainLoss[]
  readonly macro: Estimate
  readonly deciles: readonly FrequencyDecile[]
  /** Beside the references that know the same passages, the best first. */
  readonly standings: readonly Standing[]
}

/** Measure recorded surprisal; seeded by `context.random`, so the same evidence gives the same intervals. */
export function measureHeldOutLoss(
  evidence: SurprisalEvidence,
  context: JudgeContext & Partial<Pick<ProbeContext, 'references'>>,
): HeldOutLoss {
  const scored = groupBy(evidence.documents, (d) => d.domain)
  // Every domain that was asked for, also one of which nothing could be scored: it must not vanish from the mean.
  const names = new Set([...evidence.domains.map((d) => d.domain), ...scored.keys()])
  const domains = [...names].map((domain) =>
    measureDomain(domain, scored.get(domain) ?? [], context.random.derive(domain), context.level),
  )
  return {
    domains,
    macro: macroMean(
      domains.map((d) => ({ name: d.domain, estimate: d.bitsPerByte, n: d.documents })),
      'bits/byte',
      context.level,
    ),
    deciles: frequencyDeciles(evidence.documents, context.random.derive('deciles'), context.level),
    standings: standingsOf(evidence, context.references ?? [], context),
  }
}

function weakDomains({ domains, macro }: HeldOutLoss): Finding[] {
  if (macro.kind === 'notEstimable' || domains.length < 2) return []
  const limit = WEAK_DOMAIN_RATIO * macro.value
  return domains.flatMap(({ domain, bitsPerByte }) => {
    if (bitsPerByte.kind === 'notEstimable' || bitsPerByte.interval.low <= limit) return []
    const times = (bitsPerByte.value / macro.value).toFixed(2)
    return [
      {
        probe: PROBE,
        code: 'held-out-loss/weak-domain',
        status: 'warn' as const,
        title: `${domain} is predicted worse than other text: ${times} times the bits of the mean of all domains`,
        estimate: bitsPerByte,
        threshold: { kind: 'max' as const, value: limit, unit: 'bits/byte' },
        action: `If ${domain} matters downstream, continue pre-training on such text, or choose another base model.`,
        sources: ['docs/methods/surprisal.md#domains', 'Paloma, arXiv:2312.10523', 'evidence: surprisal'],
      },
    ]
  })
}

/** An interval over blocks of one document says nothing of how documents differ. */
function thinDomains({ domains }: HeldOutLoss): Finding[] {
  const thin = domains.filter((d) => d.documents > 0 && d.documents < MIN_DOCUMENTS)
  if (thin.length === 0) return []
  const counts = thin.map((d) => `${d.domain} (${d.documents})`).join(', ')
  return [
    {
      probe: PROBE,
      code: 'held-out-loss/few-documents',
      status: 'warn',
      title: `Too few documents to be sure of ${thin.length === 1 ? 'one domain' : `${thin.length} domains`}: ${counts}`,
      action: `Read the figures of ${thin.length === 1 ? 'this domain' : 'these domains'} with care, or give ${MIN_DOCUMENTS} documents or more (--domain name=glob, --limit).`,
      detail: `Of fewer than ${MIN_DOCUMENTS} documents the interval is drawn from blocks within them and may be too narrow: it knows nothing of how documents differ.`,
      sources: ['docs/methods/statistics.md#bootstrap', 'evidence: surprisal'],
    },
  ]
}

/** Of the documents, how many stand in the training corpus, and whether none is known not to. */
export interface ReadBefore {
  readonly documents: number
  readonly contaminated: number
  readonly isAll: boolean
}

function readBefore(
  { documents }: SurprisalEvidence,
  contamination: EvidenceByKind['contamination'] | undefined,
): ReadBefore {
  const known = cleanItems(contamination?.items ?? [])
  const asked = documents.map((d) => [d.domain, d.document] as const)
  return {
    documents: documents.length,
    contaminated: known.count(asked).contaminated,
    isAll: known.isAllRead(asked),
  }
}

function overall({ macro }: HeldOutLoss, { contaminated, documents, isAll }: ReadBefore): Finding {
  if (macro.kind === 'notEstimable')
    return {
      probe: PROBE,
      code: 'held-out-loss/macro',
      status: 'insufficient',
      title: `The loss on held-out text has no estimate: ${macro.reason}`,
      estimate: macro,
      action: 'Give more held-out documents per domain (--domain name=glob).',
      sources: ['docs/methods/surprisal.md#domains', 'evidence: surprisal'],
    }
  if (isAll)
    return {
      probe: PROBE,
      code: 'held-out-loss/macro',
      status: 'insufficient',
      title: `How well it predicts text that it has not read is not known: ${contaminated} of ${counted(documents, 'document')} ${contaminated === 1 ? 'stands' : 'stand'} in the training corpus${contaminated === documents ? '' : ', and none is known not to'}`,
      estimate: macro,
      action: 'Measure on text that does not stand in the corpus (assay corpus contamination --texts).',
      sources: ['docs/methods/corpus.md#contamination', 'evidence: surprisal', 'evidence: contamination'],
    }
  return {
    probe: PROBE,
    code: 'held-out-loss/macro',
    status: 'pass',
    title: 'The loss on held-out text was measured in every domain',
    estimate: macro,
    sources: [
      'docs/methods/surprisal.md#bits-per-byte',
      'docs/methods/surprisal.md#windows',
      'docs/methods/surprisal.md#domains',
      'docs/methods/statistics.md#bootstrap',
      'evidence: surprisal',
    ],
  }
}

function metricsOf({ domains, macro, standings }: HeldOutLoss): Measurement[] {
  return [
    { metric: `${PROBE}.macro`, estimate: macro },
    ...domains.map((d) => ({ metric: `${PROBE}.domain.*`, part: d.domain, estimate: d.bitsPerByte })),
    ...standingMetrics(standings),
  ]
}

/** How well does the model predict text that it has not seen, domain by domain? */
export const heldOutLoss = defineProbe({
  id: PROBE,
  title: 'The model predicts held-out text of every domain',
  failureTitle: 'The model predicts held-out text badly',
  needs: ['surprisal'],
  wants: ['model', 'contamination'],
  sources: [
    'docs/methods/surprisal.md#bits-per-byte',
    'lm-evaluation-harness (bits_per_byte)',
    'Paloma, arXiv:2312.10523',
  ],
  metrics: METRICS,
  judge: ({ surprisal, model, contamination }, context) => {
    const measured = measureHeldOutLoss(surprisal, context)
    const read = readBefore(surprisal, contamination)
    return {
      findings: [
        overall(measured, read),
        ...guessingFinding(model, surprisal),
        ...chatModelFinding(model, surprisal),
        ...standingFinding(measured.standings),
        ...weakDomains(measured),
        ...thinDomains(measured),
      ],
      metrics: metricsOf(measured),
      sections: [heldOutLossSection(measured, surprisal, read, context.level)],
    }
  },
  changes: (before, after, context) => heldOutLossChanges(before.surprisal, after.surprisal, context),
})
