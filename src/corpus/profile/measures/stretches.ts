import { z } from 'zod'
import type { DrawnSums } from '../../../core/index.js'
import { addTo, type Measure, mergeTally, type Tally } from '../measure.js'

/** A share that a sample estimates: which measure tells its part. */
type Kind = 'languages' | 'domains' | 'quality'

/** The whole that a part is a share of. */
const WHOLE = { languages: 'bytes', domains: 'bytes', quality: 'documents' } as const

/**
 * Sums of squares and products over units, by which a sample's shares get their intervals: units are what was drawn.
 * Sums of squares are no whole numbers beyond 2⁵³, so that their last digits depend on the order of adding.
 */
export const stretches: Measure<Tally> = {
  id: 'stretches',
  state: z.record(z.string(), z.number()),
  start: () => ({}),
  add: () => {},
  endUnit(state, { documents, bytes, states }) {
    addTo(state, 'units', 1)
    addTo(state, 'bytes yy', bytes * bytes)
    addTo(state, 'documents yy', documents * documents)
    const parts: [Kind, string, number][] = [
      ...Object.entries(states.languages.bytes).map(([name, x]): [Kind, string, number] => [
        'languages',
        name,
        x,
      ]),
      ...Object.entries(states.domains.bytes).map(([name, x]): [Kind, string, number] => [
        'domains',
        name,
        x,
      ]),
      ...Object.entries(states.quality).map(([name, x]): [Kind, string, number] => [
        'quality',
        name,
        x.documents,
      ]),
    ]
    for (const [kind, name, x] of parts) {
      if (x === 0) continue
      addTo(state, `${kind} ${name} xx`, x * x)
      addTo(state, `${kind} ${name} xy`, x * (WHOLE[kind] === 'bytes' ? bytes : documents))
    }
  },
  merge: mergeTally,
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
    names.reduce((total, name) => total + (state[`${kind} ${name} ${what}`] ?? 0), 0)
  const of = WHOLE[kind]
  return {
    units: state.units ?? 0,
    x,
    y: whole[of],
    xx: sum('xx'),
    xy: sum('xy'),
    yy: state[`${of} yy`] ?? 0,
  }
}
