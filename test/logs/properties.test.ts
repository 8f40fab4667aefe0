import { describe, expect, it } from 'vitest'
import { analyseLogs, createRandom } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'
import { scratch } from './files.js'
import {
  carries,
  eventSteps,
  type Fate,
  type Point,
  syntheticRun,
  WRITERS,
  type Writer,
  writeLog,
} from './synthetic.js'

const FATES: readonly Fate[] = [
  'healthy',
  'healthy-with-spikes',
  'diverged',
  'spiked-not-recovered',
  'schedule-mismatch',
  'overfitting',
  'stuck',
]
const file = scratch()
let made = 0

async function verdictsOf(...contents: string[]): Promise<string[]> {
  const folder = `case${made++}`
  const paths = contents.map((content, i) => file(`${folder}/piece-${i}.log`, content))
  const runs = await readLogs(paths, { columns: {} })
  return analyseLogs({ runs }).runs.map((r) => r.verdict)
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}

describe.each(FATES.map((fate, i) => [fate, i] as const))('a run that is %s', (fate, at) => {
  const points = syntheticRun(fate)
  const writers = WRITERS.filter((w) => carries(w, fate))
  /** A third of the formats, other ones for every fate and property: together they see every format. */
  const some = (seed: number): readonly Writer[] => writers.filter((_, i) => i % 3 === (seed + at) % 3)

  it.each(writers.map((w) => [w.format, w] as const))('has its verdict in %s', async (_, writer) => {
    expect(await verdictsOf(text(writeLog(writer, points)))).toEqual([fate])
  })

  it('keeps its verdict when the log is split into files', async () => {
    const seed = 1 + (at % 3)
    const random = createRandom(seed)
    for (const writer of some(seed)) {
      const head = writer.head(points)
      const cuts = [random.uniform(), random.uniform()]
        .map((u) => 50 + Math.floor(u * (points.length - 100)))
        .sort((a, b) => a - b)
      const bounds = [0, ...cuts, points.length]
      // A table repeats its header in every rotated piece; other formats print theirs once.
      const repeats = writer.format.endsWith('csv')
      const pieces = bounds.slice(1).map((to, i) => {
        const body = points.slice(bounds[i], to).flatMap((p) => writer.lines(p, points))
        return text(i === 0 || repeats ? [...head, ...body] : body)
      })
      // Rotation names the newest piece first: the order of the arguments must not matter.
      expect([writer.format, ...(await verdictsOf(...pieces.reverse()))]).toEqual([writer.format, fate])
    }
  })

  it('keeps its verdict when a resume repeats steps', async () => {
    const seed = 4 + (at % 3)
    const random = createRandom(seed)
    for (const writer of some(seed)) {
      const again: Point[] = []
      const at = Math.floor((0.2 + 0.3 * random.uniform()) * points.length)
      const back = at - 5 - Math.floor(60 * random.uniform())
      // What was done before the restart is done again with other noise, as after a resume from a checkpoint.
      for (const p of points.slice(back, at)) again.push({ ...p, loss: p.loss + 0.01 * random.normal() })
      const lines = [
        ...writer.head(points),
        ...points.slice(0, at).flatMap((p) => writer.lines(p, points)),
        ...again.flatMap((p) => writer.lines(p, points)),
        ...points.slice(at).flatMap((p) => writer.lines(p, points)),
      ]
      expect([writer.format, ...(await verdictsOf(text(lines)))]).toEqual([writer.format, fate])
    }
  })

  it('keeps its verdict when it loses a hundredth of its lines', async () => {
    const seed = 7 + (at % 3)
    const random = createRandom(seed)
    const kept = (p: Point, i: number): boolean =>
      i === 0 ||
      i === points.length - 1 ||
      p.validation !== undefined ||
      eventSteps(fate, points.length).some(([from, to]) => p.step >= from && p.step <= to) ||
      random.uniform() >= 0.01
    for (const writer of some(seed)) {
      const lines = [...writer.head(points), ...points.filter(kept).flatMap((p) => writer.lines(p, points))]
      expect([writer.format, ...(await verdictsOf(text(lines)))]).toEqual([writer.format, fate])
    }
  })
})

describe('healthy runs', () => {
  const every = (points: readonly Point[], n: number): Point[] =>
    points.filter((p) => p.step % n === 0 || p.step === points.length - 1)
  const [csv] = WRITERS.filter((w: Writer) => w.format === 'csv')

  it.each([1, 10, 50, 100])('are healthy when logged every %i steps', async (n) => {
    const points = every(syntheticRun('healthy', 4000), n)
    expect(await verdictsOf(text(writeLog(csv, points)))).toEqual(['healthy'])
  })

  it('stay healthy when the log interval changes half-way', async () => {
    const all = syntheticRun('healthy', 4000)
    const points = [
      ...all.filter((p) => p.step < 1000),
      ...every(
        all.filter((p) => p.step >= 1000),
        20,
      ),
    ]
    expect(await verdictsOf(text(writeLog(csv, points)))).toEqual(['healthy'])
  })
})
