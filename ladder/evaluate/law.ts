/**
 * The law that smaller runs give for the largest: `assay fit chinchilla` on the runs of the main grid below it that read no
 * text twice, and its own loss beside the prediction; for the largest of these runs, and for the largest of all. Writes `law.csv` (what is fitted) and `law.json` (what came out).
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
const TABLE = join(LADDER, 'law.csv')

interface FitJson {
  readonly at: {
    readonly kind: string
    readonly value?: number
    readonly low?: number
    readonly high?: number
  }
}

type Run = RunSummary & { readonly heldOutLoss: number }

/** Finished runs of the main grid, least compute first. */
function grid(): Run[] {
  return readRuns(join(LADDER, 'runs'))
    .flatMap((run) =>
      run.group === 'ladder' && run.heldOutLoss !== null ? [{ ...run, heldOutLoss: run.heldOutLoss }] : [],
    )
    .sort((a, b) => a.flops - b.flops)
}

/** What a law of the smaller runs that read no text twice says of a run. */
function check(target: Run, once: readonly Run[]): LawCheck {
  const fitted = once.filter((run) => run.flops < target.flops)
  const rows = fitted.map(({ id, parameters, tokens, heldOutLoss }) =>
    [id, parameters, tokens, heldOutLoss].join(','),
  )
  writeFileSync(TABLE, `${['model,params,tokens,loss', ...rows].join('\n')}\n`)
  const place = `params=${target.parameters},tokens=${target.tokens}`
  // Exit status 2 says that no value could be told; the JSON says so too.
  const { stdout } = spawnSync(
    process.execPath,
    [ASSAY, 'fit', 'chinchilla', TABLE, '--at', place, '--json'],
    { encoding: 'utf8' },
  )
  const { at } = JSON.parse(stdout) as FitJson
  return {
    run: target.id,
    epochs: target.epochs ?? 1,
    runs: fitted.length,
    measured: target.heldOutLoss,
    predicted: at.value ?? null,
    low: at.low ?? null,
    high: at.high ?? null,
  }
}

const runs = grid()
const once = runs.filter(({ epochs = 1 }) => epochs === 1)
// The largest that read no text twice, and the largest of all, whose fit law.csv then holds.
const targets = [...new Set([once.at(-1), runs.at(-1)])].filter((run) => run !== undefined)
if (targets.length === 0) throw new Error('No run of the main grid is finished: ladder/make.sh train')
const checks = targets.map((target) => check(target, once))
writeFileSync(join(LADDER, 'law.json'), `${JSON.stringify(checks, null, 2)}\n`)
process.stdout.write(`${JSON.stringify(checks)}\n`)
