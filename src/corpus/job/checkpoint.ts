import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { raise } from '../errors.js'
import { makeFolder, writeWhole } from './files.js'
import type { Gathered, PartJob } from './gathering.js'
import { hashOf } from './hash.js'
import { decodePart, encodePart, type Part } from './part.js'

const SUFFIX = '.part.json.gz'
/**
 * This many parts of one tier are folded into one of the next, so that a long count leaves few files and writes each
 * unit's counts a few times at most. The tier is the first part of a file's name.
 */
const FOLD_AT = 64

/** Delete the finished units that a count left in a folder, and the folder where nothing else is in it. */
export function deleteCheckpoint(folder: string): void {
  for (const name of readdirSync(folder)) if (name.includes(SUFFIX)) rmSync(join(folder, name))
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true })
}

interface PartFile<G extends Gathered, S> {
  readonly name: string
  readonly part: Part<G, S>
}

/**
 * Finished units on disk. A unit's part is written whole or not at all (write, sync, rename), so a process killed at
 * any moment loses no finished unit; folding writes the sum before it deletes the addends, and a part whose units stand
 * in a larger one is deleted on resuming: folded once more, it would count them twice.
 */
export class Checkpoint<G extends Gathered, S> {
  readonly #folder: string
  readonly #job: PartJob<G, S>
  readonly #foldAt: number
  /** What stands in the folder: no two of them share a unit. */
  #files: string[] = []

  private constructor(folder: string, job: PartJob<G, S>, foldAt: number) {
    this.#folder = folder
    this.#job = job
    this.#foldAt = foldAt
  }

  /** A new one; what an earlier run left in the folder is deleted. */
  static create<G extends Gathered, S>(
    folder: string,
    job: PartJob<G, S>,
    foldAt = FOLD_AT,
  ): Checkpoint<G, S> {
    makeFolder(folder)
    for (const name of readdirSync(folder)) if (name.includes(SUFFIX)) rmSync(join(folder, name))
    return new Checkpoint(folder, job, foldAt)
  }

  /** Go on from what the folder holds: the checkpoint and the parts that count. */
  static resume<G extends Gathered, S>(
    folder: string,
    job: PartJob<G, S>,
    foldAt = FOLD_AT,
  ): { checkpoint: Checkpoint<G, S>; parts: Part<G, S>[] } {
    const checkpoint = new Checkpoint(folder, job, foldAt)
    makeFolder(folder)
    const names = readdirSync(folder).filter((name) => name.includes(SUFFIX))
    // All are read before any is deleted, so that another count's parts stay as they are.
    const read = names.filter((name) => name.endsWith(SUFFIX)).map((name) => checkpoint.#read(name))
    const kept = disjoint(read.filter(({ part }) => job.fault?.(part.gathered) === undefined))
    checkpoint.#files = kept.map(({ name }) => name)
    // The rest are half-written drafts and addends of a sum, left by a killed process, and parts whose tables are not as they were.
    const stands = new Set(checkpoint.#files)
    for (const name of names) if (!stands.has(name)) rmSync(join(folder, name))
    return { checkpoint, parts: kept.map(({ part }) => part) }
  }

  #read(name: string): PartFile<G, S> {
    const path = join(this.#folder, name)
    const { job, form } = this.#job
    const part = decodePart(readFileSync(path), path, form)
    if (part.job !== job) throw raise('other-job', `other ${form.beside}, options or text field`, { path })
    return { name, part }
  }

  /** Keep a finished unit. */
  add(part: Part<G, S>): void {
    this.#write(part, 0)
  }

  #write(part: Part<G, S>, tier: number): void {
    const name = `${tier}-${hashOf(part.units).slice(0, 24)}${SUFFIX}`
    writeWhole(join(this.#folder, name), encodePart(part, this.#job.form))
    this.#files.push(name)
    const alike = this.#files.filter((file) => file.startsWith(`${tier}-`))
    if (alike.length >= this.#foldAt) this.#fold(alike, tier + 1)
  }

  #fold(names: readonly string[], tier: number): void {
    const sum = this.#job.sum()
    const units: string[] = []
    for (const { part } of names.map((name) => this.#read(name))) {
      sum.add(part.gathered)
      units.push(...part.units)
    }
    this.#files = this.#files.filter((file) => !names.includes(file))
    this.#write({ job: this.#job.job, units, gathered: sum.toGathered() }, tier)
    for (const name of names) rmSync(join(this.#folder, name))
  }

  /** The count is complete and written elsewhere. */
  remove(): void {
    for (const name of this.#files) rmSync(join(this.#folder, name), { force: true })
    if (readdirSync(this.#folder).length === 0) rmSync(this.#folder, { recursive: true })
  }
}

/**
 * Parts that share no unit, the larger ones first. Two that share some of their units alone can come from two processes
 * on one folder: the smaller one goes, and what it held alone is counted again.
 */
function disjoint<G extends Gathered, S>(files: readonly PartFile<G, S>[]): PartFile<G, S>[] {
  const covered = new Set<string>()
  const bySize = [...files].sort((a, b) => b.part.units.length - a.part.units.length)
  return bySize.filter(({ part: { units } }) => {
    if (units.some((unit) => covered.has(unit))) return false
    for (const unit of units) covered.add(unit)
    return true
  })
}
