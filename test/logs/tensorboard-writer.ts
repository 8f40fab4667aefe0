import { maskedCrc32c } from '../../src/ingest/logs/binary/crc32.js'

/** Protobuf and TFRecord pieces, written out by hand from their specifications. */
export function varint(value: number): number[] {
  const out: number[] = []
  let rest = value
  while (rest >= 128) {
    out.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  return [...out, rest]
}

export function delimited(field: number, bytes: ArrayLike<number>): number[] {
  return [(field << 3) | 2, ...varint(bytes.length), ...Array.from(bytes)]
}

function float32(value: number): number[] {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value, true)
  return [...new Uint8Array(view.buffer)]
}

function float64(value: number): number[] {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value, true)
  return [...new Uint8Array(view.buffer)]
}

export interface Scalar {
  readonly tag: string
  readonly value: number
  /** How the value is stored: `simple_value`, or a tensor of floats, doubles or raw content. */
  readonly as?: 'simple' | 'floats' | 'doubles' | 'content'
}

function tensor({ value, as }: Scalar): number[] {
  if (as === 'doubles') return [8, 2, ...delimited(6, float64(value))]
  if (as === 'content') return [8, 1, ...delimited(4, float32(value))]
  return [8, 1, ...delimited(5, float32(value))]
}

/** One serialised Event with its scalars. */
export function event(step: number, scalars: readonly Scalar[]): Uint8Array {
  const values = scalars.flatMap((s) => {
    const tag = delimited(1, new TextEncoder().encode(s.tag))
    const body =
      s.as === undefined || s.as === 'simple' ? [(2 << 3) | 5, ...float32(s.value)] : delimited(8, tensor(s))
    return delimited(1, [...tag, ...body])
  })
  return Uint8Array.from([
    (1 << 3) | 1,
    ...float64(1.7e9 + step),
    2 << 3,
    ...varint(step),
    ...delimited(5, values),
  ])
}

/** `[u64 length][masked crc][data][masked crc]`. */
export function record(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(16 + data.length)
  const view = new DataView(out.buffer)
  view.setUint32(0, data.length, true)
  view.setUint32(8, maskedCrc32c(out, 0, 8), true)
  out.set(data, 12)
  view.setUint32(12 + data.length, maskedCrc32c(data), true)
  return out
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** The version event that begins every file. */
export function header(): Uint8Array {
  return record(
    Uint8Array.from([
      (1 << 3) | 1,
      ...float64(1.7e9),
      ...delimited(3, new TextEncoder().encode('brain.Event:2')),
    ]),
  )
}
