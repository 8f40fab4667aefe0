import {
  counted,
  MIN_DOCUMENTS,
  MIN_K_SHARE,
  prefixText,
  type ScoringProtocol,
  type Section,
  type SurprisalEvidence,
  standsOut,
} from '../../core/index.js'
import type { DomainLoss, HeldOutLoss, ReadBefore } from './index.js'
import { pointOf } from './standing.js'
import { standingCharts, standingSentence, standingTables } from './standing-views.js'

/** Evidence of before has no word on it. */
function cacheOf({ cacheType }: ScoringProtocol): string {
  return typeof cacheType === 'string' ? `, cache of keys and values in ${cacheType}` : ''
}

/** A ratio above 1 in words: `2.3 times the bits of`, or in percent where times would read 1.0. */
function moreText(ratio: number): string {
  return ratio >= 1.2
    ? `${ratio.toFixed(1)} times the bits of`
    : `${(100 * (ratio - 1)).toPrecision(2)} % more bits than`
}

/** What may be said of the order of domains: only what their intervals hold apart. */
function rankingOf(best: string | undefined, worst: string | undefined): string {
  if (best !== undefined && worst !== undefined) return `It does best on ${best} and worst on ${worst}.`
  if (best !== undefined)
    return `It does best on ${best}; on which it does worst cannot be told, since intervals overlap.`
  if (worst !== undefined)
    return `It does worst on ${worst}; on which it does best cannot be told, since intervals overlap.`
  return 'On which it does best and worst cannot be told, since intervals overlap.'
}

/** The same as a caption. */
function captionOf(best: DomainLoss | undefined, worst: DomainLoss | undefined): string {
  if (best !== undefined && worst !== undefined)
    return `${worst.domain} costs ${moreText(pointOf(worst.bitsPerByte) / pointOf(best.bitsPerByte))} ${best.domain}`
  if (best !== undefined) return `${best.domain} takes the fewest bits`
  return worst === undefined ? 'Bits per byte of held-out text' : `${worst.domain} takes the most bits`
}

/** What the text is to the model, as far as the corpus was looked through. */
function textOf({ documents, contaminated, isAll }: ReadBefore): string {
  if (contaminated === 0) return 'unseen text'
  if (contaminated === documents) return `text that stands in its training corpus, all of it`
  const stand = contaminated === 1 ? 'stands' : 'stand'
  return `text of which ${contaminated} of ${counted(documents, 'document')} ${stand} in its training corpus${isAll ? ' and none is known not to' : ''}`
}

/** The report's section: dots with intervals sorted by loss, then deciles, table and protocol. */
export function heldOutLossSection(
  measured: HeldOutLoss,
  evidence: SurprisalEvidence,
  read: ReadBefore,
  level: number,
): Section {
  const { macro, deciles } = measured
  const domains = measured.domains.toSorted((a, b) => pointOf(a.bitsPerByte) - pointOf(b.bitsPerByte))
  const best = standsOut(domains, (d) => d.bitsPerByte, 'lowest')
  const worst = standsOut(domains, (d) => d.bitsPerByte, 'highest')
  const spread = domains.length < 2 ? '' : ` ${rankingOf(best?.domain, worst?.domain)}`
  const answer =
    macro.kind === 'estimate'
      ? `It needs ${macro.value.toFixed(2)} bits for a byte of ${textOf(read)} (8 would be knowing nothing of it), averaged over ${counted(domains.length, 'domain')}.${spread}${standingSentence(measured.standings)}`
      : `Not measured: ${macro.reason}.`
  const { protocol, skipped } = evidence
  return {
    id: 'held-out-loss',
    order: 10,
    question: 'How well does it model the text of each domain?',
    answer,
    inShort: macro.kind === 'estimate' ? `${macro.value.toFixed(2)} bits/byte` : 'not measured',
    charts: [
      {
        kind: 'dots',
        caption: captionOf(best, worst),
        x: { label: 'bits per byte (less is better)', unit: 'bits/byte' },
        rows: domains.map((d) => ({ label: d.domain, estimate: d.bitsPerByte })),
        reference: macro.kind === 'estimate' ? [{ value: macro.value, label: 'macro mean' }] : [],
      },
      ...standingCharts(measured.standings, measured.domains, level),
      {
        kind: 'dots',
        caption: 'Surprise by how often a token occurs, from the rarest tenth to the most frequent',
        detail: true,
        x: { label: 'mean surprisal', unit: 'nats/token' },
        rows: deciles
          .filter((d) => d.tokens > 0)
          .map((d) => ({ label: `decile ${d.decile} (${d.types} types)`, estimate: d.surprisal })),
      },
    ],
    tables: [
      ...standingTables(measured.standings, domains),
      {
        title: 'Held-out loss by domain',
        columns: [
          'domain',
          'bits/byte',
          'byte perplexity',
          'word perplexity',
          'min-20 % log-prob',
          'documents',
          'bytes',
          'tokens',
        ],
        rows: domains.map((d) => [
          d.domain,
          d.bitsPerByte,
          d.bytePerplexity,
          d.wordPerplexity,
          d.minK,
          d.documents,
          d.bytes,
          d.tokens,
        ]),
      },
      {
        title: 'Where the text came from',
        columns: ['domain', 'source', 'licence', 'documents offered'],
        rows: evidence.domains.map((d) => [d.domain, d.source, d.licence, d.offered]),
      },
      {
        title: 'Documents left out',
        columns: ['domain', 'document', 'reason'],
        rows: skipped.map((s) => [s.domain, s.document, s.reason]),
      },
    ].filter((table) => table.rows.length > 0),
    protocol: [
      `Disjoint windows of ${protocol.window} tokens (stride ${protocol.stride}), each document by itself, first token conditioned on ${protocol.prefixToken} (${prefixText(protocol.prefixChoice)}); the last window is filled backwards with context (lm-evaluation-harness convention).`,
      `Engine ${protocol.engine}, flash attention ${protocol.flashAttention ? 'on' : 'off'}${cacheOf(protocol)}.`,
      `Intervals: bootstrap over documents (blocks of a document where a domain has fewer than ${MIN_DOCUMENTS}), ratio estimator Σ bits / Σ bytes; macro = unweighted mean of domains.`,
      `min-k % = mean log-probability of the least likely ${100 * MIN_K_SHARE} % of a document's tokens, averaged over documents.`,
      ...(measured.standings.length === 0
        ? []
        : [
            'References: scored by this tool on the same passages (texts/references.json, scripts/measure-references.ts), differences by a paired bootstrap over passages; a compressor gets a domain’s passages as one stream. Ahead and behind are said only where the whole interval of the difference lies on one side of 0.',
          ]),
      'Whether the model saw these texts in its training is not checked here.',
    ],
  }
}
