/** A stretch of a document to score: the model sees `tokens[start…end)`, the scores of `tokens[from…end)` count. */
export interface RollingWindow {
  /** −1 stands for the prefix token. */
  readonly start: number
  readonly from: number
  readonly end: number
}

/**
 * Disjoint windows over a document of `length` tokens, lm-evaluation-harness convention
 * (`get_rolling_token_windows` with context_len = 1): the first window is conditioned on the prefix token, every
 * later one on the token before it, and the last is filled backwards with context so that it is as long as the
 * others. Every token is scored exactly once.
 *
 * @param length    tokens in the document, ≥ 1
 * @param maxLength input tokens that one window may hold, ≥ 1
 *
 * Source: EleutherAI/lm-evaluation-harness, lm_eval/utils.py; checked against a transcription in windows.test.ts.
 */
export function rollingWindows(length: number, maxLength: number): RollingWindow[] {
  if (maxLength < 1) throw new RangeError(`maxLength = ${maxLength}, expected 1 or more`)
  if (length < 1) return []
  const first = Math.min(maxLength, length)
  const windows: RollingWindow[] = [{ start: -1, from: 0, end: first }]
  for (let scored = first; scored < length; ) {
    const count = Math.min(length - scored, maxLength)
    const end = scored + count
    windows.push({ start: end - maxLength - 1, from: scored, end })
    scored = end
  }
  return windows
}
