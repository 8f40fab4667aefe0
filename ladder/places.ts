import { join } from 'node:path'

/** Where the ladder is made; `train/places.py` says the same to Python. */
export const LADDER = import.meta.dirname
/** What can be made again: packages, text, checkpoints. */
export const BUILD: string = join(LADDER, '.build')
/** Planted and real facts. */
export const FACTS: string = join(LADDER, '../facts')
