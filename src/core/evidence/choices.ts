import type { TaskOutput } from '../tasks/index.js'
import type { PrefixChoice } from './model.js'

/** One way in which a task was asked: a draw of shots by its seed, and a template. */
export interface BenchmarkDraw {
  readonly draw: number
  readonly seed: number
  readonly template: string
}

/** A task as it was asked. */
export interface BenchmarkTask {
  readonly task: string
  readonly output: TaskOutput
  readonly shots: number
  readonly draws: readonly BenchmarkDraw[]
  /** Accuracy of guessing; null where it is not known. */
  readonly chance: number | null
  /** Metrics that the task's definition names, as lm-evaluation-harness spells them. */
  readonly metrics: readonly string[]
  /** Name of the pipeline that answers went through; absent where the task names none. */
  readonly filter?: string
  readonly version: string | number | null
  readonly citation: string | null
  readonly source: string | null
  readonly licence: string | null
  /** Of the resolved definition and of the files with items: two results of the same hashes had the same prompts. */
  readonly definitionSha256: string
  readonly itemsSha256: string
  /** Items of the split, of which `items` were asked. */
  readonly documents: number
  readonly items: number
  /** What was left out, or not asked as it stands, in plain words. */
  readonly leftOut: readonly string[]
  /** Items whose choices are not all different, by file and line, asked all the same; `lost` of them cannot be right. Absent where there are none. */
  readonly equalChoices?: { readonly items: readonly string[]; readonly lost: readonly string[] }
  /** Items, by id, whose tokens need a look (docs/methods/benchmarks.md#boundary). */
  readonly marked: {
    /** A token spans the border of prompt and answer. */
    readonly spanned: readonly string[]
    /** The prompt was cut from the left to fit the context. */
    readonly truncated: readonly string[]
    /** The prompt begins with the text of the token in front, which then stands there once. */
    readonly doubleBos: readonly string[]
    /** The item stands among its own shots. */
    readonly amongShots: readonly string[]
  }
}

/** One answer of one item as the model scored or wrote it: a choice, a continuation, a completion. */
export interface BenchmarkAnswer {
  readonly task: string
  readonly draw: number
  readonly item: string
  /** Items that share a passage. */
  readonly cluster: string
  /** Place among the item's choices, from 0. */
  readonly choice: number
  /** 1 where it is right (or, of a continuation, the one that stands in the item). */
  readonly gold: number
  /** Sum over its tokens given the prompt, nats; null of a completion. */
  readonly logLikelihood: number | null
  /** The same given nothing but the token in front; null where it was not asked. */
  readonly unconditioned: number | null
  /** Tokens that were scored. */
  readonly tokens: number
  /** Length of the choice's own text in code points and in UTF-8 bytes: what acc_norm and acc_bytes divide by. */
  readonly characters: number
  readonly bytes: number
  /** UTF-8 bytes of the tokens that were scored, the delimiter in front of the choice included; 0 of a completion. */
  readonly scoredBytes: number
  /** 1 where each of its tokens is the likeliest one; null where the engine does not tell. */
  readonly greedy: number | null
  /** What the model wrote; null of what was scored. */
  readonly answer: string | null
  /** Whether a completion matches a target, 1 or 0; null of what was scored. */
  readonly match: number | null
}

/** What an item was: its hashes as lm-evaluation-harness writes them, of the first draw. */
export interface BenchmarkItem {
  readonly task: string
  readonly item: string
  /** `doc_hash`, `target_hash`, `prompt_hash`. */
  readonly document: string
  readonly target: string
  readonly prompt: string
  /** Of the prompt's words, by which other tools' items are known. */
  readonly words: string
}

/** Tasks scored by log-likelihood or by what the model writes. */
export interface ChoicesEvidence {
  readonly tasks: readonly BenchmarkTask[]
  readonly answers: readonly BenchmarkAnswer[]
  /** Absent in evidence of before items were told. */
  readonly asked?: readonly BenchmarkItem[]
  /** Tokens that went through the model, that scoring each request by itself would have sent, and of the requests' trie. */
  readonly tokens: { readonly evaluated: number; readonly naive: number; readonly trie: number }
  /** Text of the token in front of every prompt, or `none`. */
  readonly prefixToken: string
  readonly prefixChoice: PrefixChoice
  readonly engine: string
}
