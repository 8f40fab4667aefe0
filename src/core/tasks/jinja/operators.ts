import { isDict, isList, type PyValue, pythonStr, typeName } from '../python/value.js'
import { TemplateFault } from './fault.js'
import { asText, itemsOf, same } from './methods.js'

/** A longer text is refused: a prompt is none. */
const MAX_CHARACTERS = 10_000_000

/** Two texts as one. */
export function joined(a: string, b: string): string {
  if (a.length + b.length > MAX_CHARACTERS)
    throw new TemplateFault(`it makes a text of more than ${MAX_CHARACTERS} characters`)
  return a + b
}

/** What counts as true in Python. */
export function truth(value: PyValue): boolean {
  if (isList(value)) return value.length > 0
  return isDict(value) ? Object.keys(value).length > 0 : Boolean(value)
}

/** Places of [start:stop:step] as Python counts. */
export function sliced(length: number, start: number | null, stop: number | null, step: number): number[] {
  if (step === 0) throw new TemplateFault('a slice has step 0')
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1]
  const clamp = (at: number): number => Math.max(low, Math.min(high, at < 0 ? at + length : at))
  const from = start === null ? (step > 0 ? low : high) : clamp(start)
  const to = stop === null ? (step > 0 ? high : low) : clamp(stop)
  const picked: number[] = []
  for (let i = from; step > 0 ? i < to : i > to; i += step) picked.push(i)
  return picked
}

function compare(operator: string, a: PyValue, b: PyValue): boolean {
  const alike =
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')
  if (!alike) throw new TemplateFault(`${typeName(a)} ${operator} ${typeName(b)} cannot be compared`)
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  return operator === '<=' ? a <= b : a >= b
}

function contains(container: PyValue, item: PyValue): boolean {
  if (typeof container === 'string') return container.includes(asText(item, 'what is looked for in a text'))
  if (isDict(container)) return Object.hasOwn(container, asText(item, 'a key'))
  return itemsOf(container).some((one) => same(one, item))
}

function arithmetic(operator: string, a: PyValue, b: PyValue): PyValue {
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return joined(a, b)
  if (operator === '+' && isList(a) && isList(b)) return [...a, ...b]
  if (typeof a === 'number' && typeof b === 'number') {
    if (operator === '+') return a + b
    if (operator === '-') return a - b
    if (operator === '*') return a * b
    if (operator === '//' && b !== 0) return Math.floor(a / b)
    if (operator === '%' && b !== 0) return a - b * Math.floor(a / b)
  }
  throw new TemplateFault(`${typeName(a)} ${operator} ${typeName(b)} is not known`)
}

/** What an operator makes of two values, by Python's rules; what it does not know is refused. */
export function binary(operator: string, a: PyValue, b: PyValue): PyValue {
  switch (operator) {
    case '==':
      return same(a, b)
    case '!=':
      return !same(a, b)
    case 'in':
      return contains(b, a)
    case 'not in':
      return !contains(b, a)
    case '~':
      return joined(pythonStr(a), pythonStr(b))
    case '<':
    case '>':
    case '<=':
    case '>=':
      return compare(operator, a, b)
    default:
      return arithmetic(operator, a, b)
  }
}
