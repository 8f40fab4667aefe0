import { readFileSync, writeFileSync } from 'node:fs'
import { createRandom } from '../../src/core/index.js'
import { readGgufHeader } from '../../src/engines/gguf/header.js'

const ALIGNMENT = 32
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

/** A float as half-precision bits, truncated; of what weights are drawn as, nothing overflows. */
function half(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!
  const exponent = ((bits >>> 23) & 0xff) - 112
  return exponent <= 0
    ? (bits >>> 16) & 0x8000
    : ((bits >>> 16) & 0x8000) | (exponent << 10) | ((bits >>> 13) & 0x3ff)
}

/**
 * A model as it is before training: the file of a trained one, of F32 or F16 weights, with its matrices drawn anew from
 * N(0, .02²) and its norms set to 1.
 */
export async function writeUntrained(from: string, to: string, seed: number): Promise<void> {
  const { tensors } = await readGgufHeader(from)
  const file = readFileSync(from)
  const last = tensors.at(-1)!
  const size = tensors.slice(0, -1).reduce((n, t) => n + aligned(t.bytes), 0) + last.bytes
  let at = Math.floor((file.length - size) / ALIGNMENT) * ALIGNMENT
  const random = createRandom(seed)
  for (const { name, type, elements, bytes } of tensors) {
    if (type !== 'F32' && type !== 'F16') throw new Error(`${name} is ${type}, expected F32 or F16`)
    for (let i = 0; i < elements; i++) {
      const value = name.includes('norm') ? 1 : 0.02 * random.normal()
      if (type === 'F32') file.writeFloatLE(value, at + 4 * i)
      else file.writeUInt16LE(half(value), at + 2 * i)
    }
    at += aligned(bytes)
  }
  writeFileSync(to, file)
}
