import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { helmBenchmark } from '../../../evaluations/formats/helm/index.js'
import { asObject, type JsonObject } from '../../../evaluations/row.js'
import type { Records } from '../../../records/read-records.js'
import { parseTolerantJson } from '../../../text/tolerant-json.js'
import { readPackedText, reason } from '../../../text/unpack.js'
import { raiseItems } from '../../errors.js'

/** JSON that lies beside a file, or undefined where there is none that can be read. */
function beside(path: string, name: string): JsonObject | undefined {
  try {
    return asObject(parseTolerantJson(readFileSync(join(dirname(path), name), 'utf8')).value) ?? undefined
  } catch {
    return undefined
  }
}

const textOf = (value: unknown): string | undefined => {
  const text = asObject(value)?.text
  return typeof text === 'string' ? text : undefined
}

/** What `scenario_state.json` tells of an instance: its document with what is right of it, and the prompt. */
function instancesOf(state: JsonObject | undefined): Map<string, { document: string; prompt?: string }> {
  const states = Array.isArray(state?.request_states) ? state.request_states : []
  return new Map(
    states.flatMap((cell) => {
      const request = asObject(cell)
      const instance = asObject(request?.instance)
      const id = instance?.id
      const input = textOf(instance?.input)
      if (typeof id !== 'string' || input === undefined) return []
      const prompt = asObject(request?.request)?.prompt
      const references = Array.isArray(instance?.references) ? instance.references.map(asObject) : []
      const right = references.flatMap((reference) =>
        Array.isArray(reference?.tags) && reference.tags.includes('correct')
          ? [textOf(reference.output) ?? '']
          : [],
      )
      const document = `${input}\u0000${right.join('\u0000')}`
      return [[id, { document, ...(typeof prompt === 'string' ? { prompt } : {}) }] as const]
    }),
  )
}

/**
 * `per_instance_stats.json` of HELM as a table, a row an instance and trial (line 1 is the first).
 *
 * @throws items/malformed, items/unreadable
 */
export async function readHelmInstances(path: string): Promise<Records> {
  let value: unknown
  try {
    const parsed = parseTolerantJson(await readPackedText(path))
    if (parsed.cut) throw new SyntaxError('the text ends in the middle')
    value = parsed.value
  } catch (error) {
    throw raiseItems('malformed', reason(error), { path }, error)
  }
  const rows = Array.isArray(value) ? value.map(asObject) : []
  if (rows.length === 0 || !rows.every((row) => row !== null && 'instance_id' in row && 'stats' in row))
    throw raiseItems('malformed', 'expected a list of instances, each with its instance_id and stats', {
      path,
    })
  const known = instancesOf(beside(path, 'scenario_state.json'))
  const spec = beside(path, 'run_spec.json')
  const task = spec === undefined ? undefined : helmBenchmark(spec, path)
  return {
    path,
    columns: ['instance_id', 'train_trial_index', 'stats', 'perturbation', 'document', 'prompt', 'task'],
    notes: new Map(),
    rows: rows.map((row, i) => ({
      line: i + 1,
      get: (column) => {
        if (column === 'task') return task
        if (column === 'document' || column === 'prompt') return known.get(String(row?.instance_id))?.[column]
        return row?.[column] ?? undefined
      },
    })),
  }
}
