import { createGunzip } from 'node:zlib'

const OUTPUT_BYTES = 1 << 20
/** Blocks are handed in so large, and one that breaks byte by byte. */
const INPUT_BYTES = 1 << 14

const TRAILS = 'bytes that are no gzip follow the data'

/** zlib's decoder with what comes out of each write: Node's stream drops what it holds when it meets a fault. */
class Inflater {
  readonly #gunzip = createGunzip({ chunkSize: OUTPUT_BYTES })
  #out: Buffer[] = []
  #fault: Error | null = null
  /** Zeros follow the data: nothing more is taken. */
  #hasEnded = false
  #settle: () => void = () => {}

  constructor() {
    this.#gunzip.on('data', (block: Buffer) => this.#out.push(block))
    this.#gunzip.on('end', () => {
      this.#hasEnded = true
      this.#settle()
    })
    this.#gunzip.on('error', (error) => {
      this.#fault = error
      this.#settle()
    })
  }

  /** Bytes of the input that are used up: zeros behind the last member are not. */
  get taken(): number {
    return this.#gunzip.bytesWritten
  }

  get fault(): Error | null {
    return this.#fault
  }

  /** What a block of input becomes; null = the input ends here. Nothing comes of a block with a fault. */
  async write(block: Uint8Array | null): Promise<Buffer[]> {
    await new Promise<void>((resolve) => {
      this.#settle = resolve
      if (this.#hasEnded) resolve()
      else if (block === null) this.#gunzip.end()
      else this.#gunzip.write(block, () => resolve())
    })
    const out = this.#out
    this.#out = []
    return out
  }

  close(): void {
    this.#gunzip.destroy()
  }
}

async function* pieces(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const block of blocks)
    for (let at = 0; at < block.length; at += INPUT_BYTES) yield block.slice(at, at + INPUT_BYTES)
}

/** Read again up to the piece that broke, and that one byte by byte: what its first bytes became, and which byte broke it. */
async function retry(
  open: () => AsyncIterable<Uint8Array>,
  broken: number,
): Promise<{ out: Buffer[]; at: number }> {
  const inflater = new Inflater()
  let [piece, at] = [0, 0]
  const out: Buffer[] = []
  try {
    for await (const bytes of pieces(open())) {
      if (piece++ < broken) await inflater.write(bytes)
      else
        for (let i = 0; i < bytes.length; i++) {
          out.push(...(await inflater.write(bytes.subarray(i, i + 1))))
          if (inflater.fault !== null) return { out, at: at + i }
        }
      at += bytes.length
    }
    return { out, at }
  } finally {
    inflater.close()
  }
}

/** Whether the data end well without their last byte. */
async function endsBefore(open: () => AsyncIterable<Uint8Array>, length: number): Promise<boolean> {
  const inflater = new Inflater()
  let left = length - 1
  try {
    for await (const bytes of pieces(open())) {
      await inflater.write(bytes.subarray(0, left))
      left -= bytes.length
    }
    await inflater.write(null)
    return inflater.fault === null
  } finally {
    inflater.close()
  }
}

/**
 * Decompress members as they come, concatenated ones included, up to the byte at which they break. Bytes that follow the last member
 * and are none are left out, as `gzip -d` does, and told; zeros that fill up a tape are not.
 *
 * @param open   the compressed blocks from the first on: a broken file is read again
 * @param trails told of what follows the last member
 * @throws {Error} after all that stands before the break
 */
export async function* gunzip(
  open: () => AsyncIterable<Uint8Array>,
  trails: (what: string) => void,
): AsyncGenerator<Uint8Array> {
  const inflater = new Inflater()
  let [read, length] = [0, 0]
  try {
    for await (const bytes of pieces(open())) {
      yield* await inflater.write(bytes)
      if (inflater.fault !== null) {
        const { out, at } = await retry(open, read)
        yield* out
        const { message } = inflater.fault
        // The second byte tells that no member begins.
        if (at < 2) throw new Error('the file is no gzip, whatever its name says')
        if (message !== 'incorrect header check') throw new Error(`the gzip data are damaged: ${message}`)
        return trails(TRAILS)
      }
      if (bytes.subarray(Math.max(0, inflater.taken - length)).some((byte) => byte !== 0))
        return trails(TRAILS)
      read++
      length += bytes.length
    }
    yield* await inflater.write(null)
    if (inflater.fault === null) return
    if (!(await endsBefore(open, length))) throw new Error('the gzip data break off')
    trails('a byte that is no gzip follows the data')
  } finally {
    inflater.close()
  }
}
