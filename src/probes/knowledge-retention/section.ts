import {
  type AnswersEvidence,
  type Cell,
  type Chart,
  counted,
  percent,
  prefixText,
  type Section,
  standsOut,
  type TableView,
} from '../../core/index.js'
import type { FactExample, MeasuredKnowledge } from './measures.js'

const ORDER = 30
const ID = 'knowledge-retention'

function examplesTable(title: string, examples: readonly FactExample[]): TableView {
  return {
    title,
    columns: ['fact', 'subject', 'relation', 'object', 'answered', 'accuracy', 'mean rank'],
    rows: examples.map((e): Cell[] => [
      e.fact_id,
      e.subject,
      e.relation,
      e.object,
      e.answered,
      e.accuracy,
      e.meanRank === null ? null : Math.round(10 * e.meanRank) / 10,
    ]),
  }
}

function reliabilityChart({ calibration }: MeasuredKnowledge): Chart[] {
  const { bins, overconfidence } = calibration
  if (bins.length === 0 || overconfidence.kind === 'notEstimable') return []
  const gap = overconfidence.value
  const known = bins.flatMap((b) =>
    b.accuracy.kind === 'estimate' ? [{ x: b.confidence, e: b.accuracy }] : [],
  )
  const x = known.map((b) => b.x)
  const { low, high } = overconfidence.interval
  const caption =
    Math.abs(gap) < 0.05 || (low <= 0 && high >= 0)
      ? 'The model is about as often right as it is sure.'
      : `The model is ${gap > 0 ? 'surer than it is right' : 'right more often than it is sure'}, by ${percent(Math.abs(gap))} on average.`
  return [
    {
      kind: 'lines',
      caption,
      x: { label: 'confidence in the best candidate', unit: 'share', domain: [0, 1] },
      y: { label: 'accuracy', unit: 'accuracy', domain: [0, 1] },
      series: [
        { name: 'as sure as right', style: 'faint', x: [0, 1], y: [0, 1] },
        {
          name: '95 % interval',
          style: 'band',
          x,
          y: known.map((b) => b.e.value),
          low: known.map((b) => b.e.interval.low),
          high: known.map((b) => b.e.interval.high),
        },
        { name: 'measured', style: 'points', x, y: known.map((b) => b.e.value) },
      ],
    },
  ]
}

/** What may be said of the order of relations: only what their intervals hold apart. */
function rankingOf(best: string | undefined, worst: string | undefined): string {
  if (best !== undefined && worst !== undefined) return `best on ${best}, worst on ${worst}`
  if (best !== undefined) return `best on ${best}`
  return worst === undefined ? 'no relation stands out, their intervals overlap' : `worst on ${worst}`
}

/** What the model knows by heart: relations sorted by retention, its confidence, examples. */
export function retentionSection(
  measured: MeasuredKnowledge,
  evidence: AnswersEvidence,
  reading: string,
): Section {
  const rows = measured.retention
    .filter((r) => r.reading === reading)
    .sort(
      (a, b) =>
        (b.accuracy.kind === 'estimate' ? b.accuracy.value : -1) -
        (a.accuracy.kind === 'estimate' ? a.accuracy.value : -1),
    )
  const mean = [...measured.overall].find(([r]) => r === reading)?.[1]
  const overall = mean?.accuracy
  const ranked = rows.filter((r) => r.accuracy.kind === 'estimate')
  const best = standsOut(ranked, (r) => r.accuracy, 'highest')
  const worst = standsOut(ranked, (r) => r.accuracy, 'lowest')
  const answer =
    overall?.kind !== 'estimate'
      ? 'No fact could be asked without giving its answer away.'
      : `The model answers ${percent(overall.value)} of the facts it is asked by heart${
          ranked.length > 1 ? `: ${rankingOf(best?.relation, worst?.relation)}` : ''
        }.`
  const { evaluated, naive } = evidence.tokens
  const candidates = evidence.answers.flatMap((a) => (a.candidates === null ? [] : [a.candidates]))
  const caption =
    ranked.length < 2
      ? 'Retention by relation'
      : `Retention by relation: ${rankingOf(best?.relation, worst?.relation)}`
  return {
    id: ID,
    order: ORDER,
    question: 'What does the model know by heart?',
    answer,
    inShort: overall?.kind === 'estimate' ? `${percent(overall.value)} of facts` : 'not measured',
    charts: [
      {
        kind: 'dots',
        caption,
        x: { label: 'accuracy', unit: 'accuracy', domain: [0, 1] },
        rows: rows.map((r) => ({
          label: r.relation,
          estimate: r.accuracy,
          ...(r.domain === '' ? {} : { group: r.domain }),
        })),
      },
      ...reliabilityChart(measured),
    ],
    tables: [
      {
        title: 'Retention by relation',
        columns: [
          'relation',
          'domain',
          'reading',
          'facts',
          'templates',
          'accuracy',
          'lowest template',
          'highest template',
        ],
        rows: measured.retention.map((r): Cell[] => [
          r.relation,
          r.domain,
          r.reading,
          r.facts,
          r.templates,
          r.accuracy,
          r.templateSpread?.lowest ?? null,
          r.templateSpread?.highest ?? null,
        ]),
      },
      {
        title: 'Retention by template',
        columns: ['relation', 'template', 'written for', 'reading', 'facts', 'accuracy'],
        rows: measured.templates.map((t): Cell[] => [
          t.relation,
          t.template,
          t.uses.join(', '),
          t.reading,
          t.facts,
          t.accuracy,
        ]),
      },
      examplesTable('Hardest facts', measured.hardest),
      examplesTable('Easiest facts', measured.easiest),
    ],
    protocol: [
      `${counted(evidence.facts.length, 'fact')}, ${evidence.shots}-shot, reading: ${reading}${
        candidates.length === 0 ? '' : `, ${Math.min(...candidates)} to ${Math.max(...candidates)} candidates`
      }; other right objects and aliases do not compete; a tie counts as wrong.`,
      ...(evidence.prefixToken === undefined
        ? []
        : [`In front of every prompt: ${evidence.prefixToken} (${prefixText(evidence.prefixChoice)}).`]),
      ...(naive > 0
        ? [
            `Prefix sharing: ${evaluated} tokens evaluated of ${naive} that asking every candidate by itself takes (${percent(evaluated / naive)}).`,
          ]
        : []),
      ...(mean === undefined || mean.leftOut.length === 0
        ? []
        : [
            `The mean is over ${mean.measured} of ${mean.measured + mean.leftOut.length} relations; left out: ${mean.leftOut.map((r) => `${r.relation} (${r.reason})`).join(', ')}.`,
          ]),
      `Leaks: ${counted(evidence.leaks.length, 'prompt holds its object or an alias and is', 'prompts hold their object or an alias and are')} left out of every estimate; ${counted(evidence.skipped.length, 'fact')} could not be asked.`,
      'Intervals: score intervals over facts (templates are repeated measures of a fact), widened by the variance between templates (two-way layout, Student’s t for their number).',
    ],
  }
}
