import {
  MIN_DOCUMENTS,
  MIN_K_SHARE,
  prefixText,
  type Section,
  type SurprisalEvidence,
} from '../../core/index.js'
import type { HeldOutLoss } from './index.js'
import { pointOf } from './standing.js'
import { standingCharts, standingSentence, standingTables } from './standing-views.js'

/** The report's section: dots with intervals sorted by loss, then deciles, table and protocol. */
export function heldOutLossSection(
  measured: HeldOutLoss,
  evidence: SurprisalEvidence,
  level: number,
): Section {
  const { macro, deciles } = measured
  const domains = measured.domains.toSorted((a, b) => pointOf(a.bitsPerByte) - pointOf(b.bitsPerByte))
  const best = domains.at(0)
  const worst = domains.at(-1)
  const spread =
    best === undefined || worst === undefined || domains.length < 2
      ? ''
      : ` It does best on ${best.domain} and worst on ${worst.domain}.`
  const answer =
    macro.kind === 'estimate'
      ? `It needs ${macro.value.toFixed(2)} bits for a byte of unseen text (8 would be knowing nothing of it), averaged over ${domains.length} domain${domains.length === 1 ? '' : 's'}.${spread}${standingSentence(measured.standings)}`
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
        caption:
          best !== undefined && worst !== undefined && domains.length > 1
            ? `${worst.domain} costs ${(pointOf(worst.bitsPerByte) / pointOf(best.bitsPerByte)).toFixed(1)} times the bits of ${best.domain}`
            : 'Bits per byte of held-out text',
        x: { label: 'bits per byte (less is better)', unit: 'bits/byte' },
        rows: domains.map((d) => ({ label: d.domain, estimate: d.bitsPerByte })),
        reference: macro.kind === 'estimate' ? [{ value: macro.value, label: 'macro mean' }] : [],
      },
      ...standingCharts(measured.standings, measured.domains, level),
      {
        kind: 'dots',
        caption: 'Surprise by how often a token occurs, from the rarest tenth to the most frequent',
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
      `Engine ${protocol.engine}, flash attention ${protocol.flashAttention ? 'on' : 'off'}.`,
      `Intervals: bootstrap over documents (blocks of a document where a domain has fewer than ${MIN_DOCUMENTS}), ratio estimator Σ bits / Σ bytes; macro = unweighted mean of domains.`,
      `min-k % = mean log-probability of the least likely ${100 * MIN_K_SHARE} % of a document's tokens, averaged over documents.`,
      ...(measured.standings.length === 0
        ? []
        : [
            'References: scored by this tool on the same passages (texts/references.json, scripts/measure-references.ts), differences by a paired bootstrap over passages; a compressor gets a domain’s passages as one stream. Ahead and behind are said only where the whole interval of the difference lies on one side of 0.',
          ]),
    ],
  }
}
