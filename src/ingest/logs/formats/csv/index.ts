import type { LogReader, LogSource } from '../../../../core/index.js'
import { raise } from '../../errors.js'
import { fieldOf } from '../../names/column-names.js'
import { readTable } from '../../tables/read-table.js'
import { type Header, headerOf, isWandb, namesLosses } from '../../tables/table-header.js'

/** A table of results, one row a model, holds losses too: without a step it is no log. */
function isComparison(names: readonly string[]): boolean {
  return (
    !names.some((n) => fieldOf(n)?.field === 'step') &&
    names.some((n) => /^(?:model|model_name|params|num_params|flops|task)$/i.test(n))
  )
}

/** @throws logs/no-header */
function namesIn(source: LogSource): Header {
  const header = headerOf(source)
  if (header === undefined)
    throw raise('no-header', 'its first row is empty or ends in the middle of a quoted cell', {
      path: source.path,
    })
  return header
}

/** W&B's CSV export: quoted, `"<run> - train/loss"` with `__MIN` and `__MAX` beside it, empty cells, runs side by side. */
export const wandbCsvReader: LogReader = {
  format: 'wandb-csv',
  recognise: (source) => (isWandb(headerOf(source)?.names ?? []) ? 1 : 0),
  read: (source, options) => readTable(source, options, namesIn(source)),
}

/**
 * Any table with a header: CSV, TSV or semicolons. Columns are found by the names that trainers use or named by
 * `--columns`; PyTorch Lightning's sparse `metrics.csv` (a row fills some columns only) is one of them. A column
 * `run` (or `run_id`, `run_name`, `experiment`) separates runs.
 */
export const csvReader: LogReader = {
  format: 'csv',
  recognise(source, options) {
    const header = headerOf(source)
    if (header === undefined || isWandb(header.names)) return 0
    if (Object.values(options.columns).some((c) => header.names.includes(c))) return 0.95
    return namesLosses(header.names) && !isComparison(header.names) ? 0.9 : 0
  },
  read: (source, options) => readTable(source, options, namesIn(source)),
}
