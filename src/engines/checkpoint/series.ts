import { readdirSync, readFileSync, statSync } from 'node:fs'
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

/** The checkpoints of a run, and what lies beside them and tells no step. */
export interface CheckpointSeries {
  /** By step, at least one. */
  readonly checkpoints: readonly Checkpoint[]
  /** Models whose place in the training nobody tells. */
  readonly unplaced: readonly string[]
}

/**
 * The checkpoints of a training run, by step: folders (and GGUFs) of a folder, as trainers name them (`checkpoint-500`,
 * `step1000`, `7b-2000.gguf`) or as their `trainer_state.json` says (`final`), or the revisions of a repository on the Hub whose names tell a step.
 *
 * @throws {AssayError} `engines/no-checkpoints` where there is none, or two of one step; those of a download
 */
export async function findCheckpoints(
  reference: string,
  options: ResolveOptions = {},
): Promise<CheckpointSeries> {
  const parsed = parseReference(reference)
  const found =
    parsed.kind === 'path'
      ? inFolder(parsed.path)
      : parsed.kind === 'huggingFace' && parsed.file === undefined
        ? await onHub(parsed.repository, options)
        : []
  const placed = found.flatMap(({ step, model }) => (step === undefined ? [] : [{ step, model }]))
  if (placed.length === 0) {
    const isMissing = parsed.kind === 'path' && statSync(parsed.path, { throwIfNoEntry: false }) === undefined
    const wanted = 'expected a folder of folders such as checkpoint-500, or hf:org/name'
    throw raise('no-checkpoints', isMissing ? `it does not exist; ${wanted}` : wanted, { path: reference })
  }
  const sorted = placed.toSorted((a, b) => a.step - b.step)
  const twice = sorted.find(({ step }, i) => sorted[i + 1]?.step === step)
  if (twice !== undefined)
    throw raise('no-checkpoints', `step ${twice.step} is there twice: ${twice.model} and another`, {
      path: reference,
    })
  return {
    checkpoints: sorted,
    unplaced: found.flatMap(({ step, model }) => (step === undefined ? [model] : [])),
  }
}

/** A model, and its step where that is told. */
type Found = Omit<Checkpoint, 'step'> & { readonly step: number | undefined }

function inFolder(path: string): Found[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  const models = readdirSync(path).filter((name) => {
    const model = join(path, name)
    const isFolder = statSync(model, { throwIfNoEntry: false })?.isDirectory() === true
    return /\.gguf$/i.test(name) || (isFolder && isCheckpoint({ kind: 'folder', path: model }))
  })
  const named = new Set(models.map(stepOf))
  return models.map((name) => {
    const model = join(path, name)
    const trained = stepOf(name) === undefined ? trainedSteps(model) : undefined
    // `latest` and `final` are often one of the checkpoints again.
    return { step: stepOf(name) ?? (named.has(trained) ? undefined : trained), model }
  })
}

/** What the Trainer's own state in a folder says. */
function trainedSteps(folder: string): number | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(join(folder, 'trainer_state.json'), 'utf8'))
    const step = (state as { readonly global_step?: unknown } | null)?.global_step
    return Number.isSafeInteger(step) ? Number(step) : undefined
  } catch {
    return undefined
  }
}

async function onHub(repository: string, options: ResolveOptions): Promise<Found[]> {
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
