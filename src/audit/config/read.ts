import { dirname, resolve } from 'node:path'
import { type Document, isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import { type AnyProbe, declarationFor, type Gate } from '../../core/index.js'
import { PROBES } from '../../probes/index.js'
import { raise } from '../errors.js'
import { declaredBy } from '../gate-finding.js'
import { readBytes } from '../store/files.js'
import { decodeText } from '../texts/decode.js'
import { defaultTexts } from '../texts/domains.js'
import { BOUND_KINDS, boundProblem, toGate } from './bounds.js'
import { fileProblems, type Problem } from './file-problems.js'
import { type KnownParts, metricProblem } from './metric-names.js'
import { nearest } from './nearest.js'
import { type Config, configSchema, policySchema } from './schema.js'
import { yamlFault } from './yaml-faults.js'

/**
 * Read and check a YAML file; every problem names its line, and an unknown key the nearest valid one.
 *
 * @param check what the schema cannot know, asked of a file that meets it, or of the keys that do (`whole` is false)
 */
function readYaml<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  check: (data: z.infer<Schema>, whole: boolean) => readonly Problem[],
): z.infer<Schema> {
  const lines = new LineCounter()
  const document = parseDocument(decodeText(readBytes(path), path), { lineCounter: lines })
  const lineOf = (keys: readonly PropertyKey[]): number => {
    for (let depth = keys.length; depth > 0; depth--) {
      const offset = offsetOf(document.contents, keys.slice(0, depth))
      if (offset !== undefined) return lines.linePos(offset).line
    }
    return 1
  }
  const broken = document.errors.at(0)
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0])
    throw raise('bad-config', yamlFault(broken.code), { path, line, column: col }, broken)
  }
  if (document.contents === null) throw raise('bad-config', 'the file is empty', { path, line: 1 })
  const value = plainValue(document, path, lines)
  const parsed = schema.safeParse(value)
  const problems: Problem[] = []
  if (parsed.success) problems.push(...check(parsed.data, true))
  else {
    for (const issue of parsed.error.issues.map(plainIssue)) {
      const [key] = issue.code === 'unrecognized_keys' ? issue.keys : []
      if (key === undefined) problems.push({ path: issue.path, message: issue.message })
      else {
        const known = nearest(key, knownKeys(schema, issue.path))
        const hint = known === undefined ? '' : `; did you mean "${known}"?`
        problems.push({ path: [...issue.path, key], message: `unknown key "${key}"${hint}` })
      }
    }
    // What is wrong in the other keys is told in the same go.
    const wrong = new Set(problems.map((p) => p.path.at(0)))
    const rest = schema.safeParse(
      Object.fromEntries(Object.entries(value as object).filter(([key]) => !wrong.has(key))),
    )
    if (rest.success) problems.push(...check(rest.data, false))
  }
  if (parsed.success && problems.length === 0) return parsed.data
  const [first, ...others] = problems
  const more = others
    .map((p) => `\n     and line ${lineOf(p.path)}, ${p.path.join('.')}: ${p.message}`)
    .join('')
  throw raise('bad-config', first.message + more, {
    path,
    line: lineOf(first.path),
    ...(first.path.length > 0 ? { field: first.path.join('.') } : {}),
  })
}

/** Of a value that may have several shapes: what is wrong inside the one that it has, else what it may be. */
function plainIssue(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const shapes = issue.errors.flat().map(plainIssue)
  const inside = shapes.find(({ path }) => path.length > 0)
  if (inside !== undefined) return { ...inside, path: [...issue.path, ...inside.path] }
  const expected = shapes.map(({ message }) => message.replace(/^.*?expected |, received .*$/g, ''))
  return { ...issue, message: `expected ${[...new Set(expected)].join(' or ')}` }
}

/** The document as plain values; aliases that lead nowhere, or that multiply beyond all use, are an error of the file. */
function plainValue(document: Document, path: string, lines: LineCounter): unknown {
  visit(document, {
    Scalar(key, { value, range }) {
      if (key === 'key' && value === '__proto__')
        throw raise('bad-config', 'nothing can be called "__proto__" in a config: choose another name', {
          path,
          line: lines.linePos(range?.[0] ?? 0).line,
        })
    },
  })
  try {
    return document.toJS() ?? {}
  } catch (error) {
    let at: number | undefined
    let message = 'its aliases stand for more values than a config can have'
    visit(document, {
      Alias(_key, alias) {
        at ??= alias.range?.[0]
        if (alias.resolve(document) !== undefined) return undefined
        at = alias.range?.[0]
        message = `the alias *${alias.source} stands for nothing: there is no &${alias.source} before it`
        return visit.BREAK
      },
    })
    throw raise('bad-config', message, { path, line: lines.linePos(at ?? 0).line }, error)
  }
}

/** Character offset of a key (for the last element) or of the node that it leads to. */
function offsetOf(root: unknown, keys: readonly PropertyKey[]): number | undefined {
  let node = root as Node | null
  let offset: number | undefined
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      if (pair === undefined) return undefined
      offset = (pair.key as Node).range?.[0]
      node = pair.value as Node | null
    } else if (node !== null && typeof key === 'number' && 'items' in (node as object)) {
      node = ((node as unknown as { items: Node[] }).items[key] ?? null) as Node | null
      offset = node?.range?.[0]
    } else if (isAlias(node)) return offset
    else return undefined
  }
  return offset
}

/** Keys that the schema knows at a path, for the hint. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let json: unknown = schema.toJSONSchema({ io: 'input', unrepresentable: 'any' })
  for (const key of path) {
    const node = json as {
      properties?: Record<string, unknown>
      items?: unknown
      additionalProperties?: unknown
    }
    json =
      typeof key === 'number' ? node.items : (node.properties?.[String(key)] ?? node.additionalProperties)
  }
  return Object.keys((json as { properties?: object } | undefined)?.properties ?? {})
}

/** What a config is read against: the probes whose metrics its gates may name, and domains from elsewhere. */
export interface ConfigContext {
  /** `PROBES` unless said otherwise. */
  readonly probes?: readonly AnyProbe[]
  /** Domains that the command line adds to those of the config. */
  readonly domains?: readonly string[]
}

function gateProblems(
  gates: Config['gates'],
  { probes = PROBES }: ConfigContext,
  parts: KnownParts,
): Problem[] {
  const declared = declaredBy(probes)
  return (gates ?? []).flatMap((gate, i) => {
    const message = metricProblem(gate.metric, declared, parts)
    if (message !== undefined) return [{ path: ['gates', i, 'metric'], message }]
    const { declaration } = declarationFor(declared, gate.metric)!
    return BOUND_KINDS.flatMap((kind) => {
      const bound = gate[kind]
      const why = bound === undefined ? undefined : boundProblem(kind, bound, declaration)
      return why === undefined ? [] : [{ path: ['gates', i, kind], message: why }]
    })
  })
}

/** Names that the config settles; relations and benchmarks stand in files that are read later. */
function partsOf(config: Config, added: readonly string[] = []): KnownParts {
  const shipped = config.default_texts ? defaultTexts() : { domains: [], parallel: [] }
  const domains = [
    ...new Set([...Object.keys(config.domains ?? {}), ...added, ...shipped.domains.map((d) => d.domain)]),
  ]
  const languages = shipped.parallel.map((p) => p.language)
  return new Map([
    ['domain', domains],
    ['text', [...domains, ...languages]],
    ['language', languages],
  ])
}

/**
 * Paths in a config are relative to the config.
 *
 * @throws {AssayError} audit/bad-config with every fault and its line, also for files that are not there and gates on
 *   metrics that no probe declares
 */
export function readConfig(path: string, context: ConfigContext = {}): { config: Config; folder: string } {
  const folder = dirname(resolve(path))
  const config = readYaml(path, configSchema, (read, whole) => [
    ...(whole ? gateProblems(read.gates, context, partsOf(read, context.domains)) : []),
    ...fileProblems(read, folder),
  ])
  return { config, folder }
}

/** Gates alone. A policy is held against many audits, so any domain, language or benchmark may be named. */
export function readPolicy(path: string, context: Pick<ConfigContext, 'probes'> = {}): Gate[] {
  const check = ({ gates }: z.infer<typeof policySchema>): Problem[] =>
    gateProblems(gates, context, new Map())
  return readYaml(path, policySchema, check).gates.map(toGate)
}
