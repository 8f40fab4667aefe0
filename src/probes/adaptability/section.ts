import {
  type AdaptationEvidence,
  bandedLine,
  type Cell,
  type Chart,
  type ContextCurve,
  type DotChart,
  type LineChart,
  type MeasuredAdaptation,
  type MeasuredTask,
  percent,
  prefixText,
  type Section,
  type Series,
  type ShotPoint,
  type TableView,
} from '../../core/index.js'
import { learnsRules, nats, SAYS } from './words.js'

const ORDER = 35

/** A curve with its band and its points; a single one is a point. */
function seriesOf(
  name: string,
  points: readonly ShotPoint[],
  pick: (p: ShotPoint) => ShotPoint['margin'],
): Series[] {
  return withPoints(
    bandedLine(
      name,
      points.map((p) => ({ at: p.k, estimate: pick(p) })),
    ),
  )
}

function withPoints([band, line]: readonly Series[]): Series[] {
  const points: Series = { ...line, style: 'points' }
  return line.x.length > 1 ? [band, line, points] : [points]
}

/** A k-shot curve with its controls. */
function curveChart(task: MeasuredTask, caption: string, by: 'accuracy' | 'margin'): LineChart {
  const pick = (p: ShotPoint) => p[by]
  const most = Math.max(1, ...task.shots.map((p) => p.k))
  const undecided = by === 'accuracy' ? { name: 'guessing', at: task.chance } : { name: 'undecided', at: 0 }
  return {
    kind: 'lines',
    caption,
    x: { label: 'shots' },
    y:
      by === 'accuracy'
        ? { label: 'accuracy', unit: 'accuracy', domain: [0, 1] }
        : { label: 'margin of the right answer', unit: 'nats' },
    series: [
      { name: undecided.name, style: 'faint', x: [0, most], y: [undecided.at, undecided.at] },
      ...seriesOf(SAYS.given, task.shots, pick),
      ...task.controls.flatMap((control) => seriesOf(SAYS[control.name], control.shots, pick)),
    ],
  }
}

/** How often the answer agrees with the statements, beside what it is without any. */
function memoryChart({ shots, controls }: MeasuredTask, caption: string): DotChart {
  const says = (k: number): string =>
    k === 0
      ? 'the false object, nothing stated'
      : k === 1
        ? 'a false statement'
        : `the same among ${k} statements`
  const truth = controls.find((c) => c.name === 'true-statement')?.shots.at(-1)
  return {
    kind: 'dots',
    caption,
    x: { label: 'answers that agree with it', unit: 'accuracy', domain: [0, 1] },
    rows: [
      ...shots.map((p) => ({ label: says(p.k), estimate: p.accuracy })),
      ...(truth === undefined ? [] : [{ label: 'a true statement', estimate: truth.accuracy }]),
    ],
    reference: [{ value: 1 / 2, label: 'guessing' }],
  }
}

const inWords = ({ accuracy }: ShotPoint): string =>
  accuracy.kind === 'estimate' ? percent(accuracy.value) : 'an unknown share'

function madeUpCaption(rules: MeasuredTask): string {
  const point = rules.shots.at(-1)
  if (point === undefined || point.accuracy.kind === 'notEstimable')
    return 'Made-up rules by the number of shots'
  return learnsRules(rules)
    ? `Rules that no corpus holds are learned from ${point.k} shots: ${inWords(point)} right`
    : `Rules that no corpus holds are not shown to be learned from ${point.k} shots: ${inWords(point)} right`
}

function taskCaption({ task, labelsWorth, shots }: MeasuredTask): string {
  const k = shots.at(-1)?.k ?? 0
  if (labelsWorth.kind === 'notEstimable') return `${task} by the number of shots`
  return labelsWorth.interval.low > 0
    ? `${task}: the labels of ${k} shots are read, right ones are worth ${nats(labelsWorth.value)}`
    : `${task}: it is not shown that the labels of ${k} shots are read`
}

function memoryCaption(task: MeasuredTask): string {
  const [alone, one] = [0, 1].map((k) => task.shots.find((p) => p.k === k))
  return alone === undefined || one === undefined
    ? 'Statements that contradict what is true'
    : `A false statement is agreed with in ${inWords(one)} of questions, the same unsaid in ${inWords(alone)}`
}

function rulesChart(tasks: readonly MeasuredTask[]): Chart[] {
  const rules = tasks.filter((t) => t.kind === 'made-up')
  const k = rules[0]?.shots.at(-1)?.k
  if (k === undefined) return []
  return [
    {
      kind: 'dots',
      caption: `Made-up rules behind ${k} shots, from looking up to counting`,
      x: { label: 'accuracy', unit: 'accuracy', domain: [0, 1] },
      rows: rules.flatMap((rule) => {
        const point = rule.shots.at(-1)
        return point === undefined ? [] : [{ label: rule.task, estimate: point.accuracy }]
      }),
      reference: [{ value: 1 / 2, label: 'guessing' }],
    },
  ]
}

function contextChart({ points, gain, early, late }: ContextCurve): Chart[] {
  const curve = bandedLine(
    'loss',
    points.map(({ positions, loss }) => ({ at: Math.sqrt(positions.from * positions.to), estimate: loss })),
  )
  if (curve[0].x.length < 2) return []
  const said =
    gain.kind === 'estimate' && gain.interval.low > 0
      ? `Behind ${late.from} to ${late.to} tokens of context a token costs ${nats(gain.value)} less than behind ${early.from} to ${early.to}`
      : `Behind ${late.from} to ${late.to} tokens of context a token is not shown to cost less than behind ${early.from} to ${early.to}`
  return [
    {
      kind: 'lines',
      caption: said,
      x: { label: 'tokens before the token', scale: 'log' },
      y: { label: 'loss', unit: 'nats/token' },
      series: withPoints(curve),
    },
  ]
}

function table(tasks: readonly MeasuredTask[]): TableView {
  const rowsOf = (task: MeasuredTask): Cell[][] =>
    [{ name: 'given' as const, shots: task.shots }, ...task.controls].flatMap(({ name, shots }) =>
      shots.map((p): Cell[] => [
        task.task,
        task.kind === 'counterfactual' && name === 'given' ? 'false statement' : SAYS[name],
        p.k,
        p.accuracy,
        p.margin,
      ]),
    )
  return {
    title: 'Every task, number of shots and control',
    columns: ['task', 'shots say', 'k', 'accuracy', 'margin'],
    rows: tasks.flatMap(rowsOf),
  }
}

function differences(tasks: readonly MeasuredTask[]): TableView {
  return {
    title: 'What shots and their labels are worth',
    columns: [
      'task',
      'kind',
      'items',
      'guessing',
      'margin gained by the most shots',
      'worth of right labels',
    ],
    rows: tasks.map((t): Cell[] => [t.task, t.kind, t.items, percent(t.chance), t.gain, t.labelsWorth]),
  }
}

function answerOf({ madeUp, tasks }: MeasuredAdaptation, curve: ContextCurve | undefined): string {
  const point = madeUp?.shots.at(-1)
  const memory = tasks.find((t) => t.kind === 'counterfactual')?.shots.find((p) => p.k === 1)
  const parts = [
    ...(point === undefined || point.accuracy.kind === 'notEstimable'
      ? []
      : [
          `it gets ${inWords(point)} of made-up rules right behind ${point.k} examples, where guessing gets half`,
        ]),
    ...(memory === undefined || memory.accuracy.kind === 'notEstimable'
      ? []
      : [`follows a false statement in its context in ${inWords(memory)} of questions`]),
    ...(curve?.gain.kind === 'estimate'
      ? [
          curve.gain.interval.low > 0
            ? `predicts text better late in its context than early (${nats(curve.gain.value)} a token)`
            : 'is not shown to predict text better late in its context than early',
        ]
      : []),
  ]
  if (parts.length === 0) return 'What it learns from its context could not be measured.'
  const [first, ...rest] = parts
  const joined = rest.length === 0 ? first : `${[first, ...rest.slice(0, -1)].join(', ')}, and ${rest.at(-1)}`
  return `Without any training ${joined}.`
}

/** What the model learns from its context: curves by shots with their controls, rules, memory, loss by position. */
export function adaptabilitySection(
  measured: MeasuredAdaptation,
  curve: ContextCurve | undefined,
  { tokens, prefixToken, prefixChoice, tasks: asked }: AdaptationEvidence,
): Section {
  const { tasks, madeUp } = measured
  const point = madeUp?.shots.at(-1)
  const memory = tasks.find((t) => t.kind === 'counterfactual')
  const given = tasks.filter((t) => t.kind === 'labels' || t.kind === 'answers')
  const draws = Math.max(1, ...asked.map((t) => t.draws))
  return {
    id: 'adaptability',
    order: ORDER,
    question: 'Does it learn from what stands in its context?',
    answer: answerOf(measured, curve),
    inShort:
      point === undefined || point.accuracy.kind === 'notEstimable'
        ? 'not measured'
        : `${inWords(point)} of made-up rules`,
    charts: [
      ...(madeUp === undefined ? [] : [curveChart(madeUp, madeUpCaption(madeUp), 'accuracy')]),
      ...rulesChart(tasks),
      ...given.map((task) => curveChart(task, taskCaption(task), 'margin')),
      ...(memory === undefined ? [] : [memoryChart(memory, memoryCaption(memory))]),
      ...(curve === undefined ? [] : contextChart(curve)),
    ],
    tables: [differences([...(madeUp === undefined ? [] : [madeUp]), ...tasks]), table(tasks)],
    protocol: [
      `Scored by log-likelihood, nothing is generated and nothing trained. In front of every prompt: ${prefixToken} (${prefixText(prefixChoice)}).`,
      `Intervals: over items${draws > 1 ? ` and ${draws} draws of shots, each in an order of its own` : ''}; of made-up rules over drawn rules, of statements over pairs of facts.`,
      `Prefix sharing: ${tokens.evaluated} tokens evaluated of ${tokens.naive} that asking everything by itself takes.`,
      ...tasks.flatMap((t) => t.leftOut.map((reason) => `Left out of ${t.task}: ${reason}.`)),
    ],
  }
}
