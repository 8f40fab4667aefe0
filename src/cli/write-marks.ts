import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from '../audit/index.js'
import { curveMarks, type LogAnalysis } from '../core/index.js'
import { marksAsEvents, marksAsMetrics } from '../ingest/index.js'
import { raise } from './errors.js'

/** One name, so that a later judgement takes the place of an earlier one; TensorBoard reads what has `tfevents` in it. */
const EVENT_FILE = 'events.out.tfevents.0000000000.assay'

/** A name of a run as the name of a folder. */
const folderName = (id: string): string => id.replace(/[^\w.-]+/g, '-').replace(/^\.+/, '')

/** Whether a folder is that of an MLflow run. */
const isRun = (folder: string): boolean =>
  existsSync(join(folder, 'meta.yaml')) && existsSync(join(folder, 'metrics'))

/**
 * Write verdicts and events where a tracker shows them beside the run's own curves: into the folder of an MLflow run, else
 * as TensorBoard event files, of several runs a folder each.
 *
 * @throws cli/bad-option for several runs and one MLflow run
 */
export function writeMarks({ runs }: LogAnalysis, folder: string, now: number): void {
  if (isRun(folder)) {
    const [run, ...more] = runs
    if (more.length > 0)
      throw raise('bad-option', `"${folder}" is one MLflow run, and ${runs.length} runs are judged`, {
        field: '--marks',
      })
    for (const { path, content } of marksAsMetrics(curveMarks(run), now))
      writeFileAtomic(join(folder, path), content)
    return
  }
  for (const run of runs) {
    const own = runs.length === 1 ? folder : join(folder, folderName(run.run.id))
    writeFileAtomic(join(own, EVENT_FILE), marksAsEvents(curveMarks(run), now / 1000))
  }
}
