import type { Measure } from '../measure.js'
import { amounts } from './amounts.js'
import { domains } from './domains.js'
import { languages } from './languages.js'
import { lengths } from './lengths.js'
import { quality } from './quality.js'
import { stretches } from './stretches.js'
import { targets } from './targets.js'

/** Every measure of a profile; a new one is a file beside these and a name here. */
export const MEASURES = { amounts, lengths, domains, languages, quality, targets, stretches }

/** States of all measures by their name. */
export type States = { [Id in keyof typeof MEASURES]: ReturnType<(typeof MEASURES)[Id]['start']> }

/** The measures without what they measure: for code that treats all alike. */
export const ALL_MEASURES = Object.values(MEASURES) as unknown as readonly Measure<unknown>[]
