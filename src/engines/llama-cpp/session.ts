import koffi from 'koffi'
import { raise } from '../errors.js'
import type { Llama, NativeBatch, Pointer } from './bindings.js'
import { BATCH_MULTIPLE, type PlannedToken } from './steps.js'

/** How much a context holds. */
export interface SessionSize {
  /** Tokens a batch. */
  readonly batchTokens: number
  /** Cells of the cache: the longest sequence and padding. */
  readonly cells: number
  readonly sequences: number
  readonly threads: number
  readonly onGpu: boolean
  /** Keys and values are kept in single precision, else in half. */
  readonly singleCache: boolean
}

const INT_BYTES = 4
const POINTER_BYTES = 8
/** LLAMA_FLASH_ATTN_TYPE_DISABLED */
const FLASH_ATTENTION_OFF = 0
const GGML_TYPE_F32 = 0

/** A llama_context with its batch arrays: tokens in, rows of logits out. */
export class Session {
  private readonly memory: Pointer
  private readonly batch: NativeBatch
  private readonly tokens: Int32Array
  private readonly positions: Int32Array
  private readonly sequences: Int32Array
  private readonly outputs: Int8Array
  private view: { readonly at: Pointer; readonly rows: Float32Array } | null = null

  private constructor(
    private readonly llama: Llama,
    private readonly context: Pointer,
    private readonly vocabulary: number,
    readonly size: SessionSize,
  ) {
    this.memory = llama.memory(context)
    const capacity = size.batchTokens
    const array = (bytes: number) => {
      const at = koffi.address(koffi.alloc('uint8_t', bytes))
      return { at, buffer: koffi.view(at, bytes) }
    }
    const token = array(capacity * INT_BYTES)
    const position = array(capacity * INT_BYTES)
    const count = array(capacity * INT_BYTES)
    const sequence = array(capacity * INT_BYTES)
    const sequencePointers = array(capacity * POINTER_BYTES)
    const output = array(capacity)
    this.tokens = new Int32Array(token.buffer)
    this.positions = new Int32Array(position.buffer)
    this.sequences = new Int32Array(sequence.buffer)
    this.outputs = new Int8Array(output.buffer)
    new Int32Array(count.buffer).fill(1)
    new BigUint64Array(sequencePointers.buffer).forEach((_, i, all) => {
      all[i] = sequence.at + BigInt(i * INT_BYTES)
    })
    this.batch = {
      n_tokens: 0,
      token: token.at,
      embd: null,
      pos: position.at,
      n_seq_id: count.at,
      seq_id: sequencePointers.at,
      logits: output.at,
    }
  }

  /** @throws {AssayError} `engines/out-of-memory` when the library refuses. */
  static async open(llama: Llama, model: Pointer, vocabulary: number, size: SessionSize): Promise<Session> {
    const log: string[] = []
    const context = await llama.withLog(
      (text) => log.push(text),
      () =>
        llama.createContextAsync(model, {
          ...llama.contextDefaults(),
          n_ctx: size.cells,
          n_batch: size.batchTokens,
          n_ubatch: size.batchTokens,
          n_seq_max: size.sequences,
          n_outputs_max_per_seq: 0,
          n_threads: size.threads,
          n_threads_batch: size.threads,
          flash_attn_type: FLASH_ATTENTION_OFF,
          offload_kqv: size.onGpu,
          op_offload: size.onGpu,
          kv_unified: true,
          ...(size.singleCache && { type_k: GGML_TYPE_F32, type_v: GGML_TYPE_F32 }),
        }),
    )
    if (context === null)
      throw raise(
        'out-of-memory',
        `no context of ${size.cells} tokens could be made. The library says: ${lastLines(log)}`,
      )
    return new Session(llama, context, vocabulary, size)
  }

  clear(): void {
    this.llama.memoryClear(this.memory, false)
  }

  share(from: number, to: number, length: number): void {
    this.llama.sequenceCopy(this.memory, from, to, 0, length)
  }

  drop(sequence: number): void {
    this.llama.sequenceRemove(this.memory, sequence, -1, -1)
  }

  /** Let a sequence end before `length`, as if nothing had come after. */
  cut(sequence: number, length: number): void {
    this.llama.sequenceRemove(this.memory, sequence, length, -1)
  }

  /**
   * Evaluate a batch and return the logits of its tokens with wants, in their order, shape (rows, vocabulary).
   * The array lies in the library's memory: it is good until the next call.
   *
   * @param padded fill the batch up to a multiple of `BATCH_MULTIPLE`, so that its numbers depend on no other's length
   * @returns rows; empty when no token has wants
   */
  async decode(planned: readonly PlannedToken[], padded = true): Promise<Float32Array> {
    let rows = 0
    for (let i = 0; i < planned.length; i++) {
      const { token, position, sequence, wants } = planned[i]!
      this.tokens[i] = token
      this.positions[i] = position
      this.sequences[i] = sequence
      this.outputs[i] = wants.length > 0 ? 1 : 0
      rows += this.outputs[i]!
    }
    const padding = padded ? this.pad(planned.length) : 0
    await this.evaluate(planned.length + padding)
    if (padding > 0) this.drop(this.paddingSequence)
    return rows === 0 ? new Float32Array(0) : this.logits(rows)
  }

  /** The sequence that the planner does not know of. */
  private get paddingSequence(): number {
    return this.size.sequences - 1
  }

  private pad(length: number): number {
    const whole = Math.ceil(length / BATCH_MULTIPLE) * BATCH_MULTIPLE
    const padding = Math.max(0, Math.min(whole, this.size.batchTokens) - length)
    for (let i = 0; i < padding; i++) {
      this.tokens[length + i] = this.tokens[0]!
      this.positions[length + i] = i
      this.sequences[length + i] = this.paddingSequence
      this.outputs[length + i] = 0
    }
    return padding
  }

  private async evaluate(count: number): Promise<void> {
    const status = await this.llama.decodeAsync(this.context, { ...this.batch, n_tokens: count })
    if (status === 0) return
    if (status === 1)
      throw raise('decode-failed', `its cache of ${this.size.cells} tokens has no room for ${count} more`)
    throw raise('decode-failed', `llama_decode answered ${status} for ${count} tokens`)
  }

  private logits(rows: number): Float32Array {
    const at = this.llama.logits(this.context)
    if (at === null) throw raise('decode-failed', 'the library has no logits to give')
    const length = rows * this.vocabulary
    if (this.view?.at !== at || this.view.rows.length < length)
      this.view = { at, rows: new Float32Array(koffi.view(at, length * Float32Array.BYTES_PER_ELEMENT)) }
    return this.view.rows.subarray(0, length)
  }

  close(): void {
    this.view = null
    this.llama.freeContext(this.context)
    for (const at of [
      this.batch.token,
      this.batch.pos,
      this.batch.n_seq_id,
      this.batch.seq_id,
      this.batch.logits,
    ])
      koffi.free(at)
  }
}

/** What a log says of a failure, else its end; on one line. */
export function lastLines(log: readonly string[]): string {
  // Listings of metadata and tensors would match on their contents.
  const lines = log
    .join('')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('llama_model_loader: - '))
  const errors = lines.filter((line) =>
    /error|fail|unknown|unsupported|invalid|missing|not enough/i.test(line),
  )
  return (errors.length > 0 ? errors : lines).slice(-3).join(' | ') || 'nothing'
}
