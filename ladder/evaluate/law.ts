/**
 * The law that the smaller runs give for the largest: `assay fit chinchilla` on the main grid below it, and the
 * largest run's own loss beside the prediction. Writes `law.csv` (what is fitted) and `law.json` (what came out).
 *
 *   npx tsx ladder/evaluate/law.ts
 *
 * Needs `npm run build` and a finished run of the largest compute.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LADDER } from '../places.js'
import { type LawCheck, type RunSummary, readRuns } from '../train/runs.js'

const ASSAY = join(import.meta.dirname, '../../dist/cli/bundle/main.js')

interface FitJson {
  readonly at: {
    readonly kind: string
    readonly value?: number
    readonly low?: number
    readonly high?: number
  }
}

/** Finished runs of the main grid, which read no window twice, least compute first. */
function grid(): (RunSummary & { readonly heldOutLoss: number })[] {
  return readRuns(join(LADDER, 'runs'))
    .flatMap((run) =>
      run.group === 'ladder' && run.heldOutLoss !== null ? [{ ...run, heldOutLoss: run.heldOutLoss }] : [],
    )
    .filter(({ epochs = 1 }) => epochs === 1)
    .sort((a, b) => a.flops - b.flops)
}

const runs = grid()
const largest = runs.pop()
if (largest === undefined) throw new Error('No run of the main grid is finished: ladder/make.sh train')
const table = join(LADDER, 'law.csv')
const rows = runs.map(({ id, parameters, tokens, heldOutLoss }) =>
  [id, parameters, tokens, heldOutLoss].join(','),
)
writeFileSync(table, `${['model,params,tokens,loss', ...rows].join('\n')}\n`)
const place = `params=${largest.parameters},tokens=${largest.tokens}`
// Exit status 2 says that no value could be told; the JSON says so too.
const { stdout } = spawnSync(process.execPath, [ASSAY, 'fit', 'chinchilla', table, '--at', place, '--json'], {
  encoding: 'utf8',
})
const { at } = JSON.parse(stdout) as FitJson
const check: LawCheck = {
  run: largest.id,
  runs: runs.length,
  measured: largest.heldOutLoss,
  predicted: at.value ?? null,
  low: at.low ?? null,
  high: at.high ?? null,
}
writeFileSync(join(LADDER, 'law.json'), `${JSON.stringify(check, null, 2)}\n`)
process.stdout.write(`${JSON.stringify(check)}\n`)
