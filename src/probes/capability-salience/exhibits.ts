import {
  type CarriedVector,
  type DotChart,
  type PassageChart,
  percent,
  type Span,
  salienceOf,
  salientPassages,
  spanWeights,
  type TableView,
} from '../../core/index.js'

/** What the two colours of a passage say. */
const LEGEND = {
  plus: 'losing less here goes with a better score',
  minus: 'losing less here goes with a worse score',
} as const

/**
 * The passages whose loss matters most beside the mean.
 *
 * @param texts what stands in each span, null where it is not at hand; shape (spans)
 * @returns null where no span held up, or no text is at hand
 */
export function passageChart(
  capability: CarriedVector,
  spans: readonly Span[],
  texts: readonly (string | null)[],
  most: number,
): PassageChart | null {
  if (texts.length === 0) return null
  const pieces = salientPassages(spans, texts, salienceOf(spanWeights(spans), capability), most)
  if (pieces.length === 0) return null
  return {
    kind: 'passage',
    caption: `${capability.name}: the passages whose loss matters most beside the mean`,
    spans: pieces,
    legend: LEGEND,
  }
}

/** Which domains' text carries a capability; null where nothing held up. */
export function domainChart({ name, domains }: CarriedVector): DotChart | null {
  if (domains.length === 0) return null
  return {
    kind: 'dots',
    caption: `${name}: how much of the pull of all losses each domain’s text carries (beside its name: its share of the text)`,
    x: { label: 'share of the pull', unit: 'share' },
    rows: domains.map(({ domain, ofText, ofPull }) => ({
      label: `${domain === '' ? 'the text' : domain} (${percent(ofText)})`,
      estimate: ofPull,
      emphasis: ofPull.kind === 'estimate' && ofPull.interval.low > ofText,
    })),
    detail: true,
  }
}

/** The same for several capabilities, as numbers. */
export function domainTable(capabilities: readonly CarriedVector[]): TableView[] {
  const rows = capabilities.flatMap(({ name, domains }) =>
    domains.map(({ domain, ofText, ofPull }) => [
      name,
      domain,
      percent(ofText),
      ofPull,
      ofPull.kind === 'notEstimable'
        ? ''
        : ofPull.interval.low > ofText
          ? 'more than its share'
          : ofPull.interval.high < ofText
            ? 'less than its share'
            : 'not told apart',
    ]),
  )
  if (rows.length === 0) return []
  return [
    {
      title:
        'Which text carries the capability (an association over models, no cause: input to a data mix, to be tried)',
      columns: ['capability', 'domain', 'of the text', 'of the pull', ''],
      rows,
    },
  ]
}
