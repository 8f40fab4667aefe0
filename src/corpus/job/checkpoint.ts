import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { raise } from '../errors.js'
import type { Entities } from '../names/entities.js'
import { makeFolder, writeWhole } from './files.js'
import { hashOf } from './hash.js'
import { decodePart, encodePart, type Part } from './part.js'
import { Totals } from './totals.js'

const SUFFIX = '.part.json.gz'
/**
 * This many parts of one tier are folded into one of the next, so that a long count leaves few files and writes each
 * unit's counts a few times at most. The tier is the first part of a file's name.
 */
const FOLD_AT = 64

/**
 * Finished units on disk. A unit's part is written whole or not at all (write, sync, rename), so a process killed at
 * any moment loses no finished unit; folding writes the sum before it deletes the addends, and a part all of whose
 * units stand in a larger one is left out on reading.
 */
export class Checkpoint {
  readonly #folder: string
  readonly #job: string
  readonly #entities: Entities
  #files: string[] = []

  private constructor(folder: string, job: string, entities: Entities) {
    this.#folder = folder
    this.#job = job
    this.#entities = entities
  }

  /** A new one; what an earlier run left in the folder is deleted. */
  static create(folder: string, job: string, entities: Entities): Checkpoint {
    const checkpoint = new Checkpoint(folder, job, entities)
    makeFolder(folder)
    for (const name of readdirSync(folder)) if (name.includes(SUFFIX)) rmSync(join(folder, name))
    return checkpoint
  }

  /** Go on from what the folder holds: the checkpoint and the parts that count. */
  static resume(folder: string, job: string, entities: Entities): { checkpoint: Checkpoint; parts: Part[] } {
    const checkpoint = new Checkpoint(folder, job, entities)
    makeFolder(folder)
    const names = readdirSync(folder)
    checkpoint.#files = names.filter((name) => name.endsWith(SUFFIX))
    // Half-written drafts of a killed process.
    for (const name of names) if (name.includes(SUFFIX) && !name.endsWith(SUFFIX)) rmSync(join(folder, name))
    return { checkpoint, parts: checkpoint.#read() }
  }

  #read(names: readonly string[] = this.#files): Part[] {
    const parts = names.map((name) => {
      const path = join(this.#folder, name)
      const part = decodePart(readFileSync(path), path)
      if (part.job !== this.#job) throw raise('other-job', 'other facts, options or text field', { path })
      return part
    })
    parts.sort((a, b) => b.units.length - a.units.length)
    const covered = new Set<string>()
    return parts.filter((part) => {
      const known = part.units.filter((unit) => covered.has(unit)).length
      if (known > 0 && known < part.units.length)
        throw raise('other-job', 'two parts share some of their units', { path: this.#folder })
      for (const unit of part.units) covered.add(unit)
      return known === 0
    })
  }

  /** Keep a finished unit. */
  add(part: Part): void {
    this.#write(part, 0)
  }

  #write(part: Part, tier: number): void {
    const name = `${tier}-${hashOf(part.units).slice(0, 24)}${SUFFIX}`
    writeWhole(join(this.#folder, name), encodePart(part))
    this.#files.push(name)
    const alike = this.#files.filter((file) => file.startsWith(`${tier}-`))
    if (alike.length >= FOLD_AT) this.#fold(alike, tier + 1)
  }

  #fold(names: readonly string[], tier: number): void {
    const totals = new Totals(this.#entities)
    const units: string[] = []
    for (const part of this.#read(names)) {
      totals.add(part.counts)
      units.push(...part.units)
    }
    this.#files = this.#files.filter((file) => !names.includes(file))
    this.#write({ job: this.#job, units, counts: totals.toCounts() }, tier)
    for (const name of names) rmSync(join(this.#folder, name))
  }

  /** The count is complete and written elsewhere. */
  remove(): void {
    for (const name of this.#files) rmSync(join(this.#folder, name), { force: true })
    if (readdirSync(this.#folder).length === 0) rmSync(this.#folder, { recursive: true })
  }
}
