/**
 * The (1,1) cell of the mutual information of "document holds the subject" and "document holds the object":
 * (n_so/n) · log2((n_so/n) / ((n_s/n)(n_o/n))), in bits; 0 when the pair never occurs.
 * Negative when the pair occurs less often than by chance.
 *
 * @param n_s        documents that contain the subject, > 0 when n_so > 0
 * @param n_o        documents that contain the object, > 0 when n_so > 0
 * @param n_so       documents that contain both
 * @param documents  documents in the corpus, n
 *
 * Source: arXiv:2502.04066, authors' code (docs/methods/smi.md#mutual-information). The order of the operations is the
 * published one, so that a value on the border of a bin falls on the same side.
 */
export function mutualInformation(n_s: number, n_o: number, n_so: number, documents: number): number {
  if (n_so === 0) return 0
  const together = n_so / documents
  return together * Math.log2(together / ((n_s / documents) * (n_o / documents)))
}

/** Bins in one doubling of the value. */
export const BINS_PER_DOUBLING = 5

/**
 * Number of the bin that a positive value falls into: trunc(log2(v) · 5), truncated **toward zero**, so the
 * bins just above and just below v = 1 share the number 0 and that bin is twice as wide as the others.
 * The published q is this number divided by 5 ({@link quantised}).
 */
export function binNumber(value: number): number {
  // + 0 turns the −0 of values just below 1 into 0: the two are one bin.
  return Math.trunc(Math.log2(value) * BINS_PER_DOUBLING) + 0
}

/** q = trunc(log2(v)·5)/5 of a bin number. */
export function quantised(bin: number): number {
  return bin / BINS_PER_DOUBLING
}
