import { z } from 'zod'
import type { DrawnSums } from '../../../core/index.js'
import { addTo, type Measure, type Tally } from '../measure.js'

/** A share that a sample estimates: which measure tells its part. */
type Kind = 'languages' | 'domains' | 'quality'

/** The whole that a part is a share of. */
const WHOLE = { languages: 'bytes', domains: 'bytes', quality: 'documents' } as const

/** Products of two sizes go beyond 2⁵³: each is added in two whole numbers, the low one carried, so that the order of adding does not matter. */
const LOW = 2 ** 40

function addLow(state: Tally, name: string, low: number): void {
  const sum = (state[name] ?? 0) + low
  state[name] = sum % LOW
  addTo(state, `${name} high`, Math.floor(sum / LOW))
}

function addProduct(state: Tally, name: string, a: number, b: number): void {
  const product = BigInt(a) * BigInt(b)
  addLow(state, name, Number(product % BigInt(LOW)))
  addTo(state, `${name} high`, Number(product / BigInt(LOW)))
}

function sumOfProducts(state: Tally, name: string): number {
  return (state[name] ?? 0) + (state[`${name} high`] ?? 0) * LOW
}

/** Sums of squares and products over units, by which a sample's shares get their intervals: units are what was drawn. */
export const stretches: Measure<Tally> = {
  id: 'stretches',
  state: z.record(z.string(), z.int()),
  start: () => ({}),
  add: () => {},
  endUnit(state, { documents, bytes, states }, stored) {
    addTo(state, 'units', 1)
    const whole = { bytes, documents }
    const size = stored ?? 0
    addTo(state, 'stored', size)
    addProduct(state, 'stored yy', size, size)
    for (const of of ['bytes', 'documents'] as const) {
      addProduct(state, `${of} yy`, whole[of], whole[of])
      addProduct(state, `${of} stored`, whole[of], size)
    }
    const addPart = (kind: Kind, name: string, x: number): void => {
      if (x === 0) return
      addProduct(state, `${kind} ${name} xx`, x, x)
      addProduct(state, `${kind} ${name} xy`, x, whole[WHOLE[kind]])
    }
    for (const kind of ['languages', 'domains'] as const)
      for (const [name, x] of Object.entries(states[kind].bytes)) addPart(kind, name, x)
    for (const [name, broken] of Object.entries(states.quality)) addPart('quality', name, broken.documents)
  },
  merge(into, from) {
    for (const [name, amount] of Object.entries(from)) {
      if (Object.hasOwn(from, `${name} high`)) addLow(into, name, amount)
      else addTo(into, name, amount)
    }
  },
}

/** What a sample tells of the sizes of its stretches. */
export function drawnSizes(
  state: Tally,
  of: 'bytes' | 'documents',
  y: number,
): Pick<DrawnSums, 'units' | 'y' | 'yy'> {
  return { units: state.units ?? 0, y, yy: sumOfProducts(state, `${of} yy`) }
}

/** What a sample tells of documents or bytes of text for a byte of storage. */
export function drawnDensity(state: Tally, of: 'bytes' | 'documents', x: number): DrawnSums {
  const [xx, xy] = [sumOfProducts(state, `${of} yy`), sumOfProducts(state, `${of} stored`)]
  return { units: state.units ?? 0, x, y: state.stored ?? 0, xx, xy, yy: sumOfProducts(state, 'stored yy') }
}

/** What a sample tells of one share; the names' parts (files of a domain) stand in different units. */
export function drawnSums(
  state: Tally,
  kind: Kind,
  names: readonly string[],
  x: number,
  whole: { readonly documents: number; readonly bytes: number },
): DrawnSums {
  const sum = (what: string): number =>
    names.reduce((total, name) => total + sumOfProducts(state, `${kind} ${name} ${what}`), 0)
  const of = WHOLE[kind]
  return { ...drawnSizes(state, of, whole[of]), x, xx: sum('xx'), xy: sum('xy') }
}
