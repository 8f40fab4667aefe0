import {
  bootstrap,
  type CostEvidence,
  counted,
  defineProbe,
  type Estimate,
  estimate,
  exact,
  flopsPerToken,
  type Measurement,
  nameMetrics,
  notEstimable,
  percentileInterval,
  quantile,
  type Random,
} from '../../core/index.js'
import { FLOPS_POSITION, METRICS } from './metrics.js'

const PROBE = 'inference-cost'

/** Quantile of latencies in ms, bootstrap over the timed tokens. */
function latency(seconds: readonly number[], p: number, random: Random, level: number): Estimate {
  if (seconds.length < 20) return notEstimable(`${seconds.length} timed tokens, 20 are needed`)
  const at = (drawn: Int32Array): number => {
    const sample: number[] = []
    drawn.forEach((times, i) => {
      for (let k = 0; k < times; k++) sample.push(seconds[i] * 1000)
    })
    return quantile(sample, p)
  }
  const interval = percentileInterval(bootstrap(seconds.length, at, random), level)
  return estimate(quantile(seconds, p) * 1000, interval, 'ms', seconds.length)
}

/** `2 CPU threads` */
function threadsOf({ threads }: CostEvidence, name: string): string {
  if (threads === undefined) return `an unknown number of ${name}s`
  return counted(threads, name)
}

/** Tokens per second; the interval is the fastest and the slowest repetition when there are few. */
function prefillSpeed({ prefill }: CostEvidence): Estimate {
  if (prefill.seconds.length === 0) return notEstimable('prefill was not timed')
  const speeds = prefill.seconds.map((s) => prefill.tokens / s)
  const n = speeds.length
  return estimate(
    quantile(speeds, 0.5),
    { low: Math.min(...speeds), high: Math.max(...speeds), level: 1 - 2 ** (1 - n) },
    'tokens/s',
    n,
  )
}

function decodeSpeed({ decode }: CostEvidence, random: Random, level: number): Estimate {
  const { seconds } = decode
  if (seconds.length < 20) return notEstimable(`${seconds.length} timed tokens, 20 are needed`)
  const total = (drawn: Int32Array): number =>
    seconds.length / drawn.reduce((sum, times, i) => sum + times * seconds[i], 0)
  const value = total(new Int32Array(seconds.length).fill(1))
  return estimate(
    value,
    percentileInterval(bootstrap(seconds.length, total, random), level),
    'tokens/s',
    seconds.length,
  )
}

/** What does a token cost? Speeds are of this machine and engine; FLOPs are of the model alone. */
export const inferenceCost = defineProbe({
  id: PROBE,
  title: 'Inference cost was measured',
  failureTitle: 'Inference cost could not be measured',
  needs: ['cost', 'model'],
  sources: ['docs/methods/diagnostics.md', 'Kaplan et al., arXiv:2001.08361, Eq. 2.2'],
  metrics: METRICS,
  judge: ({ cost, model }, { random, level }) => {
    const context = Math.min(model.contextLength ?? FLOPS_POSITION, FLOPS_POSITION)
    const perToken = flopsPerToken(model, context)
    const flops =
      perToken === undefined
        ? notEstimable('nobody tells how many parameters and layers the model has')
        : exact(perToken, 'FLOPs/token', 1)
    const prefill = prefillSpeed(cost)
    const decode = decodeSpeed(cost, random.derive('decode'), level)
    const p50 = latency(cost.decode.seconds, 0.5, random.derive('p50'), level)
    const p99 = latency(cost.decode.seconds, 0.99, random.derive('p99'), level)
    const price = cost.pricePerMillionTokens
    const metrics: Measurement[] = [
      { metric: `${PROBE}.prefill`, estimate: prefill },
      { metric: `${PROBE}.decode`, estimate: decode },
      { metric: `${PROBE}.latency-p50`, estimate: p50 },
      { metric: `${PROBE}.latency-p99`, estimate: p99 },
      { metric: `${PROBE}.flops-per-token`, estimate: flops },
      ...(price === undefined
        ? []
        : [{ metric: `${PROBE}.price`, estimate: exact(price, 'price/10^6 tokens', 1) }]),
    ]
    const speed = (e: Estimate): string =>
      e.kind === 'estimate' ? `${Math.round(e.value)} tokens/s` : 'an unknown speed'
    const timed = decode.kind === 'estimate' && prefill.kind === 'estimate'
    return {
      findings: [
        {
          probe: PROBE,
          code: 'inference-cost/measured',
          status: timed ? 'pass' : 'insufficient',
          title: `Reads ${speed(prefill)} and writes ${speed(decode)} on ${threadsOf(cost, 'thread')}`,
          estimate: decode,
          ...(timed ? {} : { action: 'Gather again: a speed needs 20 decoded tokens and one timed prompt.' }),
          sources: [
            'docs/methods/diagnostics.md#inference-cost',
            'docs/methods/diagnostics.md#flops-per-token',
            'evidence: cost',
          ],
        },
      ],
      metrics,
      sections: [
        {
          id: PROBE,
          order: 80,
          question: 'What does a token cost?',
          answer: `It reads ${speed(prefill)} and writes ${speed(decode)} on ${threadsOf(cost, 'CPU thread')} of this machine.`,
          inShort: decode.kind === 'estimate' ? `${Math.round(decode.value)} tokens/s` : 'not measured',
          charts: [],
          tables: [
            {
              title: 'Inference cost',
              columns: ['quantity', 'estimate'],
              rows: nameMetrics(METRICS, metrics).metrics.map((m) => [m.title, m.estimate]),
            },
          ],
          protocol: [
            `${cost.hardware}. Prefill: ${cost.prefill.seconds.length} repetitions of ${cost.prefill.tokens} tokens, median, interval = fastest and slowest. Decode: ${cost.decode.seconds.length} single tokens.`,
            'Of fewer than 370 tokens the 99th percentile is close to the slowest one, and its interval cannot reach beyond that.',
            'Timings differ between machines and runs; they are left out when two evidence folders are compared.',
          ],
        },
      ],
    }
  },
})
