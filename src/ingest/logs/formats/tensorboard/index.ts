import type { LogReader, LogSource, TrainingRun } from '../../../../core/index.js'
import { maskedCrc32c } from '../../binary/crc32.js'
import { NamedSeries } from '../../recorder/named-series.js'
import { readEvent } from './tensorboard-event.js'

const HEADER = 12
const FOOTER = 4
/** No scalar event is larger; a length beyond it is a damaged one whose CRC matched by chance. */
const LARGEST = 1 << 30

function lengthAt(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true)
}

function crcAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true)
}

function headerIsWhole(bytes: Uint8Array, at: number): boolean {
  return at + HEADER <= bytes.length && crcAt(bytes, at + 8) === maskedCrc32c(bytes, at, at + 8)
}

interface RecordEnd {
  readonly records: number
  /** Whether there is more of the file behind them, which cannot be read. */
  readonly isCut: boolean
  /** What was lost, if anything. */
  readonly damage?: string
}

/**
 * Walk TFRecords: `[u64 length][masked crc of length][data][masked crc of data]`. A record whose data fail their
 * CRC is left out and counted; a length that fails its CRC ends the walk, since nothing behind it can be found.
 */
async function eachRecord(
  stream: AsyncIterable<Uint8Array>,
  each: (bytes: Uint8Array, from: number, to: number, record: number) => void,
): Promise<RecordEnd> {
  let held = new Uint8Array(0)
  let records = 0
  let bad = 0
  for await (const chunk of stream) {
    let bytes = chunk
    if (held.length > 0) {
      bytes = new Uint8Array(held.length + chunk.length)
      bytes.set(held)
      bytes.set(chunk, held.length)
    }
    let at = 0
    while (at + HEADER <= bytes.length) {
      const length = lengthAt(bytes, at)
      if (!headerIsWhole(bytes, at) || length > LARGEST)
        return {
          records: records + bad,
          isCut: true,
          damage: `the length of record ${records + bad + 1} fails its CRC; the rest is left out`,
        }
      const end = at + HEADER + length
      if (end + FOOTER > bytes.length) break
      if (crcAt(bytes, end) === maskedCrc32c(bytes, at + HEADER, end))
        each(bytes, at + HEADER, end, ++records + bad)
      else bad++
      at = end + FOOTER
    }
    held = bytes.slice(at)
  }
  const lost = bad > 0 ? `${bad} record(s) fail their CRC and are left out` : undefined
  return held.length > 0
    ? {
        records: records + bad,
        isCut: true,
        damage: [lost, `the file ends inside record ${records + bad + 1}`].filter(Boolean).join('; '),
      }
    : { records: records + bad, isCut: false, ...(lost === undefined ? {} : { damage: lost }) }
}

/**
 * TensorBoard event files (`events.out.tfevents.*`, also gzipped): scalars as `simple_value` or as tensors. CRCs are
 * checked; what is whole in a cut or damaged file is kept. Rows name the record instead of a line.
 */
export const tensorboardReader: LogReader = {
  format: 'tensorboard',
  recognise: (source) => (headerIsWhole(source.head, 0) ? 1 : 0),
  async read(source: LogSource, options): Promise<TrainingRun[]> {
    const series = new NamedSeries()
    const end = await eachRecord(source.stream(), (bytes, from, to, record) => {
      const event = readEvent(bytes, from, to)
      for (const { tag, value } of event.scalars) series.put(series.slotOf(tag), event.step, value, record)
    })
    const record = series.record('tensorboard', source.path, options)
    const broken = source.damage()
    const damage = [broken, end.damage].filter((d) => d !== undefined).join('; ')
    if (damage !== '') record.note('damaged', end.isCut || broken !== undefined ? end.records : 0, damage)
    return record.finish()
  },
}
