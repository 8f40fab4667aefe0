/** Timings of one engine on one machine; they differ from run to run and are left out of evidence comparisons. */
export interface CostEvidence {
  /** CPU threads; absent where a server does not tell. */
  readonly threads?: number
  readonly hardware: string
  /** Seconds of each repetition, `tokens` prompt tokens each. */
  readonly prefill: { readonly tokens: number; readonly seconds: readonly number[] }
  /** Seconds of every decoded token, one at a time. */
  readonly decode: { readonly seconds: readonly number[] }
  readonly pricePerMillionTokens?: number
}
