import type { Result } from '../core/index.js'
import { type GatherOptions, gather } from './gather/index.js'
import { type JudgeOptions, judge } from './judge.js'
import { JudgingAhead } from './judge-ahead.js'
import type { AuditPlan } from './plan.js'
import { readReferences } from './references.js'
import { readEvidence } from './store/evidence-folder.js'

/** `evidence` is the folder that receives what is gathered; the rest may be left out. */
export type AuditOptions = Pick<GatherOptions, 'evidence'> &
  Partial<GatherOptions> &
  Pick<JudgeOptions, 'level' | 'probes'>

const silent = { update: () => {}, end: () => {} }

/**
 * A whole audit, as `assay audit` makes it: gather into the evidence folder, then judge what stands there against
 * the plan's gates and baseline.
 *
 *     const probes = [...PROBES, mine]
 *     const plan = planAudit('assay.yaml', { domains: [], probes })   // its gates may name metrics of `mine`
 *     const result = await runAudit(plan, { evidence: 'evidence', probes })
 *
 * @throws {AssayError} as `gather` and `readEvidence` do; a probe that fails is an error finding instead
 */
export async function runAudit(plan: AuditPlan, options: AuditOptions): Promise<Result> {
  const { level, probes } = options
  const ahead = new JudgingAhead({ seed: plan.seed, level, probes })
  try {
    await gather(
      plan,
      {
        resume: false,
        offline: false,
        signal: new AbortController().signal,
        progress: () => silent,
        note: () => {},
        ...options,
      },
      (evidence) => ahead.begin(evidence),
    )
    const stored = await readEvidence(options.evidence)
    return judge(stored, plan.gates, {
      references: await readReferences(plan.references),
      baseline: plan.baseline === undefined ? undefined : await readEvidence(plan.baseline),
      level,
      probes,
      concluded: await ahead.concluded,
    })
  } finally {
    await ahead.close()
  }
}
