import type { LogReader, LogSource, TrainingRun } from '../../../../core/index.js'
import { raise } from '../../errors.js'
import { chooseColumns, type Field, scaleOf } from '../../names/column-names.js'
import { RunRecorder } from '../../recorder/recorder.js'
import { maskedCrc32c } from './crc32c.js'
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
          records,
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
        records,
        damage: [lost, `the file ends inside record ${records + bad + 1}`].filter(Boolean).join('; '),
      }
    : { records, ...(lost === undefined ? {} : { damage: lost }) }
}

/** One tag's values in the order of the file. */
interface TagSeries {
  readonly step: number[]
  readonly value: number[]
  readonly record: number[]
}

/** The best tag for each quantity; a tag with more points wins among equals by name. */
function rowsByRecord(tags: ReadonlyMap<string, TagSeries>, columns: ReadonlyMap<Field, string>) {
  const rows: { step: number; record: number; field: Field; value: number }[] = []
  for (const [field, tag] of columns) {
    const series = tags.get(tag)
    if (series === undefined || field === 'step') continue
    const scale = scaleOf(field, tag)
    for (let i = 0; i < series.step.length; i++)
      rows.push({ step: series.step[i], record: series.record[i], field, value: scale * series.value[i] })
  }
  return rows.sort((a, b) => a.record - b.record)
}

/**
 * TensorBoard event files (`events.out.tfevents.*`, also gzipped): scalars as `simple_value` or as tensors. CRCs are
 * checked; what is whole in a cut or damaged file is kept. Rows name the record instead of a line.
 */
export const tensorboardReader: LogReader = {
  format: 'tensorboard',
  recognise: (source) => (headerIsWhole(source.head, 0) ? 1 : 0),
  async read(source: LogSource, options): Promise<TrainingRun[]> {
    const tags = new Map<string, TagSeries>()
    const end = await eachRecord(source.stream(), (bytes, from, to, record) => {
      const event = readEvent(bytes, from, to)
      for (const { tag, value } of event.scalars) {
        let series = tags.get(tag)
        if (series === undefined) {
          series = { step: [], value: [], record: [] }
          tags.set(tag, series)
        }
        series.step.push(event.step)
        series.value.push(value)
        series.record.push(record)
      }
    })
    const names = [...tags.keys()]
    for (const tag of Object.values(options.columns))
      if (!tags.has(tag))
        throw raise('no-column', `"${tag}" is none of ${names.map((n) => `"${n}"`).join(', ')}`, {
          path: source.path,
        })
    const record = new RunRecorder('tensorboard', source.path)
    const counts = new Map([...tags].map(([tag, series]) => [tag, series.value.length] as const))
    let open: { step: number; fields: Set<Field> } | undefined
    for (const row of rowsByRecord(tags, chooseColumns(names, options.columns, counts))) {
      if (open === undefined || open.step !== row.step || open.fields.has(row.field)) {
        record.row(row.step, row.record)
        open = { step: row.step, fields: new Set() }
      }
      open.fields.add(row.field)
      record.put(row.field as Exclude<Field, 'step'>, row.value)
    }
    const damage = [source.damage(), end.damage].filter((d) => d !== undefined).join('; ')
    if (damage !== '') record.note('damaged', end.records, damage)
    return record.finish()
  },
}
