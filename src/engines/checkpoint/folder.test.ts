import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallestModel } from '../../../test/cli/run-cli.js'
import { AssayError, type OpenedModel } from '../../core/index.js'
import { openEngine } from '../open-engine.js'
import { readTokenizer } from './tokenizer.js'

const GGUF = smallestModel()
const SHIPPED = GGUF.replace(/\.gguf$/, '')
const scratch = mkdtempSync(join(tmpdir(), 'assay-checkpoint-'))
const cacheDir = join(scratch, 'cache')
const open = (path: string) =>
  openEngine(path, { engine: 'llama-cpp', threads: 1, contextLength: 128, cacheDir })

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** A copy of the shipped folder that may be spoilt. */
function copyOf(name: string): string {
  const folder = join(scratch, name)
  mkdirSync(folder)
  for (const file of readdirSync(SHIPPED)) copyFileSync(join(SHIPPED, file), join(folder, file))
  return folder
}

async function refusal(path: string): Promise<AssayError> {
  const error: unknown = await open(path).then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(AssayError)
  return error as AssayError
}

const TEXT =
  'The river rises in the hills, and the boats come up to the old mill. naïve “café”, 漢字 😀\n\n\tx = [1, 2]'

async function scores({ scorer, tokenizer, prefix }: OpenedModel): Promise<Float64Array> {
  const tokens = Int32Array.of(prefix.document!.id, ...tokenizer.tokenize(TEXT))
  return (await scorer.score([{ tokens, from: 1 }]))[0]!
}

describe('the smallest model of the ladder as a checkpoint folder', () => {
  let gguf: OpenedModel
  let folder: OpenedModel
  beforeAll(async () => {
    gguf = await open(GGUF)
    folder = await open(SHIPPED)
  })
  afterAll(async () => {
    await gguf.close()
    await folder.close()
  })

  it('gives the figures of the GGUF, to the bit', async () => {
    expect(await scores(folder)).toEqual(await scores(gguf))
  })

  it('tells of itself what the GGUF tells, but for where it lies', () => {
    const { name, sha256, fileBytes, tokenizer, ...same } = gguf.evidence
    expect(folder.evidence).toMatchObject({
      ...same,
      name: 'assay-ladder-25k',
      kind: 'checkpoint folder',
      tokenizer: 'BPE (tokenizer.json)',
    })
    expect(folder.evidence.sha256).not.toBe(sha256)
    expect(folder.prefix).toEqual(gguf.prefix)
    expect(folder.settings).toEqual(gguf.settings)
  })

  it('is converted once, for a copy elsewhere too', async () => {
    const before = readdirSync(join(cacheDir, 'converted'))
    const again = await open(copyOf('elsewhere'))
    await again.close()
    expect(readdirSync(join(cacheDir, 'converted'))).toEqual(before)
    expect(again.evidence.sha256).toBe(folder.evidence.sha256)
  })

  it('is opened where nothing may be written and the files are links, as in the Hub’s cache', async () => {
    const snapshot = join(scratch, 'models--org--name', 'snapshots', '0a1b')
    mkdirSync(snapshot, { recursive: true })
    for (const file of readdirSync(SHIPPED)) symlinkSync(join(SHIPPED, file), join(snapshot, file))
    chmodSync(snapshot, 0o555)
    const model = await open(snapshot)
    try {
      expect(model.evidence.name).toBe('org/name')
      expect(await scores(model)).toEqual(await scores(folder))
    } finally {
      await model.close()
      chmodSync(snapshot, 0o755)
    }
  })

  it('finds the tokenizer of a training run beside its checkpoints', async () => {
    const run = copyOf('run')
    const checkpoint = join(run, 'checkpoint-12')
    mkdirSync(checkpoint)
    for (const file of ['config.json', 'model.safetensors'])
      copyFileSync(join(SHIPPED, file), join(checkpoint, file))
    const model = await open(checkpoint)
    try {
      expect(model.evidence.name).toBe('run/checkpoint-12')
      expect(await scores(model)).toEqual(await scores(folder))
    } finally {
      await model.close()
    }
  })
})

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`
const TOKENIZER: object = JSON.parse(readFileSync(join(SHIPPED, 'tokenizer.json'), 'utf8'))

describe('a model that sees few tokens at once', () => {
  // Fewer cells than the sequences that the engine tells apart.
  it('is scored window by window', async () => {
    const folder = copyOf('window')
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, sliding_window: 8 }))
    const model = await openEngine(folder, { engine: 'llama-cpp', threads: 1, cacheDir })
    const whole = await open(SHIPPED)
    try {
      const request = { tokens: Int32Array.from(model.tokenizer.tokenize(TEXT).subarray(0, 9)), from: 1 }
      expect(model.scorer.contextLength).toBe(8)
      const [few] = await model.scorer.score([request])
      const [many] = await whole.scorer.score([request])
      for (const [i, value] of few!.entries()) expect(value).toBeCloseTo(many![i]!, 4)
    } finally {
      await model.close()
      await whole.close()
    }
  })
})

describe('the last token that a context holds', () => {
  it('is scored behind all before it, by the engine that stands in too', async () => {
    const request = { tokens: Int32Array.from({ length: 9 }, (_, i) => 300 + i), from: 1 }
    const last = async (engine: string, contextLength: number) => {
      const model = await openEngine(GGUF, { engine, threads: 1, contextLength })
      const [row] = await model.scorer.score([request])
      await model.close()
      return row![7]!
    }
    expect(await last('llama-cpp-public', 8)).toBeCloseTo(await last('llama-cpp', 64), 4)
  })
})

describe('what no checkpoint is', () => {
  const config = (change: object) =>
    JSON.stringify({ ...JSON.parse(readFileSync(join(SHIPPED, 'config.json'), 'utf8')), ...change })

  it.each([
    [
      'an unknown architecture',
      'config.json',
      config({ architectures: ['RwkvForCausalLM'] }),
      'unknown-architecture',
    ],
    [
      'a GPTQ model',
      'config.json',
      config({ quantization_config: { quant_method: 'gptq', bits: 4 } }),
      'quantised-checkpoint',
    ],
    [
      'an AWQ model',
      'config.json',
      config({ quantization_config: { quant_method: 'awq' } }),
      'quantised-checkpoint',
    ],
    [
      'a bitsandbytes model',
      'config.json',
      config({ quantization_config: { load_in_4bit: true, quant_method: 'bitsandbytes' } }),
      'quantised-checkpoint',
    ],
    [
      'an FP8 model',
      'config.json',
      config({ quantization_config: { quant_method: 'fp8' } }),
      'quantised-checkpoint',
    ],
    ['an older GPTQ model', 'quantize_config.json', '{}', 'quantised-checkpoint'],
    ['a config that is no JSON', 'config.json', '{', 'bad-checkpoint-config'],
    ['a config without sizes', 'config.json', config({ hidden_size: null }), 'bad-checkpoint-config'],
    ['sizes of another model', 'config.json', config({ intermediate_size: 96 }), 'wrong-shape'],
    ['layers too few', 'config.json', config({ num_hidden_layers: 1 }), 'unexpected-tensor'],
    ['layers too many', 'config.json', config({ num_hidden_layers: 3 }), 'missing-tensor'],
    [
      'a head of its own that is not there',
      'config.json',
      config({ tie_word_embeddings: false }),
      'missing-tensor',
    ],
    ['another activation', 'config.json', config({ hidden_act: 'relu' }), 'unsupported-checkpoint'],
    [
      'unknown rotary positions',
      'config.json',
      config({ rope_scaling: { type: 'xpos' } }),
      'unsupported-checkpoint',
    ],
    [
      'heads that do not divide the width',
      'config.json',
      config({ num_attention_heads: 3 }),
      'bad-checkpoint-config',
      /hidden_size 32 is not divisible by num_attention_heads 3/,
    ],
    [
      'a context of four tokens',
      'config.json',
      config({ max_position_embeddings: 4 }),
      'bad-checkpoint-config',
      /found 4, expected 8 tokens or more/,
    ],
    ['Git LFS instead of weights', 'model.safetensors', POINTER, 'lfs-pointer'],
    ['Git LFS instead of a tokenizer', 'tokenizer.json', POINTER, 'lfs-pointer'],
    ['weights cut short', 'model.safetensors', '12345678', 'bad-safetensors'],
    ['a LoRA adapter', 'adapter_config.json', '{}', 'lora-adapter'],
    [
      'WordPiece',
      'tokenizer.json',
      JSON.stringify({ model: { type: 'WordPiece', vocab: { a: 0 } } }),
      'unsupported-tokenizer',
    ],
    ['a tokenizer that is no JSON', 'tokenizer.json', '{', 'bad-tokenizer-json'],
    [
      'a tokenizer of another model',
      'tokenizer.json',
      JSON.stringify({ ...TOKENIZER, added_tokens: [{ id: 5000, content: 'of another', special: false }] }),
      'tokenizer-mismatch',
    ],
    [
      'shards that are missing',
      'model.safetensors.index.json',
      JSON.stringify({ weight_map: { a: 'model-00001-of-00002.safetensors' } }),
      'missing-shard',
    ],
    [
      'an index that leads elsewhere',
      'model.safetensors.index.json',
      JSON.stringify({ weight_map: { a: '../other.safetensors' } }),
      'bad-safetensors',
    ],
  ] as [name: string, file: string, content: string, code: string, said?: RegExp][])(
    '%s is named',
    async (name, file, content, code, said = /./) => {
      const folder = copyOf(name)
      writeFileSync(join(folder, file), content)
      const error = await refusal(folder)
      expect(error.code).toBe(`engines/${code}`)
      expect(error.message).toMatch(said)
      expect(error.place?.path).toContain(name)
    },
  )

  it.each([
    ['share bytes', [0, 128], /"model\.\S+" and "model\.\S+" overlap by 64 bytes/],
    ['leave bytes to none', [96, 128], /the 32 bytes before tensor "model\.\S+" belong to none/],
  ])('tensors that %s are refused by their names', async (name, extent, said) => {
    const folder = copyOf(name)
    const path = join(folder, 'model.safetensors')
    // Two F16 tensors of 32 elements, 64 bytes each: the second is put where the case says.
    const header = JSON.stringify({
      'model.norm.weight': { dtype: 'F16', shape: [32], data_offsets: [0, 64] },
      'model.other.weight': { dtype: 'F16', shape: [(extent[1]! - extent[0]!) / 2], data_offsets: extent },
    })
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(header.length))
    writeFileSync(path, Buffer.concat([length, Buffer.from(header), Buffer.alloc(128)]))
    const error = await refusal(folder)
    expect(error.code).toBe('engines/bad-safetensors')
    expect(error.message).toMatch(said)
  })

  it.each([
    ['2000 of 4096 tokens', 2000, 1],
    ['all but a padding of 127', 3969, 0],
  ])('a tokenizer of %s: rows without a token are told', async (name, tokens, notes) => {
    const folder = copyOf(name)
    const file = JSON.parse(readFileSync(join(SHIPPED, 'tokenizer.json'), 'utf8'))
    const vocab = Object.fromEntries(Object.entries(file.model.vocab).filter(([, id]) => Number(id) < tokens))
    writeFileSync(
      join(folder, 'tokenizer.json'),
      JSON.stringify({ ...file, model: { ...file.model, vocab, merges: [] } }),
    )
    const told: string[] = []
    await readTokenizer(folder, 4096, (text) => told.push(text))
    expect(told).toHaveLength(notes)
    expect(told.join()).toMatch(notes === 0 ? /^$/ : /^2096 of the 4096 rows/)
  })

  it('a link that leads nowhere is named with what it points to', async () => {
    const folder = copyOf('dangling')
    rmSync(join(folder, 'model.safetensors'))
    symlinkSync('../blobs/gone', join(folder, 'model.safetensors'))
    const error = await refusal(folder)
    expect(error.code).toBe('engines/missing-shard')
    expect(error.message).toContain('the link points to ../blobs/gone, which is not there')
  })

  it('the weights’ file alone: its folder is what to give; a pointer of Git LFS is called one', async () => {
    expect((await refusal(join(SHIPPED, 'model.safetensors'))).message).toContain(`lies in: ${SHIPPED}`)
    const pointer = join(scratch, 'pointer.gguf')
    writeFileSync(pointer, POINTER)
    expect((await refusal(pointer)).code).toBe('engines/lfs-pointer')
  })

  it.each([
    ['pickled weights', 'model.safetensors', 'pytorch_model.bin', 'pickled-weights'],
    ['no weights', 'model.safetensors', 'optimizer.pt', 'no-weights-in-folder'],
    ['a part of many', 'model.safetensors', 'model-00002-of-00003.safetensors', 'missing-shard'],
    ['no tokenizer', 'tokenizer.json', 'README.md', 'no-tokenizer'],
    ['WordPiece words', 'tokenizer.json', 'vocab.txt', 'no-tokenizer'],
  ])('%s: %s gone and %s there', async (name, gone, there, code) => {
    const folder = copyOf(name)
    rmSync(join(folder, gone))
    writeFileSync(join(folder, there), '')
    expect((await refusal(folder)).code).toBe(`engines/${code}`)
  })
})
