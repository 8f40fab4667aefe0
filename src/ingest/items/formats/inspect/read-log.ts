import { asObject, type JsonObject } from '../../../evaluations/row.js'
import type { Records } from '../../../records/read-records.js'
import { parseTolerantJson } from '../../../text/tolerant-json.js'
import { readPackedText, reason } from '../../../text/unpack.js'
import { raiseItems } from '../../errors.js'
import { zipMembers } from './zip.js'

function objectOf(text: string, path: string): JsonObject {
  try {
    const { value, cut } = parseTolerantJson(text)
    if (cut) throw new SyntaxError('the text ends in the middle')
    return asObject(value) ?? {}
  } catch (error) {
    throw raiseItems('malformed', reason(error), { path }, error)
  }
}

async function membersOf(path: string): Promise<{ head: JsonObject; samples: JsonObject[] }> {
  try {
    const members = await zipMembers(path)
    const header =
      members.find((m) => m.name === 'header.json') ?? members.find((m) => m.name === '_journal/start.json')
    return {
      head: header === undefined ? {} : objectOf(header.read(), path),
      samples: members.filter((m) => m.name.startsWith('samples/')).map((m) => objectOf(m.read(), path)),
    }
  } catch (error) {
    throw raiseItems('malformed', reason(error), { path }, error)
  }
}

async function wholeLog(path: string): Promise<{ head: JsonObject; samples: JsonObject[] } | null> {
  let text: string
  try {
    text = await readPackedText(path)
  } catch (error) {
    throw raiseItems('unreadable', reason(error), { path }, error)
  }
  const head = objectOf(text, path)
  if (!Array.isArray(head.samples) || asObject(head.eval) === null) return null
  return { head, samples: head.samples.map((sample) => asObject(sample) ?? {}) }
}

/**
 * A log of Inspect as a table, a row a sample (line 1 is the first): a .eval archive, or JSON with its samples.
 *
 * @returns null for JSON that is no such log
 * @throws items/malformed, items/unreadable
 */
export async function readInspectLog(path: string): Promise<Records | null> {
  const log = path.endsWith('.eval') ? await membersOf(path) : await wholeLog(path)
  if (log === null) return null
  const task = asObject(log.head.eval)?.task
  return {
    path,
    columns: ['id', 'epoch', 'input', 'target', 'scores', 'task'],
    notes: new Map(),
    rows: log.samples.map((sample, i) => ({
      line: i + 1,
      get: (column) => (column === 'task' ? task : (sample[column] ?? undefined)),
    })),
  }
}
