import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { unzstd } from '../../io/zstd.js'

export type Compression = 'gzip' | 'zstd'

const BLOCK_BYTES = 1 << 20

async function* ungzip(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: BLOCK_BYTES })
  const input = Readable.from(blocks, { objectMode: false })
  input.on('error', (error) => gunzip.destroy(error))
  input.pipe(gunzip)
  try {
    yield* gunzip as AsyncIterable<Uint8Array>
  } finally {
    input.destroy()
  }
}

/** Blocks of their own: a decompressor reads ahead. */
async function* kept(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const block of blocks) yield block.slice()
}

/** A stream of compressed blocks as a stream of plain ones; concatenated members and frames included. */
export function decompress(
  blocks: AsyncIterable<Uint8Array>,
  compression: Compression | null,
): AsyncIterable<Uint8Array> {
  if (compression === null) return blocks
  return compression === 'gzip' ? ungzip(kept(blocks)) : unzstd(kept(blocks))
}
