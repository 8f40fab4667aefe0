import type { ModelEvidence } from '../evidence/index.js'

/**
 * Forward FLOPs of one token: 2 · parameters in matrix products, plus attention's 4 · layers · context · width (scores
 * and values). A step of training costs about three times as much (6·N·D of a whole run).
 *
 * @param context position of the token in its context
 * @returns FLOPs per token; undefined where the model’s place does not tell its shape
 *
 * Source: Kaplan et al., arXiv:2001.08361, Eq. 2.2 and Table 1 (unchecked against the text).
 * Differs: their attention is 2 · layers · context · width, half of this: what the scores alone take, or scores and
 * values at the mean position of a causal window. Width is the embedding length, which heads × head length need not be.
 * See docs/methods/diagnostics.md#flops-per-token.
 */
export function flopsPerToken(
  {
    activeParams,
    layers,
    embeddingLength,
  }: Pick<ModelEvidence, 'activeParams' | 'layers' | 'embeddingLength'>,
  context: number,
): number | undefined {
  if (activeParams === undefined || layers === undefined || embeddingLength === undefined) return undefined
  return 2 * activeParams + 4 * layers * context * embeddingLength
}
