import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Input } from '../../core/index.js'
import { fileError } from '../errors.js'

const PIECE_BYTES = 1 << 20

/** Feed a file in pieces: tables of answers can be larger than memory allows. */
function feed(hash: Hash, path: string): void {
  const piece = Buffer.alloc(PIECE_BYTES)
  const file = openSync(path, 'r')
  try {
    for (let n = readSync(file, piece); n > 0; n = readSync(file, piece)) hash.update(piece.subarray(0, n))
  } finally {
    closeSync(file)
  }
}

/** SHA-256 of files; of a folder, that of its files one after the other, by name. */
export function hashInputs(paths: readonly string[]): Input[] {
  return paths.map((path) => {
    const hash = createHash('sha256')
    try {
      if (!statSync(path).isDirectory()) feed(hash, path)
      else
        for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) =>
          a.name < b.name ? -1 : 1,
        ))
          if (entry.isFile()) feed(hash, join(path, entry.name))
    } catch (error) {
      throw fileError(error, path, 'read')
    }
    return { path, sha256: hash.digest('hex') }
  })
}
