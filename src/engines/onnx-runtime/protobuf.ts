/** The wire format of Protocol Buffers, as far as ONNX files need it (protobuf.dev/programming-guides/encoding). */

const VARINT = 0
const LENGTH = 2
const FIXED_32 = 5

function varint(value: number): number[] {
  const bytes: number[] = []
  // Negative numbers are sign-extended to 64 bits.
  let rest = value < 0 ? (1n << 64n) + BigInt(value) : BigInt(value)
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return bytes
}

const key = (field: number, type: number): number[] => varint((field << 3) | type)

/** A whole number or an enumeration's value. */
export const count = (field: number, value: number): Buffer =>
  Buffer.from([...key(field, VARINT), ...varint(value)])

/** A float of four bytes. */
export function real(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return Buffer.concat([Buffer.from(key(field, FIXED_32)), bytes])
}

/** Text, bytes, or a message of its own. */
export function part(field: number, value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([Buffer.from([...key(field, LENGTH), ...varint(bytes.length)]), bytes])
}

export const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields)
