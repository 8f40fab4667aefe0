import { GELU } from './gelu.js'
import { Graph, type Value } from './graph.js'
import type { Layout } from './layout.js'
import { rotaryOf } from './rotary.js'

/** Names of the graphs' inputs and outputs. T tokens of a pass, S before them, K rows that are wanted. */
export const NAMES = {
  /** I64 (T) */
  tokens: 'tokens',
  /** I64 (T), where positions are learned. */
  positions: 'positions',
  /** F32 (T, S + T), added to attention scores: 0, or −∞ for what a token does not see. */
  mask: 'mask',
  windowMask: 'window_mask',
  /** F32 (T, pairs) */
  cos: 'cos',
  sin: 'sin',
  localCos: 'local_cos',
  localSin: 'local_sin',
  /** I64 (K) */
  rows: 'rows',
  /** F32 (K, width) */
  hidden: 'hidden',
  /** I64 (N, 2): a row of the K and a token, for each log-probability that is wanted. */
  wanted: 'wanted',
  /** F32 (N) */
  logProbabilities: 'log_probabilities',
  /** F32 (K): the log-probability of each row's likeliest token. */
  largest: 'largest',
  /** F32 (K, vocabulary) */
  logits: 'logits',
  /** F32 (key heads, S, head) */
  pastKeys: (layer: number): string => `past_keys_${layer}`,
  pastValues: (layer: number): string => `past_values_${layer}`,
  /** F32 (key heads, S + T, head) */
  keys: (layer: number): string => `keys_${layer}`,
  values: (layer: number): string => `values_${layer}`,
} as const

/** What config.json says that the GGUF does not. */
export interface DecoderOptions {
  /** GELU by the error function; else by its tanh form. */
  readonly exactGelu: boolean
  /** Attention scores are divided by its root; the head's size where left out. */
  readonly queryScale?: number | undefined
}

const KNOWN = new Set([...GELU, 'llama', 'qwen2', 'qwen3', 'olmo2', 'phi3', 'stablelm'])
/** Rows of queries and keys lie in pairs of neighbours (see neighbouringPairs in checkpoint/decoder.ts). */
const IN_PAIRS = new Set(['llama'])

interface Attention {
  readonly heads: number
  readonly keyHeads: number
  readonly size: number
}

/**
 * The decoder of a converted checkpoint as an ONNX graph, from token ids to the last norm's output at the wanted rows, with
 * keys and values of every layer. Everything in it is what `transformers` computes, in single precision.
 */
export class DecoderGraph {
  readonly #graph: Graph
  readonly #rotary: ReturnType<typeof rotaryOf>
  readonly layers: number
  readonly attention: Attention
  /** Tokens that a layer with a window sees; absent without one. */
  readonly window: number | undefined

  /** @throws {AssayError} `engines/library-failed` for what these graphs do not have */
  constructor(
    private readonly layout: Layout,
    private readonly options: DecoderOptions,
    private readonly file: string,
  ) {
    const { architecture } = layout
    if (!KNOWN.has(architecture) || layout.has('blk.0.ffn_gate_inp.weight'))
      throw layout.unsupported(KNOWN.has(architecture) ? 'mixture of experts' : 'such model')
    this.#graph = new Graph(file)
    this.#rotary = rotaryOf(layout)
    this.layers = layout.number('block_count')
    this.attention = {
      heads: layout.number('attention.head_count'),
      keyHeads: layout.number('attention.head_count_kv'),
      size: layout.number('attention.key_length'),
    }
    this.window = layout.optional('attention.sliding_window')
  }

  get rotary(): ReturnType<typeof rotaryOf> {
    return this.#rotary
  }

  get hasPositions(): boolean {
    return this.layout.has('position_embd.weight')
  }

  get width(): number {
    return this.layout.number('embedding_length')
  }

  #weights(name: string): Value {
    return this.#graph.weights(name, this.layout.tensor(name))
  }

  body(): Buffer {
    const g = this.#graph
    const embedding = this.layout.tensor('token_embd.weight')
    const tokens = g.input(NAMES.tokens, 'I64', ['T'])
    let x = g.single(g.node('Gather', [g.stored('token_embd.weight', embedding), tokens]), embedding)
    if (this.layout.architecture.startsWith('gemma')) x = g.node('Mul', [x, g.number(Math.sqrt(this.width))])
    if (this.hasPositions) {
      const table = this.layout.tensor('position_embd.weight')
      const at = g.node('Gather', [
        g.stored('position_embd.weight', table),
        g.input(NAMES.positions, 'I64', ['T']),
      ])
      x = g.node('Add', [x, g.single(at, table)])
    }
    g.input(NAMES.mask, 'F32', ['T', 'A'])
    if (this.window !== undefined) g.input(NAMES.windowMask, 'F32', ['T', 'A'])
    const pairs = this.#rotary?.all.frequencies.length
    if (pairs !== undefined) for (const name of [NAMES.cos, NAMES.sin]) g.input(name, 'F32', ['T', pairs])
    if (this.#rotary?.local !== undefined)
      for (const name of [NAMES.localCos, NAMES.localSin]) g.input(name, 'F32', ['T', pairs!])
    for (let layer = 0; layer < this.layers; layer++) x = this.#layer(x, layer)
    const wanted = g.node('Gather', [x, g.input(NAMES.rows, 'I64', ['K'])])
    g.output(NAMES.hidden, this.#norm(wanted, 'output_norm'), ['K', this.width])
    return g.encode()
  }

  /** From the last norm's output to logits and log-probabilities; a graph of its own, run for as many rows as fit. */
  head(): Buffer {
    const g = new Graph(this.file)
    const name = this.layout.has('output.weight') ? 'output.weight' : 'token_embd.weight'
    const matrix = g.weights(name, this.layout.tensor(name))
    const hidden = g.input(NAMES.hidden, 'F32', ['K', this.width])
    const wanted = g.input(NAMES.wanted, 'I64', ['N', 2])
    const logits = softCapped(
      g,
      g.node('Gemm', [hidden, matrix], { transB: 1 }),
      this.layout.optional('final_logit_softcapping'),
    )
    g.output(NAMES.logits, logits, ['K', 'V'])
    const logs = g.node('LogSoftmax', [logits], { axis: -1 })
    g.output(NAMES.logProbabilities, g.node('GatherND', [logs, wanted]), ['N'])
    g.output(NAMES.largest, g.node('ReduceMax', [logs, g.whole(-1)], { keepdims: 0 }), ['K'])
    return g.encode()
  }

  /** @param x  shape (…, size) */
  #norm(x: Value, name: string): Value {
    const bias = `${name}.bias`
    return this.#normBy(
      x,
      this.#weights(`${name}.weight`),
      this.layout.has(bias) ? this.#weights(bias) : undefined,
    )
  }

  #normBy(x: Value, scale: Value, bias?: Value): Value {
    const centred = this.layout.optional('attention.layer_norm_epsilon')
    if (centred !== undefined)
      return this.#graph.node('LayerNormalization', bias === undefined ? [x, scale] : [x, scale, bias], {
        axis: -1,
        epsilon: { real: centred },
      })
    const epsilon = this.layout.number('attention.layer_norm_rms_epsilon')
    return this.#graph.node('SimplifiedLayerNormalization', [x, scale], {
      axis: -1,
      epsilon: { real: epsilon },
    })
  }

  /** @param x  shape (T, inputs) */
  #linear(x: Value, name: string): Value {
    const bias = `${name}.bias`
    const inputs = [x, this.#weights(`${name}.weight`)]
    if (this.layout.has(bias)) inputs.push(this.#weights(bias))
    return this.#graph.node('Gemm', inputs, { transB: 1 })
  }

  #layer(x: Value, layer: number): Value {
    const g = this.#graph
    const at = `blk.${layer}`
    const normed = (value: Value, name: string): Value =>
      this.layout.has(`${at}.${name}.weight`) ? this.#norm(value, `${at}.${name}`) : value
    const before = normed(x, 'attn_norm')
    const attended = normed(this.#attend(before, layer), 'post_attention_norm')
    const isParallel =
      this.layout.flag('use_parallel_residual') ??
      (this.layout.architecture === 'stablelm' && !this.layout.has(`${at}.ffn_norm.weight`))
    const between = g.node('Add', [x, attended])
    const fed = isParallel
      ? this.layout.has(`${at}.ffn_norm.weight`)
        ? normed(x, 'ffn_norm')
        : before
      : normed(between, 'ffn_norm')
    return g.node('Add', [between, normed(this.#feedForward(fed, at), 'post_ffw_norm')])
  }

  #feedForward(x: Value, at: string): Value {
    const g = this.#graph
    const up = this.#linear(x, `${at}.ffn_up`)
    if (this.layout.architecture === 'phi3') {
      const half = this.layout.number('feed_forward_length')
      const gate = this.#columns(up, 0, half)
      return this.#linear(
        g.node('Mul', [this.#activate(gate), this.#columns(up, half, 2 * half)]),
        `${at}.ffn_down`,
      )
    }
    const gated = this.layout.has(`${at}.ffn_gate.weight`)
    const hidden = gated
      ? g.node('Mul', [this.#activate(this.#linear(x, `${at}.ffn_gate`)), up])
      : this.#activate(up)
    return this.#linear(hidden, `${at}.ffn_down`)
  }

  #activate(x: Value): Value {
    const g = this.#graph
    if (!GELU.has(this.layout.architecture)) return g.node('Mul', [x, g.node('Sigmoid', [x])])
    return g.node('Gelu', [x], { approximate: { text: this.options.exactGelu ? 'none' : 'tanh' } })
  }

  #columns(x: Value, from: number, to: number, step = 1, axis = 1): Value {
    const g = this.#graph
    return g.node('Slice', [x, g.whole(from), g.whole(to), g.whole(axis), g.whole(step)])
  }

  #reshape(x: Value, ...shape: number[]): Value {
    return this.#graph.node('Reshape', [x, this.#graph.whole(...shape)])
  }

  /** Query, key and value, shape (T, heads, size) each, before they are turned. */
  #projections(x: Value, at: string): readonly [query: Value, key: Value, value: Value] {
    const { heads, keyHeads, size } = this.attention
    const parts = [heads * size, keyHeads * size, keyHeads * size] as const
    const counts = [heads, keyHeads, keyHeads] as const
    const fused = this.layout.has(`${at}.attn_qkv.weight`) ? this.#linear(x, `${at}.attn_qkv`) : null
    let from = 0
    const made = (['q', 'k', 'v'] as const).map((which, i) => {
      const value =
        fused === null ? this.#linear(x, `${at}.attn_${which}`) : this.#columns(fused, from, from + parts[i]!)
      from += parts[i]!
      return which === 'v'
        ? this.#reshape(value, -1, counts[i]!, size)
        : this.#headNorm(value, `${at}.attn_${which}_norm.weight`, counts[i]!)
    })
    return [made[0]!, made[1]!, made[2]!]
  }

  /** A norm over all heads at once, over each by one scale, or over each by a scale of its own. */
  #headNorm(x: Value, name: string, heads: number): Value {
    const { size } = this.attention
    const apart = (value: Value): Value => this.#reshape(value, -1, heads, size)
    if (!this.layout.has(name)) return apart(x)
    const { shape } = this.layout.tensor(name)
    if (shape.length === 2) {
      const ones = this.#graph.numbers(new Float32Array(size).fill(1))
      return this.#graph.node('Mul', [this.#normBy(apart(x), ones), this.#weights(name)])
    }
    return shape[0] === size
      ? this.#normBy(apart(x), this.#weights(name))
      : apart(this.#normBy(x, this.#weights(name)))
  }

  /** Turn the first dimensions of each head. Pairs come out as halves: scores do not see the order. */
  #turn(x: Value, isLocal: boolean): Value {
    if (this.#rotary === null) return x
    const g = this.#graph
    const { dimensions } = this.#rotary.all
    const own = isLocal && this.#rotary.local !== undefined
    const [cos, sin] = (own ? [NAMES.localCos, NAMES.localSin] : [NAMES.cos, NAMES.sin]).map((name) =>
      g.node('Unsqueeze', [name, g.whole(1)]),
    )
    const [first, second] = IN_PAIRS.has(this.layout.architecture)
      ? [this.#columns(x, 0, dimensions, 2, 2), this.#columns(x, 1, dimensions, 2, 2)]
      : [this.#columns(x, 0, dimensions / 2, 1, 2), this.#columns(x, dimensions / 2, dimensions, 1, 2)]
    const times = (a: Value, b: Value): Value => g.node('Mul', [a, b])
    const parts = [
      g.node('Sub', [times(first!, cos!), times(second!, sin!)]),
      g.node('Add', [times(second!, cos!), times(first!, sin!)]),
    ]
    const { size } = this.attention
    if (size > dimensions) parts.push(this.#columns(x, dimensions, size, 1, 2))
    return g.node('Concat', parts, { axis: 2 })
  }

  #attend(x: Value, layer: number): Value {
    const g = this.#graph
    const at = `blk.${layer}`
    const { heads, keyHeads, size } = this.attention
    const isLocal =
      this.window !== undefined && (this.layout.flags('attention.sliding_window_pattern')?.[layer] ?? true)
    const [query, key, value] = this.#projections(x, at)
    const scale = g.number(1 / Math.sqrt(this.options.queryScale ?? size))
    const turned = g.node('Mul', [this.#turn(query, isLocal), scale])
    const byHead = (what: Value): Value => g.node('Transpose', [what], { perm: [1, 0, 2] })
    const behind = (past: string, now: Value, name: string): Value => {
      const all = g.node('Concat', [g.input(past, 'F32', [keyHeads, 'S', size]), byHead(now)], { axis: 1 })
      g.output(name, all, [keyHeads, 'A', size])
      return all
    }
    const keys = behind(NAMES.pastKeys(layer), this.#turn(key, isLocal), NAMES.keys(layer))
    const values = behind(NAMES.pastValues(layer), value, NAMES.values(layer))
    // The query heads of a key head, one below the other: (key heads, group × T, size).
    const queries = this.#reshape(byHead(turned), keyHeads, -1, size)
    const scores = softCapped(
      g,
      g.node('MatMul', [queries, g.node('Transpose', [keys], { perm: [0, 2, 1] })]),
      this.layout.optional('attn_logit_softcapping'),
    )
    const mask = isLocal ? NAMES.windowMask : NAMES.mask
    const shape = g.node('Concat', [g.whole(keyHeads, heads / keyHeads), g.node('Shape', [mask])], {
      axis: 0,
    })
    const seen = g.node('Softmax', [g.node('Add', [g.node('Reshape', [scores, shape]), mask])], { axis: -1 })
    const together = g.node('Reshape', [seen, g.node('Shape', [scores])])
    const attended = this.#reshape(g.node('MatMul', [together, values]), heads, -1, size)
    return this.#linear(this.#reshape(byHead(attended), -1, heads * size), `${at}.attn_output`)
  }
}

function softCapped(g: Graph, x: Value, cap: number | undefined): Value {
  if (cap === undefined) return x
  return g.node('Mul', [g.node('Tanh', [g.node('Div', [x, g.number(cap)])]), g.number(cap)])
}
