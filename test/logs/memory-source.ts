import type { LogSource } from '../../src/core/index.js'

const HEAD = 256 * 1024

/** A log that is held in memory, in chunks of `chunk` bytes. */
export function memorySource(bytes: Uint8Array, chunk: number = 1 << 20): LogSource {
  return {
    path: 'memory.log',
    size: bytes.length,
    head: bytes.subarray(0, HEAD),
    tail: new Uint8Array(0),
    async *stream() {
      for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
    },
    damage: () => undefined,
  }
}
