/** Metrics where a smaller value is better, by what their names contain: no accuracy law describes them. */
const LOWER_IS_BETTER =
  /(^|_|\b)(ppl|perplexity|bits_per_byte|bpb|loss|ce|cross_?entropy|error|err|wer|cer|ter|brier|brier_score|ece|mse|mae|rmse|nll|logloss|likelihood_diff|toxicity|latency|runtime)($|_|\b)/i

export function isLowerBetter(metric: string): boolean {
  return LOWER_IS_BETTER.test(metric)
}

/** Which metric stands for a benchmark when a file has several: the customary one first. */
const PREFERENCE = ['acc_norm', 'acc_len_norm', 'acc', 'accuracy', 'exact_match', 'em', 'pass@k', 'f1']

/** The preferred metric among those seen, `counts` = rows of each: customary ones first, then the most rows. */
export function preferredMetric(counts: ReadonlyMap<string, number>): string {
  const most = Math.max(...counts.values())
  // A customary metric that half of the runs lack would cost more points than its custom is worth.
  for (const metric of PREFERENCE) if ((counts.get(metric) ?? 0) >= most) return metric
  let best = ''
  for (const [metric, count] of counts) if (best === '' || count > (counts.get(best) ?? 0)) best = metric
  return best
}
