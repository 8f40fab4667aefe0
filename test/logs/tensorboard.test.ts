import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { marksAsEvents, marksAsMetrics, readLogs } from '../../src/ingest/index.js'
import { crc32c, maskedCrc32c } from '../../src/ingest/logs/binary/crc32.js'
import { readEvent } from '../../src/ingest/logs/formats/tensorboard/tensorboard-event.js'
import { scratch } from './files.js'
import { concat, event, header, record, type Scalar } from './tensorboard-writer.js'

const file = scratch()
let made = 0

async function read(bytes: Uint8Array) {
  return readLogs([file(`events.out.tfevents.${made++}`, bytes)], { columns: {} })
}

const STEPS = 40
function records(as: Scalar['as'] = 'simple'): Uint8Array[] {
  return Array.from({ length: STEPS }, (_, i) =>
    record(
      event(i * 1000, [
        { tag: 'train/loss', value: 4 - i / 16, as },
        { tag: 'train/grad_norm', value: 0.5, as },
        { tag: 'train/learning_rate', value: 2 ** -10, as },
        ...(i % 10 === 0 ? [{ tag: 'eval/loss', value: 4.25 - i / 16, as }] : []),
      ]),
    ),
  )
}

describe('CRC-32C', () => {
  it('gives the check values of RFC 3720, B.4', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e)
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
  })

  it('masks by rotation and a constant', () => {
    const bytes = new TextEncoder().encode('123456789')
    const c = 0xe3069283
    expect(maskedCrc32c(bytes)).toBe(((((c >>> 15) | (c << 17)) >>> 0) + 0xa282ead8) % 2 ** 32)
  })
})

describe('TensorBoard event files', () => {
  it.each(['simple', 'floats', 'doubles', 'content'] as const)('reads scalars stored as %s', async (as) => {
    const [run] = await read(concat([header(), ...records(as)]))
    expect(run.format).toBe('tensorboard')
    expect([...run.step]).toEqual(Array.from({ length: STEPS }, (_, i) => i * 1000))
    expect([...run.loss]).toEqual(Array.from({ length: STEPS }, (_, i) => 4 - i / 16))
    expect(run.gradNorm.every((g) => g === 0.5)).toBe(true)
    expect(run.learningRate.every((r) => r === 2 ** -10)).toBe(true)
    expect(run.validationLoss.filter(Number.isFinite)).toHaveLength(4)
    expect(run.notes).toEqual([])
  })

  it('keeps what is whole of a file that is cut inside a record', async () => {
    const whole = concat([header(), ...records()])
    const [run] = await read(whole.subarray(0, whole.length - 7))
    expect(run.step).toHaveLength(STEPS - 1)
    expect(run.notes).toMatchObject([{ code: 'damaged' }])
  })

  it('keeps what is whole of an archive that is cut', async () => {
    // Noise in the low bits keeps the archive from shrinking to a single block.
    const many = Array.from({ length: 5000 }, (_, i) =>
      record(event(i, [{ tag: 'loss', value: 3 + Math.sin(i * i) / 10 }])),
    )
    const archive = gzipSync(concat([header(), ...many]))
    const [run] = await read(archive.subarray(0, Math.floor(archive.length / 2)))
    expect(run.step.length).toBeGreaterThan(1000)
    expect(run.step.length).toBeLessThan(5000)
    expect(run.notes).toMatchObject([{ code: 'damaged' }])
  })

  it('leaves out a record whose data fail their CRC, and goes on', async () => {
    const parts = records()
    parts[5] = parts[5].slice()
    parts[5][20] ^= 1
    const [run] = await read(concat([header(), ...parts]))
    expect(run.step).toHaveLength(STEPS - 1)
    expect([...run.step]).not.toContain(5000)
    expect(run.notes[0].text).toMatch(/1 record\(s\) fail their CRC/)
  })

  it('ends at a length that fails its CRC', async () => {
    const parts = records()
    parts[30] = parts[30].slice()
    parts[30][0] ^= 1
    const [run] = await read(concat([header(), ...parts]))
    expect(run.step).toHaveLength(30)
    expect(run.notes).toMatchObject([{ code: 'damaged' }])
  })

  it('takes the tag that trainers use for the loss, or the one that the user names', async () => {
    const parts = Array.from({ length: 10 }, (_, i) =>
      record(
        event(i, [
          { tag: 'aux/z_loss', value: 9 },
          { tag: 'my_loss', value: 2 },
        ]),
      ),
    )
    const path = file(`events.out.tfevents.${made++}`, concat([header(), ...parts]))
    await expect(readLogs([path], { columns: {} })).rejects.toMatchObject({ code: 'logs/no-losses' })
    const [run] = await readLogs([path], { columns: { loss: 'my_loss' } })
    expect(run.loss.every((v) => v === 2)).toBe(true)
    await expect(readLogs([path], { columns: { loss: 'other' } })).rejects.toMatchObject({
      code: 'logs/no-column',
    })
  })
})

describe('marks that are written back', () => {
  const marks = [
    { step: 300, name: 'spike', value: 0.5, text: 'a spike' },
    { step: 70_000, name: 'spike', value: 2, text: 'another' },
    { step: 90_000, name: 'verdict', value: 1, text: 'run: healthy-with-spikes' },
  ]

  it('are records that TensorBoard knows: lengths, CRCs, steps and scalars', () => {
    const bytes = marksAsEvents(marks, 1.7e9)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const found: unknown[] = []
    for (let at = 0; at < bytes.length; ) {
      const end = at + 12 + view.getUint32(at, true)
      expect(view.getUint32(at + 8, true)).toBe(maskedCrc32c(bytes, at, at + 8))
      expect(view.getUint32(end, true)).toBe(maskedCrc32c(bytes, at + 12, end))
      const { step, scalars } = readEvent(bytes, at + 12, end)
      found.push([step, ...scalars.map((s) => [s.tag, s.value])])
      at = end + 4
    }
    expect(found).toEqual([
      [0],
      [300, ['assay/spike', 0.5]],
      [70_000, ['assay/spike', 2]],
      [90_000, ['assay/verdict', 1]],
    ])
  })

  it('are metrics of an MLflow run, a file a name', () => {
    expect(marksAsMetrics(marks, 5)).toEqual([
      { path: 'metrics/assay/spike', content: '5 0.5 300\n5 2 70000\n' },
      { path: 'metrics/assay/verdict', content: '5 1 90000\n' },
      { path: 'tags/assay.verdict', content: 'run: healthy-with-spikes' },
    ])
  })
})
