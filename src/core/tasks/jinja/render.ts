import {
  isDict,
  isList,
  type PyDict,
  type PyValue,
  pythonRepr,
  pythonStr,
  typeName,
} from '../python/value.js'
import { TemplateFault } from './fault.js'
import { type Arguments, applyFilter, asText, callMethod, isDictMethod, itemsOf } from './methods.js'
import type { CallNode, NameNode, Node } from './nodes.js'
import { binary, joined, sliced, truth } from './operators.js'

/** A name that stands for nothing; any use but `is defined` and `default` is a fault, as under Jinja's StrictUndefined. */
class Undefined {
  constructor(readonly message: string) {}
}

type Value = PyValue | Undefined

/** Names that a block sees: its own, then those around it. */
class Scope {
  private readonly own = new Map<string, PyValue>()

  constructor(private readonly around: Scope | PyDict) {}

  set(name: string, value: PyValue): void {
    this.own.set(name, value)
  }

  get(name: string): PyValue | undefined {
    if (this.own.has(name)) return this.own.get(name)
    if (this.around instanceof Scope) return this.around.get(name)
    return Object.hasOwn(this.around, name) ? this.around[name] : undefined
  }
}

const CONSTANTS: ReadonlyMap<string, PyValue> = new Map<string, PyValue>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])

/** A template is no program: of more of these it is refused. Numbers of range(), nodes evaluated for a row. */
const MAX_RANGE = 10_000
const MAX_STEPS = 1_000_000

function defined(value: Value): PyValue {
  if (value instanceof Undefined) throw new TemplateFault(value.message)
  return value
}

const TESTS: Readonly<Record<string, (value: Value) => boolean>> = {
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => defined(value) === null,
  string: (value) => typeof defined(value) === 'string',
  number: (value) => ['number', 'boolean'].includes(typeof defined(value)),
  mapping: (value) => isDict(defined(value)),
}

function integer(value: PyValue, what: string): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw new TemplateFault(`${what} is ${pythonRepr(value)}, expected an integer`)
}

/** Evaluates expressions and blocks of a template over a row, by Python's rules; what it does not know it refuses by name. */
class Renderer {
  private steps = 0

  block(body: readonly Node[], scope: Scope): string {
    return body.reduce((text, node) => joined(text, this.piece(node, scope)), '')
  }

  private piece(node: Node, scope: Scope): string {
    switch (node.type) {
      case 'Comment':
        return ''
      case 'If':
        return this.block(truth(this.value(node.test, scope)) ? node.body : node.alternate, scope)
      case 'For':
        return this.loop(node, scope)
      case 'Set': {
        if (node.assignee.type !== 'Identifier') throw new TemplateFault('{% set %} takes one name')
        const value = node.value === null ? this.block(node.body, scope) : this.value(node.value, scope)
        scope.set(node.assignee.value, value)
        return ''
      }
      default:
        return pythonStr(this.value(node, scope))
    }
  }

  private loop(node: Node & { type: 'For' }, scope: Scope): string {
    const { loopvar, iterable } = node
    const bind = (inner: Scope, item: PyValue): void => {
      const names = loopvar.type === 'TupleLiteral' ? loopvar.value : [loopvar]
      const values = loopvar.type === 'TupleLiteral' ? itemsOf(item) : [item]
      if (names.length !== values.length)
        throw new TemplateFault(`for: ${values.length} values for ${names.length} names`)
      names.forEach((name, i) => {
        if (name.type !== 'Identifier') throw new TemplateFault('for takes names')
        inner.set(name.value, values[i]!)
      })
    }
    const select = iterable.type === 'SelectExpression' ? iterable : undefined
    const items = itemsOf(this.value(select?.lhs ?? iterable, scope)).filter((item) => {
      if (select === undefined) return true
      const inner = new Scope(scope)
      bind(inner, item)
      return truth(this.value(select.test, inner))
    })
    if (items.length === 0) return this.block(node.defaultBlock, scope)
    const { length } = items
    return items
      .map((item, i) => {
        const inner = new Scope(scope)
        const loop = { index: i + 1, index0: i, first: i === 0, last: i === length - 1, length }
        inner.set('loop', { ...loop, revindex: length - i, revindex0: length - i - 1 })
        bind(inner, item)
        return this.block(node.body, inner)
      })
      .reduce(joined, '')
  }

  private value(node: Node, scope: Scope): PyValue {
    return defined(this.maybe(node, scope))
  }

  private maybe(node: Node, scope: Scope): Value {
    if (++this.steps > MAX_STEPS) throw new TemplateFault(`it takes more than ${MAX_STEPS} steps`)
    switch (node.type) {
      case 'StringLiteral':
      case 'IntegerLiteral':
      case 'FloatLiteral':
        return node.value
      case 'ArrayLiteral':
      case 'TupleLiteral':
        return node.value.map((item) => this.value(item, scope))
      case 'ObjectLiteral':
        return Object.fromEntries(
          [...node.value].map(([key, value]) => [
            asText(this.value(key, scope), 'a key'),
            this.value(value, scope),
          ]),
        )
      case 'Identifier':
        return scope.get(node.value) ?? this.constant(node.value, scope)
      case 'MemberExpression':
        return this.member(node, scope)
      case 'CallExpression':
        return this.call(node, scope)
      case 'FilterExpression':
        return this.filter(node.operand, node.filter, scope)
      case 'TestExpression': {
        const test = Object.hasOwn(TESTS, node.test.value) ? TESTS[node.test.value] : undefined
        if (test === undefined)
          throw new TemplateFault(
            `the test "${node.test.value}" is not known; known are ${Object.keys(TESTS).join(', ')}`,
          )
        return test(this.maybe(node.operand, scope)) !== node.negate
      }
      case 'Ternary':
        return this.maybe(truth(this.value(node.condition, scope)) ? node.trueExpr : node.falseExpr, scope)
      case 'SelectExpression':
        return truth(this.value(node.test, scope))
          ? this.maybe(node.lhs, scope)
          : new Undefined('an "if" without "else" is not true')
      case 'UnaryExpression': {
        const value = this.value(node.argument, scope)
        if (node.operator.value === 'not') return !truth(value)
        if (typeof value === 'number') return node.operator.value === '-' ? -value : value
        throw new TemplateFault(`${node.operator.value}${typeName(value)} is not known`)
      }
      case 'BinaryExpression': {
        const left = this.value(node.left, scope)
        if (node.operator.value === 'and') return truth(left) ? this.value(node.right, scope) : left
        if (node.operator.value === 'or') return truth(left) ? left : this.value(node.right, scope)
        return binary(node.operator.value, left, this.value(node.right, scope))
      }
      default:
        throw new TemplateFault(`${node.type} is not read`)
    }
  }

  private constant(name: string, scope: Scope): Value {
    const value = scope.get(name)
    if (value !== undefined) return value
    return CONSTANTS.get(name) ?? (CONSTANTS.has(name) ? null : new Undefined(`"${name}" is not a column`))
  }

  private member(node: Node & { type: 'MemberExpression' }, scope: Scope): Value {
    const object = this.value(node.object, scope)
    if (node.computed && node.property.type === 'SliceExpression')
      return this.slice(object, node.property, scope)
    const key = node.computed
      ? this.value(node.property, scope)
      : node.property.type === 'Identifier'
        ? node.property.value
        : this.value(node.property, scope)
    if (isDict(object) && typeof key === 'string') {
      if (!node.computed && isDictMethod(key))
        throw new TemplateFault(`.${key} is a mapping's method; write ["${key}"] for the key`)
      return Object.hasOwn(object, key)
        ? object[key]!
        : new Undefined(`there is no "${key}" in ${pythonRepr(object)}`)
    }
    if (typeof key === 'number' && (isList(object) || typeof object === 'string'))
      return itemsOf(object).at(key) ?? new Undefined(`index ${key} of ${itemsOf(object).length} items`)
    throw new TemplateFault(`${typeName(object)} has no ${pythonRepr(key)}`)
  }

  private slice(object: PyValue, node: Node & { type: 'SliceExpression' }, scope: Scope): PyValue {
    const at = (part: Node | undefined): number | null =>
      part === undefined ? null : integer(this.value(part, scope), 'an end of a slice')
    if (!isList(object) && typeof object !== 'string')
      throw new TemplateFault(`${typeName(object)} cannot be sliced`)
    const items = itemsOf(object)
    const picked = sliced(items.length, at(node.start), at(node.stop), at(node.step) ?? 1).map(
      (i) => items[i]!,
    )
    return typeof object === 'string' ? picked.join('') : picked
  }

  private arguments(nodes: readonly Node[], scope: Scope): Arguments {
    const positional: PyValue[] = []
    const named: Record<string, PyValue> = {}
    for (const node of nodes) {
      if (node.type === 'KeywordArgumentExpression') named[node.key.value] = this.value(node.value, scope)
      else positional.push(this.value(node, scope))
    }
    return { positional, named }
  }

  private call(node: CallNode, scope: Scope): PyValue {
    const { callee } = node
    const args = this.arguments(node.args, scope)
    if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier')
      return callMethod(this.value(callee.object, scope), callee.property.value, args)
    if (callee.type === 'Identifier' && callee.value === 'range') return this.range(args)
    throw new TemplateFault(`${callee.type === 'Identifier' ? callee.value : 'this'}() is not known`)
  }

  private range({ positional }: Arguments): number[] {
    const [a = 0, b, step = 1] = positional.map((value) => integer(value, 'range()'))
    const [start, stop] = b === undefined ? [0, a] : [a, b]
    const length = step === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil((stop - start) / step))
    if (length > MAX_RANGE) throw new TemplateFault(`range() of more than ${MAX_RANGE} numbers`)
    return Array.from({ length }, (_, i) => start + i * step)
  }

  private filter(operand: Node, filter: NameNode | CallNode, scope: Scope): PyValue {
    const [name, args] =
      filter.type === 'Identifier'
        ? [filter.value, { positional: [], named: {} }]
        : [filter.callee.type === 'Identifier' ? filter.callee.value : '', this.arguments(filter.args, scope)]
    if (name !== 'default' && name !== 'd') return applyFilter(this.value(operand, scope), name, args)
    const value = this.maybe(operand, scope)
    const [otherwise = '', falsy = false] = [
      args.positional[0] ?? args.named.default_value,
      args.positional[1] ?? args.named.boolean,
    ]
    return value instanceof Undefined || (truth(falsy) && !truth(value)) ? otherwise : value
  }
}

/**
 * Render a template over the columns of a row: what Jinja 3 gives with `StrictUndefined` and `keep_trailing_newline`,
 * as lm-evaluation-harness sets it up.
 *
 * @throws {TemplateFault} a column that is missing, a filter, method or operator that is not known, a type that does not fit
 */
export function renderTemplate(template: Node, row: PyDict): string {
  if (template.type !== 'Program') throw new TemplateFault(`${template.type} is not a template`)
  return new Renderer().block(template.body, new Scope(row))
}
