import { javascriptPattern } from '../python/pattern.js'
import {
  isDict,
  isList,
  type PyDict,
  type PyValue,
  pythonRepr,
  pythonStr,
  SPACE,
  typeName,
} from '../python/value.js'
import { TemplateFault } from './fault.js'

/** Arguments of a call: those by position, then those by name. */
export interface Arguments {
  readonly positional: readonly PyValue[]
  readonly named: Readonly<Record<string, PyValue>>
}

/** Arguments by the names of parameters; what is missing stays undefined. */
function bind(call: string, { positional, named }: Arguments, ...names: string[]): (PyValue | undefined)[] {
  const unknown = Object.keys(named).find((name) => !names.includes(name))
  if (positional.length > names.length || unknown !== undefined)
    throw new TemplateFault(
      `${call}() takes ${names.length === 0 ? 'nothing' : names.join(', ')}${unknown === undefined ? '' : `, not ${unknown}`}`,
    )
  return names.map((name, i) => positional[i] ?? named[name])
}

export function asText(value: PyValue | undefined, what: string): string {
  if (typeof value === 'string') return value
  throw new TemplateFault(`${what} is ${typeName(value)}, expected text`)
}

function asNumber(value: PyValue | undefined, what: string): number {
  if (typeof value === 'number') return value
  throw new TemplateFault(`${what} is ${typeName(value)}, expected a number`)
}

const escapeClass = (characters: string): string => characters.replace(/[\\\]^-]/g, '\\$&')

function strip(text: string, ends: 'both' | 'left' | 'right', characters: string = SPACE): string {
  if (characters === '') return text
  const left = ends === 'right' ? text : text.replace(new RegExp(`^[${characters}]+`, 'u'), '')
  if (ends === 'left') return left
  // From the end by hand: a pattern that ends in $ tries every run of blanks inside a long passage.
  const last = new RegExp(`[${characters}]`, 'u')
  const points = Array.from(left)
  while (points.length > 0 && last.test(points.at(-1)!)) points.pop()
  return points.join('')
}

const stripBy =
  (name: string, ends: 'both' | 'left' | 'right') =>
  (text: string, args: Arguments): string => {
    const [characters] = bind(name, args, 'chars')
    return strip(
      text,
      ends,
      characters === undefined || characters === null ? SPACE : escapeClass(asText(characters, name)),
    )
  }

function split(text: string, args: Arguments): string[] {
  const [separator, limit] = bind('split', args, 'sep', 'maxsplit')
  const most = limit === undefined ? -1 : asNumber(limit, 'maxsplit')
  const words = separator === undefined || separator === null
  const glue = words ? new RegExp(`[${SPACE}]+`, 'gu') : asText(separator, 'sep')
  if (glue === '') throw new TemplateFault('split() has an empty separator')
  const whole = words ? strip(text, most < 0 ? 'both' : 'left') : text
  if (words && whole === '') return []
  const parts = whole.split(glue)
  if (most < 0 || parts.length <= most + 1)
    return words && most >= 0 ? parts.filter((part) => part !== '') : parts
  let rest = whole
  const kept: string[] = []
  for (const part of parts.slice(0, most)) {
    kept.push(part)
    rest = rest.slice(part.length)
    rest = words ? strip(rest, 'left') : rest.slice((glue as string).length)
  }
  return [...kept, rest]
}

function replace(text: string, args: Arguments): string {
  const [old, fresh, most] = bind('replace', args, 'old', 'new', 'count')
  const from = asText(old, 'replace()')
  const to = asText(fresh, 'replace()')
  const count = most === undefined || most === null ? -1 : asNumber(most, 'count')
  if (from === '') throw new TemplateFault('replace() has nothing to look for')
  if (count < 0) return text.replaceAll(from, () => to)
  const parts = text.split(from)
  const joined = parts.slice(0, count + 1).join(to)
  return [joined, ...parts.slice(count + 1)].join(from)
}

const titled = (text: string): string => text.toLowerCase().replace(/\p{L}+/gu, (word) => capitalised(word))

function capitalised(text: string): string {
  const [first = '', ...rest] = text
  return first.toUpperCase() + rest.join('').toLowerCase()
}

/** Index in code points, as Python counts. */
function find(text: string, args: Arguments, name: string): number {
  const [part] = bind(name, args, 'sub')
  const at = text.indexOf(asText(part, `${name}()`))
  return at < 0 ? -1 : Array.from(text.slice(0, at)).length
}

function ends(name: 'startsWith' | 'endsWith', text: string, args: Arguments): boolean {
  const [part] = bind(name.toLowerCase(), args, 'affix')
  const parts = isList(part) ? part : [part]
  return parts.some((one) => text[name](asText(one, `${name.toLowerCase()}()`)))
}

type Method<T> = (value: T, args: Arguments) => PyValue

/** A method that takes no arguments. */
const alone =
  <T>(name: string, make: (value: T) => PyValue): Method<T> =>
  (value, args) => {
    bind(name, args)
    return make(value)
  }

const TEXT_METHODS: Readonly<Record<string, Method<string>>> = {
  strip: stripBy('strip', 'both'),
  lstrip: stripBy('lstrip', 'left'),
  rstrip: stripBy('rstrip', 'right'),
  split,
  replace,
  join: (text, args) => {
    const [items] = bind('join', args, 'iterable')
    if (!isList(items)) throw new TemplateFault(`join() got ${typeName(items)}, expected a list of texts`)
    return items.map((item) => asText(item, 'an item of join()')).join(text)
  },
  lower: alone('lower', (text) => text.toLowerCase()),
  upper: alone('upper', (text) => text.toUpperCase()),
  capitalize: alone('capitalize', (text) => capitalised(text)),
  title: alone('title', (text) => titled(text)),
  startswith: (text, args) => ends('startsWith', text, args),
  endswith: (text, args) => ends('endsWith', text, args),
  find: (text, args) => find(text, args, 'find'),
  index: (text, args) => {
    const at = find(text, args, 'index')
    if (at < 0)
      throw new TemplateFault(`index(): ${pythonRepr(args.positional[0] ?? null)} is not in the text`)
    return at
  },
  count: (text, args) => text.split(asText(bind('count', args, 'sub')[0], 'count()')).length - 1,
}

const LIST_METHODS: Readonly<Record<string, Method<readonly PyValue[]>>> = {
  index: (list, args) => {
    const [wanted = null] = bind('index', args, 'value')
    const at = list.findIndex((item) => same(item, wanted))
    if (at < 0) throw new TemplateFault(`index(): ${pythonRepr(wanted)} is not in ${pythonRepr(list)}`)
    return at
  },
  count: (list, args) => {
    const [wanted = null] = bind('count', args, 'value')
    return list.filter((item) => same(item, wanted)).length
  },
}

const DICT_METHODS: Readonly<Record<string, Method<PyDict>>> = {
  get: (dict, args) => {
    const [key, otherwise = null] = bind('get', args, 'key', 'default')
    const name = asText(key, 'get()')
    return Object.hasOwn(dict, name) ? dict[name]! : otherwise
  },
  keys: alone('keys', (dict) => Object.keys(dict)),
  values: alone('values', (dict) => Object.values(dict)),
  items: alone('items', (dict) => Object.entries(dict)),
}

/** Python's `==`. */
export function same(a: PyValue, b: PyValue): boolean {
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => same(item, b[i]!))
  if (isDict(a)) {
    const keys = Object.keys(a)
    return (
      isDict(b) &&
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && same(a[key]!, b[key]!))
    )
  }
  const plain = (value: PyValue): PyValue => (typeof value === 'boolean' ? Number(value) : value)
  return plain(a) === plain(b)
}

/** Whether `name` is a method of a mapping, which Jinja prefers to a key of that name behind a dot. */
export const isDictMethod = (name: string): boolean =>
  Object.hasOwn(DICT_METHODS, name) ||
  ['copy', 'pop', 'popitem', 'update', 'clear', 'setdefault', 'fromkeys'].includes(name)

/** Call a method of a text, list or mapping. */
export function callMethod(value: PyValue, name: string, args: Arguments): PyValue {
  const own = <T>(table: Readonly<Record<string, Method<T>>>, on: T): PyValue => {
    const method = Object.hasOwn(table, name) ? table[name] : undefined
    if (method === undefined)
      throw new TemplateFault(
        `.${name}() of ${typeName(value)} is not known; known are ${Object.keys(table).join(', ')}`,
      )
    return method(on, args)
  }
  if (typeof value === 'string') return own(TEXT_METHODS, value)
  if (isList(value)) return own(LIST_METHODS, value)
  if (isDict(value)) return own(DICT_METHODS, value)
  throw new TemplateFault(`.${name}() of ${typeName(value)} is not known`)
}

function lengthOf(value: PyValue): number {
  if (typeof value === 'string') return Array.from(value).length
  if (isList(value)) return value.length
  if (isDict(value)) return Object.keys(value).length
  throw new TemplateFault(`${typeName(value)} has no length`)
}

/** What a list, a text (by characters) or a mapping (by keys) goes through. */
export function itemsOf(value: PyValue): readonly PyValue[] {
  if (isList(value)) return value
  if (typeof value === 'string') return Array.from(value)
  if (isDict(value)) return Object.keys(value)
  throw new TemplateFault(`${typeName(value)} cannot be gone through`)
}

function toInteger(value: PyValue, otherwise: PyValue): PyValue {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'number') return Math.trunc(value)
  const text = typeof value === 'string' ? strip(value, 'both') : ''
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Math.trunc(Number(text)) : otherwise
}

function regexReplace(value: PyValue, args: Arguments): string {
  const [pattern, fresh, most] = bind('regex_replace', args, 'pattern', 'repl', 'count')
  const source = asText(pattern, 'pattern')
  const to = asText(fresh, 'repl')
    .replaceAll('$', '$$$$')
    .replace(/\\(\d)/g, '$$$1')
  if (/\\/.test(to) || (most ?? 0) !== 0)
    throw new TemplateFault('regex_replace takes a pattern and a text in which \\1 to \\9 alone are special')
  try {
    return asText(value, 'regex_replace').replace(new RegExp(javascriptPattern(source), 'gu'), to)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new TemplateFault(`regex_replace: ${pythonRepr(source)}: ${error.message}`)
  }
}

function attributeOf(item: PyValue, name: string): PyValue {
  if (isDict(item) && Object.hasOwn(item, name)) return item[name]!
  throw new TemplateFault(`map: ${pythonRepr(item)} has no ${name}`)
}

function map(value: PyValue, args: Arguments): PyValue {
  const { attribute } = args.named
  if (attribute !== undefined)
    return itemsOf(value).map((item) => attributeOf(item, asText(attribute, 'attribute')))
  const [name, ...rest] = args.positional
  const filter = asText(name, 'the filter of map()')
  return itemsOf(value).map((item) => applyFilter(item, filter, { positional: rest, named: {} }))
}

const FILTERS: Readonly<Record<string, Method<PyValue>>> = {
  length: alone('length', (value) => lengthOf(value)),
  count: alone('count', (value) => lengthOf(value)),
  string: alone('string', (value) => pythonStr(value)),
  join: (value, args) => {
    const [glue = '', attribute] = bind('join', args, 'd', 'attribute')
    const items = itemsOf(value).map((item) =>
      attribute === undefined ? item : attributeOf(item, asText(attribute, 'attribute')),
    )
    return items.map(pythonStr).join(pythonStr(glue))
  },
  int: (value, args) => toInteger(value, bind('int', args, 'default')[0] ?? 0),
  list: alone('list', (value) => itemsOf(value)),
  first: alone('first', (value) => end(value, 0)),
  last: alone('last', (value) => end(value, -1)),
  replace: (value, args) => replace(pythonStr(value), args),
  trim: (value, args) => stripBy('trim', 'both')(pythonStr(value), args),
  lower: alone('lower', (value) => pythonStr(value).toLowerCase()),
  upper: alone('upper', (value) => pythonStr(value).toUpperCase()),
  capitalize: alone('capitalize', (value) => capitalised(pythonStr(value))),
  map,
  regex_replace: regexReplace,
}

function end(value: PyValue, at: 0 | -1): PyValue {
  const item = itemsOf(value).at(at)
  if (item === undefined) throw new TemplateFault('first or last of nothing')
  return item
}

/** Apply a filter; `default` is not among them, since it takes what is not defined. */
export function applyFilter(value: PyValue, name: string, args: Arguments): PyValue {
  const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined
  if (filter === undefined)
    throw new TemplateFault(
      `the filter "${name}" is not known; known are ${Object.keys(FILTERS).join(', ')}, default`,
    )
  return filter(value, args)
}
