import { crc32 } from '../../src/ingest/logs/binary/crc32.js'
import { IDENT } from '../../src/ingest/logs/formats/wandb/record-log.js'
import { concat, delimited, varint } from './tensorboard-writer.js'

const BLOCK = 32 * 1024
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

/** One call of `log`: a step and JSON values by their keys, in the nested spelling of newer versions. */
export function history(step: number, values: Readonly<Record<string, string>>): Uint8Array {
  const items = Object.entries(values).flatMap(([key, value]) => {
    const inner = [...delimited(2, text(key)), ...[130, 1], ...varint(value.length), ...text(value)]
    // Field 16 takes two bytes: 130 and 1.
    return delimited(1, inner)
  })
  const steps = step === 0 ? [] : [1 << 3, ...varint(step)]
  return Uint8Array.from(delimited(2, [...items, ...delimited(2, steps)]))
}

/** Records in pieces that no block's end cuts: `[crc32][u16 length][kind][data]`. */
export function recordLog(records: readonly Uint8Array[]): Uint8Array {
  const out: Uint8Array[] = [IDENT]
  let at = IDENT.length
  const put = (bytes: Uint8Array): void => {
    out.push(bytes)
    at += bytes.length
  }
  for (const record of records) {
    let from = 0
    do {
      if (BLOCK - (at % BLOCK) < 7) put(new Uint8Array(BLOCK - (at % BLOCK)))
      const to = Math.min(record.length, from + BLOCK - (at % BLOCK) - 7)
      const kind = from === 0 ? (to === record.length ? 1 : 2) : to === record.length ? 4 : 3
      const piece = new Uint8Array(7 + to - from)
      const view = new DataView(piece.buffer)
      piece.set(record.subarray(from, to), 7)
      piece[6] = kind
      view.setUint16(4, to - from, true)
      view.setUint32(0, crc32(piece, 6), true)
      put(piece)
      from = to
    } while (from < record.length)
  }
  return concat(out)
}

export function runFile(
  rows: readonly (readonly [step: number, values: Readonly<Record<string, string>>])[],
): Uint8Array {
  return recordLog(rows.map(([step, values]) => history(step, values)))
}
