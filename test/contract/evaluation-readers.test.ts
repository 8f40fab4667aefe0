import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  AssayError,
  type EvaluationsEvidence,
  type EvaluationsReader,
  type EvaluationsSource,
} from '../../src/core/index.js'
import type { EvaluationsSample } from '../../src/ingest/evaluations/formats/samples.js'
import { chooseEvaluationsReader, EVALUATIONS_READERS } from '../../src/ingest/evaluations/index.js'
import { openEvaluations } from '../../src/ingest/evaluations/read-evaluations.js'
import { evaluationRow } from '../../src/ingest/evaluations/row.js'
import { scratch } from '../logs/files.js'
import { zstd } from '../logs/zstd.js'
import { foldersOf, missingFrom } from './reader-folders.js'

const FOLDERS = await foldersOf<EvaluationsReader, EvaluationsSample>('evaluations')
const SAMPLES = FOLDERS.flatMap((folder) => folder.samples)
const OPTIONS = { columns: {} }
const file = scratch()
let made = 0

it('the index of evaluation formats lacks nothing', () => {
  expect(missingFrom(EVALUATIONS_READERS, FOLDERS)).toEqual([])
})

const UNKNOWN_RUN = { family: null, params: null, tokens: null, flops: null, checkpoint: null, loss: null }

/** What a person reads off a sample, for a file at `path`. */
function expectedAt(path: string, { rows, dropped = [], runs = [], problems = [] }: EvaluationsSample) {
  return {
    rows: rows.map((row) => evaluationRow({ ...row, source: path + row.source })),
    dropped: dropped.map((place) => path + place),
    runs: runs.map((run) => ({ ...UNKNOWN_RUN, ...run })),
    problems,
  }
}

function found({ rows, dropped, runs = [], problems = [] }: EvaluationsEvidence) {
  return {
    rows,
    dropped: dropped.map((d) => d.source),
    runs,
    problems: problems.map(({ problem, n, c }) => ({ problem, n, c })),
  }
}

describe.each(SAMPLES.map((sample) => [`${sample.format}: ${sample.name}`, sample] as const))(
  '%s',
  (_, sample) => {
    const { text, beside = {}, file: name = 'results' } = sample
    const reader = EVALUATIONS_READERS.find((r) => r.format === sample.format)

    async function read(bytes: Uint8Array): Promise<void> {
      const folder = String(made++)
      for (const [other, content] of Object.entries(beside)) file(join(folder, other), content)
      const path = file(join(folder, name), bytes)
      const source = await openEvaluations(path)
      expect(chooseEvaluationsReader(source).format).toBe(sample.format)
      expect(found(chooseEvaluationsReader(source).read(source, OPTIONS))).toEqual(expectedAt(path, sample))
    }

    it('gives the rows that a person reads', () => read(Buffer.from(text)))

    it.each([
      ['gzip', gzipSync(text)],
      ['Zstandard', zstd(Buffer.from(text))],
      ['Windows line ends', Buffer.from(text.replaceAll('\n', '\r\n'))],
      ['a byte-order mark', Buffer.from(`\ufeff${text}`)],
      ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
      ['UTF-16, big end first', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ])('gives them from %s, whatever its name', (_packing, bytes) => read(bytes))

    it('cut anywhere: the rows before the cut, or an input error', () => {
      const { rows } = expectedAt(name, sample)
      for (let to = 1; to < text.length; to++) {
        const source: EvaluationsSource = {
          path: name,
          text: text.slice(0, to),
          sibling: (other) => beside[other],
        }
        let read: EvaluationsEvidence['rows'] = []
        try {
          chooseEvaluationsReader(source)
          read = reader?.read(source, OPTIONS).rows ?? []
        } catch (error) {
          expect(error).toBeInstanceOf(AssayError)
        }
        // The row of the cut may lack its end.
        const closed = read.slice(0, -1)
        expect({ to, closed }).toEqual({ to, closed: rows.slice(0, closed.length) })
      }
    })
  },
)
