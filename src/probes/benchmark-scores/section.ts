import {
  type Cell,
  type ChoicesEvidence,
  counted,
  type MainScore,
  type MeasuredBenchmark,
  percent,
  prefixText,
  type Section,
} from '../../core/index.js'

const ORDER = 32

/** What a task is scored by, for people. */
const SAYS: Readonly<Record<MainScore, string>> = {
  accuracy: 'accuracy',
  accuracyNorm: 'accuracy by characters',
  accuracyBytes: 'accuracy by bytes',
  accuracyPmi: 'accuracy by mutual information',
  exactMatch: 'exact match',
}

/** Tasks whose score lies above guessing by its whole interval, and those of which that is not shown. */
export function byChance(measured: readonly MeasuredBenchmark[]) {
  const known = measured.filter((m) => m.aboveChance.kind === 'estimate')
  const isAbove = ({ aboveChance: e }: MeasuredBenchmark): boolean =>
    e.kind === 'estimate' && e.interval.low > 0
  return { known, above: known.filter(isAbove), others: known.filter((m) => !isAbove(m)) }
}

/** `evaluated 1,234 tokens, 11 times fewer than …` */
export function wasteText({ evaluated, naive }: ChoicesEvidence['tokens']): string {
  if (evaluated === 0) return 'No tokens were evaluated for scores.'
  return `${evaluated} tokens were evaluated; scoring every answer by itself would have taken ${naive}, ${(naive / evaluated).toFixed(1)} times as many.`
}

const marks = (measured: readonly MeasuredBenchmark[]): string[] =>
  measured.flatMap(({ task, about: { marked } }) =>
    (
      [
        ['spanned', 'a token spans the border of prompt and answer'],
        ['truncated', 'the prompt was cut from the left to fit the context'],
        ['doubleBos', 'the prompt began with the text of the token in front, which stands there once'],
        ['amongShots', 'the item stands among its own shots'],
      ] as const
    ).flatMap(([kind, why]) =>
      marked[kind].length === 0 ? [] : [`${task}, ${counted(marked[kind].length, 'item')}: ${why}.`],
    ),
  )

/** `60 of 524`, of a task of which a part was asked. */
function drawnText({ items, about }: MeasuredBenchmark): string | undefined {
  return items < about.documents ? `${items} of ${about.documents}` : undefined
}

function rowOf(m: MeasuredBenchmark): Cell[] {
  return [
    m.task,
    m.shots,
    drawnText(m) ?? m.items,
    m.chance,
    m.accuracy,
    m.accuracyNorm,
    m.exactMatch,
    m.margin,
    m.bitsPerByte,
    m.calibration.error,
  ]
}

/** `On 2 of 3 tasks it answers`, of one task by its name. */
function shareText(above: number, known: readonly MeasuredBenchmark[]): string {
  if (known.length > 1) return `On ${above} of ${known.length} tasks it answers`
  return above === 1 ? `It answers ${known[0].task}` : `It is not shown to answer ${known[0].task}`
}

/** One sentence, one chart: each score beside guessing, on one scale. */
export function benchmarkSection(
  measured: readonly MeasuredBenchmark[],
  evidence: ChoicesEvidence,
  read: readonly MeasuredBenchmark[],
): Section {
  const { known, above } = byChance(measured)
  const answer =
    known.length === 0
      ? 'No task was scored.'
      : `${shareText(above.length, known)} better than by guessing${above.length === 0 ? '' : `: ${above.map((m) => `${m.task} ${m.main.estimate.kind === 'estimate' ? percent(m.main.estimate.value) : ''}`).join(', ')}`}.${read.length === 0 ? '' : ` Of ${read.map((m) => m.task).join(', ')} no item is known to be outside its training corpus.`}`
  return {
    id: 'benchmark-scores',
    order: ORDER,
    question: 'What does it score on benchmarks?',
    answer,
    inShort: known.length === 0 ? 'not measured' : `${above.length} of ${known.length} above guessing`,
    charts:
      known.length === 0
        ? []
        : [
            {
              kind: 'dots',
              caption:
                above.length === known.length
                  ? 'Every task is answered better than by guessing'
                  : `${above.length === 0 ? 'No task is' : `${above.length} of ${known.length} tasks are`} shown to be answered better than by guessing`,
              x: { label: 'score: 0 is guessing, 1 is all right', unit: 'share' },
              rows: known.map((m) => ({ label: m.task, estimate: m.aboveChance })),
              reference: [{ value: 0, label: 'guessing' }],
            },
          ],
    tables: [
      {
        title: 'Benchmarks by task',
        columns: [
          'task',
          'shots',
          'items',
          'guessing',
          'accuracy',
          'by characters',
          'exact match',
          'margin',
          'bits/byte of the right answer',
          'calibration error',
        ],
        rows: measured.map(rowOf),
      },
    ],
    protocol: [
      `Scored by log-likelihood as lm-evaluation-harness 0.4.13 does; each task by the score that its definition names first (${[...new Set(known.map((m) => SAYS[m.main.score]))].join(', ') || 'none'}).`,
      ...(measured.some((m) => drawnText(m) !== undefined)
        ? ['Not all items were asked, but some drawn by the seed: assay choices asks all.']
        : []),
      `Intervals over items, over the passages that share them, and over draws of shots where there are several.`,
      wasteText(evidence.tokens),
      `Token in front of prompts: ${evidence.prefixToken} (${prefixText(evidence.prefixChoice)}); engine ${evidence.engine}.`,
      ...measured.flatMap((m) =>
        m.about.items < m.about.documents
          ? [`${m.task}: ${m.about.items} of ${m.about.documents} items, so its interval is wide.`]
          : [],
      ),
      ...marks(measured),
    ],
  }
}
