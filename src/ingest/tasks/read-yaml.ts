import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isMap, isScalar, LineCounter, parseDocument, type ScalarTag, visit } from 'yaml'
import { messageOf, raiseTask as raise } from '../../core/index.js'
import { reason } from '../text/unpack.js'

/** A Python function that a YAML names (`!function utils.process_docs`). */
export class PythonFunction {
  constructor(readonly name: string) {}
}

/** A value of a YAML and where it stands. */
export interface Entry {
  readonly value: unknown
  readonly path: string
  readonly line: number
}

const FUNCTION_TAG: ScalarTag = {
  tag: '!function',
  resolve: (text) => new PythonFunction(text.trim()),
}

/** Words that YAML 1.1 calls booleans and PyYAML does not. */
const NO_BOOLEANS = new Set(['y', 'Y', 'n', 'N'])

/** A task's file is a page; a larger one is something else. */
const MAX_BYTES = 1_000_000

function readText(path: string, from: Entry | undefined): string {
  try {
    const bytes = readFileSync(path)
    if (bytes.length > MAX_BYTES)
      throw new Error(`it has ${bytes.length} bytes, expected ${MAX_BYTES} at most`)
    return bytes.toString('utf8')
  } catch (error) {
    const place = from === undefined ? { path } : { path: from.path, line: from.line, field: 'include' }
    throw raise('unreadable', from === undefined ? reason(error) : `${path}: ${reason(error)}`, place, error)
  }
}

/** Fields of one file, without those that it includes. */
function readOne(path: string, from: Entry | undefined): Map<string, Entry> {
  const lines = new LineCounter()
  const document = parseDocument(readText(path, from), {
    version: '1.1',
    lineCounter: lines,
    customTags: [FUNCTION_TAG],
    prettyErrors: false,
  })
  const [fault] = [...document.errors, ...document.warnings]
  if (fault !== undefined) {
    const { line, col } = lines.linePos(fault.pos[0])
    throw raise('malformed', fault.message, { path, line, column: col })
  }
  if (!isMap(document.contents))
    throw raise('malformed', 'expected fields, such as "task: arc_easy"', { path, line: 1 })
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'boolean' && NO_BOOLEANS.has(node.source ?? '')) node.value = node.source
    },
  })
  const fields = new Map<string, Entry>()
  for (const { key, value } of document.contents.items) {
    const at = isScalar(key) && key.range ? lines.linePos(key.range[0]).line : 1
    try {
      const plain = value === null ? null : (value as { toJS: (of: unknown) => unknown }).toJS(document)
      fields.set(String(isScalar(key) ? key.value : key), { value: plain, path, line: at })
    } catch (error) {
      throw raise('malformed', messageOf(error), { path, line: at }, error)
    }
  }
  return fields
}

/**
 * Fields of a task's YAML with those that it includes beneath them, as lm-evaluation-harness 0.4.13 merges them
 * (`tasks/_yaml_loader.py`): files in their order, a file's own fields last.
 *
 * @throws {AssayError} `task/unreadable`, `task/malformed` (with the line; aliases that multiply, circles of includes)
 */
export function readTaskYaml(path: string): Map<string, Entry> {
  const seen = new Set<string>()
  const read = (file: string, from?: Entry): Map<string, Entry> => {
    if (seen.has(file))
      throw raise('malformed', `${file} is included twice, or includes itself`, {
        path: from?.path ?? file,
        ...(from === undefined ? {} : { line: from.line }),
      })
    seen.add(file)
    const own = readOne(file, from)
    const include = own.get('include')
    own.delete('include')
    if (include === undefined) return own
    const names = Array.isArray(include.value) ? include.value : [include.value]
    const bad = names.find((name) => typeof name !== 'string')
    if (bad !== undefined)
      throw raise('bad-field', `found ${JSON.stringify(bad)}, expected the name of a file`, {
        ...include,
        field: 'include',
      })
    const merged = names.flatMap((name) => [...read(resolve(dirname(file), name), include)])
    return new Map([...merged, ...own])
  }
  return read(resolve(path))
}
