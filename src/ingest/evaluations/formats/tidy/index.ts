import type {
  EvaluationRow,
  EvaluationsEvidence,
  EvaluationsReader,
  EvaluationsReaderOptions,
  EvaluationsSource,
  ProblemSamples,
  RunFacts,
} from '../../../../core/index.js'
import { raiseEvaluations } from '../../errors.js'
import { Cells, chooseColumns, plain, tableOf } from './tidy-columns.js'

const BITS_TO_NATS = Math.LN2

function lossOf(cells: Cells, faults: string[]): number | null {
  const nats = cells.positive('loss', faults)
  if (nats !== null) return nats
  const bits = cells.positive('loss_bits', faults)
  return bits === null ? null : bits * BITS_TO_NATS
}

function factsOf(cells: Cells, faults: string[]): RunFacts | null {
  const model = cells.text('model')
  if (model === null) {
    faults.push('no model')
    return null
  }
  return {
    model,
    family: cells.text('family'),
    params: cells.positive('params', faults),
    tokens: cells.positive('tokens', faults),
    flops: cells.positive('flops', faults),
    checkpoint: cells.text('checkpoint'),
    loss: lossOf(cells, faults),
  }
}

function measurement(
  cells: Cells,
  facts: RunFacts,
  valueColumn: string,
  faults: string[],
  source: string,
): EvaluationRow | null {
  const benchmark = cells.text('benchmark')
  const value = cells.number('value')
  if (benchmark === null) faults.push('no benchmark')
  if (value === null)
    faults.push(`${valueColumn} is ${JSON.stringify(cells.raw('value')) ?? 'missing'}, expected a number`)
  if (cells.text('higher_is_better')?.toLowerCase() === 'false')
    faults.push('lower is better (higher_is_better = false): no accuracy to forecast')
  const metric =
    cells.text('metric') ??
    (plain(valueColumn) === 'value' || plain(valueColumn) === 'score' ? 'acc' : plain(valueColumn))
  const items = cells.positive('n_items', faults)
  const chance = cells.positive('chance', faults)
  const k = cells.positive('k', faults)
  const taskLoss = cells.positive('task_loss', faults)
  if (benchmark === null || value === null || faults.length > 0) return null
  return {
    ...facts,
    benchmark,
    metric,
    value,
    n_items: items,
    chance,
    k,
    task_loss: taskLoss,
    subset: cells.text('subset'),
    source,
  }
}

function problemOf(cells: Cells, facts: RunFacts, faults: string[], source: string): ProblemSamples | null {
  const n = cells.number('samples')
  const c = cells.number('correct')
  const benchmark = cells.text('benchmark') ?? 'problems'
  if (n === null || !Number.isInteger(n) || n < 1)
    faults.push(`samples are ${JSON.stringify(cells.raw('samples'))}, expected a whole number ≥ 1`)
  if (c === null || !Number.isInteger(c) || c < 0 || (n !== null && c > n))
    faults.push(
      `correct are ${JSON.stringify(cells.raw('correct'))}, expected a whole number from 0 to the samples`,
    )
  if (n === null || c === null || faults.length > 0) return null
  const { loss: _, ...run } = facts
  return { ...run, benchmark, problem: cells.text('problem') ?? source, n, c, source }
}

/**
 * Tidy CSV, TSV or JSONL: one measurement a row (`model, benchmark, value` and what else is known); or one
 * problem a row (`model, problem, num_samples, num_correct`) for pass@k; or, without measurements, one run a row
 * (`model, params, tokens`), joined to the results of other files.
 */
export const tidyReader: EvaluationsReader = {
  format: 'tidy table',
  recognise(source) {
    const head = source.text.slice(0, 4000).trimStart()
    if (head.startsWith('[')) return 0
    if (head.startsWith('{')) {
      const first = head.split('\n', 1)[0].trimEnd()
      return first.endsWith('}') || source.path.endsWith('.jsonl') ? 0.3 : 0
    }
    const header = head.split('\n', 1)[0]
    return /[,\t;]/.test(header) ? 0.3 : 0
  },
  read(source: EvaluationsSource, options: EvaluationsReaderOptions): EvaluationsEvidence {
    const table = tableOf(source)
    if (table.rows.length === 0)
      throw raiseEvaluations('no-rows', 'the table has no row', { path: source.path })
    const columns = chooseColumns(table.columns, options.columns, source.path)
    const kind =
      columns.has('samples') && columns.has('correct')
        ? 'problems'
        : columns.has('value') && columns.has('benchmark')
          ? 'measurements'
          : 'runs'
    if (kind === 'runs' && !columns.has('params') && !columns.has('tokens') && !columns.has('flops')) {
      const missing = (['benchmark', 'value'] as const).filter((f) => !columns.has(f))
      throw raiseEvaluations(
        'missing-column',
        `no column for ${missing.join(' and ')}; the table has ${table.columns.map((c) => `"${c}"`).join(', ')}`,
        { path: source.path },
      )
    }
    const rows: EvaluationRow[] = []
    const problems: ProblemSamples[] = []
    const runs: RunFacts[] = []
    const dropped: { source: string; reason: string }[] = []
    const valueColumn = columns.get('value') ?? 'value'
    for (const row of table.rows) {
      const place = `${source.path}:${row.line}`
      const faults: string[] = []
      const cells = new Cells(row, columns)
      const facts = factsOf(cells, faults)
      if (facts !== null && kind === 'runs') runs.push(facts)
      if (facts !== null && kind === 'measurements') {
        const made = measurement(cells, facts, valueColumn, faults, place)
        if (made !== null) rows.push(made)
      }
      if (facts !== null && kind === 'problems') {
        const made = problemOf(cells, facts, faults, place)
        if (made !== null) problems.push(made)
      }
      if (faults.length > 0) dropped.push({ source: place, reason: faults.join('; ') })
    }
    return { rows, dropped, runs, problems }
  },
}
