import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesAt, chunksOf } from '../../text/unpack.js'
import { key } from '../lines/line.js'

/** Stands before the name of each metric where the files of a folder are read as one log. */
export const METRIC = key('# mlflow metric ')
const ROW = /^\d{10,} \S+(?: -?\d+.*)?\r?$/m

/** Names of the metrics that MLflow keeps in a folder, `train/loss` a file in a folder of its own. */
async function metricsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length))
    .sort()
}

/** Whether a folder holds metrics as MLflow keeps them: its first file begins with a time, a value and a step. */
export async function isMetricFolder(folder: string): Promise<boolean> {
  const [first] = await metricsIn(folder)
  if (first === undefined) return false
  return ROW.test(new TextDecoder('latin1').decode(await bytesAt(join(folder, first), 0, 100)))
}

/** The files of such a folder one after another, each behind a line that names it. */
export async function* metricsOf(folder: string): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const mark = new TextDecoder('latin1').decode(METRIC)
  for (const name of await metricsIn(folder)) {
    yield encoder.encode(`\n${mark}${name.replaceAll('\\', '/')}\n`)
    yield* chunksOf(join(folder, name))
  }
}
