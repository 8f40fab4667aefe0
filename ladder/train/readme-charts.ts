import { type Chart, groupBy, type LineChart, type Series } from '../../src/core/index.js'
import { type RunSummary, readLog, smoothed } from './runs.js'

function lossBy(
  runs: readonly RunSummary[],
  caption: string,
  x: LineChart['x'],
  of: (run: RunSummary) => number,
): Chart {
  const finished = runs.filter((run) => run.group === 'ladder' && run.heldOutBitsPerByte !== null)
  return {
    kind: 'lines',
    caption,
    x,
    y: { label: 'held-out loss', unit: 'bits/byte' },
    series: [...groupBy(finished, (run) => run.size)].map(
      ([size, own]): Series => ({
        name: size,
        style: 'line',
        x: own.map(of),
        y: own.map((run) => run.heldOutBitsPerByte!),
      }),
    ),
  }
}

/** Held-out loss against training compute, a line a size. */
export function lossByCompute(runs: readonly RunSummary[]): Chart {
  const caption = 'Held-out loss falls with compute at every size'
  return lossBy(runs, caption, { label: 'training compute', unit: 'FLOPs', scale: 'log' }, (run) => run.flops)
}

/** Held-out loss against the tokens of the run, a line a size. */
export function lossByTokens(runs: readonly RunSummary[]): Chart {
  const caption = 'Held-out loss falls with tokens at every size, and with size at as many tokens'
  return lossBy(runs, caption, { label: 'training tokens', scale: 'log' }, (run) => run.tokens)
}

/** Training loss by step: medians of stretches of `width` logged losses, until one is above `highest`. */
export function lossByStep(
  folder: string,
  ids: readonly string[],
  caption: string,
  width: number,
  highest?: number,
): Chart {
  return {
    kind: 'lines',
    caption,
    x: { label: 'step' },
    y: { label: 'training loss', unit: 'nats/token' },
    series: ids.map((id): Series => {
      const { x, y } = smoothed(readLog(folder, id), width)
      const above = highest === undefined ? -1 : y.findIndex((loss) => loss > highest)
      const end = above < 0 ? y.length : above
      return { name: id, style: 'line', x: x.slice(0, end), y: y.slice(0, end) }
    }),
  }
}

/** A row of `ladder/adaptation/results.csv`. */
export interface AdaptationRow {
  readonly arm: string
  readonly n: number
  readonly split: string
  readonly accuracy: number
}

/** Accuracy by training examples, mean over seeds, one line per arm and test set. */
export function accuracyByExamples(rows: readonly AdaptationRow[]): Chart {
  const groups = groupBy(
    rows.filter((row) => row.n > 0),
    (row) => `${row.arm}, ${row.split === 'id' ? 'in' : 'out of'} distribution`,
  )
  return {
    kind: 'lines',
    caption: 'What pre-training buys on subject–verb agreement, by training examples (chance 0.5)',
    x: { label: 'training examples', scale: 'log' },
    y: { label: 'accuracy', domain: [0.4, 1] },
    series: [...groups].map(([name, own]): Series => {
      const byCount = [...groupBy(own, (row) => row.n)].sort(([a], [b]) => a - b)
      return {
        name,
        style: 'line',
        x: byCount.map(([n]) => n),
        y: byCount.map(([, seeds]) => seeds.reduce((sum, row) => sum + row.accuracy, 0) / seeds.length),
      }
    }),
  }
}
