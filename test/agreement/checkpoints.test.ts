import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { AssayError } from '../../src/core/index.js'
import { ARCHITECTURES } from '../../src/engines/checkpoint/architectures/index.js'
import { type Conversion, planConversion } from '../../src/engines/checkpoint/conversion.js'
import { readCheckpoint } from '../../src/engines/checkpoint/folder.js'
import { writeGguf } from '../../src/engines/checkpoint/write.js'
import { openEngine } from '../../src/engines/index.js'
import { INSTALL, isInstalled } from '../../src/engines/onnx-runtime/runtime.js'

/** What checkpoints.py writes: token ids and ln p of all but the first by transformers, float32 on a CPU. */
interface Expected {
  readonly span: number
  readonly tokens: readonly (readonly number[])[]
  readonly logProbabilities: readonly (readonly number[])[]
}

/** Nats a token. */
const BAR = { most: 1e-3, mean: 1e-4 }
/** llama.cpp looks GELU up in a table of half precision (ggml-cpu/vec.h, GGML_GELU_FP16), by its tanh form. */
const GELU_BAR = { most: 4e-3, mean: 1e-3 }
const WITH_GELU = /^(gemma|gpt)/
/** Mixtures of experts, and YaRN. */
const NOT_IN_ONNX = ['mixtral', 'olmoe', 'qwen2']

const FIXTURES = join(import.meta.dirname, 'checkpoints')
const scratch = mkdtempSync(join(tmpdir(), 'assay-checkpoints-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const names = readdirSync(FIXTURES)
const expectedOf = (name: string): Expected =>
  JSON.parse(readFileSync(join(FIXTURES, name, 'expected.json'), 'utf8'))
const barOf = (name: string) => (WITH_GELU.test(name) ? GELU_BAR : BAR)

/** A fixture with a tokenizer of bytes, as links. */
function checkpointOf(name: string): string {
  const folder = mkdtempSync(join(scratch, `${name}-`))
  for (const file of ['config.json', 'model.safetensors'])
    symlinkSync(join(FIXTURES, name, file), join(folder, file))
  const vocab = Object.fromEntries(Array.from({ length: 94 }, (_, i) => [String.fromCharCode(0x21 + i), i]))
  const tokenizer = {
    model: { type: 'BPE', vocab, merges: [] },
    pre_tokenizer: { type: 'ByteLevel' },
    added_tokens: [],
  }
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
  return folder
}

/** Differences from transformers, nats a token. */
async function differences(
  path: string,
  { tokens, logProbabilities }: Expected,
  engine = 'llama-cpp',
): Promise<number[]> {
  const model = await openEngine(path, { engine, threads: 1, cacheDir: join(scratch, 'cache') })
  try {
    const scores = await model.scorer.score(tokens.map((ids) => ({ tokens: Int32Array.from(ids), from: 1 })))
    return scores.flatMap((row, i) =>
      Array.from(row, (score, j) => Math.abs(score - logProbabilities[i]![j]!)),
    )
  } finally {
    await model.close()
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('the architectures that are read', () => {
  it('have a model here each', async () => {
    const tried = await Promise.all(names.map((name) => readCheckpoint(join(FIXTURES, name))))
    expect(ARCHITECTURES.filter((one) => !tried.some(({ architecture }) => architecture === one))).toEqual([])
  })
})

describe.each(names)('%s', (name) => {
  const expected = expectedOf(name)

  it('gives the log-probabilities of transformers', async () => {
    expect(expected.span).toBeGreaterThanOrEqual(5)
    const found = await differences(checkpointOf(name), expected)
    expect(Math.max(...found)).toBeLessThanOrEqual(barOf(name).most)
    expect(mean(found)).toBeLessThanOrEqual(barOf(name).mean)
  })

  it.skipIf(!isInstalled() || NOT_IN_ONNX.includes(name))(
    `gives them in ONNX Runtime, too, with its own GELU (needs ${INSTALL})`,
    async () => {
      const found = await differences(checkpointOf(name), expected, 'onnx-runtime')
      expect(Math.max(...found)).toBeLessThanOrEqual(BAR.most)
      expect(mean(found)).toBeLessThanOrEqual(BAR.mean)
    },
  )

  it.runIf(isInstalled() && NOT_IN_ONNX.includes(name))(
    `is left by ONNX Runtime to the next engine (needs ${INSTALL})`,
    async () => {
      await expect(differences(checkpointOf(name), expected, 'onnx-runtime')).rejects.toMatchObject({
        code: 'engines/library-failed',
      })
    },
  )

  it('fails that test when any one thing that its architecture declares is left out', async () => {
    const folder = await readCheckpoint(checkpointOf(name))
    const conversion = planConversion(folder, folder.architecture)
    const unnoticed: string[] = []
    for (const { what, without } of omissions(conversion)) {
      const path = join(scratch, `${name}-without.gguf`)
      const file = await open(path, 'w')
      await writeGguf(without, file, { onProgress: () => {}, check: () => {} })
      await file.close()
      // The library refuses what it cannot do without.
      const found = await differences(path, expected).catch((error: unknown) => {
        expect(error).toBeInstanceOf(AssayError)
        return [Number.POSITIVE_INFINITY]
      })
      if (Math.max(...found) <= barOf(name).most) unnoticed.push(what)
    }
    expect(unnoticed).toEqual([])
  }, 120_000)
})

/** The conversion without one of its changes, biases, made tables, or numbers that steer the arithmetic. */
function omissions({ metadata, tensors }: Conversion): { what: string; without: Conversion }[] {
  const omitted = (what: string, change: Partial<Conversion>) => ({
    what,
    without: { metadata, tensors, ...change },
  })
  const changes = tensors.flatMap((tensor) =>
    'rule' in tensor && tensor.rule.change !== undefined
      ? [
          omitted(`${tensor.rule.change.kind} of ${tensor.name}`, {
            tensors: tensors.map((other) => {
              if (other !== tensor) return other
              const { change: _, ...rule } = tensor.rule
              return { ...tensor, rule }
            }),
          }),
        ]
      : [],
  )
  const biases = tensors
    .filter((tensor) => tensor.name.endsWith('.bias'))
    .map((tensor) => omitted(tensor.name, { tensors: tensors.filter((other) => other !== tensor) }))
  const ropeScaling = (key: string) => key.includes('.rope.scaling.')
  const made = (tensor: Conversion['tensors'][number]) => 'values' in tensor
  const scaled = [...metadata.keys()].some(ropeScaling) || tensors.some(made)
  const scaling = scaled
    ? [
        omitted('rope scaling', {
          metadata: new Map([...metadata].filter(([key]) => !ropeScaling(key))),
          tensors: tensors.filter((tensor) => !made(tensor)),
        }),
      ]
    : []
  const STEERING = /softcapping|sliding_window|rope\.freq_base|use_parallel_residual|epsilon/
  const numbers = [...metadata.keys()]
    .filter((key) => STEERING.test(key))
    .map((key) => omitted(key, { metadata: new Map([...metadata].filter(([other]) => other !== key)) }))
  return [...changes, ...biases, ...scaling, ...numbers]
}
