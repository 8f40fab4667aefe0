import { basename, join } from 'node:path'
import {
  defaultTexts,
  findPassages,
  gatherSalience,
  hashInputs,
  modelInput,
  openModel,
  parseDomains,
  planAudit,
  readyVector,
  requireSoundEngine,
  textsOfPassages,
} from '../../audit/index.js'
import { defined } from '../../core/collections.js'
import {
  createRandom,
  estimateToJson,
  type Input,
  isFittedOn,
  meanLoss,
  readCapabilities,
  type SalienceFile,
} from '../../core/index.js'
import { applicableLosses, readLosses, readScores, readVectorFile } from '../../ingest/index.js'
import { raise } from '../errors.js'
import { interruptSignal } from '../interrupt.js'
import { outcomeOf } from '../output.js'
import type { Io, Outcome } from '../run.js'
import { scratchFolder } from '../scratch.js'
import { appliedResult, type ReadModel } from './salience-applied.js'
import { runOf, sortInputs } from './salience-inputs.js'
import type { SalienceOptions } from './salience-options.js'

/** What a model loses on the vector's spans. */
interface Scored {
  readonly id: string
  readonly tokens: number | null
  readonly losses: Float64Array
}

interface Source {
  readonly vector: SalienceFile
  readonly texts: readonly string[]
  readonly scored: readonly Scored[]
  readonly inputs: readonly Input[]
}

/** Score models on the vector's text: one pass each. */
async function scoreModels(
  path: string,
  models: readonly string[],
  options: SalienceOptions,
  io: Io,
): Promise<Source> {
  const texts = options.text === undefined ? defaultTexts().domains : parseDomains(options.text)
  const ready = await readyVector({ vector: path, texts })
  const signal = interruptSignal(io.note)
  const scored: Scored[] = []
  const inputs: Input[] = []
  for (const name of models) {
    const { threads, gpu, prefixToken, tokenizer, revision } = options
    const plan = planAudit(name, {
      seed: io.seed,
      domains: [],
      ...defined({ threads, gpu, prefixToken, tokenizer, revision }),
    })
    const { progress, note } = io
    const model = await openModel(plan, { offline: options.offline === true, progress, note, signal })
    const scratch = scratchFolder('salience')
    try {
      const random = createRandom(io.seed)
      await requireSoundEngine(model, random, note)
      const { losses } = await gatherSalience(model, ready, {
        random,
        resume: false,
        signal,
        journalPath: (kind) => join(scratch.path, `${kind}.jsonl`),
        progress,
        note,
      })
      const { checkpoint, run } = runOf(name)
      scored.push({
        id: checkpoint === '' ? model.evidence.name : `${run}@${checkpoint}`,
        tokens: null,
        losses,
      })
      inputs.push(...modelInput(model.evidence.name, model.evidence))
    } finally {
      await model.close()
      scratch.release()
    }
  }
  const { vector, passages } = ready
  return { vector, texts: textsOfPassages(vector.spans, passages), scored, inputs }
}

/** Losses that were taken before. */
async function readTables(
  path: string,
  tables: readonly string[],
  options: SalienceOptions,
): Promise<Source> {
  const vector = await readVectorFile(path)
  const losses = await readLosses(tables, { columns: options.columns ?? {}, families: new Map() })
  const aligned = applicableLosses(vector, losses, tables[0])
  const texts = options.text === undefined ? defaultTexts().domains : parseDomains(options.text)
  const passages = await findPassages(vector, texts)
  return {
    vector,
    texts: typeof passages === 'string' ? [] : textsOfPassages(vector.spans, passages),
    scored: losses.table.models.map(({ id, tokens }, m) => ({ id, tokens, losses: aligned[m] })),
    inputs: hashInputs(tables),
  }
}

async function scoreOrRead(
  path: string,
  given: readonly string[],
  options: SalienceOptions,
  io: Io,
): Promise<Source> {
  const { tables, models } = sortInputs([...given, ...(options.losses ?? [])])
  if (tables.length > 0 && models.length > 0)
    throw raise(
      'bad-option',
      `found tables (${tables[0]}) and models (${models[0]}), expected one or the other`,
      {
        field: '--apply',
      },
    )
  if (models.length > 0) return scoreModels(path, models, options, io)
  if (tables.length > 0) return readTables(path, tables, options)
  throw raise('bad-option', 'expected a MODEL or a table of losses to read with the vector', {
    field: '--apply',
  })
}

/** Read capabilities of models, or of tables of their losses, with a saved vector. */
export async function applyVectors(
  path: string,
  given: readonly string[],
  options: SalienceOptions,
  io: Io,
): Promise<Outcome> {
  const { vector, texts, scored, inputs } = await scoreOrRead(path, given, options, io)
  const known = options.scores === undefined ? [] : await readScores(options.scores, options.columns ?? {})
  const asked = options.model
  const models = scored
    .map(({ id, tokens, losses }): ReadModel => {
      const { run, checkpoint } = runOf(id)
      return {
        id,
        run,
        checkpoint,
        tokens,
        losses,
        isInSample: isFittedOn(vector, run),
        bitsPerByte: meanLoss(vector.spans, losses),
        readings: readCapabilities(vector, losses, options.level),
        measured: new Map(
          known.flatMap((k) => (k.scores.has(id) ? [[k.name, k.scores.get(id) ?? Number.NaN]] : [])),
        ),
      }
    })
    .filter(({ id, run }) => asked === undefined || asked.includes(id) || asked.includes(run))
  if (models.length === 0)
    throw raise(
      'bad-option',
      `expected one of ${scored
        .slice(0, 8)
        .map((s) => s.id)
        .join(', ')} …`,
      {
        field: '--model',
      },
    )
  const about = { seed: io.seed, inputs: [...hashInputs([path, ...(options.scores ?? [])]), ...inputs] }
  const { result, curves } = appliedResult(
    { source: basename(path), vector, texts, models, level: options.level },
    about,
  )
  return outcomeOf(result, io, {
    exitCode: models.some((m) => m.readings.some((r) => r.score.kind === 'estimate')) ? 0 : 2,
    files: options.output,
    own: {
      capabilities: [],
      predictions: models.flatMap(({ id, isInSample, bitsPerByte, readings }) =>
        readings.map(({ capability, score, isBeyond }) => ({
          model: id,
          benchmark: capability.name,
          method: capability.method,
          inSample: isInSample,
          extrapolated: isBeyond,
          bitsPerByte,
          score: estimateToJson(score),
        })),
      ),
      curves: curves.map(({ run, isInSample, unit, points }) => ({
        run,
        inSample: isInSample,
        unit,
        points: points.map((p) => ({
          checkpoint: p.checkpoint,
          at: p.at,
          bitsPerByte: p.bitsPerByte,
          scores: p.readings.map((r) => ({
            benchmark: r.capability.name,
            score: estimateToJson(r.score),
            measured: p.measured.get(r.capability.name) ?? null,
          })),
        })),
      })),
    },
  })
}
