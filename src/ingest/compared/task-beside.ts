import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { asObject } from '../evaluations/row.js'
import { SAMPLES_FORMAT } from '../items/formats/lm-eval-samples/index.js'
import type { ItemsFile } from '../items/read-items.js'

const RESULTS = /^results.*\.json$/
/** A run writes one file of results; a folder of more is not searched through. */
const MOST_FILES = 100

/** JSON of a file, or null where it cannot be read: then it tells nothing of its neighbours. */
function jsonOf(path: string): Record<string, unknown> | null {
  try {
    return asObject(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

/**
 * The task of renamed samples of lm-evaluation-harness, by the results that lie beside them: the one whose hash is that of
 * these samples, else the only one that they are of. Undefined where neither can be told.
 *
 * Source: lm_eval/loggers/evaluation_tracker.py, `task_hashes` (0.4.13): SHA-256 of all samples' hashes of document, prompt and target.
 */
export function taskBeside({ path, format, rows }: ItemsFile): string | undefined {
  if (format !== SAMPLES_FORMAT) return undefined
  const folder = dirname(path)
  const files = readdirSync(folder).filter((name) => RESULTS.test(name))
  const results = files.slice(0, MOST_FILES).map((name) => jsonOf(join(folder, name)))
  const hash = createHash('sha256')
  for (const { key, prompt } of rows) {
    const [document, target] = key.split('/')
    hash.update(`${document}${prompt ?? ''}${target ?? ''}`)
  }
  const own = hash.digest('hex')
  const hashes = results.flatMap((result) => Object.entries(asObject(result?.task_hashes) ?? {}))
  const known = hashes.find(([, told]) => told === own)?.[0]
  if (known !== undefined) return known
  const tasks = [...new Set(hashes.map(([task]) => task))]
  return tasks.length === 1 ? tasks[0] : undefined
}
