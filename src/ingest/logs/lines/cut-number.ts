import type { LogSource } from '../../../core/index.js'
import type { LogLine } from './line.js'

const decoder = new TextDecoder('latin1')
const NUMBER = /[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d*)?/g
const LAST_NUMBER = /[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d*)?$/
/** Fewer lines of the same shape do not tell how a number is usually printed. */
const LEAST_LINES = 5

function shapeOf(text: string): string {
  return text.replaceAll(NUMBER, '#').replaceAll(/[ \t]+/g, ' ')
}

function decimalsOf(number: string): number {
  return /\.(\d+)/.exec(number)?.[1].length ?? 0
}

function exponentOf(number: string): number {
  return /[eE][-+]?(\d+)$/.exec(number)?.[1].length ?? 0
}

/** Numbers that stand where the last one of `text` stands, in other lines that begin alike. */
function alike(source: LogSource, text: string, at: number): string[] {
  const shape = shapeOf(text.slice(0, at))
  const before = text.slice(0, at).match(NUMBER)?.length ?? 0
  return [source.head, source.tail].flatMap((bytes) =>
    decoder
      .decode(bytes)
      .split(/[\r\n]+/)
      .slice(0, -1)
      .flatMap((line) => {
        const found = [...line.matchAll(NUMBER)][before]
        return found !== undefined && shapeOf(line.slice(0, found.index)) === shape ? [found[0]] : []
      }),
  )
}

/**
 * Where the number begins that the end of a file cut off, or −1 when the line's last number is whole: it touches the
 * end and has fewer decimals (or digits of its exponent) than all others that the log prints in its place. Where their
 * number of decimals changes, one that ends in `.0` is taken as it stands.
 *
 * @param line the last line of the source, which no newline ends
 */
export function cutNumber(source: LogSource, line: LogLine): number {
  const text = line.text()
  const found = LAST_NUMBER.exec(text)
  if (found === null || found.index === 0) return -1
  const usual = alike(source, text, found.index)
  if (usual.length < LEAST_LINES) return -1
  const decimals = usual.map(decimalsOf)
  const least = decimals.reduce((a, b) => Math.min(a, b))
  const isFixed = decimals.every((d) => d === least)
  const isShort = decimalsOf(found[0]) < least && (isFixed || !found[0].endsWith('.0'))
  const leastExponent = usual.map(exponentOf).reduce((a, b) => Math.min(a, b))
  return isShort || exponentOf(found[0]) < leastExponent ? line.from + found.index : -1
}
