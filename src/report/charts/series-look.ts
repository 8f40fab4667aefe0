import type { Series } from '../../core/index.js'
import { type Role, SERIES_ROLES } from '../palette.js'

const DASHES = [undefined, '7,3', '2,3', '9,3,2,3', '5,5', '1,4'] as const
const SYMBOLS = ['circle', 'diamond', 'square', 'triangle'] as const

/** How one name is drawn: bands, lines and points of the same name share a colour. */
export interface SeriesLook {
  readonly role: Role
  readonly dash: string | undefined
  readonly symbol: (typeof SYMBOLS)[number]
}

/** Colour, dash and symbol of each name, so that colour is never the only difference. */
export function seriesLooks(series: readonly Series[]): ReadonlyMap<string, SeriesLook> {
  const looks = new Map<string, SeriesLook>()
  const names = new Set(series.filter((s) => s.style !== 'faint').map((s) => s.name))
  for (const [i, name] of [...names].entries())
    looks.set(name, {
      role: SERIES_ROLES[i % SERIES_ROLES.length]!,
      dash: DASHES[i % DASHES.length],
      symbol: SYMBOLS[i % SYMBOLS.length]!,
    })
  for (const { name, style } of series)
    if (style === 'faint' && !looks.has(name))
      looks.set(name, { role: 'faint', dash: undefined, symbol: 'circle' })
  return looks
}
