import {
  CANDIDATES,
  type Cell,
  type Inversion,
  mean,
  meanOrNull,
  type PreparedBenchmark,
  type TableView,
} from '../../core/index.js'
import { quantity, titleOf } from './words.js'

export const BACK_TEST_TITLE = 'Rolling back-test of every form'
export const INVERSION_TITLE = 'What it takes to reach the target accuracy'

interface Scored {
  readonly form: string
  readonly error: number
  readonly baseline: number
}

function foldScores(prepared: PreparedBenchmark): Scored[] {
  return prepared.test.folds.flatMap((_, f) => {
    const held = prepared.heldOut.filter((h) => h.fold === f)
    const baseline = prepared.test.baselineErrors[f]
    const average = meanOrNull(held.map((h) => Math.abs(h.predicted - h.point.accuracy)))
    const forms = CANDIDATES.flatMap((c, i): Scored[] => {
      const error = prepared.test.errors[f][i]
      return error === null ? [] : [{ form: c.id, error, baseline }]
    })
    return average === null ? forms : [{ form: 'average', error: average, baseline }, ...forms]
  })
}

/** The rolling back-test of every form, best first, each beside the baseline on the same folds. */
export function backTestTable(prepared: readonly PreparedBenchmark[]): TableView {
  const scores = prepared.flatMap(foldScores)
  const rows = [...new Set(scores.map((s) => s.form))].map((form) => {
    const own = scores.filter((s) => s.form === form)
    return {
      form,
      folds: own.length,
      error: mean(own.map((s) => s.error)),
      baseline: mean(own.map((s) => s.baseline)),
    }
  })
  return {
    title: BACK_TEST_TITLE,
    columns: ['form', 'folds', 'mean absolute error', 'copy the largest run'],
    rows: rows
      .sort((a, b) => a.error - b.error)
      .map((r): Cell[] => [r.form, r.folds, Number(r.error.toFixed(4)), Number(r.baseline.toFixed(4))]),
  }
}

/** The compute, and N and D, at which each benchmark is forecast to reach an accuracy. */
export function inversionTable(inversions: readonly Inversion[]): TableView {
  return {
    title: INVERSION_TITLE,
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
