import { ZSTDDecoder } from 'zstddec/stream'

const OUTPUT_BYTES = 1 << 20
/** zstd's functions return −code for an error; its codes are below this. */
const MAX_ERROR_CODE = 200

/** The part of libzstd, compiled to WebAssembly, that the package `zstddec` carries. Pointers are offsets into `memory`. */
interface Library {
  readonly memory: { readonly buffer: ArrayBuffer }
  malloc(bytes: number): number
  free(pointer: number): void
  ZSTD_createDCtx(): number
  ZSTD_freeDCtx(context: number): void
  ZSTD_decompress(to: number, capacity: number, from: number, length: number): number
  ZSTD_decompressStream(context: number, output: number, input: number): number
}

let library: Library | undefined

/**
 * Load libzstd once per thread; `unzstdPage` needs it. The package's own wrapper neither checks zstd's error codes nor
 * streams without holding the whole input, so its module is used and its wrapper is not.
 */
export async function loadZstd(): Promise<Library> {
  if (library !== undefined) return library
  const decoder = new ZSTDDecoder()
  const initialise = decoder._init
  decoder._init = (result) => {
    initialise(result)
    library = (result as { instance: { exports: unknown } }).instance.exports as Library
  }
  await decoder.init()
  if (library === undefined) throw new Error('the zstd decoder did not load')
  return library
}

function isError(code: number): boolean {
  return code < 0 && code > -MAX_ERROR_CODE
}

/** Decompress frames as they come, concatenated ones and skippable ones included. */
export async function* unzstd(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const zstd = await loadZstd()
  const context = zstd.ZSTD_createDCtx()
  const output = zstd.malloc(OUTPUT_BYTES)
  // Two of zstd's buffer descriptors, each {pointer, size, position}: input, then output.
  const descriptors = zstd.malloc(24)
  const view = (): Uint32Array => new Uint32Array(zstd.memory.buffer, descriptors, 6)
  let pending = 0
  try {
    for await (const block of blocks) {
      const input = zstd.malloc(block.length)
      try {
        new Uint8Array(zstd.memory.buffer).set(block, input)
        view().set([input, block.length, 0, output, OUTPUT_BYTES, 0])
        // A full output buffer may hide bytes that the decoder still holds.
        for (let isFull = false; isFull || view()[2]! < block.length; ) {
          view()[5] = 0
          pending = zstd.ZSTD_decompressStream(context, descriptors + 12, descriptors)
          if (isError(pending)) throw new Error('the zstd data are corrupt')
          const length = view()[5]!
          isFull = length === OUTPUT_BYTES
          if (length > 0) yield new Uint8Array(zstd.memory.buffer, output, length).slice()
        }
      } finally {
        zstd.free(input)
      }
    }
    if (pending !== 0) throw new Error('the zstd data end within a frame')
  } finally {
    zstd.ZSTD_freeDCtx(context)
    zstd.free(output)
    zstd.free(descriptors)
  }
}

/** Decompress a whole page of known length; `loadZstd` must have run. */
export function unzstdPage(page: Uint8Array, length: number): Uint8Array {
  if (library === undefined) throw new Error('the zstd decoder is not loaded')
  const zstd = library
  const input = zstd.malloc(page.length)
  const output = zstd.malloc(length)
  try {
    new Uint8Array(zstd.memory.buffer).set(page, input)
    const written = zstd.ZSTD_decompress(output, length, input, page.length)
    if (written !== length) throw new Error('a zstd page is corrupt')
    return new Uint8Array(zstd.memory.buffer.slice(output, output + length))
  } finally {
    zstd.free(input)
    zstd.free(output)
  }
}
