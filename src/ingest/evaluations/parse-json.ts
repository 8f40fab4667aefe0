import { messageOf } from '../../core/errors.js'
import { parseTolerantJson } from '../text/tolerant-json.js'
import { raiseEvaluations } from './errors.js'
import { asObject, type JsonObject } from './row.js'

/**
 * A whole result file in JSON; bare NaN is read.
 * @throws evaluations/malformed
 */
export function parseWhole(text: string, path: string): unknown {
  try {
    const { value, cut } = parseTolerantJson(text)
    if (cut) throw new SyntaxError('the file ends in the middle')
    return value
  } catch (error) {
    throw raiseEvaluations('malformed', messageOf(error), { path }, error)
  }
}

/** One that is an object. @throws evaluations/malformed */
export function parseJson(text: string, path: string): JsonObject {
  const object = asObject(parseWhole(text, path))
  if (object === null) throw raiseEvaluations('malformed', 'expected a JSON object', { path })
  return object
}
