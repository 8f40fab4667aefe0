import { groupBy } from '../../collections.js'
import type { Prediction } from './outcome.js'
import type { Sharpening } from './sharpen.js'

/** One run to train next, with every forecast that it narrows. */
interface NextRun {
  readonly params: number | null
  readonly tokens: number | null
  readonly flops: number
  /** Its cost as a share of the target's compute. */
  readonly share: number
  /** Forecasts that it narrows by a tenth or more, the most first. */
  readonly narrowed: readonly { readonly prediction: Prediction; readonly run: Sharpening }[]
}

function narrowing(run: Sharpening): number {
  return 1 - run.widthAfter / run.widthNow
}

/**
 * The run whose narrowings, summed over the forecasts, are largest for the logarithm of its compute; null when no run
 * narrows any forecast by a tenth (`sharpeningRuns` gives no others).
 */
export function nextRun(predictions: readonly Prediction[]): NextRun | null {
  const runs = groupBy(
    predictions.flatMap((prediction) => prediction.sharpening.map((run) => ({ prediction, run }))),
    ({ run }) => [run.flops, run.params].join(),
  )
  let best: NextRun | null = null
  let most = 0
  for (const narrowed of runs.values()) {
    const [{ run }] = narrowed
    const worth = narrowed.reduce((sum, n) => sum + narrowing(n.run), 0) / Math.log(2 + run.flopsOfLargest)
    if (worth <= most) continue
    most = worth
    const { params, tokens, flops, share } = run
    best = {
      params,
      tokens,
      flops,
      share,
      narrowed: narrowed.toSorted((a, b) => narrowing(b.run) - narrowing(a.run)),
    }
  }
  return best
}
