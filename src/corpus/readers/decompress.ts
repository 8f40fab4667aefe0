import { gunzip } from '../../io/gzip.js'
import { unzstd } from '../../io/zstd.js'

export type Compression = 'gzip' | 'zstd'

/** Blocks of their own: a decompressor reads ahead. */
async function* kept(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const block of blocks) yield block.slice()
}

/**
 * Compressed blocks as plain ones; concatenated members and frames included.
 *
 * @param open the blocks from the first on, which a broken file needs twice
 * @param trails told of bytes that follow the compressed data and are none
 */
export function decompress(
  open: () => AsyncIterable<Uint8Array>,
  compression: Compression | null,
  trails: (what: string) => void,
): AsyncIterable<Uint8Array> {
  if (compression === null) return open()
  return compression === 'gzip' ? gunzip(open, trails) : unzstd(kept(open()))
}
