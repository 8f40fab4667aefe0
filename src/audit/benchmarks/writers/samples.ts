import {
  type BenchmarkAnswer,
  filteredAnswer,
  groupBy,
  type ItemScores,
  itemScores,
  pythonStr,
  type TaskInstance,
} from '../../../core/index.js'
import { sha256 } from '../../store/files.js'
import type { BenchmarkPlan } from '../plan.js'

/** Metrics by lm-evaluation-harness's names, as an item's scores tell them. */
const HARNESS_METRICS: Readonly<Record<string, (scores: ItemScores) => number | null>> = {
  acc: (s) => s.accuracy,
  acc_norm: (s) => s.accuracyNorm,
  acc_bytes: (s) => s.accuracyBytes,
  acc_mutual_info: (s) => s.accuracyPmi,
  exact_match: (s) => s.exactMatch,
}

/** What the harness measures of a task that names nothing. */
const DEFAULT: Readonly<Record<BenchmarkPlan['task']['output'], readonly string[]>> = {
  multiple_choice: ['acc', 'acc_norm'],
  loglikelihood: ['acc'],
  loglikelihood_rolling: [],
  generate_until: ['exact_match'],
}

/** An item as the harness's `samples_*.jsonl` tells it. */
export interface HarnessSample {
  readonly doc_id: number
  readonly doc: unknown
  readonly target: string
  readonly arguments: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly resps: readonly unknown[]
  readonly filtered_resps: readonly unknown[]
  readonly filter: string
  readonly metrics: readonly string[]
  readonly doc_hash: string
  readonly prompt_hash: string
  readonly target_hash: string
  /** Ours: what shares a passage or a fact stands and falls together. */
  readonly cluster?: string
  readonly [metric: string]: unknown
}

/** Pairs as the harness hands them to its model: of choices also those without a question, where they were asked. */
function argumentsOf({ requests, unconditioned, generation }: TaskInstance, bare: boolean): unknown[][] {
  if (generation !== undefined) {
    const { context, until, maxTokens, temperature } = generation
    return [[context, { until, max_gen_toks: maxTokens, temperature, do_sample: temperature > 0 }]]
  }
  return [...requests, ...(bare ? unconditioned : [])].map(({ context, continuation }) => [
    context,
    continuation,
  ])
}

/** `["-1.5", "True"]`, as the harness writes a response; whether each token is the likeliest may be unknown. */
const response = (logLikelihood: number | null, greedy: number | null): string[] => [
  String(logLikelihood),
  greedy === null ? 'None' : greedy === 1 ? 'True' : 'False',
]

function responsesOf(answers: readonly BenchmarkAnswer[], bare: boolean): unknown[] {
  if (answers[0].answer !== null) return [answers[0].answer]
  return [
    ...answers.map((a) => response(a.logLikelihood, a.greedy)),
    ...(bare ? answers.map((a) => response(a.unconditioned, null)) : []),
  ]
}

/** Scores of an item in the metrics that its task names; in the harness's own where it names none. */
export function metricsOf(
  { metrics, output }: Pick<BenchmarkPlan['task'], 'metrics' | 'output'>,
  scores: ItemScores,
): (readonly [string, number])[] {
  const named = metrics.filter((name) => HARNESS_METRICS[name] !== undefined)
  return (named.length > 0 ? named : DEFAULT[output]).flatMap((name) => {
    const value = HARNESS_METRICS[name](scores)
    return value === null ? [] : [[name, value] as const]
  })
}

function sampleOf(
  plan: BenchmarkPlan,
  instance: TaskInstance,
  answers: readonly BenchmarkAnswer[],
): HarnessSample {
  const { document, cluster } = instance
  const target = pythonStr(instance.target)
  const bare = answers.some((a) => a.unconditioned !== null)
  const args = argumentsOf(instance, bare)
  const scores = itemScores(answers)
  const known = metricsOf(plan.task, scores)
  const responses = responsesOf(answers, bare)
  const { generation } = instance
  return {
    doc_id: document.index,
    doc: document.fields,
    target,
    arguments: Object.fromEntries(
      args.map((pair, i) => [
        `gen_args_${i}`,
        Object.fromEntries(pair.map((value, j) => [`arg_${j}`, value])),
      ]),
    ),
    resps: responses.map((one) => [one]),
    filtered_resps:
      generation === undefined
        ? responses
        : responses.map((one) => filteredAnswer(String(one), generation.filters)),
    filter: plan.task.filter,
    metrics: known.map(([name]) => name),
    doc_hash: document.hash,
    prompt_hash: sha256(String(args[0]?.[0] ?? '')),
    target_hash: sha256(target),
    ...(cluster === undefined ? {} : { cluster }),
    ...Object.fromEntries(known),
  }
}

/**
 * Items of a task under one draw as lm-evaluation-harness 0.4.13 writes them (`evaluator.evaluate` and
 * `EvaluationTracker.save_results_samples`).
 */
export function harnessSamples(
  plan: BenchmarkPlan,
  draw: number,
  answers: readonly BenchmarkAnswer[],
): HarnessSample[] {
  const byItem = groupBy(
    answers.filter((a) => a.task === plan.task.name && a.draw === draw),
    (a) => a.item,
  )
  const instances = plan.draws.find((d) => d.about.draw === draw)?.instances ?? []
  return instances.flatMap((instance) => {
    const own = byItem.get(instance.document.id)
    return own === undefined ? [] : [sampleOf(plan, instance, own)]
  })
}
