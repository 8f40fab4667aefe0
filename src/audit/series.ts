import { join } from 'node:path'
import type { Result } from '../core/index.js'
import type { Checkpoint } from '../engines/index.js'
import { PROBES } from '../probes/index.js'
import type { AuditPlan } from './plan.js'
import { type AuditOptions, runAudit } from './run-audit.js'
import { type MeasuredCheckpoint, seriesSection } from './series-section.js'

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
 * @throws {AssayError} as `runAudit` does; checkpoints before the one that fails are kept
 */
export async function runSeries(
  plan: AuditPlan,
  checkpoints: readonly Checkpoint[],
  options: AuditOptions,
): Promise<SeriesResult> {
  const measured: MeasuredCheckpoint[] = []
  let last: Result | undefined
  for (const [i, { step, model }] of checkpoints.entries()) {
    options.note?.(`Checkpoint ${i + 1} of ${checkpoints.length}: step ${step}, ${model}`)
    const evidence = join(options.evidence, `step-${step}`)
    last = await runAudit({ ...plan, model }, { ...options, evidence })
    measured.push({ step, model, metrics: last.metrics })
  }
  if (last === undefined) throw new RangeError('a series has at least one checkpoint')
  const section = seriesSection(
    measured,
    PROBES.flatMap((probe) => probe.metrics),
  )
  const title = `Audit of ${checkpoints.length} checkpoints, the last at step ${measured.at(-1)!.step}`
  return {
    checkpoints: measured,
    result: { ...last, title, sections: [section, ...last.sections] },
  }
}
