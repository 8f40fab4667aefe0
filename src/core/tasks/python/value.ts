/** A value as a JSON row or a Python literal holds it; whole floats are integers here. */
export type PyValue =
  | string
  | number
  | boolean
  | null
  | readonly PyValue[]
  | { readonly [key: string]: PyValue }

/** A row, or a mapping inside one. */
export type PyDict = { readonly [key: string]: PyValue }

export const isList = (value: unknown): value is readonly PyValue[] => Array.isArray(value)

export const isDict = (value: unknown): value is PyDict =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Name of a value's type, for messages. */
export function typeName(value: PyValue | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'None'
  if (isList(value)) return 'a list'
  if (typeof value === 'string') return 'text'
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`
}

/** Characters that Python's `str.isspace` accepts, inside a class of a regular expression. */
export const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

const STARTS_BLANK = new RegExp(`^[${SPACE}]`, 'u')
const ENDS_BLANK = new RegExp(`[${SPACE}]$`, 'u')

export const startsBlank = (text: string): boolean => STARTS_BLANK.test(text)
export const endsBlank = (text: string): boolean => ENDS_BLANK.test(text)

/** Escapes of Python's `repr` that have a letter. */
const LETTERS: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }

function escapeCharacter(character: string): string {
  const known = LETTERS[character]
  if (known !== undefined) return known
  const code = character.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`
}

function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replace(/[\\\p{C}\p{Z}]/gu, (c) => (c === ' ' ? c : escapeCharacter(c)))
  return `${quote}${escaped.replaceAll(quote, `\\${quote}`)}${quote}`
}

/** A number as Python writes it: exponents of two digits, from 1e-5 down. */
function reprNumber(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1e-4) return String(value)
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

/** Python's `repr`. */
export function pythonRepr(value: PyValue): string {
  if (value === null) return 'None'
  if (typeof value === 'string') return reprText(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return reprNumber(value)
  if (isList(value)) return `[${value.map(pythonRepr).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, item]) => `${reprText(key)}: ${pythonRepr(item)}`)
    .join(', ')}}`
}

/** Python's `str`: a text as it is, anything else as `repr` writes it. */
export const pythonStr = (value: PyValue): string => (typeof value === 'string' ? value : pythonRepr(value))
