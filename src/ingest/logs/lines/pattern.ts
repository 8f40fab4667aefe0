import { type LogSource, messageOf, splitAppended, type TrainingRun } from '../../../core/index.js'
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
    throw refuse(messageOf(error))
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

/** A line that a pattern does match, with what its groups took, or one that it might have been meant for. */
function whyNone(source: LogSource, regex: RegExp): string {
  const lines = new TextDecoder().decode(source.head).split(/[\r\n]+/)
  const found = lines.map((line) => regex.exec(line)).find((match) => match !== null)
  const shown = (line: string): string => `"${line.slice(0, 120)}"`
  if (found !== null && found !== undefined)
    return `it matches ${shown(found[0])}, but its groups take ${Object.entries(found.groups ?? {})
      .map(([name, text]) => `${name} "${text ?? ''}"`)
      .join(', ')}: no step with a number`
  const meant =
    lines.find((line) => /loss/i.test(line) && /\d/.test(line)) ?? lines.find((line) => line !== '')
  return `no line matches ${regex.source}; a line of the file is ${shown(meant ?? '')}`
}

/**
 * Runs of text of no known format: lines that a regular expression matches, its groups named as our columns.
 * @throws logs/bad-pattern, logs/no-match
 */
export async function readByPattern(source: LogSource, pattern: string): Promise<TrainingRun[]> {
  const regex = compiled(pattern)
  const reader = lineLogReader({
    format: 'pattern',
    pattern: regex,
    open: (record) => ({
      line(line) {
        const groups = regex.exec(line.words())?.groups
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
    throw raise('no-match', whyNone(source, regex), { path: source.path, field: '--pattern' })
  return runs.flatMap(splitAppended)
}
