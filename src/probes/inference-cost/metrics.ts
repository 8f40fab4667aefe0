import type { MetricDeclaration } from '../../core/index.js'

/** FLOPs are told at this position, or at the last of a shorter context. */
export const FLOPS_POSITION = 1024

const SMALLER = 'Choose a smaller or more strongly quantised model, or faster hardware.'
const SLOWER =
  'It is slower than the baseline: time both on the same idle machine first; then look at engine version, quantisation and threads.'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'inference-cost.prefill',
    title: 'Prefill speed',
    unit: 'tokens/s',
    better: 'higher',
    timing: true,
    onFail: SMALLER,
    onRegress: SLOWER,
  },
  {
    id: 'inference-cost.decode',
    title: 'Decode speed',
    unit: 'tokens/s',
    better: 'higher',
    timing: true,
    onFail: SMALLER,
    onRegress: SLOWER,
  },
  {
    id: 'inference-cost.latency-p50',
    title: 'Latency of a token, median',
    unit: 'ms',
    better: 'lower',
    timing: true,
    onFail: SMALLER,
    onRegress: SLOWER,
  },
  {
    id: 'inference-cost.latency-p99',
    title: 'Latency of a token, 99th percentile',
    unit: 'ms',
    better: 'lower',
    timing: true,
    onFail: SMALLER,
    onRegress: SLOWER,
  },
  {
    id: 'inference-cost.flops-per-token',
    title: `FLOPs per token at position ${FLOPS_POSITION} or the end of a shorter context`,
    unit: 'FLOPs/token',
    better: 'lower',
    size: true,
    onFail: SMALLER,
    onRegress: 'A token takes more arithmetic than with the baseline: it is a larger model.',
  },
  {
    id: 'inference-cost.price',
    title: 'Price per million tokens',
    unit: 'price/10^6 tokens',
    better: 'lower',
    size: true,
    onFail: SMALLER,
    onRegress: 'A token costs more than with the baseline: compare the prices that the two configs state.',
  },
]
