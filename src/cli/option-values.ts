import { InvalidArgumentError } from 'commander'
import { nearest } from '../audit/index.js'
import { decimal, matching, quantity, share } from '../ingest/index.js'

/** A whole number of 0 or more (`300`, `4k`, `7e9`, `1.4B`), or a usage error that names what was found. */
export const parseCount = (text: string): number => parseWhole(text, 0)

/** A whole number of 1 or more, or a usage error: none of nothing is no wish. */
export const parsePositive = (text: string): number => parseWhole(text, 1)

function parseWhole(text: string, least: number): number {
  const value = quantity(text)
  if (value > Number.MAX_SAFE_INTEGER)
    throw new InvalidArgumentError(
      `found "${text}", expected a whole number of at most ${Number.MAX_SAFE_INTEGER}.`,
    )
  if (!Number.isSafeInteger(value) || value < least)
    throw new InvalidArgumentError(`found "${text}", expected a whole number of ${least} or more.`)
  return value
}

/** A finite number (`1e23`, `0.7`, `70B`), or a usage error that names what was found. */
export function parseNumber(text: string): number {
  const value = quantity(text)
  if (Number.isNaN(value)) throw new InvalidArgumentError(`found "${text}", expected a number.`)
  return value
}

/** A share above 0 and below 1, as a confidence level is (`.95`, `95%`), or a usage error. */
export function parseShare(text: string): number {
  const value = share(text)
  if (!(value > 0 && value < 1)) throw noShare(text, 'between 0 and 1')
  return value
}

/** Parser of a share that is at least this and below 1. */
export function shareFrom(least: number): (text: string) => number {
  return (text) => {
    const value = share(text)
    if (!(value >= least && value < 1)) throw noShare(text, `of ${least} or more, below 1`)
    return value
  }
}

function noShare(text: string, expected: string): InvalidArgumentError {
  const points = decimal(text)
  const hint = points >= 1 && points < 100 ? `${text} points are ${points / 100}` : 'as in .7 or 70%'
  return new InvalidArgumentError(`found "${text}", expected a share ${expected}; ${hint}.`)
}

/** Files of an option that may be given several times; a quoted glob stands for those that it matches. */
export function collectFiles(value: string, previous: readonly string[] = []): string[] {
  return [...previous, ...matching([value])]
}

/** `a=b,c=d` → {a: 'b', c: 'd'}; repeatable. */
export function parsePairs(text: string, previous: Record<string, string> = {}): Record<string, string> {
  const pairs = { ...previous }
  for (const part of text.split(',')) {
    const at = part.indexOf('=')
    if (at < 1) throw new InvalidArgumentError(`found "${part}", expected NAME=VALUE, as in a=b,c=d.`)
    const name = part.slice(0, at).trim()
    if (name === '__proto__') throw new InvalidArgumentError('found "__proto__", which no field is called.')
    const value = part.slice(at + 1).trim()
    if (Object.hasOwn(pairs, name) && pairs[name] !== value)
      throw new InvalidArgumentError(`found ${name} twice, as ${pairs[name]} and ${value}.`)
    pairs[name] = value
  }
  return pairs
}

/** As parsePairs, of names that are among these: a wrong one would leave a table as it is, without a word. */
export function pairsOf(...known: readonly string[]): typeof parsePairs {
  return (text, previous = {}) => {
    const pairs = parsePairs(text, previous)
    const wrong = Object.keys(pairs).find((name) => !known.includes(name))
    if (wrong === undefined) return pairs
    const meant = nearest(wrong, known)
    throw new InvalidArgumentError(
      `found "${wrong}", expected ${known.length === 1 ? `"${known[0]}"` : `${meant === undefined ? 'one' : `"${meant}", or another`} of ${known.join(', ')}`}.`,
    )
  }
}
