import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { halfToSingle } from '../../src/engines/checkpoint/half.js'

interface Config {
  readonly hidden_size: number
  readonly num_attention_heads: number
}

interface Entry {
  readonly dtype: 'F32' | 'F16'
  readonly shape: readonly [number, number?]
  readonly data_offsets: readonly [number, number]
}

/**
 * A Llama checkpoint folder with attention heads of twice the size that compute the same, in F32: vLLM on a processor takes
 * heads of 32 and more, the smallest ladder model's have 16.
 *
 * The rotation turns rows i and i + d/2 of a head by θ^(−2i/d). As rows 2i and 2i + d of a head of 2d they turn by θ^(−4i/2d), which
 * is the same; queries are √2 as large, for scores are divided by √2d. Values take the first d places; the rest is 0.
 */
export function writeWideHeads(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  const config = JSON.parse(readFileSync(join(from, 'config.json'), 'utf8')) as Config
  const size = config.hidden_size / config.num_attention_heads
  const wide = { ...config, head_dim: 2 * size, torch_dtype: 'float32' }
  writeFileSync(join(to, 'config.json'), JSON.stringify(wide))

  const file = readFileSync(join(from, 'model.safetensors'))
  const start = 8 + Number(file.readBigUInt64LE())
  const entries = JSON.parse(file.toString('utf8', 8, start)) as Record<string, Entry>
  const header: Record<string, Entry> = {}
  const parts: Buffer[] = []
  let at = 0
  for (const [name, { dtype, shape, data_offsets: extent }] of Object.entries(entries)) {
    if (name === '__metadata__') continue
    const bytes = new Uint8Array(file.subarray(start + extent[0], start + extent[1])).buffer
    const values = dtype === 'F16' ? halfToSingle(new Uint16Array(bytes)) : new Float32Array(bytes)
    const [rows, columns = 1] = shape
    const spread = spreadOf(name, size)
    const isOutput = name.endsWith('o_proj.weight')
    const [tall, broad] =
      spread === undefined ? [rows, columns] : isOutput ? [rows, 2 * columns] : [2 * rows, columns]
    const placed = new Float32Array(tall * broad)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const r = spread === undefined || isOutput ? row : spread(row)
        const c = spread !== undefined && isOutput ? spread(column) : column
        placed[r * broad + c] =
          values[row * columns + column]! * (name.endsWith('q_proj.weight') ? Math.SQRT2 : 1)
      }
    header[name] = {
      dtype: 'F32',
      shape: shape.length === 1 ? [tall] : [tall, broad],
      data_offsets: [at, at + placed.byteLength],
    }
    parts.push(Buffer.from(placed.buffer))
    at += placed.byteLength
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  writeFileSync(join(to, 'model.safetensors'), Buffer.concat([length, text, ...parts]))
}

/** Where a row of all heads goes; undefined for what heads do not cut. */
function spreadOf(name: string, size: number): ((row: number) => number) | undefined {
  const within = (place: (i: number) => number) => (row: number) =>
    2 * (row - (row % size)) + place(row % size)
  if (/[qk]_proj\.weight$/.test(name))
    return within((i) => (i < size / 2 ? 2 * i : 2 * (i - size / 2) + size))
  if (/[vo]_proj\.weight$/.test(name)) return within((i) => i)
  return undefined
}
