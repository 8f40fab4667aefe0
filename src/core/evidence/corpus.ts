/** What the training corpus holds by domain, as `assay corpus profile` or a table of its parts tells. */
export interface CorpusEvidence {
  /** The file that tells it. */
  readonly source: string
  /** Bytes of text, all domains together. */
  readonly bytes: number
  /** Parts of the corpus under its own names; of a sample `bytes` is an estimate, and `range` its interval. */
  readonly domains: readonly {
    readonly domain: string
    readonly bytes: number
    readonly range?: { readonly low: number; readonly high: number }
  }[]
  /** Held-out text whose words were looked up in it, by the name that held-out domains have. */
  readonly targets: readonly { readonly target: string; readonly unseenWords: number | null }[]
  /** Held-out domain → the parts that are text of its kind, where the names differ; none: the corpus has no such text. */
  readonly parts: Readonly<Record<string, readonly string[]>>
}
