import type { Finding, ForecastContradiction } from '../../core/index.js'

/** Contradictions that are named; of more, their number. */
const NAMED = 5

/** Runs that the table scores twice, differently. */
export function contradictionFinding(contradictions: readonly ForecastContradiction[]): Finding[] {
  const n = contradictions.length
  if (n === 0) return []
  const named = contradictions
    .slice(0, NAMED)
    .map(
      ({ run, benchmark, rows }) =>
        `${run} on ${benchmark}: ${rows.map((row) => `${row.value.toFixed(3)} (${row.source})`).join(', ')}`,
    )
  return [
    {
      probe: 'downstream-forecast',
      code: 'downstream-forecast/contradiction',
      status: 'warn',
      title: `${n} ${n === 1 ? 'measurement stands' : 'measurements stand'} in the table with different scores; ${n === 1 ? 'its mean is' : 'their means are'} taken`,
      detail: `${named.join('; ')}${n > NAMED ? `; and ${n - NAMED} more` : ''}.`,
      action: 'Keep one row of each, or name what tells them apart (checkpoint, subset, metric).',
      sources: ['docs/methods/scaling.md#usable-points'],
    },
  ]
}
