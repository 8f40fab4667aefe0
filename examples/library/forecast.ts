// Foretell benchmarks of a run that was never made, from evaluations of smaller ones.
import { forecast } from 'assay-audit/core'
import { readEvaluations } from 'assay-audit/ingest'
import { formatEstimate } from 'assay-audit/report'

const { rows } = await readEvaluations(['ladder/evaluations.csv'])
const target = { params: 4.9e6, tokens: 2.4e7, flops: 6 * 4.9e6 * 2.4e7 }
const { predictions, abstentions } = forecast(rows, target)

for (const { benchmark, accuracy } of predictions)
  console.log(`${benchmark.name}: ${formatEstimate(accuracy)}`)
for (const { benchmark, reason } of abstentions) console.log(`${benchmark.name}: no forecast, ${reason}`)
