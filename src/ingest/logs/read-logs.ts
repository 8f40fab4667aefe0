import { basename, dirname } from 'node:path'
import {
  joinPieces,
  type LogReader,
  type LogReaderOptions,
  type LogSource,
  splitAppended,
  type TrainingRun,
} from '../../core/index.js'
import { raise } from './errors.js'
import { openSource } from './open-source.js'
import { LOG_READERS } from './readers.js'

/** Below this no reader is sure enough. */
const LEAST_CERTAINTY = 0.15

function chooseReader(source: LogSource, options: LogReaderOptions): LogReader {
  let best: { reader: LogReader; score: number } | undefined
  for (const reader of LOG_READERS) {
    const score = reader.recognise(source, options)
    if (score > (best?.score ?? LEAST_CERTAINTY)) best = { reader, score }
  }
  if (best !== undefined) return best.reader
  const binary = source.head.subarray(0, 4096).includes(0)
  const text = new TextDecoder('latin1').decode(source.head.subarray(0, 120)).split(/[\r\n]/)[0]
  throw raise(
    'unknown-format',
    binary
      ? 'the file is binary and no TensorBoard event file'
      : `no line of it looks like a training log; it begins "${text.slice(0, 80)}"`,
    { path: source.path },
  )
}

async function readFile(path: string, options: LogReaderOptions): Promise<TrainingRun[]> {
  const source = await openSource(path)
  const reader = chooseReader(source, options)
  const runs = (await reader.read(source, options)).flatMap(splitAppended)
  if (
    runs.every(
      (run) => run.loss.length === 0 && run.validationLoss.length === 0 && run.nonFinite.length === 0,
    )
  )
    throw raise('no-losses', `it reads as ${reader.format}, but gives no loss`, { path })
  return runs
}

/** A name for each run: the label in the file, else the file's name, numbered where several share it. */
function withIds(runs: readonly TrainingRun[]): TrainingRun[] {
  const base = runs.map((run) => (run.id === '' ? basename(run.source) : run.id))
  const files = (i: number): Set<string> =>
    new Set(runs.filter((_, k) => base[k] === base[i]).map((run) => run.source))
  const named = runs.map((run, i) =>
    files(i).size > 1 ? `${basename(dirname(run.source.split(' + ')[0]))}/${base[i]}` : base[i],
  )
  return runs.map((run, i) => {
    const same = named.flatMap((name, k) => (name === named[i] ? [k] : []))
    return { ...run, id: same.length === 1 ? named[i] : `${named[i]}#${same.indexOf(i) + 1}` }
  })
}

/**
 * Read training logs of any known format, recognised by content: appended runs are told apart, rotated pieces of
 * one run are joined, and every run gets a name.
 * @throws logs/… (unreadable, empty, unknown-format, no-losses, not-a-number, no-column)
 */
export async function readLogs(paths: readonly string[], options: LogReaderOptions): Promise<TrainingRun[]> {
  const runs: TrainingRun[] = []
  for (const path of paths) runs.push(...(await readFile(path, options)))
  return withIds(joinPieces(runs))
}
