import type { TextTokenizer } from '../ports/index.js'

const STEMS = ['a', '\n', '«']

/** Whether the tokenizer puts a space of its own before a text (SentencePiece's `add_dummy_prefix`). */
export function addsSpacePrefix(tokenizer: TextTokenizer): boolean {
  const first = tokenizer.tokenize(STEMS[0])[0]
  return first !== undefined && tokenizer.tokenBytes(first)[0] === 0x20
}

/**
 * Tokens of a text that goes on from another: the same as `tokenize`, but for the space that some tokenizers put
 * before whatever they are given, which would stand twice before a word and once where none belongs.
 */
export function tokenizeContinuation(tokenizer: TextTokenizer, text: string): Int32Array {
  if (text === '' || !addsSpacePrefix(tokenizer)) return tokenizer.tokenize(text)
  if (text.length > 1 && text.startsWith(' ')) return tokenizer.tokenize(text.slice(1))
  for (const stem of STEMS) {
    const alone = tokenizer.tokenize(stem)
    const joined = tokenizer.tokenize(stem + text)
    if (alone.every((id, i) => joined[i] === id)) return joined.slice(alone.length)
  }
  return tokenizer.tokenize(text)
}
