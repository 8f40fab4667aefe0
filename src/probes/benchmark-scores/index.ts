import {
  type ChoicesEvidence,
  cleanItems,
  counted,
  defineProbe,
  type EvidenceByKind,
  type Finding,
  groupBy,
  listed,
  type MeasuredBenchmark,
  type Measurement,
  measureBenchmarks,
  pairedBenchmarks,
} from '../../core/index.js'
import { METRICS } from './metrics.js'
import { benchmarkSection, byChance, wasteText } from './section.js'

export { wasteText } from './section.js'

const PROBE = 'benchmark-scores'
const METHODS = 'docs/methods/benchmarks.md'
const SOURCES = [METHODS, 'evidence: choices']

const MOST_NAMED = 5

const namesOf = (measured: readonly { readonly task: string }[]): string =>
  listed(
    measured.map(({ task }) => task),
    MOST_NAMED,
  )

/** Tasks of whose items some stand in the training corpus and none is known not to. */
function readTasks(
  measured: readonly MeasuredBenchmark[],
  { answers }: ChoicesEvidence,
  contamination: EvidenceByKind['contamination'] | undefined,
): MeasuredBenchmark[] {
  if (contamination === undefined) return []
  const known = cleanItems(contamination.items)
  const byTask = groupBy(answers, (a) => a.task)
  return measured.filter(({ task }) =>
    known.isAllRead((byTask.get(task) ?? []).map((a) => [a.task, a.item] as const)),
  )
}

function chanceFinding(
  measured: readonly MeasuredBenchmark[],
  { tokens }: ChoicesEvidence,
  read: readonly MeasuredBenchmark[],
): Finding {
  const { known, above, others } = byChance(measured)
  const base = { probe: PROBE, code: `${PROBE}/above-chance`, detail: wasteText(tokens), sources: SOURCES }
  if (known.length === 0)
    return {
      ...base,
      status: 'insufficient',
      title: 'No benchmark could be scored',
      action: 'Ask two items or more of a task whose accuracy of guessing is known.',
    }
  if (others.length === 0) {
    const title =
      known.length === 1
        ? `${namesOf(known)} is answered better than by guessing`
        : `All ${known.length} benchmarks are answered better than by guessing`
    if (read.length === 0) return { ...base, status: 'pass', title }
    return {
      ...base,
      status: 'warn',
      title: `${title}, but no item of ${namesOf(read)} is known to be outside the training corpus`,
      action: `Do not take ${namesOf(read)} for what it can do: ask items that it has not read.`,
    }
  }
  return {
    ...base,
    status: 'warn',
    title:
      known.length === 1
        ? `It is not shown that ${namesOf(known)} is answered better than by guessing`
        : `${above.length} of ${known.length} benchmarks are answered better than by guessing; it is not shown for ${namesOf(others)}`,
    action:
      (known.length > others.length ? 'Compare models on the other tasks: a score' : 'A score') +
      ' that guessing reaches tells none apart. More items show smaller effects; the margin of the right answer over the others and bits per byte move before accuracy does.',
  }
}

function cutFinding(measured: readonly MeasuredBenchmark[]): Finding[] {
  const cut = measured.filter((m) => m.about.marked.truncated.length > 0)
  const items = cut.reduce((n, m) => n + m.about.marked.truncated.length, 0)
  return cut.length === 0
    ? []
    : [
        {
          probe: PROBE,
          code: `${PROBE}/truncated`,
          status: 'warn',
          title: `${counted(items, 'prompt')} of ${namesOf(cut)} did not fit the context and lost their beginning`,
          action: 'Ask with fewer shots, or with a longer context, before you compare these scores.',
          sources: [`${METHODS}#boundary`, 'evidence: choices'],
        },
      ]
}

/** Items whose choices are equal: they are measured, and some cannot be right. */
function equalFinding(measured: readonly MeasuredBenchmark[]): Finding[] {
  const told = measured.flatMap(({ task, about: { equalChoices } }) =>
    equalChoices === undefined ? [] : [{ task, ...equalChoices }],
  )
  if (told.length === 0) return []
  const places = (at: readonly string[]): string => `${at.length} (${listed(at, MOST_NAMED)})`
  const items = told.flatMap((t) => t.items).length
  const lost = told.flatMap((t) => t.lost).length
  const tasks = namesOf(told)
  return [
    {
      probe: PROBE,
      code: `${PROBE}/equal-choices`,
      status: lost === 0 ? 'pass' : 'warn',
      title: `Choices equal in ${counted(items, 'item')} of ${tasks}${lost === 0 ? '; the first of them counts' : `, of which ${lost} cannot be right`}`,
      detail: `They are asked and counted as in lm-evaluation-harness: the first of equal choices wins. ${told
        .map(
          ({ task, items: equal, lost: behind }) =>
            `${task}: choices equal in ${places(equal)}${behind.length === 0 ? '' : `, the right one behind its equal in ${places(behind)}`}.`,
        )
        .join(' ')}`,
      ...(lost === 0
        ? {}
        : {
            action:
              'Leave these items out where a score is to be what the model can do; beside other scores of the harness they stand as they are.',
          }),
      sources: ['docs/methods/tasks.md#where-we-differ', 'evidence: choices'],
    },
  ]
}

/** What does the model score on benchmark tasks, and is that more than guessing? */
export const benchmarkScores = defineProbe({
  id: PROBE,
  title: 'Benchmarks are answered better than by guessing',
  failureTitle: 'Benchmarks are answered no better than by guessing',
  needs: ['choices'],
  wants: ['contamination'],
  sources: [METHODS],
  metrics: METRICS,
  judge: ({ choices, contamination }, { random, level }) => {
    const measured = measureBenchmarks(choices, random, level)
    const read = readTasks(measured, choices, contamination)
    return {
      findings: [chanceFinding(measured, choices, read), ...cutFinding(measured), ...equalFinding(measured)],
      metrics: measured.flatMap((m): Measurement[] => [
        { metric: `${PROBE}.score.*`, part: m.task, estimate: m.main.estimate },
        { metric: `${PROBE}.above-chance.*`, part: m.task, estimate: m.aboveChance },
        { metric: `${PROBE}.margin.*`, part: m.task, estimate: m.margin },
        { metric: `${PROBE}.bits-per-byte.*`, part: m.task, estimate: m.bitsPerByte },
      ]),
      sections: [benchmarkSection(measured, choices, read)],
    }
  },
  changes: (before, after, { level }) =>
    new Map(
      pairedBenchmarks(before.choices, after.choices, level).map(({ task, difference }) => [
        `${PROBE}.score.${task}`,
        difference,
      ]),
    ),
})
