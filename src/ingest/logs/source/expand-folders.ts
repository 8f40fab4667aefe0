import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { reason } from '../../text/unpack.js'
import { raise } from '../errors.js'
import { isMetricFolder } from './metric-folder.js'

const DEEPEST = 5
const EVENTS = /^events\.out\.tfevents\./
const STATE = 'trainer_state.json'
const LOG = /\.(?:csv|tsv|json|jsonl|ndjson|log|out|txt)(?:\.gz|\.zst)?$/i
const WANDB = /\.wandb$/
const DATABASE = /\.db$/
/** MLflow's folder of a run's metrics. */
const METRICS = 'metrics'
const CHECKPOINT = /^checkpoint-(\d+)$/

/** What was found for one argument: itself, or the files of a folder that may be logs. */
export interface LogPaths {
  readonly path: string
  readonly isFolder: boolean
  readonly files: readonly string[]
  /** Other files of the folder, by their path. */
  readonly others: readonly string[]
}

/** A path that stands for itself. */
export function alone(path: string): LogPaths {
  return { path, isFolder: false, files: [path], others: [] }
}

function mayBeLog(name: string): boolean {
  return EVENTS.test(name) || name === STATE || LOG.test(name) || DATABASE.test(name)
}

/** Hugging Face writes the whole history into every checkpoint: the newest has it all, one beside them more. */
function supersededCheckpoints(entries: readonly Dirent[]): ReadonlySet<string> {
  const checkpoints = entries
    .flatMap((e) => {
      const step = e.isDirectory() ? CHECKPOINT.exec(e.name) : null
      return step === null ? [] : [{ name: e.name, step: Number(step[1]) }]
    })
    .sort((a, b) => b.step - a.step)
  const hasOwn = entries.some((e) => e.isFile() && e.name === STATE)
  return new Set(checkpoints.slice(hasOwn ? 0 : 1).map((c) => c.name))
}

async function walk(
  folder: string,
  depth: number,
  found: { files: string[]; others: string[] },
): Promise<void> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
  const runs = entries.filter((entry) => entry.isFile() && WANDB.test(entry.name))
  if (runs.length > 0) {
    // What stands beside a run's own file was made from it, or is about the tracker itself.
    found.files.push(...runs.map((entry) => join(folder, entry.name)))
    return
  }
  const superseded = supersededCheckpoints(entries)
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || depth >= DEEPEST) continue
      if (superseded.has(entry.name)) found.others.push(join(path, STATE))
      else if (entry.name === METRICS && (await isMetricFolder(path))) found.files.push(path)
      else await walk(path, depth + 1, found)
    } else if (entry.isFile() || entry.isSymbolicLink())
      (mayBeLog(entry.name) ? found.files : found.others).push(path)
  }
}

/**
 * Files behind the paths a user names: a file is itself, a folder those inside it (five levels deep) that may be logs by
 * their names.
 * @throws logs/unreadable
 */
export async function expandFolder(path: string): Promise<LogPaths> {
  try {
    if (!(await stat(path)).isDirectory()) return alone(path)
    if (basename(path) === METRICS && (await isMetricFolder(path))) return alone(path)
    const found = { files: [] as string[], others: [] as string[] }
    await walk(path, 1, found)
    return { path, isFolder: true, ...found }
  } catch (error) {
    throw raise('unreadable', reason(error), { path }, error)
  }
}
