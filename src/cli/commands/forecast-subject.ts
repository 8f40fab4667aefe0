import { nearest } from '../../audit/index.js'
import {
  benchmarkName,
  type EvaluationRow,
  type EvaluationsEvidence,
  type ForecastOptions,
  isOneSize,
} from '../../core/index.js'
import { share } from '../../ingest/index.js'
import { raise } from '../errors.js'
import type { ForecastCliOptions } from './forecast-options.js'

type Subject = NonNullable<ForecastOptions['subject']>

/** A score in the unit that the table has the benchmark in: shares, or percent. */
function inUnitOf(rows: readonly EvaluationRow[], name: string, text: string): number {
  const value = share(text)
  if (!(value >= 0 && value <= 100))
    throw raise('bad-option', `found ${name}=${text}, expected a score as a share or in percent`, {
      field: '--known',
    })
  const isPercent = rows.filter((row) => row.value > 1).length * 2 > rows.length
  if (isPercent) return value <= 1 ? 100 * value : value
  return value > 1 ? value / 100 : value
}

function knownFamilies(rows: readonly EvaluationRow[]): string[] {
  return [...new Set(rows.flatMap((row) => row.family ?? []))]
}

/** Family of a model: as given, as the table has it, or one of its own that nobody else belongs to. */
function familyOf(rows: readonly EvaluationRow[], model: string, given: string | undefined): string {
  const own = rows.find((row) => row.model === model && row.family !== null)?.family ?? null
  if (given === undefined) return own ?? model
  const families = knownFamilies(rows)
  if (!families.includes(given))
    throw raise('bad-option', `found "${given}", expected one of ${families.slice(0, 60).join(', ')}`, {
      field: '--family',
    })
  return given
}

/**
 * The rows of one model: those of the size asked for, where models of several sizes share its name.
 *
 * @throws {AssayError} cli/bad-option where nobody tells which of them is meant
 */
function ofOneSize(
  named: readonly EvaluationRow[],
  model: string,
  asked: number | undefined,
): EvaluationRow[] {
  const sizes = [...new Set(named.flatMap((row) => row.params ?? []))].sort((a, b) => a - b)
  const wanted = asked ?? sizes[0]
  if (wanted === undefined) return [...named]
  if (asked === undefined && !sizes.every((size) => isOneSize(size, wanted)))
    throw raise('bad-option', `the table has "${model}" with ${sizes.join(', ')} parameters: give --params`, {
      field: '--model',
    })
  return named.filter((row) => row.params === null || isOneSize(row.params, wanted))
}

/** What is not known of the size of a model, and whom it may be meant for where the table does not have it. */
function missingSize(
  rows: readonly EvaluationRow[],
  model: string,
  isThere: boolean,
  isSize: boolean,
): string {
  if (isThere)
    return `the table has no ${isSize ? 'parameters' : 'tokens'} of "${model}": give --${isSize ? 'params' : 'tokens'}`
  const meant = nearest(model, [...new Set(rows.map((row) => row.model))])
  return `the table has no model "${model}"${meant === undefined ? '' : ` ("${meant}" is the nearest)`}: give its --params and --tokens`
}

/**
 * The table with the scores that are known of one model (`--model NAME --known benchmark=value,…`), and that model.
 *
 * @throws {AssayError} cli/bad-option where its size or tokens are unknown, or a benchmark is none of the table's
 */
export function withSubject(
  evidence: EvaluationsEvidence,
  options: ForecastCliOptions,
): { evidence: EvaluationsEvidence; options: ForecastCliOptions; subject: Subject | null } {
  const { model } = options
  if (model === undefined) {
    for (const name of ['known', 'family'] as const)
      if (options[name] !== undefined)
        throw raise('bad-option', 'it tells of one model: name it with --model', { field: `--${name}` })
    return { evidence, options, subject: null }
  }
  const { rows } = evidence
  const family = familyOf(rows, model, options.family)
  const named = rows.filter((row) => row.model === model)
  const own = ofOneSize(named, model, options.params)
  const isOwn = new Set(own)
  // A run with checkpoints is forecast from its end.
  const end = own.reduce((last, row) => Math.max(last, row.tokens ?? 0), 0)
  const atEnd = (row: EvaluationRow): boolean => isOwn.has(row) && (row.tokens ?? end) === end
  const params = options.params ?? own.find((row) => row.params !== null)?.params ?? undefined
  const tokens = options.tokens ?? (end > 0 ? end : undefined)
  if (params === undefined || tokens === undefined)
    throw raise('bad-option', missingSize(rows, model, named.length > 0, params === undefined), {
      field: '--model',
    })
  const recorded = own.find((row) => atEnd(row) && row.flops !== null)?.flops ?? null
  const flops = options.flops ?? (recorded !== null && end > 0 ? (recorded * tokens) / end : recorded)
  const added = Object.entries(options.known ?? {}).map(([name, text]): EvaluationRow => {
    const same = rows.filter((row) => benchmarkName(row) === name)
    if (same.length === 0)
      throw raise(
        'bad-option',
        `found "${name}", expected one of ${[...new Set(rows.map(benchmarkName))].slice(0, 60).join(', ')}`,
        { field: '--known' },
      )
    const [{ benchmark, subset, metric, chance, n_items }] = same
    return {
      ...{
        model,
        family,
        params,
        tokens,
        flops,
        checkpoint: null,
        benchmark,
        subset,
        metric,
        chance,
        n_items,
      },
      ...{ value: inUnitOf(same, name, text), k: null, loss: null, task_loss: null, source: '--known' },
    }
  })
  const replaced = new Set(added.map(benchmarkName))
  const measured = new Set([...own.map(benchmarkName), ...replaced])
  if (rows.every((row) => measured.has(benchmarkName(row))))
    throw raise(
      'bad-option',
      `"${model}" was measured on every benchmark of the table: nothing is left to forecast`,
      {
        field: '--model',
      },
    )
  const kept = rows
    .filter((row) => !isOwn.has(row) || !replaced.has(benchmarkName(row)))
    .map((row) =>
      isOwn.has(row) ? { ...row, family, params, ...(atEnd(row) ? { tokens, flops } : {}) } : row,
    )
  return {
    evidence: { ...evidence, rows: [...kept, ...added] },
    options: { ...options, params, tokens, ...(flops === null ? {} : { flops }) },
    subject: { model, family },
  }
}
