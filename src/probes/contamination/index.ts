import {
  cleanItems,
  counted,
  defineProbe,
  type Estimate,
  estimate,
  type Finding,
  findingsBy,
  type ItemInCorpus,
  type Measurement,
  macroMean,
  notEstimable,
  wilsonInterval,
} from '../../core/index.js'
import { METRICS } from './metrics.js'
import { cleanOf, measureParts, notLookedUp, type Part } from './parts.js'
import { contaminationSection, figureText } from './section.js'

const PROBE = 'contamination'
const finding = findingsBy(PROBE, ['docs/methods/corpus.md#contamination', 'evidence: contamination'])

/** Share of the items, of which something is known, that stand in the corpus. */
function shareOf(parts: readonly Part[], level: number): Estimate {
  const found = parts.reduce((n, p) => n + p.contaminated, 0)
  const known = parts.reduce((n, p) => n + p.items - p.unknown, 0)
  return known === 0
    ? notEstimable('no measured item could be decided')
    : estimate(found / known, wilsonInterval(found, known, level), 'share', known)
}

/** Tasks of a table that tells of nothing measured, named at most. */
const MOST_NAMED = 5

function itemsFinding(parts: readonly Part[], share: Estimate, items: readonly ItemInCorpus[]): Finding {
  if (parts.length === 0)
    return finding(
      'items',
      'insufficient',
      items.length === 1
        ? 'The one item of the table was not measured'
        : `None of the ${counted(items.length, 'item')} of the table was measured`,
      {
        detail: `The table is about ${[...new Set(items.map(({ task }) => task || 'no task'))].slice(0, MOST_NAMED).join(', ')}.`,
        action:
          'Look up what this audit measures: assay corpus contamination --texts NAME=GLOB with the names of its domains, --items with those of its tasks.',
      },
    )
  if (share.kind === 'notEstimable')
    return finding(
      'items',
      'insufficient',
      'Whether what was measured stands in the corpus could not be decided',
      {
        estimate: share,
        action:
          'Its items are too short to tell, or not every table of a corpus names them: look up the question together with its choices, or longer texts, in each corpus.',
      },
    )
  const found = parts.filter((p) => p.contaminated > 0)
  const unknown = parts.reduce((n, p) => n + p.unknown, 0)
  const detail =
    unknown === 0
      ? {}
      : {
          detail: `Of ${counted(unknown, 'more item')} nothing is known; ${unknown === 1 ? 'it is' : 'they are'} on neither side.`,
        }
  if (found.length === 0)
    return unknown > share.n
      ? finding(
          'items',
          'insufficient',
          `Of most that was measured nothing is known: none of ${counted(share.n, 'item')} stands in the training corpus, ${unknown.toLocaleString('en-US')} could not be told`,
          {
            estimate: share,
            action:
              'Look all of them up: the table of one test set tells nothing of another, nor that of its first items of the rest; items too short to tell together with their choices.',
          },
        )
      : finding(
          'items',
          'pass',
          `None of ${counted(share.n, 'measured item')} stands in the training corpus`,
          {
            estimate: share,
            ...detail,
          },
        )
  const count = found.reduce((n, p) => n + p.contaminated, 0)
  return finding(
    'items',
    'warn',
    `${count} of ${counted(share.n, 'measured item')} ${count === 1 ? 'stands' : 'stand'} in the training corpus: ${found.map((p) => `${p.name} (${p.contaminated} of ${p.items - p.unknown})`).join(', ')}`,
    {
      estimate: share,
      action:
        count < share.n
          ? 'Judge by the clean part, which stands beside every figure; gates may name contamination.clean-…'
          : 'No measured item is known to be clean: measure by items and texts that do not stand in the corpus, or take these out of it before the next run.',
      ...detail,
    },
  )
}

/** Parts that are better where they were read, by the whole interval. */
function flatteredFindings(parts: readonly Part[]): Finding[] {
  return parts.flatMap(({ name, all, clean, advantage }) =>
    advantage.kind === 'estimate' && advantage.interval.low > 0
      ? [
          finding(
            'flattered',
            'warn',
            `${name} looks better than it is: ${figureText(all)} on all, ${figureText(clean)} on what is not in the corpus`,
            {
              estimate: advantage,
              action: `Report the figure of the clean part, and take ${name} out of the corpus before the next run.`,
            },
          ),
        ]
      : [],
  )
}

function metricsOf(parts: readonly Part[], share: Estimate, level: number): Measurement[] {
  const domains = parts.filter((p) => p.kind === 'domain')
  const looked = domains.map((d) => ({
    name: d.name,
    estimate: d.clean,
    n: cleanOf(d),
  }))
  return [
    { metric: `${PROBE}.share`, estimate: share },
    ...(domains.length === 0
      ? []
      : [{ metric: `${PROBE}.clean-loss`, estimate: macroMean(looked, 'bits/byte', level) }]),
    ...parts.map((p): Measurement => {
      if (p.kind === 'facts') return { metric: `${PROBE}.clean-facts`, estimate: p.clean }
      const metric = p.kind === 'domain' ? `${PROBE}.clean-domain.*` : `${PROBE}.clean-score.*`
      return { metric, part: p.name, estimate: p.clean }
    }),
  ]
}

/** Does what the model is measured by stand in its training corpus, and how good is it on the rest? */
export const contamination = defineProbe({
  id: PROBE,
  title: 'What it is measured by does not stand in its training corpus',
  failureTitle: 'What it is measured by stands in its training corpus',
  needs: ['contamination'],
  wants: ['surprisal', 'choices', 'answers'],
  sources: ['docs/methods/corpus.md#contamination'],
  metrics: METRICS,
  judge: ({ contamination: { items }, ...measured }, context) => {
    const parts = measureParts(measured, cleanItems(items), context)
    const share = shareOf(parts, context.level)
    return {
      findings: [itemsFinding(parts, share, items), ...flatteredFindings(parts)],
      metrics: metricsOf(parts, share, context.level),
      sections: [contaminationSection(parts, share, notLookedUp(measured, parts))],
    }
  },
})
