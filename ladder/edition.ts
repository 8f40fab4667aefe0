import { join, resolve } from 'node:path'
import { LEVELS } from './corpus/planted.js'
import { SOURCES, type Source } from './corpus/sources.js'

/** What differs between editions of the ladder, and where one is made; `train/places.py` says the same to Python. */
export interface Edition {
  readonly number: 1 | 2
  /** Runs, tasks, counts and everything else that ships once the edition is whole. */
  readonly root: string
  /** What can be made again: packages, text, checkpoints. */
  readonly build: string
  /** Planted and real facts. */
  readonly facts: string
  readonly sources: readonly Source[]
  /** Share of the training pieces that enters the stream. */
  readonly streamShare: number
  readonly levels: typeof LEVELS
}

const ladder = import.meta.dirname

/**
 * The edition that ships reads two fifths of its text, so that a few million tokens hold most planted documents.
 */
const FIRST: Edition = {
  number: 1,
  root: ladder,
  build: join(ladder, '.build'),
  facts: join(ladder, '../facts'),
  sources: SOURCES.filter(({ edition }) => edition !== 2),
  streamShare: 0.4,
  levels: LEVELS,
}

const secondRoot = resolve(process.env.LADDER_ROOT ?? join(ladder, '.build/second'))

/**
 * The edition that is to follow it, made beside it until it is whole: all of the text, only under licences that ask
 * for no more than a notice, and one more level of planted facts, so that they stay a tenth of the tokens.
 */
const SECOND: Edition = {
  number: 2,
  root: secondRoot,
  build: join(secondRoot, '.build'),
  facts: join(secondRoot, 'facts'),
  sources: SOURCES.filter(({ ships }) => ships),
  streamShare: 1,
  levels: [...LEVELS, { level: 1024, facts: 40 }],
}

export const EDITION: Edition = process.env.LADDER_EDITION === '2' ? SECOND : FIRST
