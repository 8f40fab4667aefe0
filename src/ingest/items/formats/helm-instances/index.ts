import { groupBy } from '../../../../core/index.js'
import { HELM_ACCURACIES } from '../../../evaluations/formats/helm/index.js'
import { asNumber, asObject } from '../../../evaluations/row.js'
import { askedHash } from '../../asked.js'
import type { ItemRow, ItemsFormat } from '../../item-row.js'
import { meanOfRepeats, metricScores } from '../../scores.js'

/** Shares of right answers of one instance, by metric. */
function metricsOf(stats: unknown): Record<string, number> {
  const known = (Array.isArray(stats) ? stats : []).flatMap((cell) => {
    const stat = asObject(cell)
    const name = asObject(stat?.name)?.name
    const mean = asNumber(stat?.mean)
    return typeof name === 'string' && HELM_ACCURACIES.has(name) && mean !== null
      ? [[name, mean] as const]
      : []
  })
  return Object.fromEntries(known)
}

/**
 * `per_instance_stats.json` of HELM with the `scenario_state.json` and `run_spec.json` beside it (`read-instances.ts` makes a
 * table of them). Perturbed instances are left out; trials of one instance are repeated answers, whose mean counts.
 */
export const helmInstances: ItemsFormat = {
  format: 'HELM instances',
  recognises: (columns) => columns.includes('instance_id') && columns.includes('stats'),
  read({ path, rows }, { metric: wished }) {
    const own = rows.filter((row) => row.get('perturbation') === undefined)
    const { metric, scores } = metricScores(
      own.map((row) => ({ results: metricsOf(row.get('stats')), line: row.line })),
      wished,
      path,
    )
    const of = own.map((row, r): ItemRow => {
      const id = String(row.get('instance_id'))
      const [document, prompt, task] = [row.get('document'), row.get('prompt'), row.get('task')]
      return {
        item: id,
        key: typeof document === 'string' ? document : id,
        ...(typeof prompt === 'string' ? { prompt, asked: askedHash(prompt) } : {}),
        ...(typeof task === 'string' ? { split: task } : {}),
        metric,
        score: scores[r],
        line: row.line,
      }
    })
    return [...groupBy(of, (row) => `${row.item}\u0000${row.key}`).values()].map(meanOfRepeats)
  },
}
