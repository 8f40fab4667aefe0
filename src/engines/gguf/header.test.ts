import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AssayError } from '../../core/index.js'
import { describeModel } from './evidence.js'
import { type GgufHeader, readGgufHeader, specialTokenIds } from './header.js'
import { refuseOtherKinds } from './kind.js'

/** Writes GGUF piece by piece, right or wrong, as the specification lays it out. */
class Writer {
  private readonly parts: Buffer[] = []
  bytes(buffer: Uint8Array): this {
    this.parts.push(Buffer.from(buffer))
    return this
  }
  u32(value: number): this {
    const buffer = Buffer.alloc(4)
    buffer.writeUInt32LE(value)
    return this.bytes(buffer)
  }
  u64(value: number | bigint): this {
    const buffer = Buffer.alloc(8)
    buffer.writeBigUInt64LE(BigInt(value))
    return this.bytes(buffer)
  }
  text(value: string): this {
    return this.u64(Buffer.byteLength(value)).bytes(Buffer.from(value))
  }
  end(): Buffer {
    return Buffer.concat(this.parts)
  }
}

interface Tensor {
  name: string
  shape: number[]
  type: number
  bytes: number
}

const UINT32 = 4
const BOOL = 7
const STRING = 8
const ARRAY = 9
const TOKENS = ['<s>', '</s>', 'a', 'b']
/** F32 [4, 2], then Q8_0 [32, 2]: 32 bytes and 2 blocks of 34. */
const TENSORS: Tensor[] = [
  { name: 'token_embd.weight', shape: [4, 2], type: 0, bytes: 32 },
  { name: 'output.weight', shape: [32, 2], type: 8, bytes: 68 },
]

/** A small GGUF; `change` replaces metadata entries (null leaves one out). */
function makeGguf(change: Record<string, ((w: Writer) => Writer) | null> = {}, tensors = TENSORS): Buffer {
  const entries: Record<string, ((w: Writer) => Writer) | null> = {
    'general.architecture': (w) => w.u32(STRING).text('toy'),
    'toy.context_length': (w) => w.u32(UINT32).u32(64),
    'toy.embedding_length': (w) => w.u32(UINT32).u32(4),
    'toy.block_count': (w) => w.u32(UINT32).u32(1),
    'tokenizer.ggml.tokens': (w) =>
      TOKENS.reduce((all, token) => all.text(token), w.u32(ARRAY).u32(STRING).u64(TOKENS.length)),
    'tokenizer.ggml.bos_token_id': (w) => w.u32(UINT32).u32(0),
    'tokenizer.ggml.eos_token_id': (w) => w.u32(UINT32).u32(1),
    ...change,
  }
  const present = Object.entries(entries).flatMap(([key, write]) =>
    write === null ? [] : [[key, write] as const],
  )
  const writer = new Writer().bytes(Buffer.from('GGUF')).u32(3).u64(tensors.length).u64(present.length)
  for (const [key, write] of present) write(writer.text(key))
  let offset = 0
  for (const { name, shape, type, bytes } of tensors) {
    writer.text(name).u32(shape.length)
    for (const extent of shape) writer.u64(extent)
    writer.u32(type).u64(offset)
    offset = Math.ceil((offset + bytes) / 32) * 32
  }
  const header = writer.end()
  return Buffer.concat([header, Buffer.alloc((32 - (header.length % 32)) % 32), Buffer.alloc(offset)])
}

let folder: string
let serial = 0
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-gguf-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(content: Uint8Array, keep: string[] = []): Promise<GgufHeader> {
  const path = join(folder, `${serial++}.gguf`)
  writeFileSync(path, content)
  return readGgufHeader(path, keep)
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    return error instanceof AssayError ? error.code : `not ours: ${String(error)}`
  }
}

describe('header of a GGUF file', () => {
  it('gives metadata, tensors and the strings that were asked for', async () => {
    const header = await read(makeGguf(), ['tokenizer.ggml.tokens'])
    expect(header.version).toBe(3)
    expect(header.metadata.get('toy.context_length')).toBe(64)
    expect(header.metadata.get('tokenizer.ggml.tokens')).toEqual({ arrayOf: STRING, length: 4 })
    expect(header.strings.get('tokenizer.ggml.tokens')).toEqual(TOKENS)
    expect(header.tensors.map(({ name, type, elements, bytes }) => [name, type, elements, bytes])).toEqual([
      ['token_embd.weight', 'F32', 8, 32],
      ['output.weight', 'Q8_0', 64, 68],
    ])
  })

  it('describes the model: all parameters, and those that work for a token', async () => {
    const model = describeModel(await read(makeGguf()), 'f'.repeat(64))
    // Untied: the input embedding of 8 weights takes part in no product.
    expect(model).toMatchObject({
      params: 72,
      activeParams: 64,
      contextLength: 64,
      vocabularySize: 4,
      quantization: 'Q8_0',
    })
    const tied = describeModel(await read(makeGguf({}, TENSORS.slice(0, 1))), '')
    expect(tied).toMatchObject({ params: 8, activeParams: 8, quantization: 'F32' })
  })

  const says = (text: string) => (w: Writer) => w.u32(STRING).text(text)
  it.each<[string, Parameters<typeof makeGguf>, string]>([
    ['a LoRA adapter', [{ 'general.type': says('adapter') }], 'engines/lora-adapter'],
    ['an adapter of an older converter', [{ 'adapter.type': says('lora') }], 'engines/lora-adapter'],
    ['a vision projector', [{ 'general.architecture': says('clip') }], 'engines/vision-projector'],
    ['a projector by its type', [{ 'general.type': says('mmproj') }], 'engines/vision-projector'],
    ['an encoder', [{ 'general.architecture': says('bert') }], 'engines/encoder-only'],
    [
      'a decoder that was made to look both ways',
      [{ 'toy.attention.causal': (w) => w.u32(BOOL).bytes(Uint8Array.of(0)) }],
      'engines/encoder-only',
    ],
    ['a vocabulary without weights', [{}, []], 'engines/no-weights'],
    ['a model', [{ 'toy.attention.causal': (w) => w.u32(BOOL).bytes(Uint8Array.of(1)) }], 'none'],
  ])('tells what is no model of text: %s', async (_, made, code) => {
    const header = await read(makeGguf(...made))
    expect(await codeOf((async () => refuseOtherKinds(header))())).toBe(code)
  })

  it('takes BOS, else EOS, else nothing as the token in front', async () => {
    const without = (...keys: string[]) =>
      read(makeGguf(Object.fromEntries(keys.map((key) => [`tokenizer.ggml.${key}_token_id`, null]))))
    expect(specialTokenIds(await without()).bos).toBe(0)
    expect(specialTokenIds(await without('bos'))).toEqual({ bos: null, eos: 1 })
    expect(specialTokenIds(await without('bos', 'eos'))).toEqual({ bos: null, eos: null })
  })

  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'engines/not-gguf'],
    ['a word', Buffer.from('hi'), 'engines/not-gguf'],
    ['another format', Buffer.from('PK\x03\x04 something else'), 'engines/not-gguf'],
    ['the magic alone', Buffer.from('GGUF'), 'engines/gguf-truncated'],
    ['version 1', new Writer().bytes(Buffer.from('GGUF')).u32(1).u64(0).u64(0).end(), 'engines/gguf-version'],
    [
      'big-endian',
      new Writer().bytes(Buffer.from('GGUF')).u32(0x03000000).u64(0).u64(0).end(),
      'engines/gguf-version',
    ],
    [
      'an impossible count',
      new Writer()
        .bytes(Buffer.from('GGUF'))
        .u32(3)
        .u64(2n ** 60n)
        .u64(0)
        .end(),
      'engines/gguf-damaged',
    ],
    [
      'an impossible string',
      new Writer()
        .bytes(Buffer.from('GGUF'))
        .u32(3)
        .u64(0)
        .u64(1)
        .u64(2n ** 40n)
        .end(),
      'engines/gguf-damaged',
    ],
    ['an unknown metadata type', makeGguf({ x: (w) => w.u32(77) }), 'engines/gguf-damaged'],
    ['an array of arrays', makeGguf({ x: (w) => w.u32(ARRAY).u32(ARRAY).u64(0) }), 'engines/gguf-damaged'],
    [
      'an odd alignment',
      makeGguf({ 'general.alignment': (w) => w.u32(UINT32).u32(24) }),
      'engines/gguf-damaged',
    ],
    ['a tensor twice', makeGguf({}, [TENSORS[0]!, TENSORS[0]!]), 'engines/gguf-damaged'],
    ['an unknown tensor type', makeGguf({}, [{ ...TENSORS[0]!, type: 5 }]), 'engines/gguf-damaged'],
    ['an empty tensor', makeGguf({}, [{ ...TENSORS[0]!, shape: [0] }]), 'engines/gguf-damaged'],
    ['half a block', makeGguf({}, [{ ...TENSORS[1]!, shape: [16, 2] }]), 'engines/gguf-damaged'],
    [
      'a shape beyond counting',
      makeGguf({}, [{ ...TENSORS[0]!, shape: [2 ** 40, 2 ** 40] }]),
      'engines/gguf-damaged',
    ],
    [
      'too many dimensions',
      makeGguf({}, [{ ...TENSORS[0]!, shape: [1, 1, 1, 1, 1] }]),
      'engines/gguf-damaged',
    ],
  ])('refuses %s', async (_, content, code) => expect(await codeOf(read(content))).toBe(code))

  it('notices every cut, wherever it is', async () => {
    const whole = makeGguf()
    // The last tensor needs 68 of its 96 aligned bytes.
    for (let length = 4; length < whole.length - 28; length += 3)
      expect(await codeOf(read(whole.subarray(0, length)))).toMatch(/^engines\/gguf-(truncated|damaged)$/)
    expect(await codeOf(read(whole.subarray(0, whole.length - 28)))).toBe('none')
  })

  it('answers any damage with an error of its own', async () => {
    const whole = makeGguf()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const content = Buffer.from(whole)
          for (const [at, value] of changes) content[at] = value
          const code = await codeOf(read(content).then((header) => describeModel(header, '')))
          expect(code).toMatch(/^(none|engines\/)/)
        },
      ),
      { numRuns: 300 },
    )
  })

  it.each([
    ['general.architecture', 'engines/unsupported-model'],
    ['toy.context_length', 'engines/unsupported-model'],
    ['tokenizer.ggml.tokens', 'engines/unsupported-model'],
  ])('names the field when %s is missing', async (key, code) => {
    const header = await read(makeGguf({ [key]: null }))
    expect(await codeOf((async () => describeModel(header, ''))())).toBe(code)
  })

  it('says when there is no file, or a folder', async () => {
    expect(await codeOf(readGgufHeader(join(folder, 'none.gguf')))).toBe('engines/no-such-file')
    expect(await codeOf(readGgufHeader(folder))).toBe('engines/unreadable-file')
  })
})
