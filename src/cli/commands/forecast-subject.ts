import type { EvaluationRow, EvaluationsEvidence, ForecastOptions } from '../../core/index.js'
import { raise } from '../errors.js'
import type { ForecastCliOptions } from './forecast-options.js'

type Subject = NonNullable<ForecastOptions['subject']>

function nameOf({ benchmark, subset }: EvaluationRow): string {
  return subset === null ? benchmark : `${benchmark}/${subset}`
}

/** A score in the unit that the table has the benchmark in: shares, or percent. */
function inUnitOf(rows: readonly EvaluationRow[], name: string, text: string): number {
  const value = Number(text)
  if (text === '' || !(value >= 0 && value <= 100))
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
  const own = rows.filter((row) => row.model === model)
  const params = options.params ?? own.find((row) => row.params !== null)?.params ?? undefined
  const tokens = options.tokens ?? own.find((row) => row.tokens !== null)?.tokens ?? undefined
  if (params === undefined || tokens === undefined)
    throw raise(
      'bad-option',
      own.length === 0
        ? `the table has no model "${model}": give its --params and --tokens`
        : `the table has no ${params === undefined ? 'parameters' : 'tokens'} of "${model}": give --${params === undefined ? 'params' : 'tokens'}`,
      { field: '--model' },
    )
  const flops = options.flops ?? own.find((row) => row.flops !== null)?.flops ?? null
  const added = Object.entries(options.known ?? {}).map(([name, text]): EvaluationRow => {
    const same = rows.filter((row) => nameOf(row) === name)
    if (same.length === 0)
      throw raise(
        'bad-option',
        `found "${name}", expected one of ${[...new Set(rows.map(nameOf))].slice(0, 60).join(', ')}`,
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
  const replaced = new Set(added.map(nameOf))
  const measured = new Set([...own.map(nameOf), ...replaced])
  if (rows.every((row) => measured.has(nameOf(row))))
    throw raise(
      'bad-option',
      `"${model}" was measured on every benchmark of the table: nothing is left to forecast`,
      {
        field: '--model',
      },
    )
  const kept = rows
    .filter((row) => row.model !== model || !replaced.has(nameOf(row)))
    .map((row) => (row.model === model ? { ...row, family, params, tokens } : row))
  return {
    evidence: { ...evidence, rows: [...kept, ...added] },
    options: { ...options, params, tokens, ...(flops === null ? {} : { flops }) },
    subject: { model, family },
  }
}
