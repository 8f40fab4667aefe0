import type { OpenedModel, PrefixChoice } from '../core/index.js'
import type { ModelLocation } from './resolve/location.js'
import type { ResolveOptions } from './resolve/options.js'

/** Which processor does the arithmetic. `auto` takes what the user installed a package for, else the CPU. */
export type GpuChoice = 'off' | 'auto' | 'cuda' | 'vulkan' | 'metal'

/** How a model is to be opened; an engine heeds what it knows of. */
export interface OpenOptions {
  /** Default: all processors, one for a tiny model. */
  readonly threads?: number
  /** Default `off`: the CPU. */
  readonly gpu?: GpuChoice
  /** Token in front of documents and prompts. Default `auto`; see prefix-tokens.ts. */
  readonly prefixToken?: PrefixChoice
  /** Longest sequence, tokens. Default: 2,048 or what the model was trained with, whichever is less. */
  readonly contextLength?: number
  /** Evaluate short branches side by side: many times faster for ranking; see llama-cpp/packed-plan.ts for the price. */
  readonly packBranches?: boolean
  /**
   * Serve calls side by side, each with threads of its own, instead of one call with all threads: for many small
   * requests, whose threads would mostly wait for one another. The numbers are the same.
   */
  readonly sideBySide?: boolean
  /** Where the tokenizer of a server's model is: a folder, a tokenizer.json, hf:org/name; default: where the server says. */
  readonly tokenizer?: string
  /** Told what a reader should know while the work goes on: another engine stands in, a server does not answer. */
  note?(text: string): void
}

/** How sure an engine is that it opens what lies somewhere, from the surest; `null`: not at all. */
export type Claim = 'made for it' | 'stands in' | null

/** An engine as the index holds it: light, so that what it is made of is imported only when it is used. */
export interface Engine {
  /** The folder's name, permanent. */
  readonly id: string
  /** What it opens, for a reader. */
  readonly opens: string
  /** Nats by which a score may differ when it is asked for again in other company; 0 = bit for bit. */
  readonly tolerance: number
  claims(location: ModelLocation): Claim
  /** @throws {AssayError} `engines/…`; `library-failed` or `missing-package` lets the next engine that claims it try */
  open(location: ModelLocation, options: OpenOptions & ResolveOptions): Promise<OpenedModel>
}
