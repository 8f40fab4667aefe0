import { type CurveMark, groupBy } from '../../../../core/index.js'

/** A file of a run's folder. */
interface MarkFile {
  readonly path: string
  readonly content: string
}

/**
 * Marks as files of an MLflow run: `metrics/assay/NAME`, a line `[milliseconds] [value] [step]` each, and the verdict as
 * the tag `assay.verdict`.
 *
 * @param time milliseconds of the epoch
 * Source: mlflow/store/tracking/file_store.py.
 */
export function marksAsMetrics(marks: readonly CurveMark[], time: number): MarkFile[] {
  const verdict = marks.find((m) => m.name === 'verdict')
  return [
    ...[...groupBy(marks, (m) => m.name)].map(([name, same]) => ({
      path: `metrics/assay/${name}`,
      content: same.map((m) => `${time} ${m.value} ${Math.round(m.step)}\n`).join(''),
    })),
    ...(verdict === undefined ? [] : [{ path: 'tags/assay.verdict', content: verdict.text }]),
  ]
}
