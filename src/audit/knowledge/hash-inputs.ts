import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { Input } from '../../core/index.js'
import { fileError } from '../errors.js'

/** SHA-256 of files, read in pieces: tables of answers can be larger than memory allows. */
export function hashInputs(paths: readonly string[]): Input[] {
  return paths.map((path) => {
    const hash = createHash('sha256')
    const piece = Buffer.alloc(1 << 20)
    try {
      const file = openSync(path, 'r')
      try {
        for (let n = readSync(file, piece); n > 0; n = readSync(file, piece))
          hash.update(piece.subarray(0, n))
      } finally {
        closeSync(file)
      }
    } catch (error) {
      throw fileError(error, path, 'read')
    }
    return { path, sha256: hash.digest('hex') }
  })
}
