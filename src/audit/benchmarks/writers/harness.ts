import { join } from 'node:path'
import type { ChoicesEvidence, MeasuredBenchmark, OpenedModel } from '../../../core/index.js'
import { sha256, writeFileAtomic } from '../../store/files.js'
import { VERSION } from '../../version.js'
import type { BenchmarkPlan } from '../plan.js'
import { evalResultsYaml } from './eval-results.js'
import { everyEvalEver } from './every-eval-ever.js'
import { type HarnessSample, harnessSamples } from './samples.js'

/** What is written: results of one model, and when they were taken. */
export interface HarnessOutput {
  readonly model: Pick<OpenedModel, 'evidence' | 'settings'>
  readonly plans: readonly BenchmarkPlan[]
  readonly choices: ChoicesEvidence
  readonly measured: readonly MeasuredBenchmark[]
  readonly limit: number | null
  readonly date: Date
}

/** Version of lm-evaluation-harness whose files these are. */
const HARNESS = '0.4.13'

/** Mean and standard error of the mean, as the harness takes them: s/√n; N/A of one item. */
function aggregate(values: readonly number[]): { mean: number; error: number | 'N/A' } {
  const n = values.length
  const mean = values.reduce((sum, v) => sum + v, 0) / n
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0)
  return { mean, error: n < 2 ? 'N/A' : Math.sqrt(squares / (n - 1) / n) }
}

function resultsOf(task: string, samples: readonly HarnessSample[]): Record<string, unknown> {
  const { metrics = [], filter = 'none' } = samples[0] ?? {}
  return Object.fromEntries([
    ['alias', task],
    ['sample_len', samples.length],
    ...metrics.flatMap((name) => {
      const { mean, error } = aggregate(samples.map((s) => Number(s[name])))
      return [
        [`${name},${filter}`, mean],
        [`${name}_stderr,${filter}`, error],
      ]
    }),
  ])
}

const sanitized = (name: string): string => name.replace(/["<>:/|\\?*[\]]+/g, '__')

/** `samples_*.jsonl`'s hashes as one, over a task. */
const taskHash = (samples: readonly HarnessSample[]): string =>
  sha256(samples.map((s) => s.doc_hash + s.prompt_hash + s.target_hash).join(''))

function resultsFile(
  { model, plans, choices, limit, date }: HarnessOutput,
  samples: ReadonlyMap<string, readonly HarnessSample[]>,
): object {
  const { evidence, settings } = model
  const of = <T>(value: (plan: BenchmarkPlan, own: readonly HarnessSample[]) => T): Record<string, T> =>
    Object.fromEntries(plans.map((plan) => [plan.task.name, value(plan, samples.get(plan.task.name) ?? [])]))
  return {
    results: of(({ task }, own) => resultsOf(task.name, own)),
    group_subtasks: of(() => []),
    configs: of(({ task, shots }) => ({
      task: task.name,
      output_type: task.output,
      num_fewshot: shots,
      metric_list: task.metrics.map((metric) => ({ metric })),
      metadata: {
        version: task.version,
        definition_sha256: task.definitionSha256,
        items_sha256: task.itemsSha256,
      },
    })),
    versions: of(({ task }) => task.version),
    'n-shot': of(({ shots }) => shots),
    higher_is_better: of((_, own) => Object.fromEntries((own[0]?.metrics ?? []).map((name) => [name, true]))),
    'n-samples': of(({ task }, own) => ({ original: task.documents.length, effective: own.length })),
    config: {
      model: 'assay',
      model_args: { pretrained: evidence.name },
      ...(evidence.params === undefined ? {} : { model_num_parameters: evidence.params }),
      ...(evidence.sha256 === undefined ? {} : { model_sha: evidence.sha256 }),
      device: settings.gpu ?? null,
      limit,
      bootstrap_iters: 0,
      gen_kwargs: {},
      fewshot_seed: plans[0]?.draws[0]?.about.seed ?? null,
    },
    git_hash: null,
    date: date.getTime() / 1000,
    lm_eval_version: HARNESS,
    assay_version: VERSION,
    tokens: choices.tokens,
    model_source: 'assay',
    model_name: evidence.name,
    model_name_sanitized: sanitized(evidence.name),
    task_hashes: of((_, own) => taskHash(own)),
  }
}

/**
 * Write what lm-evaluation-harness writes, in its own folder for the model: `results_<date>.json` and a
 * `samples_<task>_<date>.jsonl` a task; a folder `draw-<n>` beside them for each further draw of shots or template. Besides,
 * over all draws, the interchange file of every_eval_ever and, for tasks that come from a data set on the Hub, the lines of
 * `.eval_results`.
 *
 * @returns the folder
 * @throws {AssayError} audit/cannot-write
 */
export function writeHarness(folder: string, output: HarnessOutput): string {
  const own = join(folder, sanitized(output.model.evidence.name))
  const when = output.date.toISOString().replace(/Z$/, '').replaceAll(':', '-')
  const draws = [...new Set(output.plans.flatMap((plan) => plan.draws.map((d) => d.about.draw)))]
  for (const draw of draws) {
    const place = draw === 0 ? own : join(own, `draw-${draw}`)
    const plans = output.plans.filter((plan) => plan.draws.some((d) => d.about.draw === draw))
    const samples = new Map(
      plans.map((plan) => [plan.task.name, harnessSamples(plan, draw, output.choices.answers)]),
    )
    for (const [task, rows] of samples)
      writeFileAtomic(
        join(place, `samples_${sanitized(task)}_${when}.jsonl`),
        rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
      )
    const results = resultsFile({ ...output, plans }, samples)
    writeFileAtomic(join(place, `results_${when}.json`), `${JSON.stringify(results, null, 2)}\n`)
  }
  const exchange = everyEvalEver(output)
  writeFileAtomic(join(own, `every_eval_ever_${when}.json`), `${JSON.stringify(exchange, null, 2)}\n`)
  const card = evalResultsYaml(output)
  if (card !== undefined) writeFileAtomic(join(own, '.eval_results', 'assay.yaml'), card)
  return own
}
