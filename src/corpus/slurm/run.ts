import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.js'
import { raise } from '../errors.js'
import { writeWhole } from '../job/files.js'
import type { Gathered, PartForm } from '../job/gathering.js'
import type { PlannedPass } from '../job/planned.js'
import { checkShards, deleteShards, hasShards, listShards } from '../job/shards.js'
import { toArrayScript, toRanges } from './script.js'

export interface SlurmJob<G extends Gathered, S> {
  /** Name of the job array. */
  readonly name: string
  /** Words of the command that reads one shard into `folder`, without `--shard` and `--threads`. */
  readonly command: readonly string[]
  /** Where the shards' results go: a folder that every node sees, or an `s3://…/` prefix. */
  readonly folder: string
  /** Local folder for the script and the tasks' logs. */
  readonly logs: string
  readonly shards: number
  readonly cpusPerTask: number
  readonly retries: number
  /** More arguments of sbatch: `--partition=cpu`. */
  readonly sbatch: readonly string[]
  /** Keep the shards that are there, which must be of this pass; otherwise all are read again. */
  readonly resume: boolean
  /** What is read: settings and corpus as this process sees them. */
  readonly planned: PlannedPass<S>
  readonly form: PartForm<G, S>
  readonly signal: AbortSignal
  note(text: string): void
}

interface Ended {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

function run(command: string, args: readonly string[], onOutput?: (text: string) => void): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      onOutput?.(output)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString()
    })
    child.on('error', (error) =>
      reject(
        raise('scheduler-failed', `${command}: ${messageOf(error)}; is Slurm installed on this machine?`),
      ),
    )
    child.on('close', (code) => resolve({ code, output, errors }))
  })
}

async function missingShards(job: { readonly folder: string; readonly shards: number }): Promise<number[]> {
  const done = new Set(
    (await listShards(job.folder))
      .filter(({ shard }) => shard.of === job.shards)
      .map(({ shard }) => shard.index),
  )
  return Array.from({ length: job.shards }, (_, i) => i).filter((i) => !done.has(i))
}

/** How often the queue is asked whether what is left of a job can still begin. */
const LOOK_EVERY_MS = 15_000

/**
 * Why a job will never end by itself: all that is left of it is held by the scheduler, as after a launch that failed; `sbatch
 * --wait` waits for that without end.
 *
 * @param queue a line `STATE reason` for each task that is not over
 */
export function heldReason(queue: string): string | undefined {
  const reasons = queue
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^PENDING (.*(?:JobHeldAdmin|launch failed|requeued held).*)$/i.exec(line.trim())?.[1])
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined
}

/**
 * Read the shards whose results are not there yet as a Slurm job array and wait for it. Failed tasks go back to the
 * queue up to `retries` times; an interrupt cancels the array.
 *
 * @throws {AssayError} corpus/scheduler-failed where the scheduler holds what is left of the job, or naming the shards that are missing and where their logs are;
 *   corpus/other-job where a shard that is there is of another count
 */
export async function runArray<G extends Gathered, S>(
  job: SlurmJob<G, S>,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<void> {
  if (job.resume) await checkShards(job.folder, job.shards, job.planned, job.form)
  else await deleteShards(job.folder)
  const open = await missingShards(job)
  if (open.length === 0) return
  mkdirSync(job.logs, { recursive: true })
  const script = join(job.logs, 'count.sh')
  writeWhole(script, Buffer.from(toArrayScript(job), 'utf8'))
  let id: string | undefined
  const cancel = (): void => {
    if (id !== undefined) void run('scancel', [id]).catch(() => undefined)
  }
  job.signal.addEventListener('abort', cancel)
  const failed = async (why: string): Promise<Error> =>
    raise(
      'scheduler-failed',
      `${why}${(await hasShards(job.folder)) ? '; what is finished is kept, and --resume goes on from there' : ''}`,
    )
  let held: string | undefined
  const look = setInterval(() => {
    if (id === undefined || held !== undefined) return
    void run('squeue', ['--noheader', `--jobs=${id}`, '--format=%T %r'])
      .then(({ output }) => {
        held ??= heldReason(output)
        if (held !== undefined) cancel()
      })
      .catch(() => undefined)
  }, lookEveryMs)
  try {
    const { code, errors } = await run(
      'sbatch',
      [
        '--parsable',
        '--wait',
        '--requeue',
        '--open-mode=append',
        `--job-name=${job.name}`,
        `--array=${toRanges(open)}`,
        `--cpus-per-task=${job.cpusPerTask}`,
        `--output=${join(job.logs, 'shard-%a.log')}`,
        ...job.sbatch,
        script,
      ],
      (output) => {
        if (id !== undefined || !output.includes('\n')) return
        id = output.trim().split(';')[0]
        job.note(`Slurm job ${id}: ${open.length} shards`)
        if (job.signal.aborted) cancel()
      },
    )
    if (job.signal.aborted) throw raise('interrupted', 'the job array is cancelled')
    if (id === undefined) throw await failed(`sbatch ended with ${code}: ${errors.trim()}`)
    if (held !== undefined)
      throw await failed(`job ${id} was held by the scheduler (${held}), and is cancelled`)
    const missing = await missingShards(job)
    if (missing.length > 0)
      throw await failed(`job ${id} ended without shards ${toRanges(missing)}; logs: ${job.logs}/shard-*.log`)
  } finally {
    clearInterval(look)
    job.signal.removeEventListener('abort', cancel)
  }
}
