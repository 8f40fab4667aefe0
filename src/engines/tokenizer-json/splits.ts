/** A pre-tokenizer of a tokenizer.json. */
interface PreTokenizer {
  readonly type?: string
  readonly pretokenizers?: readonly PreTokenizer[]
  /** Of Split. */
  readonly pattern?: { readonly String?: string; readonly Regex?: string }
  readonly behavior?: string
  readonly invert?: boolean
  /** Of Metaspace: whether a word ends where the next one's mark stands; it does where the file is silent. */
  readonly replacement?: string
  readonly split?: boolean | null
}

/** A pattern as one, linear in the text, that cuts the same way where each match becomes a word: all that the JavaScript package knows. */
const ISOLATED: Readonly<Record<string, (pattern: string) => string>> = {
  MergedWithPrevious: (pattern) => `(?:(?!${pattern})[\\s\\S])+(?:${pattern})?|(?:${pattern})`,
  MergedWithNext: (pattern) => `(?:${pattern})(?:(?!${pattern})[\\s\\S])*`,
  Contiguous: (pattern) => `(?:${pattern})+`,
  // Of a pattern that is text, the package keeps what should go.
  Removed: (pattern) => pattern,
}

/**
 * Pre-tokenizers said so that the JavaScript package cuts texts as `tokenizers` does: it does not split at Metaspace's mark, and
 * takes every behaviour of Split but Removed for Isolated.
 *
 * Source: huggingface/tokenizers, pre_tokenizers/metaspace.rs, tokenizer/pattern.rs (`SplitDelimiterBehavior`).
 */
export function withSplits(part: unknown): unknown {
  const {
    type,
    pretokenizers,
    pattern,
    behavior = '',
    invert,
    replacement = '▁',
    split,
  } = (part ?? {}) as PreTokenizer
  if (type === 'Sequence') return { type, pretokenizers: (pretokenizers ?? []).map(withSplits) }
  if (type === 'Metaspace' && split !== false) {
    const marks = { type: 'Split', pattern: { String: replacement }, behavior: 'MergedWithNext' }
    return { type: 'Sequence', pretokenizers: [part, withSplits(marks)] }
  }
  const isolated = ISOLATED[behavior]
  if (type !== 'Split' || isolated === undefined || invert === true) return part
  const written = pattern?.Regex ?? (pattern?.String ?? '').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  return {
    type,
    pattern: { Regex: isolated(written) },
    behavior: behavior === 'Removed' ? behavior : 'Isolated',
    invert: false,
  }
}
