import { counted } from '../../../../core/index.js'
import { crc32 } from '../../binary/crc32.js'

/** `:W&B`, the magic 0xBEE1 and version 0. */
export const IDENT = Uint8Array.of(0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0)
const BLOCK = 32 * 1024
const HEADER = 7
const [FULL, FIRST, MIDDLE, LAST] = [1, 2, 3, 4]

/** A record: its bytes are valid during the call alone. */
type EachRecord = (bytes: Uint8Array, from: number, to: number) => void

/** Puts pieces of records together as blocks come in. */
class Records {
  count = 0
  damaged = 0
  /** The first pieces of a record whose last one has not come. */
  private held: Uint8Array[] = []

  constructor(private readonly each: EachRecord) {}

  /** Take the pieces of one block. @returns whether it ends inside a piece */
  block(bytes: Uint8Array, start: number, length: number): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset, length)
    let at = start
    while (at + HEADER <= length) {
      const kind = bytes[at + 6]
      const from = at + HEADER
      const to = from + view.getUint16(at + 4, true)
      // Zeros fill up what was never written.
      if (kind === 0 && to === from) return false
      if (to > length && length < BLOCK) return true
      if (to > length || kind > LAST || view.getUint32(at, true) !== crc32(bytes, at + 6, to)) {
        // Where the next piece would begin is not sure any more: the next block is.
        this.damaged++
        this.held = []
        return false
      }
      this.piece(kind, bytes, from, to)
      at = to
    }
    return at < length && length < BLOCK
  }

  private piece(kind: number, bytes: Uint8Array, from: number, to: number): void {
    if (kind === FULL) {
      this.held = []
      this.count++
      this.each(bytes, from, to)
    } else if (kind === FIRST) this.held = [bytes.slice(from, to)]
    else if (this.held.length > 0) {
      this.held.push(bytes.slice(from, to))
      if (kind === MIDDLE) return
      const whole = Buffer.concat(this.held)
      this.held = []
      this.count++
      this.each(whole, 0, whole.length)
    }
  }

  get isOpen(): boolean {
    return this.held.length > 0
  }
}

/**
 * Walk the records of a W&B run file: LevelDB's log of blocks of 32 KiB, pieces `[crc32 of kind and data][u16 length]
 * [kind][data]`, no piece across two blocks. What fails its CRC is left out up to the end of its block.
 *
 * @returns what was lost, if anything
 * Source: W&B, wandb/sdk/internal/datastore.py; LevelDB, doc/log_format.md (whose CRC is another one, and masked).
 */
export async function eachRecord(
  stream: AsyncIterable<Uint8Array>,
  each: EachRecord,
): Promise<{ records: number; damage?: string; isCut: boolean }> {
  const records = new Records(each)
  const block = new Uint8Array(BLOCK)
  let filled = 0
  let start = HEADER
  const take = (): boolean => {
    const ended = records.block(block, start, filled)
    start = 0
    filled = 0
    return ended
  }
  for await (const chunk of stream)
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + BLOCK - filled)
      block.set(part, filled)
      filled += part.length
      at += part.length
      if (filled === BLOCK) take()
    }
  const isCut = (filled > 0 && take()) || records.isOpen
  const { damaged, count } = records
  return {
    records: count,
    isCut,
    ...(damaged === 0
      ? {}
      : {
          damage: `${counted(damaged, 'block holds', 'blocks hold')} records that fail their CRC: they are left out`,
        }),
  }
}
