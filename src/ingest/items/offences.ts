import { furtherFaults, type Place } from '../../core/index.js'
import { raiseItems } from './errors.js'

/** More rows than this are counted, not listed. */
const MAX_LISTED = 20

/** A row that cannot be used, and why. */
export interface Offence {
  readonly place: Place
  readonly message: string
}

/** @throws items/… naming every row up to a cap; nothing where there is none */
export function refuse(code: Parameters<typeof raiseItems>[0], offences: readonly Offence[]): void {
  const [first, ...rest] = offences
  if (first === undefined) return
  throw raiseItems(code, `${first.message}${furtherFaults(rest, MAX_LISTED)}`, first.place)
}
