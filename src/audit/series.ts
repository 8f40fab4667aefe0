import { existsSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { AssayError, counted, type Finding, findingsBy, type Result } from '../core/index.js'
import type { Checkpoint } from '../engines/index.js'
import { PROBES } from '../probes/index.js'
import type { AuditPlan } from './plan.js'
import { type AuditOptions, runAudit } from './run-audit.js'
import { type MeasuredCheckpoint, seriesFindings, seriesSection } from './series-section.js'

/** Audits of a series: what was measured of each checkpoint, and the last one's result with how it came there. */
export interface SeriesResult {
  readonly checkpoints: readonly MeasuredCheckpoint[]
  readonly result: Result
}

/**
 * Audit every checkpoint by the same plan, one after the other, each into a folder of its own (`<evidence>/step-N`), so that
 * `resume` goes on within any of them.
 *
 * @param checkpoints  by step, at least one
 * A checkpoint that cannot be read (one that is still being written) is left out, and a finding says so.
 *
 * @throws {AssayError} as `runAudit` does, where it is no fault of a checkpoint's files, or of all of them's
 */
export async function runSeries(
  plan: AuditPlan,
  checkpoints: readonly Checkpoint[],
  options: AuditOptions,
): Promise<SeriesResult> {
  const measured: MeasuredCheckpoint[] = []
  const leftOut: Finding[] = []
  let last: Result | undefined
  let refused: unknown
  for (const [i, { step, model }] of checkpoints.entries()) {
    options.note?.(`Checkpoint ${i + 1} of ${checkpoints.length}: step ${step}, ${model}`)
    const evidence = join(options.evidence, `step-${step}`)
    try {
      last = await runAudit({ ...plan, model }, { ...options, evidence })
      measured.push({ step, model, metrics: last.metrics })
    } catch (error) {
      if (!isOfFiles(error)) throw error
      refused ??= error
      if (existsSync(evidence) && readdirSync(evidence).length === 0) rmdirSync(evidence)
      leftOut.push(leftOutFinding(step, model, error))
      options.note?.(`Left out: ${model}: ${error.message}`)
    }
  }
  if (last === undefined) throw refused ?? new RangeError('a series has at least one checkpoint')
  const declared = PROBES.flatMap((probe) => probe.metrics)
  const section = seriesSection(measured, declared)
  const findings = [...leftOut, ...seriesFindings(measured, declared)]
  const title = `Audit of ${counted(measured.length, 'checkpoint')}, the last at step ${measured.at(-1)!.step}`
  return {
    checkpoints: measured,
    result: {
      ...last,
      title,
      findings: [...findings, ...last.findings],
      sections: [section, ...last.sections],
    },
  }
}

/** What is wrong with the files of one checkpoint, and no more. */
function isOfFiles(error: unknown): error is AssayError {
  return error instanceof AssayError && error.kind === 'input' && error.code.startsWith('engines/')
}

function leftOutFinding(step: number, model: string, { message, code, fix }: AssayError): Finding {
  return findingsBy('checkpoints', [])('left-out', 'insufficient', `Step ${step} was left out: ${message}`, {
    action: fix,
    detail: `${model}: ${code}`,
  })
}
