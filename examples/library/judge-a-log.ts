// Read training logs of any known format, and say of each run whether it is healthy and what happened when.
import { analyseLogs } from 'assay-audit/core'
import { readLogs } from 'assay-audit/ingest'

const runs = await readLogs(['ladder/runs/1.6M-r10/trainer_state.json', 'ladder/runs/bad-data-burst'])
for (const { run, verdict, events } of analyseLogs({ runs }).runs) {
  const happened = events.map(({ code, fromStep }) => `${code} at step ${fromStep}`)
  console.log(`${run.id}: ${verdict}${happened.length === 0 ? '' : ` (${happened.join(', ')})`}`)
}
