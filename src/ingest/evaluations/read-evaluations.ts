import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  AssayError,
  benchmarkName,
  counted,
  type EvaluationRow,
  type EvaluationsEvidence,
  type EvaluationsReader,
  type EvaluationsReaderOptions,
  type EvaluationsSource,
  groupBy,
} from '../../core/index.js'
import { listed } from '../../core/text/counted.js'
import { readPackedText, reason } from '../text/unpack.js'
import { raiseEvaluations } from './errors.js'
import { EVALUATIONS_READERS } from './formats/index.js'
import { countActive, joinRuns } from './join-runs.js'

const EXTENSIONS = /\.(?:json|jsonl|csv|tsv)(?:\.gz|\.zst)?$/i
/** Per-sample files and run settings lie beside the results that are wanted. */
const BESIDE = /^(?:samples_|scenario_state|per_instance_stats|run_spec)/

/** Files as they are, folders as the result files below them, in a fixed order. */
export function expandEvaluationPaths(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    let folder: boolean
    try {
      folder = statSync(path).isDirectory()
    } catch (error) {
      throw raiseEvaluations('unreadable', reason(error), { path }, error)
    }
    if (!folder) return [path]
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()
    return names
      .filter((name) => EXTENSIONS.test(name) && !BESIDE.test(name.split(/[/\\]/).at(-1) ?? ''))
      .map((name) => join(path, name))
  })
}

/** The reader that is surest of a file. */
export function chooseEvaluationsReader(source: EvaluationsSource): EvaluationsReader {
  const ranked = EVALUATIONS_READERS.map((reader) => ({ reader, sure: reader.recognise(source) })).sort(
    (a, b) => b.sure - a.sure,
  )
  if (ranked[0].sure === 0)
    throw raiseEvaluations('unknown-format', `begins with ${JSON.stringify(source.text.slice(0, 60))}`, {
      path: source.path,
    })
  return ranked[0].reader
}

/**
 * A result file, whatever packs it (gzip, Zstandard, UTF-16), and the files beside it.
 * @throws evaluations/unreadable
 */
export async function openEvaluations(path: string): Promise<EvaluationsSource> {
  let text: string
  try {
    text = await readPackedText(path)
  } catch (error) {
    throw raiseEvaluations('unreadable', reason(error), { path }, error)
  }
  return {
    path,
    text,
    sibling: (name) => {
      try {
        return readFileSync(join(dirname(path), name), 'utf8')
      } catch {
        return undefined
      }
    },
  }
}

const MAX_LISTED = 20

/** What is to be said of benchmarks of which scores are with several numbers of solved examples; nothing where none is. */
export function shotsNotes(rows: readonly EvaluationRow[]): string[] {
  const several = [...groupBy(rows, benchmarkName)].flatMap(([name, own]) => {
    const shots = [...new Set(own.flatMap((row) => row.shots ?? []))].sort((a, b) => a - b)
    return shots.length < 2 ? [] : [`${name} (${shots.join(', ')})`]
  })
  if (several.length === 0) return []
  return [
    `scores with several numbers of shots stand side by side, though those are other tasks: ${listed(several, MAX_LISTED)}`,
  ]
}

const FOREIGN = new Set(['evaluations/unknown-format', 'evaluations/missing-column'])

/**
 * Read result files of any known format into one tidy table, and join tables of runs to it.
 *
 * @throws {AssayError} evaluations/… naming the file, and the rows where there are any at fault
 */
export async function readEvaluations(
  paths: readonly string[],
  options: EvaluationsReaderOptions = { columns: {} },
): Promise<EvaluationsEvidence> {
  const files = expandEvaluationPaths(paths)
  if (files.length === 0)
    throw raiseEvaluations('unreadable', 'no result file (.json, .jsonl, .csv, .tsv) was found', {
      path: paths.join(', '),
    })
  const named = new Set(paths)
  const parts: EvaluationsEvidence[] = []
  for (const path of files) {
    const source = await openEvaluations(path)
    try {
      parts.push(chooseEvaluationsReader(source).read(source, options))
    } catch (error) {
      // A folder holds other files too (task data, settings): only what the user named must be results.
      if (named.has(path) || !(error instanceof AssayError) || !FOREIGN.has(error.code)) throw error
      parts.push({ rows: [], dropped: [{ source: path, reason: `no result file: ${error.message}` }] })
    }
  }
  const dropped = parts.flatMap((p) => p.dropped)
  const runs = parts.flatMap((p) => p.runs ?? [])
  const rows = countActive(
    joinRuns(
      parts.flatMap((p) => p.rows),
      runs,
    ),
    dropped,
  )
  const problems = countActive(
    joinRuns(
      parts.flatMap((p) => p.problems ?? []),
      runs,
    ),
    dropped,
  )
  if (rows.length === 0 && problems.length === 0) {
    const lines = dropped.slice(0, MAX_LISTED).map((d) => `\n  at ${d.source}: ${d.reason}`)
    const more = dropped.length - lines.length
    const notes = parts.flatMap((p) => p.notes ?? []).map((note) => `\n  at ${note}`)
    throw raiseEvaluations(
      'no-rows',
      `0 measurements in ${counted(files.length, 'file')}${lines.join('')}${more > 0 ? `\n  and ${more} more` : ''}${notes.join('')}`,
      { path: files[0] },
    )
  }
  const all = (key: 'columns' | 'undecayed' | 'notes'): { [K in typeof key]?: readonly string[] } => {
    const list = [...parts.flatMap((p) => p[key] ?? []), ...(key === 'notes' ? shotsNotes(rows) : [])]
    return list.length === 0 ? {} : { [key]: [...new Set(list)] }
  }
  return { rows, dropped, runs, problems, ...all('columns'), ...all('undecayed'), ...all('notes') }
}
