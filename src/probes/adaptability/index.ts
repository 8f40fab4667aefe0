import {
  type ContextCurve,
  contextCurve,
  defineProbe,
  type Estimate,
  type Finding,
  findingsBy,
  type MeasuredTask,
  type Measurement,
  measureAdaptation,
  notEstimable,
  percent,
  type ShotPoint,
} from '../../core/index.js'
import { METRICS } from './metrics.js'
import { adaptabilitySection } from './section.js'
import { learnsRules, nats } from './words.js'

const PROBE = 'adaptability'
const METHODS = 'docs/methods/gain.md#adaptability'
const SOURCES = [METHODS, 'evidence: adaptation']
const OLSSON = 'Olsson et al., arXiv:2209.11895'
const MEMORY = 'arXiv:2211.05110'

const isGiven = ({ kind }: MeasuredTask): boolean => kind === 'labels' || kind === 'answers'
const isAbove = (e: Estimate, level: number): boolean => e.kind === 'estimate' && e.interval.low > level
const isBelow = (e: Estimate, level: number): boolean => e.kind === 'estimate' && e.interval.high < level

const found = findingsBy(PROBE, SOURCES)
const CONTROLS = [...SOURCES, 'docs/methods/gain.md#controls']

function insufficient(code: string, title: string, estimate: Estimate): Finding {
  return found(code, 'insufficient', title, {
    estimate,
    action: 'Ask more items, or a model with a longer context.',
  })
}

/** The point behind the most shots. */
const last = ({ shots }: MeasuredTask): ShotPoint | undefined => shots.at(-1)

function madeUpFinding(rules: MeasuredTask): Finding {
  const point = last(rules)
  if (point === undefined || point.k === 0 || point.accuracy.kind === 'notEstimable')
    return insufficient(
      'made-up',
      'Whether the model learns a made-up rule could not be measured',
      rules.gain,
    )
  const { accuracy: estimate, k } = point
  const right = percent(estimate.value)
  const guessing = percent(rules.chance)
  return learnsRules(rules)
    ? found(
        'made-up',
        'pass',
        `Behind ${k} examples of a rule that no corpus holds, ${right} of the answers are right (guessing: ${guessing})`,
        { estimate },
      )
    : found(
        'made-up',
        'warn',
        `No learning from ${k} examples of a made-up rule is shown: ${right} right, guessing is ${guessing}`,
        {
          estimate,
          action:
            'Do not rely on examples in the prompt of this model; the intervals say what could have been missed.',
        },
      )
}

function taskFinding(task: MeasuredTask): Finding {
  const { labelsWorth, gain } = task
  const k = last(task)?.k ?? 0
  if (labelsWorth.kind === 'notEstimable' || gain.kind === 'notEstimable')
    return insufficient(
      'labels',
      `Whether the examples of ${task.task} are read could not be measured`,
      labelsWorth,
    )
  const helped = isAbove(gain, 0) ? 'raise' : isBelow(gain, 0) ? 'lower' : 'are not shown to move'
  const about = {
    estimate: labelsWorth,
    detail: `${k} shots ${helped} the margin of the right answer (${nats(gain.value)}); right labels are worth ${nats(labelsWorth.value)} against wrong ones.`,
    sources: CONTROLS,
  }
  return isAbove(labelsWorth, 0)
    ? found(
        'labels',
        'pass',
        `${task.task}: the answers follow what ${k} examples in the prompt say, not their form alone`,
        about,
      )
    : found(
        'labels',
        'warn',
        `${task.task}: it is not shown that the answers follow what ${k} examples in the prompt say`,
        {
          ...about,
          action:
            'Do not take few-shot accuracy on this task for learning: it may be what the model expects anyway. Ask more items to see smaller effects.',
        },
      )
}

/** A share known no better than this tells nothing of what the model does. */
const WIDEST_SHARE = 0.4

function memoryFinding(task: MeasuredTask): Finding {
  const followed =
    task.shots.find((p) => p.k === 1)?.accuracy ?? notEstimable('no statement fits the context')
  const { labelsWorth: worth } = task
  if (followed.kind === 'notEstimable' || worth.kind === 'notEstimable')
    return insufficient(
      'memory',
      'Whether the model follows its context or its memory could not be measured',
      followed.kind === 'notEstimable' ? followed : worth,
    )
  const share = percent(followed.value)
  const about = {
    estimate: followed,
    detail: `Between a true and a false statement the answer moves by ${nats(worth.value)}.`,
    sources: [...CONTROLS, MEMORY],
  }
  if (isAbove(followed, task.chance))
    return found(
      'memory',
      'pass',
      `A false statement in the context is followed in ${share} of the questions about it`,
      about,
    )
  return isAbove(worth, 0)
    ? found(
        'memory',
        'warn',
        `What the context says moves the answer; that it moves it far enough is not shown: a false statement is followed in ${share} of questions, guessing is ${percent(task.chance)}`,
        {
          ...about,
          action:
            followed.interval.high <= task.chance
              ? 'Do not count on retrieval by itself: fine-tune on passages with questions about them.'
              : 'Ask more of them before counting on retrieval (assay adapt --items 200).',
        },
      )
    : followed.interval.high - followed.interval.low > WIDEST_SHARE
      ? found(
          'memory',
          'insufficient',
          `Too few questions to tell whether what the context says moves the answer: a false statement is followed in ${share}`,
          { ...about, action: 'Ask more of them before counting on retrieval (assay adapt --items 200).' },
        )
      : found(
          'memory',
          'warn',
          `It is not shown that what the context says moves the answer: a false statement is followed in ${share} of questions`,
          {
            ...about,
            action: 'Do not count on retrieval: what the context says is not shown to reach the answer.',
          },
        )
}

function contextFinding({ gain, early, late }: ContextCurve): Finding {
  if (gain.kind === 'notEstimable')
    return insufficient('context', 'What a longer context is worth could not be measured', gain)
  const about = {
    estimate: gain,
    detail: `Tokens behind ${late.from} to ${late.to} others against tokens behind ${early.from} to ${early.to}.`,
    sources: [...SOURCES, 'docs/methods/gain.md#context-gain', OLSSON],
  }
  return isAbove(gain, 0)
    ? found(
        'context',
        'pass',
        'The more text stands before it, the better the model predicts what follows',
        about,
      )
    : found(
        'context',
        'warn',
        'It is not shown that more text before it helps the model to predict what follows',
        {
          ...about,
          action: 'Do not pay for long prompts before longer texts, or more of them, show a gain.',
        },
      )
}

/** Does the model learn from what stands in its context, without training? */
export const adaptability = defineProbe({
  id: PROBE,
  title: 'The model learns from its context',
  failureTitle: 'The model does not learn from its context',
  needs: ['adaptation'],
  wants: ['surprisal'],
  sources: [METHODS, OLSSON, MEMORY],
  metrics: METRICS,
  judge: ({ adaptation, surprisal }, { random, level }) => {
    const measured = measureAdaptation(adaptation, level)
    const curve =
      surprisal === undefined ? undefined : contextCurve(surprisal, random.derive('context'), level)
    const { tasks, madeUp } = measured
    const memory = tasks.find((t) => t.kind === 'counterfactual')
    const given = tasks.filter(isGiven)
    const point = madeUp === undefined ? undefined : last(madeUp)
    const followed = memory?.shots.find((p) => p.k === 1)
    const metrics: Measurement[] = [
      ...(madeUp === undefined || point === undefined
        ? []
        : [
            { metric: `${PROBE}.made-up.accuracy`, estimate: point.accuracy },
            { metric: `${PROBE}.made-up.gain`, estimate: madeUp.gain },
          ]),
      ...(curve === undefined ? [] : [{ metric: `${PROBE}.context-gain`, estimate: curve.gain }]),
      ...(memory === undefined || followed === undefined
        ? []
        : [
            { metric: `${PROBE}.follows-context`, estimate: followed.accuracy },
            { metric: `${PROBE}.statement-worth`, estimate: memory.labelsWorth },
          ]),
      ...given.flatMap(({ task, gain, labelsWorth }) => [
        { metric: `${PROBE}.task.gain.*`, part: task, estimate: gain },
        { metric: `${PROBE}.task.labels-worth.*`, part: task, estimate: labelsWorth },
      ]),
    ]
    return {
      findings: [
        ...(madeUp === undefined
          ? [insufficient('made-up', 'No made-up rule was asked', notEstimable('no rule was asked'))]
          : [madeUpFinding(madeUp)]),
        ...(memory === undefined ? [] : [memoryFinding(memory)]),
        ...(curve === undefined ? [] : [contextFinding(curve)]),
        ...given.map(taskFinding),
      ],
      metrics,
      sections: [adaptabilitySection(measured, curve, adaptation)],
    }
  },
})
