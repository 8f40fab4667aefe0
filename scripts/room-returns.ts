import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'
import { parseSync, visitorKeys } from 'oxc-parser'

/*
 * How often a datum goes back to a place that it has already left: npx tsx scripts/room-returns.ts
 *
 * The way of the datum is read from the sources; nothing is run. It starts as the parameters of a function (`judgeRun`)
 * and follows the calls in the order in which they are executed, arguments first, depth first, each body once. A call
 * carries the datum when an argument mentions it or something made of it (a name bound to an expression that mentions
 * it); a function that is handed by name to a method of such a value (`levels.map(f)`) is called by it. Every call that
 * carries the datum enters the place where its function stands; coming back to a place that was left is a return.
 * Places are counted thrice, so that the figure cannot be had by laying files together:
 *
 *   functions  a function entered again: something asked twice. Where it stands makes no difference.
 *   files      a file entered again.
 *   rooms      a folder entered again: whether the sub-rooms stand in the order of the work.
 *
 * Only the curve's rooms count, with the tools on curves in `src/core/series`, which stood among them at first: quantiles
 * and the like are tools that lie at hand. Methods of classes are not followed, since no types are read.
 *
 * At 315c528, before the curve had sub-rooms: 62 functions, 84 files, 0 rooms (all of it lay in one).
 * At the end of that work: 38 functions, 20 files, 19 rooms (2 without the tools in `src/core/series`).
 */

const ROOT = join(import.meta.dirname, '..')

interface SyntaxNode {
  readonly type: string
  readonly [key: string]: unknown
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string'
}

function part(node: SyntaxNode, key: string): SyntaxNode | undefined {
  const value = node[key]
  return isNode(value) ? value : undefined
}

function parts(node: SyntaxNode, key: string): SyntaxNode[] {
  const value = node[key]
  return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []
}

function nameOf(node: SyntaxNode | undefined): string {
  return typeof node?.name === 'string' ? node.name : ''
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return (visitorKeys[node.type] ?? []).flatMap((key) => parts(node, key))
}

interface Place {
  readonly file: string
  readonly name: string
}

const START: Place = { file: 'src/core/curve/judge-run.ts', name: 'judgeRun' }
const ROOMS = ['src/core/curve', 'src/core/series']

/** What a file defines and what it takes from others, by the names that it uses. */
interface Module {
  readonly functions: ReadonlyMap<string, SyntaxNode>
  readonly taken: ReadonlyMap<string, Place>
}

const isFunction = ({ type }: SyntaxNode): boolean =>
  type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression'

/** Names that a statement takes from another file of the house, by import or by handing on. */
function takenBy(statement: SyntaxNode, file: string): [string, Place][] {
  const source = part(statement, 'source')?.value
  if (typeof source !== 'string' || !source.startsWith('.')) return []
  const from = relative(ROOT, join(ROOT, dirname(file), source.replace(/\.js$/, '.ts')))
  return parts(statement, 'specifiers').map((specifier) => {
    const inside = nameOf(part(specifier, 'local'))
    const outside = nameOf(part(specifier, 'imported') ?? part(specifier, 'exported'))
    return statement.type === 'ImportDeclaration'
      ? [inside, { file: from, name: outside }]
      : [outside, { file: from, name: inside }]
  })
}

function definedBy(statement: SyntaxNode): [string, SyntaxNode][] {
  const declaration = part(statement, 'declaration') ?? statement
  if (isFunction(declaration)) return [[nameOf(part(declaration, 'id')), declaration]]
  return parts(declaration, 'declarations').flatMap((d): [string, SyntaxNode][] => {
    const init = part(d, 'init')
    return init !== undefined && isFunction(init) ? [[nameOf(part(d, 'id')), init]] : []
  })
}

const modules = new Map<string, Module>()

function moduleOf(file: string): Module {
  const held = modules.get(file)
  if (held !== undefined) return held
  const { program } = parseSync(file, readFileSync(join(ROOT, file), 'utf8'))
  const body = parts(program as unknown as SyntaxNode, 'body')
  const module = {
    functions: new Map(body.flatMap(definedBy)),
    taken: new Map(body.flatMap((statement) => takenBy(statement, file))),
  }
  modules.set(file, module)
  return module
}

/** Where the function stands that a file calls by a name. */
function find(file: string, name: string): (Place & { readonly node: SyntaxNode }) | undefined {
  const { functions, taken } = moduleOf(file)
  const node = functions.get(name)
  if (node !== undefined) return { file, name, node }
  const next = taken.get(name)
  return next === undefined ? undefined : find(next.file, next.name)
}

const BINDING: ReadonlySet<string> = new Set([
  'VariableDeclarator',
  'AssignmentExpression',
  'ForOfStatement',
  'ForInStatement',
])

/** Names that a parameter or the left side of a declaration binds. */
function bound(pattern: SyntaxNode): string[] {
  if (pattern.type === 'Identifier') return [nameOf(pattern)]
  if (pattern.type === 'Property') return bound(part(pattern, 'value') ?? pattern)
  if (pattern.type === 'AssignmentPattern') return bound(part(pattern, 'left') ?? pattern)
  return ['properties', 'elements', 'argument'].flatMap((key) => parts(pattern, key)).flatMap(bound)
}

/** Whether an expression mentions a name; names of members and keys are none. */
function mentions(node: SyntaxNode, datum: ReadonlySet<string>): boolean {
  if (node.type === 'Identifier') return datum.has(nameOf(node))
  const silent =
    node.computed === true
      ? ''
      : node.type === 'MemberExpression'
        ? 'property'
        : node.type === 'Property'
          ? 'key'
          : ''
  return (visitorKeys[node.type] ?? [])
    .filter((key) => key !== silent)
    .some((key) => parts(node, key).some((child) => mentions(child, datum)))
}

/** Names that a statement binds to something made of the datum. */
function madeOf(node: SyntaxNode, datum: ReadonlySet<string>): string[] {
  const [to, made] =
    node.type === 'VariableDeclarator'
      ? [part(node, 'id'), part(node, 'init')]
      : [part(node, 'left'), part(node, 'right')]
  if (!BINDING.has(node.type) || to === undefined || made === undefined || !mentions(made, datum)) return []
  return to.type === 'VariableDeclaration'
    ? parts(to, 'declarations')
        .flatMap((d) => parts(d, 'id'))
        .flatMap(bound)
    : bound(to)
}

/** Every place that the datum enters, in order, from a function whose parameters are the datum. */
export function wayFrom({ file, name }: Place): Place[] {
  const way: Place[] = []
  const walked = new Set<SyntaxNode>()

  const enter = (from: string, called: string, carries: (parameter: number) => boolean): void => {
    const place = find(from, called)
    if (place === undefined) return
    const parameters = parts(place.node, 'params')
    const datum = parameters.filter((_, i) => carries(i)).flatMap(bound)
    if (datum.length === 0) return
    way.push({ file: place.file, name: place.name })
    if (walked.has(place.node)) return
    walked.add(place.node)
    const body = part(place.node, 'body')
    if (body !== undefined) follow(body, place.file, new Set(datum))
  }

  const call = (node: SyntaxNode, from: string, datum: Set<string>): void => {
    const callee = part(node, 'callee')
    if (callee === undefined) return
    follow(callee, from, datum)
    const receiver = part(callee, 'object')
    const isOfDatum = receiver !== undefined && mentions(receiver, datum)
    const given = parts(node, 'arguments')
    for (const argument of given) {
      if (isOfDatum && isFunction(argument))
        for (const bind of parts(argument, 'params').flatMap(bound)) datum.add(bind)
      follow(argument, from, datum)
      if (isOfDatum && argument.type === 'Identifier') enter(from, nameOf(argument), () => true)
    }
    enter(from, nameOf(callee), (i) => given[i] !== undefined && mentions(given[i], datum))
  }

  const follow = (node: SyntaxNode, from: string, datum: Set<string>): void => {
    if (node.type === 'CallExpression') {
      call(node, from, datum)
      return
    }
    for (const bind of madeOf(node, datum)) datum.add(bind)
    for (const child of childrenOf(node)) follow(child, from, datum)
  }

  enter(file, name, () => true)
  return way
}

/** Returns to places that had been left: stays (neighbours in one place are one) less places. */
export function returnsOf(way: readonly string[]): number {
  const stays = way.filter((place, i) => place !== way[i - 1])
  return stays.length - new Set(stays).size
}

/** The three figures of a walk, for places below the given folders. */
export function roomReturns(
  start: Place = START,
  folders: readonly string[] = ROOMS,
): { functions: number; files: number; rooms: number } {
  const way = wayFrom(start).filter(({ file }) => folders.some((folder) => file.startsWith(`${folder}/`)))
  return {
    functions: returnsOf(way.map(({ file, name }) => `${file}:${name}`)),
    files: returnsOf(way.map(({ file }) => file)),
    rooms: returnsOf(way.map(({ file }) => dirname(file))),
  }
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) console.log(roomReturns())
