import { readFileSync } from 'node:fs'
import { messageOf } from '../../core/errors.js'
import { refusePointer } from '../stand-ins.js'
import { raise } from './errors.js'
import type { AddedToken, TokenizerFile } from './text-tokenizer.js'

interface Piece {
  readonly text: string
  readonly score: number
  readonly type: number
}

/** SentencePiece.Type of sentencepiece_model.proto. */
const TYPE = { normal: 1, unknown: 2, control: 3, userDefined: 4 } as const
const BPE = 2
const UNIGRAM = 1

/**
 * A SentencePiece model as the tokenizer.json that transformers makes of it.
 *
 * @throws {AssayError} `engines/bad-tokenizer-json`, `engines/unsupported-tokenizer`
 *
 * Source: sentencepiece_model.proto; transformers, convert_slow_tokenizer.py (`SpmConverter`, `generate_merges`).
 */
export function readSentencePiece(path: string): TokenizerFile {
  const pieces: Piece[] = []
  let model = UNIGRAM
  let byteFallback = false
  let dummyPrefix = true
  let trims = true
  let normalisation: Uint8Array = new Uint8Array(0)
  const file = readFileSync(path)
  refusePointer(file, path)
  try {
    for (const { field, bytes } of fields(file)) {
      if (field === 1 && bytes !== undefined) pieces.push(pieceOf(bytes))
      if (field === 2 && bytes !== undefined)
        for (const spec of fields(bytes)) {
          if (spec.field === 3) model = spec.number
          if (spec.field === 35) byteFallback = spec.number === 1
        }
      if (field === 3 && bytes !== undefined)
        for (const spec of fields(bytes)) {
          if (spec.field === 2 && spec.bytes !== undefined) normalisation = spec.bytes
          if (spec.field === 3) dummyPrefix = spec.number === 1
          if (spec.field === 4) trims = spec.number === 1
        }
    }
  } catch (error) {
    throw raise('bad-tokenizer-json', messageOf(error), { path }, error)
  }
  if (pieces.length === 0) throw raise('bad-tokenizer-json', 'it holds no pieces', { path })
  if (model !== BPE && model !== UNIGRAM)
    throw raise('unsupported-tokenizer', `a SentencePiece model of type ${model}`, { path })
  const unknown = pieces.findIndex(({ type }) => type === TYPE.unknown)
  const normalizers = [
    ...(normalisation.length > 0
      ? [{ type: 'Precompiled', precompiled_charsmap: Buffer.from(normalisation).toString('base64') }]
      : []),
    ...(trims
      ? [
          { type: 'Strip', strip_left: true, strip_right: true },
          { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
        ]
      : []),
    ...(dummyPrefix ? [{ type: 'Prepend', prepend: '▁' }] : []),
    { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
  ]
  return {
    model:
      model === BPE
        ? {
            type: 'BPE',
            vocab: Object.fromEntries(pieces.map(({ text }, id) => [text, id])),
            merges: mergesOf(pieces),
            unk_token: pieces[unknown]?.text ?? null,
            byte_fallback: byteFallback,
            ...{ fuse_unk: true },
          }
        : {
            type: 'Unigram',
            vocab: pieces.map(({ text, score }): [string, number] => [text, score]),
            unk_id: unknown < 0 ? null : unknown,
            byte_fallback: byteFallback,
            single: true,
          },
    normalizer: { type: 'Sequence', normalizers },
    pre_tokenizer: null,
    decoder: { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, { type: 'Fuse' }] },
    added_tokens: pieces.flatMap(({ text, type }, id): AddedToken[] =>
      type === TYPE.control || type === TYPE.userDefined || type === TYPE.unknown
        ? [{ id, content: text, special: type !== TYPE.userDefined, normalized: false }]
        : [],
    ),
  }
}

/** Every way in which two pieces make a third, the likeliest third first. */
function mergesOf(pieces: readonly Piece[]): (readonly [string, string])[] {
  const ids = new Map(pieces.map(({ text }, id) => [text, id]))
  const merges = pieces.flatMap(({ text, score, type }) => {
    if (type !== TYPE.normal && type !== TYPE.userDefined) return []
    const characters = Array.from(text)
    return characters
      .slice(1)
      .map((_, i) => [characters.slice(0, i + 1).join(''), characters.slice(i + 1).join('')] as const)
      .filter(([left, right]) => ids.has(left) && ids.has(right))
      .sort((a, b) => ids.get(a[0])! - ids.get(b[0])! || ids.get(a[1])! - ids.get(b[1])!)
      .map((pair) => ({ pair, score }))
  })
  return merges.sort((a, b) => b.score - a.score).map(({ pair }) => pair)
}

function pieceOf(bytes: Uint8Array): Piece {
  let text = ''
  let score = 0
  let type: number = TYPE.normal
  for (const part of fields(bytes)) {
    if (part.field === 1 && part.bytes !== undefined) text = Buffer.from(part.bytes).toString('utf8')
    if (part.field === 2 && part.bytes !== undefined) score = Buffer.from(part.bytes).readFloatLE()
    if (part.field === 3) type = part.number
  }
  return { text, score, type }
}

/** Fields of a protobuf message: a varint as `number`, everything else as `bytes`. */
function* fields(
  message: Uint8Array,
): Generator<{ readonly field: number; readonly number: number; readonly bytes?: Uint8Array }> {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = message[at++]
      if (byte === undefined) throw new RangeError(`it ends within a number at byte ${at - 1}`)
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new RangeError(`a number of more than ten bytes ends at byte ${at}`)
  }
  while (at < message.length) {
    const tag = varint()
    const field = Math.floor(tag / 8)
    const wire = tag % 8
    if (wire === 0) {
      yield { field, number: varint() }
      continue
    }
    const length = wire === 2 ? varint() : wire === 5 ? 4 : wire === 1 ? 8 : -1
    if (length < 0 || at + length > message.length)
      throw new RangeError(`a field of wire type ${wire} does not fit at byte ${at}`)
    yield { field, number: 0, bytes: message.subarray(at, at + length) }
    at += length
  }
}
