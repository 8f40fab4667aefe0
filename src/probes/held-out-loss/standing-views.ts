import {
  type Chart,
  type Estimate,
  type Finding,
  type Measurement,
  macroMean,
  type TableView,
} from '../../core/index.js'
import type { DomainLoss } from './measures.js'
import { nearestOf, pointOf, type Standing, verdictAgainst } from './standing.js'

const SOURCES = ['docs/methods/surprisal.md#where-it-stands', 'texts/references.json', 'evidence: surprisal']

/** References beside each domain in the table: more columns than these are read by nobody. */
const BESIDE = 4

/** What the model itself needs on a domain. */
type OwnLoss = Pick<DomainLoss, 'domain' | 'documents' | 'bitsPerByte'>

/** The nearest references on either side, and those that no difference can be told from; empty without any. */
export function standingSentence(standings: readonly Standing[]): string {
  if (standings.length === 0) return ''
  const figure = (s: Standing): string => `${s.reference.name} (${pointOf(s.macro).toFixed(2)})`
  const ahead = standings.filter((s) => verdictAgainst(s) === 'worse').at(-1)
  const behind = standings.find((s) => verdictAgainst(s) === 'better')
  const level = standings.filter((s) => verdictAgainst(s) === 'undecided')
  const parts = [
    ...(ahead === undefined ? [] : [`behind ${figure(ahead)}`]),
    ...(level.length === 0 ? [] : [`not to be told from ${level.map(figure).join(', ')}`]),
    ...(behind === undefined ? [] : [`ahead of ${figure(behind)}`]),
  ]
  return ` On the same passages it is ${parts.join(', ')}.`
}

/** A model that needs as many bits as a compressor has learned no language worth the name. */
export function standingFinding(standings: readonly Standing[]): Finding[] {
  const nearest = nearestOf(standings)
  if (nearest === undefined) return []
  const compressors = standings.filter((s) => s.reference.kind === 'compressor')
  // Of few passages none can be told: a lead that is no sure one is not called none.
  const unbeaten = compressors.filter((s) => pointOf(s.difference) >= 0)
  return [
    {
      probe: 'held-out-loss',
      code: 'held-out-loss/standing',
      status: unbeaten.length > 0 ? 'warn' : 'pass',
      title:
        unbeaten.length > 0
          ? `It predicts text no better than ${unbeaten.map((s) => s.reference.name).join(', ')} compresses it`
          : standingSentence(standings).trim().replace(/\.$/, ''),
      estimate: nearest.difference,
      ...(unbeaten.length > 0
        ? {
            action:
              'Check that this is the checkpoint that you meant and that it was trained: a compressor knows no language.',
          }
        : {}),
      sources: SOURCES,
    },
  ]
}

export function standingMetrics(standings: readonly Standing[]): Measurement[] {
  return standings.map(({ reference, difference }) => ({
    metric: 'held-out-loss.against.*',
    part: reference.id,
    partTitle: reference.name,
    estimate: difference,
  }))
}

/** The model among its references; then, domain by domain, against the nearest. */
export function standingCharts(
  standings: readonly Standing[],
  domains: readonly OwnLoss[],
  level: number,
): Chart[] {
  const nearest = nearestOf(standings)
  if (nearest === undefined) return []
  const compared = domains.filter(({ domain }) => nearest.domains.some((d) => d.domain === domain))
  const own = macroMean(
    compared.map((d) => ({ name: d.domain, estimate: d.bitsPerByte, n: d.documents })),
    'bits/byte',
    level,
  )
  const rows = [
    ...standings.map((s) => ({ label: s.reference.name, estimate: s.macro })),
    { label: 'this model', estimate: own, emphasis: true },
  ].sort((a, b) => pointOf(a.estimate) - pointOf(b.estimate))
  const count = (verdict: ReturnType<typeof verdictAgainst>): number =>
    standings.filter((s) => verdictAgainst(s) === verdict).length
  const where = compared.length === domains.length ? '' : ` (${compared.length} of ${domains.length} domains)`
  const { name } = nearest.reference
  const behind = nearest.domains.filter(
    (d) => d.difference.kind === 'estimate' && d.difference.interval.low > 0,
  )
  return [
    {
      kind: 'dots',
      caption: `On the same passages${where} it is ahead of ${count('better')} of ${standings.length} references and behind ${count('worse')}`,
      x: { label: 'bits per byte, mean of domains (less is better)', unit: 'bits/byte' },
      rows,
    },
    {
      kind: 'dots',
      caption: `Against ${name}: behind in ${behind.length} of ${nearest.domains.length} domains (left of the line it is ahead)`,
      x: { label: `bits per byte more than ${name}`, unit: 'bits/byte' },
      rows: nearest.domains
        .toSorted((a, b) => pointOf(a.difference) - pointOf(b.difference))
        .map(({ domain, difference }) => ({ label: domain, estimate: difference })),
      reference: [{ value: 0, label: name }],
    },
  ]
}

/** The best references beside each domain, and what every reference is. */
export function standingTables(standings: readonly Standing[], domains: readonly OwnLoss[]): TableView[] {
  if (standings.length === 0) return []
  const models = standings.filter((s) => s.reference.kind !== 'compressor')
  const compressors = standings.filter((s) => s.reference.kind === 'compressor')
  const beside = [...models.slice(0, BESIDE - 1), ...compressors.slice(0, 1)]
  const on = ({ domains: own }: Standing, domain: string): Estimate | null =>
    own.find((d) => d.domain === domain)?.reference ?? null
  return [
    {
      title: 'Beside each domain: bits per byte on the same passages',
      columns: ['domain', 'this model', ...beside.map((s) => s.reference.name)],
      rows: domains.map(({ domain, bitsPerByte }) => [
        domain,
        bitsPerByte,
        ...beside.map((s) => on(s, domain)),
      ]),
    },
    {
      title: 'References',
      columns: ['reference', 'bits/byte', 'this model is behind by', 'passages', 'what it is'],
      rows: standings.map(({ reference, macro, difference, passages }) => [
        reference.name,
        macro,
        difference,
        `${passages.shared} of ${passages.all}`,
        `${reference.note}${reference.sha256 === null ? '' : `, sha256 ${reference.sha256.slice(0, 12)}`}`,
      ]),
    },
  ]
}
