import { parseTolerantJson } from '../text/tolerant-json.js'
import { raiseEvaluations } from './errors.js'
import { asObject, type JsonObject } from './row.js'

/**
 * A result file that is one JSON object; bare NaN is read.
 * @throws evaluations/malformed
 */
export function parseJson(text: string, path: string): JsonObject {
  let value: unknown
  try {
    const parsed = parseTolerantJson(text)
    if (parsed.cut) throw new SyntaxError('the file ends in the middle')
    value = parsed.value
  } catch (error) {
    throw raiseEvaluations(
      'malformed',
      error instanceof Error ? error.message : String(error),
      { path },
      error,
    )
  }
  const object = asObject(value)
  if (object === null) throw raiseEvaluations('malformed', 'expected a JSON object', { path })
  return object
}
