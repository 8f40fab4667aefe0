import { raise } from '../errors.js'
import type { GgufEntry } from '../gguf/writer.js'
import type { StoredWeights } from './graph.js'

/** A converted checkpoint: its metadata, and where its tensors lie in the file. */
export class Layout {
  /** llama.cpp's name of the architecture. */
  readonly architecture: string

  /**
   * @param metadata  of the GGUF
   * @param tensors  by their names in the GGUF
   * @param tables  values of tensors that were computed, not stored
   */
  constructor(
    private readonly metadata: ReadonlyMap<string, GgufEntry>,
    private readonly tensors: ReadonlyMap<string, StoredWeights>,
    private readonly tables: ReadonlyMap<string, Float32Array>,
  ) {
    const named = metadata.get('general.architecture')
    this.architecture = named !== undefined && 'text' in named ? named.text : ''
  }

  private entry(key: string): GgufEntry | undefined {
    return this.metadata.get(`${this.architecture}.${key}`)
  }

  number(key: string): number {
    const value = this.optional(key)
    if (value === undefined) throw new TypeError(`the declaration has no ${key}`)
    return value
  }

  optional(key: string): number | undefined {
    const entry = this.entry(key)
    if (entry === undefined) return undefined
    return 'count' in entry ? entry.count : 'real' in entry ? entry.real : undefined
  }

  text(key: string): string | undefined {
    const entry = this.entry(key)
    return entry !== undefined && 'text' in entry ? entry.text : undefined
  }

  flag(key: string): boolean | undefined {
    const entry = this.entry(key)
    return entry !== undefined && 'flag' in entry ? entry.flag : undefined
  }

  flags(key: string): readonly boolean[] | undefined {
    const entry = this.entry(key)
    return entry !== undefined && 'flags' in entry ? entry.flags : undefined
  }

  has(name: string): boolean {
    return this.tensors.has(name)
  }

  tensor(name: string): StoredWeights {
    const tensor = this.tensors.get(name)
    if (tensor === undefined) throw new TypeError(`the declaration has no ${name}`)
    return tensor
  }

  table(name: string): Float32Array | undefined {
    return this.tables.get(name)
  }

  /** Another engine has what this one has not. */
  unsupported(what: string) {
    return raise('library-failed', `its graphs have no ${what} (architecture ${this.architecture})`)
  }
}
