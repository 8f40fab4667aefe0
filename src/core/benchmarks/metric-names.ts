/** Metrics where a smaller value is better, by what their names contain: no accuracy law describes them. */
const LOWER_IS_BETTER =
  /(^|_|\b)(ppl|perplexity|bits_per_byte|bpb|loss|ce|cross_?entropy|error|err|wer|cer|ter|brier|brier_score|ece|mse|mae|rmse|nll|logloss|likelihood_diff|toxicity|latency|runtime)($|_|\b)/i

export function isLowerBetter(metric: string): boolean {
  return LOWER_IS_BETTER.test(metric)
}

/**
 * Metrics by what they measure, and the names (lower case) under which lm-evaluation-harness, lighteval, OLMES, HELM, Inspect and Assay
 * write each, the first one for all. Metrics of two kinds are never one; two of one kind may be, as a letter that is written and a letter that is likeliest.
 * By characters: lighteval counts the space in front of a choice, the harness does not.
 */
const METRICS: readonly (readonly (readonly string[])[])[] = [
  [
    ['acc', 'accuracy', 'acc_raw', 'loglikelihood_acc'],
    ['exact_match', 'em', 'exactmatch'],
    ['quasi_exact_match', 'qem'],
    ['prefix_exact_match', 'pem'],
    ['quasi_prefix_exact_match', 'prefix_quasi_exact_match', 'pqem'],
    ...['match', 'includes', 'choice'].map((name) => [name]),
  ],
  [
    ['acc_norm', 'acc_len_norm', 'acc_per_char', 'loglikelihood_acc_norm', 'accuracynorm'],
    ['acc_norm_nospace', 'loglikelihood_acc_norm_nospace'],
  ],
  [['acc_bytes', 'acc_per_byte', 'accuracybytes']],
  [['acc_norm_token', 'acc_per_token', 'accuracytokens']],
  [['acc_mutual_info', 'acc_uncond', 'accuracypmi']],
  [['f1', 'f1_score']],
]

const KNOWN = new Map(
  METRICS.flatMap((names, kind) => names.flatMap((own) => own.map((name) => [name, { kind, name: own[0] }]))),
)

/** `Accuracy,none` → `acc` and no filter; `exact_match/strict-match` keeps its filter. */
function partsOf(metric: string): { readonly name: string; readonly kind?: number; readonly filter: string } {
  const [base, filter = 'none'] = metric.toLowerCase().split(/[,/]/)
  return { ...(KNOWN.get(base) ?? { name: base }), filter: filter === 'none' ? '' : filter }
}

/** One name for what tools call otherwise: `accuracy` is `acc`; a filter stays. */
export function commonMetric(metric: string): string {
  const { name, filter } = partsOf(metric)
  return filter === '' ? name : `${name}/${filter}`
}

/** Whether two names are of one metric: `other` where they are known not to be, `unknown` where nothing tells. */
export function sameMetric(a: string, b: string): 'same' | 'other' | 'unknown' {
  const [first, second] = [partsOf(a), partsOf(b)]
  if (first.name !== second.name)
    return first.kind !== undefined && second.kind !== undefined && first.kind !== second.kind
      ? 'other'
      : 'unknown'
  if (first.filter === second.filter) return 'same'
  return first.filter !== '' && second.filter !== '' ? 'other' : 'unknown'
}

/** Which metric says whether an item was answered rightly, where results hold several: the first one that there is. */
export const RIGHT_OR_WRONG: readonly string[] = [
  ...['acc', 'accuracy', 'exact_match', 'em', 'match', 'includes', 'pass@k', 'pass@1', 'acc_norm', 'f1'],
]

/** What is in the first of these metrics, else the first of all. */
export function rightOrWrongOf<T>(all: readonly T[], metricOf: (one: T) => string): T | undefined {
  return (
    RIGHT_OR_WRONG.flatMap((metric) => all.find((one) => commonMetric(metricOf(one)) === metric) ?? [])[0] ??
    all[0]
  )
}

/** Which one tables of papers tell, and laws of accuracy are fitted to: by length where there is such. */
export const CUSTOMARY: readonly string[] = ['acc_norm', 'acc_len_norm', ...RIGHT_OR_WRONG]

/** The preferred metric among those seen, `counts` = rows of each: those of `order` first, then the most rows. */
export function preferredMetric(counts: ReadonlyMap<string, number>, order = CUSTOMARY): string {
  const most = Math.max(...counts.values())
  // A preferred metric that half of the runs lack would cost more points than its custom is worth.
  for (const metric of order) if ((counts.get(metric) ?? 0) >= most) return metric
  let best = ''
  for (const [metric, count] of counts) if (best === '' || count > (counts.get(best) ?? 0)) best = metric
  return best
}
