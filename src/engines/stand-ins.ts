import { lstatSync, readlinkSync } from 'node:fs'
import { raise } from './errors.js'

/** Source: git-lfs, docs/spec.md: a pointer's first line. */
const POINTER = 'version https://git-lfs.github.com/spec/'

/**
 * A clone without Git LFS holds a few lines of text in the place of each large file.
 *
 * @param start  of the file; eight bytes tell
 * @throws {AssayError} `engines/lfs-pointer`
 */
export function refusePointer(start: Uint8Array, path: string): void {
  const told = Buffer.from(start.subarray(0, POINTER.length)).toString('latin1')
  if (told.length >= 8 && POINTER.startsWith(told))
    throw raise('lfs-pointer', `it begins with ${JSON.stringify(told)}`, { path })
}

/** Where a link points to; undefined for what is no link. */
export function linkTarget(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
    ? readlinkSync(path)
    : undefined
}

/** Why there is nothing at a path. */
export function absence(path: string): string {
  const target = linkTarget(path)
  return target === undefined ? 'no such file' : `the link points to ${target}, which is not there`
}
