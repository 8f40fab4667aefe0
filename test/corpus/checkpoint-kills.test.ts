import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { Checkpoint } from '../../src/corpus/job/checkpoint.js'
import { type Counts, countParts } from '../../src/corpus/job/counts.js'
import type { Part } from '../../src/corpus/job/part.js'
import type { CountSettings } from '../../src/corpus/job/settings.js'
import { toSparse } from '../../src/corpus/job/sparse.js'
import type { Totals } from '../../src/corpus/job/totals.js'
import { DEFAULT_MATCH } from '../../src/corpus/names/match.js'
import { FACTS } from './helpers.js'

const power = vi.hoisted(() => ({
  /** What changes files: a process can be killed before each of these, and half-way through a write. */
  changes: ['mkdirSync', 'openSync', 'writeSync', 'fsyncSync', 'closeSync', 'renameSync', 'rmSync'] as const,
  /** File operations until the process is killed. */
  left: Number.POSITIVE_INFINITY,
  use(): boolean {
    return this.left-- > 0
  },
}))

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs')>()
  const killed = (): never => {
    throw new Error('killed')
  }
  const guarded = power.changes.map((name) => [
    name,
    (...args: unknown[]) => {
      if (!power.use()) {
        // The last write of a killed process may stand in part.
        if (name === 'writeSync' && power.left === -1) Reflect.apply(real.writeSync, real, [args[0], 'cut'])
        killed()
      }
      return Reflect.apply(real[name], real, args)
    },
  ])
  return { ...real, ...Object.fromEntries(guarded) }
})

afterEach(() => {
  power.left = Number.POSITIVE_INFINITY
})

const JOB = countParts(FACTS, { match: DEFAULT_MATCH, column: 'text', textDocument: 'line', format: 'auto' })
const { entities } = JOB.sum()

/** Unit i holds i + 1 documents, and one entity in i + 1 of them, so that no two sums over units are easily alike. */
function partOf(i: number): Part<Counts, CountSettings> {
  const ofEntity = new Float64Array(entities.entities)
  ofEntity[i % entities.entities] = i + 1
  return {
    job: JOB.job,
    units: [`unit ${i}`],
    gathered: {
      documents: i + 1,
      bytes: 2 * i,
      skipped: [],
      ofEntity: toSparse(ofEntity),
      ofPair: toSparse(new Float64Array(FACTS.length)),
      ofPairInDocument: null,
      groups: [],
      examples: [],
    },
  }
}

/** One process: go on from the folder, count what is open, clear up. Throws where it is killed. */
function countAll(folder: string, units: number, foldAt: number, finished: Set<string>): Totals {
  const { checkpoint, parts } = Checkpoint.resume(folder, JOB, foldAt)
  const totals = JOB.sum()
  for (const part of parts) totals.add(part.gathered)
  const done = new Set(parts.flatMap((part) => part.units))
  for (const unit of finished) expect(done, 'a finished unit is lost').toContain(unit)
  for (let i = 0; i < units; i++) {
    const part = partOf(i)
    if (done.has(part.units[0]!)) continue
    checkpoint.add(part)
    finished.add(part.units[0]!)
    totals.add(part.gathered)
  }
  // From here on the table would be written elsewhere; parts may go.
  finished.clear()
  checkpoint.remove()
  return totals
}

it('count every unit once, killed at any file operations any number of times', () => {
  const scenario = {
    units: fc.integer({ min: 1, max: 40 }),
    foldAt: fc.integer({ min: 2, max: 6 }),
    kills: fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 8 }),
  }
  fc.assert(
    fc.property(fc.record(scenario), ({ units, foldAt, kills }) => {
      const folder = join(mkdtempSync(join(tmpdir(), 'assay-kills-')), 'parts')
      const finished = new Set<string>()
      for (const kill of kills) {
        power.left = kill
        try {
          countAll(folder, units, foldAt, finished)
        } catch (error) {
          if (power.left >= 0) throw error
        }
      }
      power.left = Number.POSITIVE_INFINITY
      const { documents, ofEntity } = countAll(folder, units, foldAt, finished).tally
      const plain = JOB.sum()
      for (let i = 0; i < units; i++) plain.add(partOf(i).gathered)
      expect([documents, ...ofEntity]).toEqual([plain.tally.documents, ...plain.tally.ofEntity])
    }),
    { numRuns: 300, seed: 20261123 },
  )
})

it('goes on after two kills, the first in the deletion of addends', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'assay-kills-')), 'parts')
  // Each part is mkdir, open, write, sync, close, rename; the 64th folds, and 24 of its addends are deleted.
  const finished = new Set<string>()
  power.left = 1 + 65 * 6 + 24
  expect(() => countAll(folder, 200, 64, finished)).toThrow('killed')
  power.left = 40 + 30 * 6
  expect(() => countAll(folder, 200, 64, finished)).toThrow('killed')
  power.left = Number.POSITIVE_INFINITY
  expect(countAll(folder, 200, 64, finished).tally.documents).toBe((200 * 201) / 2)
})
