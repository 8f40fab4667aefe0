import { type ForecastBenchmark, percent as percentOf } from '../../core/index.js'

export const percent = (share: number): string => percentOf(share, 1)

/** Name of a benchmark, with its family where forecasts are made by family. */
export function titleOf(benchmark: Pick<ForecastBenchmark, 'name' | 'family'>): string {
  return benchmark.family === null ? benchmark.name : `${benchmark.name} (${benchmark.family})`
}

/** Keep Q′ where its logarithm exists, for charts. */
export function clampShare(q: number): number {
  return Math.min(0.9999, Math.max(0.001, q))
}

/** 1.3e+23 → `1.3e23`; 6900000000 → `6.9e9`. */
export function quantity(value: number): string {
  return value.toExponential(1).replace('e+', 'e')
}

/** How far a target lies from the largest fitted run, in compute. */
export function reachOf(extrapolation: number): string {
  return `with ${extrapolation.toFixed(extrapolation < 10 ? 1 : 0)} times the training compute of the largest run measured`
}
