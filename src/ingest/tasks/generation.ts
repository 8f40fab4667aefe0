import {
  javascriptPattern,
  messageOf,
  type PyValue,
  type TaskFilter,
  type TaskGeneration,
  type TaskOutput,
} from '../../core/index.js'
import { type DefinitionFields, isMapping } from './fields.js'

const PLAIN_FILTERS = ['take_first', 'remove_whitespace', 'lowercase', 'uppercase'] as const

/** A pattern of Python's as one of ours. */
function patternOf(pattern: PyValue, field: string, fields: DefinitionFields): string {
  try {
    return javascriptPattern(String(pattern))
  } catch (error) {
    throw fields.fault(field, `${JSON.stringify(pattern)}: ${messageOf(error)}`)
  }
}

function filterOf(step: PyValue, fields: DefinitionFields): TaskFilter {
  const given = isMapping(step) ? step : {}
  const known = PLAIN_FILTERS.find((name) => name === given.function)
  if (known !== undefined) return { name: known }
  const { function: name, regex_pattern: pattern, group_select: group = 0, fallback = '[invalid]' } = given
  if (name === 'regex' && typeof pattern === 'string' && typeof group === 'number')
    return {
      name: 'regex',
      pattern: patternOf(pattern, 'filter_list', fields),
      group,
      fallback: String(fallback),
    }
  throw fields.fault(
    'filter_list',
    `found ${JSON.stringify(step)}, expected one of ${PLAIN_FILTERS.join(', ')}, or regex with its regex_pattern`,
  )
}

/** Tokens that an answer may have where nothing is said, as in the harness. */
const MAX_GENERATED = 256

/**
 * How free answers are written and compared; null of tasks that have none.
 *
 * @throws {AssayError} `task/bad-field`
 */
export function generationOf(
  fields: DefinitionFields,
  output: TaskOutput,
  metrics: readonly string[],
): TaskGeneration | null {
  if (output !== 'generate_until') return null
  const own = fields.mapping('generation_kwargs') ?? {}
  const { until = [fields.text('fewshot_delimiter') ?? '\n\n'], max_gen_toks: most = MAX_GENERATED } = own
  const { temperature = 0, do_sample: samples = false } = own
  const stops = typeof until === 'string' ? [until] : until
  if (!Array.isArray(stops) || stops.some((stop) => typeof stop !== 'string' || stop === ''))
    throw fields.fault('generation_kwargs', `until is ${JSON.stringify(until)}, expected texts`)
  if (!Number.isInteger(most) || (most as number) < 1)
    throw fields.fault(
      'generation_kwargs',
      `max_gen_toks is ${JSON.stringify(most)}, expected a whole number from 1`,
    )
  const [pipeline, ...more] = fields.list('filter_list') ?? []
  if (more.length > 0)
    throw fields.fault('filter_list', 'several pipelines would give several scores; expected one')
  const steps =
    pipeline !== undefined && isMapping(pipeline) && Array.isArray(pipeline.filter) ? pipeline.filter : []
  const metric = (fields.list('metric_list') ?? []).find(
    (one) => isMapping(one) && one.metric === 'exact_match',
  )
  const match = isMapping(metric) ? metric : {}
  if (!metrics.includes('exact_match'))
    throw fields.fault(
      'metric_list',
      `free answers are scored by exact_match alone, found ${metrics.join(', ')}`,
    )
  const regexes = match.regexes_to_ignore ?? []
  return {
    until: stops as readonly string[],
    maxTokens: most as number,
    temperature: samples === true ? Number(temperature) : 0,
    filters: (steps as readonly PyValue[]).map((step) => filterOf(step, fields)),
    exactMatch: {
      ignoreCase: match.ignore_case === true,
      ignorePunctuation: match.ignore_punctuation === true,
      ignoreNumbers: match.ignore_numbers === true,
      regexesToIgnore: Array.isArray(regexes)
        ? (regexes as readonly PyValue[]).map((one) => patternOf(one, 'metric_list', fields))
        : [],
    },
  }
}
