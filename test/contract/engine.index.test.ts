import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { OpenedModel } from '../../src/core/index.js'
import { ENGINES, enginesFor, type ModelLocation, openEngine, record } from '../../src/engines/index.js'
import { onnxRuntime } from '../../src/engines/onnx-runtime/index.js'
import { INSTALL, isInstalled } from '../../src/engines/onnx-runtime/runtime.js'
import { smallestModel } from '../cli/run-cli.js'
import { testModel } from '../models/test-models.js'
import { startConformanceServer } from '../servers/conformance.js'
import { LADDER_FOLDER, ladderBackend } from '../servers/ladder.js'
import { openByteModel } from './engine.byte-model.js'
import { BIT_FOR_BIT, ENGINE_CHECKS, engineContract, type Tolerance } from './engine.contract.js'

/** A model that engines are tried on, by every engine that claims it. */
interface Sample {
  readonly name: string
  readonly path: string
  /** Default: a file. */
  readonly kind?: ModelLocation['kind']
  readonly skip?: string | undefined
  /** By engine, where it is closer on these weights than it promises, or further. */
  readonly tolerance?: Readonly<Record<string, Tolerance>>
  readonly tokenizer?: string
  /** Make the file, where none ships. */
  make?(path: string): Promise<void>
}

const cacheDir = mkdtempSync(join(tmpdir(), 'assay-contract-cache-'))
const backend = await ladderBackend()
const servers = {
  vllm: await startConformanceServer({ dialect: 'vllm', backend }),
  sglang: await startConformanceServer({ dialect: 'sglang', backend }),
  echo: await startConformanceServer({ dialect: 'echo', backend }),
}
afterAll(async () => {
  for (const server of Object.values(servers)) await server.close()
  await backend.close()
})
const tokenizer = LADDER_FOLDER

const SAMPLES: readonly Sample[] = [
  { name: 'the smallest model that ships', path: smallestModel() },
  { name: 'a checkpoint folder', kind: 'folder', path: smallestModel().replace(/\.gguf$/, '') },
  { name: 'SmolLM2', ...testModel('smollm2'), tolerance: { 'llama-cpp': BIT_FOR_BIT } },
  {
    name: 'Gemma 3',
    ...testModel('gemma3'),
    // The public interface does not pad batches to whole fours: .044 nats here.
    tolerance: { 'llama-cpp': BIT_FOR_BIT, 'llama-cpp-public': { company: 1e-3, cut: 0.1 } },
  },
  {
    name: 'a recording of the contract',
    path: join(mkdtempSync(join(tmpdir(), 'assay-recording-')), 'bytes.recording.json'),
    make: async (path) => writeFileSync(path, JSON.stringify(await recordContract(openByteModel()))),
  },
  ...Object.entries(servers).map(([dialect, { url }]) => ({
    name: `a server that speaks ${dialect}`,
    path: url,
    kind: 'server' as const,
    tokenizer,
    // What stands behind it is float16 in llama.cpp.
    tolerance: { 'openai-compatible': { company: 1e-6, cut: 1e-6 } },
  })),
]

const locationOf = ({ path, kind = 'file' }: Sample): ModelLocation =>
  kind === 'server' ? { kind, url: path } : { kind, path }

/** Answers to all that the contract asks. */
async function recordContract(original: OpenedModel): Promise<unknown> {
  const { model, recording } = record(original)
  for (const check of ENGINE_CHECKS) await check.run(model, BIT_FOR_BIT)
  return recording()
}

/** Folders of the room that hold no engine: formats of files and folders, tokenizers, and where models come from. */
const SHARED = ['checkpoint', 'gguf', 'resolve', 'tokenizer-json']

describe('the index of engines', () => {
  it('lists every engine folder, by the id that is its name', () => {
    const folders = readdirSync(new URL('../../src/engines/', import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !SHARED.includes(entry.name))
      .map((entry) => entry.name)
    expect(ENGINES.map((engine) => engine.id).toSorted()).toEqual(folders.toSorted())
  })

  it.for(ENGINES)(
    '$id has a sample here that it claims (onnx-runtime is skipped where its package is not installed)',
    (engine, context) => {
      context.skip(engine === onnxRuntime && !isInstalled(), `${INSTALL} (without --save) brings it`)
      expect(SAMPLES.filter((sample) => engine.claims(locationOf(sample)) !== null)).not.toEqual([])
    },
  )

  it('asks the surest engine first', () => {
    const ids = (location: ModelLocation) => enginesFor(location).map((engine) => engine.id)
    expect(ids({ kind: 'file', path: '/models/m.GGUF' })).toEqual(['llama-cpp', 'llama-cpp-public'])
    expect(ids({ kind: 'file', path: '/blobs/0a1b' })).toEqual(['llama-cpp', 'llama-cpp-public'])
    expect(ids({ kind: 'file', path: 'a.recording.json' })[0]).toBe('replay')
    expect(ids({ kind: 'folder', path: '/models' })).toEqual([])
  })

  it('says when nothing opens it', async () => {
    await expect(openEngine('.')).rejects.toMatchObject({ code: 'engines/no-engine', kind: 'input' })
  })
})

engineContract('bytes', async () => openByteModel())

/** The byte model as a server would be: it scores, and tells neither its context nor its cost. */
function scoringOnly(): OpenedModel {
  const model = openByteModel()
  const { score } = model.scorer
  return { ...model, scorer: { score } }
}
engineContract('bytes, scores only', async () => scoringOnly(), { cannot: ['generate', 'measureCost'] })

for (const sample of SAMPLES)
  for (const engine of enginesFor(locationOf(sample)))
    engineContract(
      `${engine.id} on ${sample.name}`,
      async () => {
        await sample.make?.(sample.path)
        // One thread: on a busy machine the library's threads wait for each other most of the time.
        return openEngine(sample.path, {
          engine: engine.id,
          threads: 1,
          contextLength: 250,
          cacheDir,
          ...(sample.tokenizer !== undefined && { tokenizer: sample.tokenizer }),
        })
      },
      {
        skip: sample.skip,
        // A server's clock tells of its network.
        cannot: engine.id === 'openai-compatible' ? ['measureCost'] : [],
        tolerance: sample.tolerance?.[engine.id] ?? { company: engine.tolerance, cut: engine.tolerance },
      },
    )
