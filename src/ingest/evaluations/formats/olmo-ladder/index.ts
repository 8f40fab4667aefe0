import type { EvaluationRow, EvaluationsReader, RunFacts } from '../../../../core/index.js'
import { delimitedTable } from '../../../text/delimited.js'
import { raiseEvaluations } from '../../errors.js'
import { parseJson } from '../../parse-json.js'
import { asNumber, asObject, evaluationRow } from '../../row.js'

/** How the ladder's columns name an accuracy, and how the bits per byte of the right answers. */
const ACCURACY = /^eval\/downstream\/(.+)_(len_norm|acc)$/
const LOSS = 'eval/c4_en-validation/CrossEntropyLoss'

/** `arc_easy_test_rc_5shot` → benchmark arc_easy, split test. */
function nameOf(task: string): { benchmark: string; split: string; shots: string } {
  const match = /^(.+?)_(val|test)_(rc|mc)_(\d+shot)$/.exec(task)
  return match === null
    ? { benchmark: task, split: '', shots: '' }
    : { benchmark: match[1], split: match[2], shots: match[3] }
}

function fileStem(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? path).replace(/\.csv$/i, '')
}

/** Exports of one OLMo-ladder run: a row a checkpoint, a column a measure. Parameters come from its `final.json`. */
export const olmoLadderReader: EvaluationsReader = {
  format: 'OLMo ladder',
  recognise: ({ text }) => (/^[^\n]*eval\/downstream(?:_bpb)?\//.test(text.slice(0, 20_000)) ? 0.95 : 0),
  read(source) {
    const table = delimitedTable(source.text, (message, line) =>
      raiseEvaluations('malformed', message, { path: source.path, line }),
    )
    const model = fileStem(source.path)
    // Both splits of a task are measured: the test split is the one that tables report.
    const columns = table.columns.flatMap((column) => {
      const match = ACCURACY.exec(column)
      return match === null
        ? []
        : [
            {
              column,
              task: match[1],
              metric: match[2] === 'len_norm' ? 'acc_len_norm' : 'acc',
              ...nameOf(match[1]),
            },
          ]
    })
    const kept = columns.filter(
      (c) =>
        c.split !== 'val' ||
        !columns.some(
          (o) =>
            o.benchmark === c.benchmark && o.split === 'test' && o.shots === c.shots && o.metric === c.metric,
        ),
    )
    const rows: EvaluationRow[] = []
    const dropped: { source: string; reason: string }[] = []
    table.rows.forEach((row, i) => {
      const number = (column: string): number | null => asNumber(row.get(column))
      const gigaflops = number('throughput/total_training_Gflops')
      const step = number('_step')
      for (const { column, task, metric, benchmark, shots } of kept) {
        const text = row.get(column) ?? ''
        const value = asNumber(text)
        if (value === null) {
          if (text.trim() !== '')
            dropped.push({
              source: `${source.path}:${row.line}`,
              reason: `${column} is "${text}", expected a number`,
            })
          continue
        }
        rows.push(
          evaluationRow({
            model,
            tokens: number('throughput/total_tokens'),
            flops: gigaflops === null ? null : gigaflops * 1e9,
            checkpoint:
              i === table.rows.length - 1 ? 'final' : step === null ? `row ${i + 1}` : `step${step}`,
            benchmark: shots === 'mc' ? `${benchmark}_mc` : benchmark,
            metric,
            value,
            loss: number(LOSS),
            task_loss: number(`eval/downstream_bpb/${task}_bpb`),
            source: `${source.path}:${row.line}`,
          }),
        )
      }
    })
    return { rows, dropped }
  },
}

/** The ladder's `final.json`: label → `{paths, n, flops}` (FLOPs per token); gives the runs their parameters. */
export const olmoLadderConfigReader: EvaluationsReader = {
  format: 'OLMo ladder config',
  recognise: ({ text }) =>
    text.trimStart().startsWith('{') && /"paths"\s*:\s*\[/.test(text) && /"n"\s*:\s*\d/.test(text) ? 0.9 : 0,
  read(source) {
    const runs: RunFacts[] = []
    for (const entry of Object.values(parseJson(source.text, source.path))) {
      const object = asObject(entry)
      const paths = Array.isArray(object?.paths) ? object.paths : []
      for (const path of paths)
        runs.push({
          model: fileStem(String(path)),
          family: null,
          params: asNumber(object?.n),
          tokens: null,
          flops: null,
          checkpoint: null,
          loss: null,
        })
    }
    return { rows: [], dropped: [], runs }
  },
}
