import type { MeasuredBenchmark } from '../../../core/index.js'
import { VERSION } from '../../version.js'
import { datasetOf } from './eval-results.js'
import type { HarnessOutput } from './harness.js'

/** Version of the schema that is written. */
const SCHEMA = '0.2.1'

/** Scores that are written, by lm-evaluation-harness's names. */
const SCORES = {
  acc: 'accuracy',
  acc_norm: 'accuracyNorm',
  acc_bytes: 'accuracyBytes',
  acc_mutual_info: 'accuracyPmi',
  exact_match: 'exactMatch',
} as const satisfies Readonly<Record<string, keyof MeasuredBenchmark>>

function sourceOf({ task, about }: MeasuredBenchmark): object {
  const dataset = datasetOf(about.source)
  if (dataset !== undefined)
    return { dataset_name: task, source_type: 'hf_dataset', hf_repo: dataset, samples_number: about.items }
  return about.source === null
    ? { dataset_name: task, source_type: 'other' }
    : { dataset_name: task, source_type: 'url', url: [about.source] }
}

function resultsOf(measured: MeasuredBenchmark): object[] {
  return Object.entries(SCORES).flatMap(([metric, score]) => {
    const e = measured[score]
    if (e.kind === 'notEstimable') return []
    return [
      {
        evaluation_name: measured.task,
        source_data: sourceOf(measured),
        metric_config: {
          evaluation_description: metric,
          lower_is_better: false,
          score_type: 'continuous',
          min_score: 0,
          max_score: 1,
        },
        score_details: {
          score: e.value,
          details: { shots: String(measured.shots), draws: String(measured.draws.length) },
          uncertainty: {
            confidence_interval: {
              lower: e.interval.low,
              upper: e.interval.high,
              confidence_level: e.interval.level,
              method: 'Student t over clusters of items and draws of shots',
            },
            num_samples: measured.items,
          },
        },
      },
    ]
  })
}

/** Results in the interchange form of every_eval_ever. Source: evaleval/every_eval_ever, eval.schema.json 0.2.1. */
export function everyEvalEver({ model, measured, date }: HarnessOutput): object {
  const { evidence, settings } = model
  const seconds = String(Math.floor(date.getTime() / 1000))
  return {
    schema_version: SCHEMA,
    evaluation_id: `assay/${evidence.name}/${seconds}`,
    evaluation_timestamp: seconds,
    retrieved_timestamp: seconds,
    source_metadata: {
      source_type: 'evaluation_run',
      source_organization_name: 'unknown',
      evaluator_relationship: 'other',
    },
    eval_library: { name: 'assay', version: VERSION },
    model_info: {
      name: evidence.name,
      id: evidence.name,
      inference_engine: { name: settings.engine, version: settings.version },
      additional_details: {
        ...(evidence.params === undefined ? {} : { num_parameters: String(evidence.params) }),
        ...(evidence.sha256 === undefined ? {} : { sha256: evidence.sha256 }),
        ...(evidence.quantization === undefined ? {} : { quantization: evidence.quantization }),
      },
    },
    evaluation_results: measured.flatMap(resultsOf),
  }
}
