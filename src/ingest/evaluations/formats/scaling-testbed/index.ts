import type { EvaluationRow, EvaluationsReader } from '../../../../core/index.js'
import { parseJson } from '../../parse-json.js'
import { asNumber, asObject, asText, evaluationRow } from '../../row.js'

function runOf(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? path)
    .replace(/^(?:eval|evaluation|model)_/, '')
    .replace(/\.json$/, '')
}

/** Evaluation files of the over-training testbed (llm-foundry "icl" metrics); runs are named by the file. */
export const testbedEvalReader: EvaluationsReader = {
  format: 'scaling testbed evaluation',
  recognise: ({ text }) =>
    text.trimStart().startsWith('{') && /"eval_metrics"\s*:/.test(text) && /"icl"\s*:/.test(text) ? 0.9 : 0,
  read(source) {
    const file = parseJson(source.text, source.path)
    const icl = asObject(asObject(file.eval_metrics)?.icl) ?? {}
    const rows: EvaluationRow[] = []
    const dropped: { source: string; reason: string }[] = []
    for (const [benchmark, cell] of Object.entries(icl)) {
      const place = `${source.path}#icl.${benchmark}`
      const value = asNumber(cell)
      if (value === null)
        dropped.push({
          source: place,
          reason: `found ${JSON.stringify(cell) ?? String(cell)}, expected a number`,
        })
      else
        rows.push(
          evaluationRow({ model: runOf(source.path), benchmark, metric: 'acc', value, source: place }),
        )
    }
    return { rows, dropped }
  },
}

/** Model cards of the same testbed: parameters, tokens and corpus. */
export const testbedModelReader: EvaluationsReader = {
  format: 'scaling testbed model',
  recognise: ({ text }) =>
    text.trimStart().startsWith('{') && /"hyperparameters"\s*:/.test(text) && /"dataset_name"\s*:/.test(text)
      ? 0.9
      : 0,
  read(source) {
    const file = parseJson(source.text, source.path)
    const settings = asObject(file.hyperparameters)
    return {
      rows: [],
      dropped: [],
      runs: [
        {
          model: runOf(source.path),
          family: asText(file.dataset_name),
          params: asNumber(settings?.params),
          tokens: asNumber(settings?.tokens),
          flops: null,
          checkpoint: null,
          loss: null,
        },
      ],
    }
  },
}
