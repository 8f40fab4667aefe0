import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AssayError, type LogReader, type TrainingRun } from '../../src/core/index.js'
import type { LogSample, SampleColumns } from '../../src/ingest/logs/formats/samples.js'
import { LOG_READERS, readLogs } from '../../src/ingest/logs/index.js'
import { recognise } from '../../src/ingest/logs/recognise.js'
import { scratch } from '../logs/files.js'
import { memorySource } from '../logs/memory-source.js'
import { zstd } from '../logs/zstd.js'
import { foldersOf, missingFrom } from './reader-folders.js'

const OPTIONS = { columns: {} }

const FOLDERS = await foldersOf<LogReader, LogSample>('logs')
const SAMPLES = FOLDERS.flatMap((folder) => folder.samples)

it('the index of log formats lacks nothing', () => {
  expect(missingFrom(LOG_READERS, FOLDERS)).toEqual([])
})

const NAMES = [
  'step',
  'loss',
  'validationLoss',
  'learningRate',
  'gradNorm',
  'seconds',
  'tokens',
  'lossScale',
] as const
const file = scratch()
let made = 0

async function read(bytes: Uint8Array, name = 'log'): Promise<TrainingRun> {
  const runs = await readLogs([file(`${made++}/${name}`, bytes)], OPTIONS)
  expect(runs).toHaveLength(1)
  return runs[0]
}

function columnsOf(run: TrainingRun): SampleColumns {
  const filled = NAMES.filter((name) => (run[name]?.length ?? 0) > 0)
  return Object.fromEntries(
    filled.map((name) => [name, [...(run[name] ?? [])].map((v) => (Number.isNaN(v) ? null : v))]),
  )
}

/** A run's rows, one list of values each. */
function rowsOf(run: TrainingRun): (number | undefined)[][] {
  return [...run.step].map((_, row) => NAMES.map((name) => run[name]?.at(row)))
}

const bytesOf = ({ text }: LogSample): Uint8Array =>
  typeof text === 'string' ? new TextEncoder().encode(text) : text

const LAUNCHERS: readonly (readonly [string, (line: string, i: number) => string])[] = [
  ['logging', (line, i) => `2026-01-29 10:15:32,14${i} - __main__ - INFO - ${line}`],
  ['a time stamp with a zone', (line, i) => `2026-01-29T10:15:32.12345${i}Z ${line}`],
  ['a time stamp in brackets', (line, i) => `[2026-01-29 10:15:3${i}] ${line}`],
  ['torchrun', (line) => `[rank0]: ${line}`],
  ['torchrun, older', (line) => `[default0]:${line}`],
  ['srun -l', (line) => `0: ${line}`],
  ['srun -l of many', (line) => ` 0: ${line}`],
  ['mpirun', (line) => `[1,0]<stdout>:${line}`],
  ['Ray', (line) => `(RayTrainWorker pid=1234, ip=10.0.0.1) ${line}`],
  ['pdsh', (line) => `worker-1: ${line}`],
  ['absl', (line, i) => `I0129 10:15:32.12345${i} 140222 train.py:123] ${line}`],
  ['the root logger', (line) => `INFO:root:${line}`],
  ['blanks', (line) => `   ${line}`],
  ['colours', (line) => `\u001b[32m${line}\u001b[0m`],
  ['two of them', (line, i) => `[rank0]: [2026-01-29 10:15:3${i}] ${line}`],
]

describe.each(SAMPLES.map((sample) => [`${sample.format}: ${sample.name}`, sample] as const))(
  '%s',
  (_, sample) => {
    const bytes = bytesOf(sample)
    const { text } = sample
    const expected = { format: sample.runFormat ?? sample.format, ...sample.columns }
    const reader = LOG_READERS.find((r) => r.format === sample.format)

    it('is recognised by its reader before all others', () => {
      expect(recognise(memorySource(bytes), OPTIONS).next().value?.format).toBe(sample.format)
    })

    it('gives the rows that a person reads', async () => {
      const run = await read(bytes)
      expect({ format: run.format, ...columnsOf(run) }).toEqual(expected)
      expect(run.plannedSteps).toBe(sample.plannedSteps)
    })

    it.each([
      ['gzip', gzipSync],
      ['Zstandard', zstd],
    ] as const)('gives them from %s, whatever its name', async (_name, pack) => {
      const run = await read(pack(bytes))
      expect({ format: run.format, ...columnsOf(run) }).toEqual(expected)
    })

    it.each([1, 7, 64])('gives them from chunks of %i bytes', async (chunk) => {
      const runs = await reader?.read(memorySource(bytes, chunk), OPTIONS)
      expect(runs?.map(columnsOf)).toEqual([sample.columns])
    })

    it('cut at any byte: the rows before the cut, or an input error', async () => {
      const whole = rowsOf(await read(bytes))
      for (let to = 1; to < bytes.length; to++) {
        const cut = memorySource(bytes.subarray(0, to))
        let runs: readonly TrainingRun[] = []
        try {
          ;[...recognise(cut, OPTIONS)]
          runs = (await reader?.read(cut, OPTIONS)) ?? []
        } catch (error) {
          expect(error).toBeInstanceOf(AssayError)
        }
        // What stands in the line of the cut may be whole or not: the row that is open there is not compared.
        const rows = runs.flatMap(rowsOf)
        expect(rows.length).toBeLessThanOrEqual(whole.length)
        const closed = rows.slice(0, -1)
        expect({ to, rows: closed }).toEqual({
          to,
          rows: whole
            .slice(0, closed.length)
            .map((r, i) => r.map((v, k) => (closed[i][k] === undefined ? undefined : v))),
        })
      }
    })

    if (typeof text === 'string') {
      it.each([
        ['Windows line ends', Buffer.from(text.replaceAll('\n', '\r\n'))],
        ['a byte-order mark', Buffer.from(`\ufeff${text}`)],
        ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
        ['UTF-16, big end first', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
      ])('gives them with %s', async (_name, encoded) => {
        const [plain, run] = [await read(bytes), await read(encoded)]
        expect({ format: run.format, ...columnsOf(run) }).toEqual(expected)
        expect([...run.line]).toEqual([...plain.line])
      })
    }

    if (sample.isLaunched && typeof text === 'string') {
      const body = text.trimEnd().split('\n')
      it.each(LAUNCHERS)('gives them behind what %s prints', async (_name, prefix) => {
        const run = await read(Buffer.from(`${body.map(prefix).join('\n')}\n`))
        expect({ format: run.format, ...columnsOf(run) }).toEqual(expected)
      })

      it.each([(r: number) => `[rank${r}]: `, (r: number) => `${r}: `])(
        'tells processes apart that print the same',
        async (rank) => {
          const lines = body.flatMap((line) => [0, 1].map((r) => rank(r) + line))
          const run = await read(Buffer.from(`${lines.join('\n')}\n`))
          expect(columnsOf(run)).toEqual(sample.columns)
          expect(run.notes.map((n) => n.code)).toContain('other-rank')
        },
      )
    }
  },
)
