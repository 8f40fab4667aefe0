import { type LogSource, splitAppended, type TrainingRun } from '../../../core/index.js'
import { parseNumber } from '../../text/tolerant-json.js'
import { raise } from '../errors.js'
import { fieldNamed } from '../names/column-names.js'
import { lineLogReader } from './line-log.js'

/** @throws logs/bad-pattern */
function compiled(pattern: string): RegExp {
  const refuse = (message: string): Error => raise('bad-pattern', message, { field: '--pattern' })
  let regex: RegExp
  try {
    regex = new RegExp(pattern)
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error))
  }
  const names = [...pattern.matchAll(/\(\?<([A-Za-z_]\w*)>/g)].map(([, name]) => name)
  const strange = names.find((name) => fieldNamed(name) === undefined)
  if (strange !== undefined) throw refuse(`its group "${strange}" is no column`)
  const fields = names.map(fieldNamed)
  if (!fields.includes('step')) throw refuse('it has no group (?<step>…)')
  if (!fields.includes('loss') && !fields.includes('validationLoss'))
    throw refuse('it has no group (?<loss>…) or (?<validationLoss>…)')
  return regex
}

/**
 * Runs of text of no known format: lines that a regular expression matches, its groups named as our columns.
 * @throws logs/bad-pattern, logs/no-losses
 */
export async function readByPattern(source: LogSource, pattern: string): Promise<TrainingRun[]> {
  const regex = compiled(pattern)
  const reader = lineLogReader({
    format: 'pattern',
    pattern: regex,
    open: (record) => ({
      line(line) {
        const groups = regex.exec(line.text())?.groups
        const values = Object.entries(groups ?? {}).flatMap(([name, text]) => {
          const [field, value] = [fieldNamed(name), text === undefined ? undefined : parseNumber(text)]
          return field === undefined || value === undefined ? [] : [[field, value] as const]
        })
        const step = values.find(([field]) => field === 'step')
        if (step === undefined || values.length < 2) return false
        record.row(step[1], line.number)
        for (const [field, value] of values) if (field !== 'step') record.put(field, value)
        return true
      },
    }),
  })
  const runs = await reader.read(source, { columns: {} })
  if (runs.length === 0)
    throw raise('no-losses', 'no line matches --pattern with a step and a number', { path: source.path })
  return runs.flatMap(splitAppended)
}
