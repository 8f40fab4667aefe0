import type { LogSource } from '../../../core/index.js'
import { raise } from '../errors.js'

/** The whole file as text, for formats that are one JSON document. */
export async function readText(source: LogSource): Promise<string> {
  const decoder = new TextDecoder('utf-8')
  let text = ''
  for await (const chunk of source.stream()) text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}

/** Run a parser; its SyntaxError becomes an input error that names the file. */
export function withPlace<T>(path: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw raise('damaged', `it is no JSON: ${error.message}`, { path }, error)
  }
}
