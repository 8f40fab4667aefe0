import type { CurveMark } from '../../../../core/index.js'
import { maskedCrc32c } from '../../binary/crc32.js'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const [VARINT, EIGHT_BYTES, LENGTH, FOUR_BYTES] = [0, 1, 2, 5]

function varint(value: number): number[] {
  const out: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128)
  return [...out, rest]
}

const field = (number: number, wire: number, bytes: Iterable<number>): number[] => [
  ...varint(number * 8 + wire),
  ...bytes,
]
const message = (number: number, bytes: ArrayLike<number>): number[] =>
  field(number, LENGTH, [...varint(bytes.length), ...Array.from(bytes)])

function float(number: number, value: number, size: 4 | 8): number[] {
  const view = new DataView(new ArrayBuffer(size))
  if (size === 4) view.setFloat32(0, value, true)
  else view.setFloat64(0, value, true)
  return field(number, size === 4 ? FOUR_BYTES : EIGHT_BYTES, new Uint8Array(view.buffer))
}

/** `[u64 length][masked CRC of it][data][masked CRC of that]`. */
function record(data: readonly number[]): Uint8Array {
  const out = new Uint8Array(16 + data.length)
  const view = new DataView(out.buffer)
  view.setUint32(0, data.length, true)
  view.setUint32(8, maskedCrc32c(out, 0, 8), true)
  out.set(data, 12)
  view.setUint32(12 + data.length, maskedCrc32c(out, 12, 12 + data.length), true)
  return out
}

const DT_STRING = 7
/** `TensorProto` of one string, and the metadata by which TensorBoard shows it as text. */
const textValue = (words: string): number[] => [
  ...message(8, [
    ...field(1, VARINT, [DT_STRING]),
    ...message(2, message(2, field(1, VARINT, [1]))),
    ...message(8, text(words)),
  ]),
  ...message(9, message(1, message(1, text('text')))),
]

/**
 * A TensorBoard event file of marks: a scalar and a text a mark, under `assay/…`.
 *
 * @param wallTime seconds of the epoch, for the axis of time
 * Source: event.proto, summary.proto and tensor.proto of TensorFlow; lib/io/record_writer.cc.
 */
export function marksAsEvents(marks: readonly CurveMark[], wallTime: number): Uint8Array {
  const event = (body: number[]): Uint8Array => record([...float(1, wallTime, 8), ...body])
  const value = (tag: string, body: number[]): number[] => message(1, [...message(1, text(tag)), ...body])
  const records = marks.map(({ step, name, value: size, text: words }) =>
    event([
      ...field(2, VARINT, varint(Math.max(0, Math.round(step)))),
      ...message(5, [
        ...value(`assay/${name}`, float(2, size, 4)),
        ...value(`assay/${name}/text`, textValue(words)),
      ]),
    ]),
  )
  return Buffer.concat([event(message(3, text('brain.Event:2'))), ...records])
}
