import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ResolveOptions } from '../resolve/options.js'
import { atRevision, parseReference } from '../resolve/reference.js'
import { listRevisions } from '../resolve/repository.js'
import { isCheckpoint } from './claim.js'
import { raise } from './errors.js'

/** One state of a model along its training. */
export interface Checkpoint {
  readonly step: number
  /** A reference: what `openEngine` takes. */
  readonly model: string
}

/**
 * The checkpoints of a training run, by step: folders (and GGUFs) of a folder, as trainers name them (`checkpoint-500`,
 * `step1000`, `7b-2000.gguf`), or the revisions of a repository on the Hub whose names tell a step.
 *
 * @throws {AssayError} `engines/no-checkpoints` where there is none, or two of one step; those of a download
 */
export async function findCheckpoints(
  reference: string,
  options: ResolveOptions = {},
): Promise<Checkpoint[]> {
  const parsed = parseReference(reference)
  const found =
    parsed.kind === 'path'
      ? inFolder(parsed.path)
      : parsed.kind === 'huggingFace' && parsed.file === undefined
        ? await onHub(parsed.repository, options)
        : []
  if (found.length === 0)
    throw raise('no-checkpoints', 'expected a folder of folders such as checkpoint-500, or hf:org/name', {
      path: reference,
    })
  const sorted = found.toSorted((a, b) => a.step - b.step)
  const twice = sorted.find(({ step }, i) => sorted[i + 1]?.step === step)
  if (twice !== undefined)
    throw raise('no-checkpoints', `step ${twice.step} is there twice: ${twice.model} and another`, {
      path: reference,
    })
  return sorted
}

function inFolder(path: string): Checkpoint[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(path).flatMap((name) => {
    const model = join(path, name)
    const isModel =
      /\.gguf$/i.test(name) ||
      (statSync(model).isDirectory() && isCheckpoint({ kind: 'folder', path: model }))
    const step = stepOf(name)
    return isModel && step !== undefined ? [{ step, model }] : []
  })
}

async function onHub(repository: string, options: ResolveOptions): Promise<Checkpoint[]> {
  const names = await listRevisions(repository, options)
  return names.flatMap((name) => {
    const step = /step/i.test(name) ? stepOf(name) : undefined
    return step === undefined ? [] : [{ step, model: atRevision(`hf:${repository}`, name) }]
  })
}

/** `stage1-step1000-tokens5B` → 1000: the number behind the word, else the last. */
function stepOf(name: string): number | undefined {
  const digits = /(?:step|checkpoint|iter)[-_]?(\d+)/i.exec(name)?.[1] ?? /(\d+)\D*$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
