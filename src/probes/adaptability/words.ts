import type { ShotCondition } from '../../core/index.js'

/** `57 %` */
export const percent = (share: number): string => `${Math.round(100 * share)} %`

/** `0.41 nats` */
export const nats = (value: number): string =>
  `${value.toFixed(2).replace('-0.00', '0.00').replace('-', '−')} nats`

/** What a curve's shots say, for legends and tables. */
export const SAYS: Readonly<Record<ShotCondition, string>> = {
  given: 'shots as they are',
  flipped: 'wrong labels',
  symbols: 'labels renamed',
  shuffled: 'labels dealt anew',
  'true-statement': 'true statement',
}
