import { count, message, part, real } from './protobuf.js'

/** Numbers of ONNX's element types (onnx.proto, TensorProto.DataType). */
const TYPES = { F32: 1, I64: 7, F16: 10, BF16: 16 } as const
export type ElementType = keyof typeof TYPES

/** A value in the graph, by name. */
export type Value = string

/** A tensor that lies in a file beside the graph. */
export interface StoredWeights {
  /** Slowest dimension first. */
  readonly shape: readonly number[]
  readonly type: ElementType
  /** Of its first byte in the file. */
  readonly offset: number
  readonly bytes: number
}

type Attribute = number | readonly number[] | { readonly real: number } | { readonly text: string }

const IR_VERSION = 10
/** Of ai.onnx; the oldest in which everything used here is what it is now. */
const OPERATORS = 20
const FLOAT = 1
const INT = 2
const STRING = 3
const INTS = 7
const EXTERNAL = 1

function attribute(name: string, value: Attribute): Buffer {
  const named = part(1, name)
  if (typeof value === 'number') return message(named, count(3, value), count(20, INT))
  if ('real' in value) return message(named, real(2, value.real), count(20, FLOAT))
  if ('text' in value) return message(named, part(4, value.text), count(20, STRING))
  return message(named, ...value.map((each) => count(8, each)), count(20, INTS))
}

/**
 * Writes an ONNX model node by node. Weights are named, not held: the runtime reads them from the file.
 * Source: onnx.proto of ONNX 1.19 (field numbers), Operators.md.
 */
export class Graph {
  readonly #nodes: Buffer[] = []
  readonly #initializers: Buffer[] = []
  readonly #inputs: Buffer[] = []
  readonly #outputs: Buffer[] = []
  readonly #constants = new Map<string, Value>()
  #values = 0

  /** @param file  name of the file that holds the weights, beside which the graph is as if it lay */
  constructor(private readonly file: string) {}

  /** @param shape  a name stands for a length that changes from run to run */
  input(name: string, type: ElementType, shape: readonly (number | string)[]): Value {
    this.#inputs.push(part(11, described(name, type, shape)))
    return name
  }

  output(name: string, value: Value, shape: readonly (number | string)[]): void {
    this.#nodes.push(part(1, message(part(1, value), part(2, name), part(4, 'Identity'))))
    this.#outputs.push(part(12, described(name, 'F32', shape)))
  }

  /** One node's first output. */
  node(type: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    const output = this.#name()
    this.#nodes.push(
      part(
        1,
        message(
          ...inputs.map((input) => part(1, input)),
          part(2, output),
          part(4, type),
          ...Object.entries(attributes).map(([name, value]) => part(5, attribute(name, value))),
        ),
      ),
    )
    return output
  }

  /** Weights of a name, as single-precision numbers. */
  weights(name: string, stored: StoredWeights): Value {
    const value = this.stored(name, stored)
    return stored.type === 'F32' ? value : this.node('Cast', [value], { to: TYPES.F32 })
  }

  /** Weights of a name, as they are stored. */
  stored(name: string, { shape, type, offset, bytes }: StoredWeights): Value {
    const entry = (key: string, value: string): Buffer => part(13, message(part(1, key), part(2, value)))
    this.#initializers.push(
      part(
        5,
        message(
          ...shape.map((length) => count(1, length)),
          count(2, TYPES[type]),
          part(8, name),
          entry('location', this.file),
          entry('offset', String(offset)),
          entry('length', String(bytes)),
          count(14, EXTERNAL),
        ),
      ),
    )
    return name
  }

  /** What was gathered from stored weights, as single-precision numbers. */
  single(value: Value, { type }: StoredWeights): Value {
    return type === 'F32' ? value : this.node('Cast', [value], { to: TYPES.F32 })
  }

  number(value: number): Value {
    return this.#constant('F32', [], Buffer.from(Float32Array.of(value).buffer))
  }

  numbers(values: Float32Array): Value {
    return this.#constant('F32', [values.length], Buffer.from(values.slice().buffer))
  }

  whole(...values: readonly number[]): Value {
    return this.#constant('I64', [values.length], Buffer.from(new BigInt64Array(values.map(BigInt)).buffer))
  }

  #constant(type: ElementType, shape: readonly number[], bytes: Buffer): Value {
    const id = `${type} ${shape.join()} ${bytes.toString('base64')}`
    const held = this.#constants.get(id)
    if (held !== undefined) return held
    const name = this.#name()
    const dimensions = shape.map((length) => count(1, length))
    this.#initializers.push(
      part(5, message(...dimensions, count(2, TYPES[type]), part(8, name), part(9, bytes))),
    )
    this.#constants.set(id, name)
    return name
  }

  #name(): Value {
    return `v${this.#values++}`
  }

  encode(): Buffer {
    const graph = message(
      ...this.#nodes,
      part(2, 'assay'),
      ...this.#initializers,
      ...this.#inputs,
      ...this.#outputs,
    )
    return message(count(1, IR_VERSION), part(7, graph), part(8, message(part(1, ''), count(2, OPERATORS))))
  }
}

function described(name: string, type: ElementType, shape: readonly (number | string)[]): Buffer {
  const dimensions = shape.map((length) =>
    part(1, typeof length === 'number' ? count(1, length) : part(2, length)),
  )
  const tensor = message(count(1, TYPES[type]), part(2, message(...dimensions)))
  return message(part(1, name), part(2, message(part(1, tensor))))
}
