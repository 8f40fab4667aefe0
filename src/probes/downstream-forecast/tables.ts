import {
  CANDIDATES,
  type Cell,
  type Inversion,
  type PreparedBenchmark,
  type TableView,
} from '../../core/index.js'
import { quantity, titleOf } from './words.js'

/** The rolling back-test of every form: mean absolute error of each fold, beside the baseline. */
export function backTestTable(prepared: readonly PreparedBenchmark[]): TableView {
  const rows = prepared.flatMap((p) =>
    p.test.folds.flatMap((fold, f) => {
      const held = p.heldOut.filter((h) => h.fold === f)
      const averaged =
        held.length === 0
          ? null
          : held.reduce((sum, h) => sum + Math.abs(h.predicted - h.point.accuracy), 0) / held.length
      const place: Cell[] = [
        titleOf(p.benchmark),
        f + 1,
        fold.train.usable.length,
        fold.test.length,
        `${fold.ratio.toFixed(1)}×`,
      ]
      const forms = CANDIDATES.map((c, i): [string, number | null] => [c.id, p.test.errors[f][i]])
      const all: [string, number | null][] = [
        ['average', averaged],
        ['copy the largest run', p.test.baselineErrors[f]],
        ...forms,
      ]
      return all
        .filter(([, e]) => e !== null)
        .map(([form, e]): Cell[] => [...place, form, Number((e ?? 0).toFixed(4))])
    }),
  )
  return {
    title: 'Rolling back-test of every form',
    columns: ['benchmark', 'fold', 'fitted', 'held out', 'reach', 'form', 'mean absolute error'],
    rows,
  }
}

/** The compute, and N and D, at which each benchmark is forecast to reach an accuracy. */
export function inversionTable(inversions: readonly Inversion[]): TableView {
  return {
    title: 'What it takes to reach the target accuracy',
    columns: ['benchmark', 'accuracy', 'training FLOPs', 'parameters', 'tokens'],
    rows: inversions.map((i): Cell[] => [
      titleOf({ name: i.benchmark, family: i.family }),
      i.accuracy,
      i.flops,
      i.params === null ? null : quantity(i.params),
      i.tokens === null ? null : quantity(i.tokens),
    ]),
  }
}
