import { type LogAnalysis, type Result, statusOfVerdict } from '../core/index.js'

/** 0 GO, 1 NO-GO, 2 INCONCLUSIVE; 4 when a probe failed, whatever the others say. */
export function exitCodeOf(result: Result): 0 | 1 | 2 | 4 {
  if (result.findings.some((f) => f.status === 'error')) return 4
  return result.verdict === 'GO' ? 0 : result.verdict === 'NO-GO' ? 1 : 2
}

/** Exit code of training runs: 1 when any is bad, else 2 when any cannot be told, else 0. */
export function curveExitCode({ runs }: LogAnalysis): 0 | 1 | 2 {
  const statuses = runs.map((run) => statusOfVerdict(run.verdict))
  return statuses.includes('fail') ? 1 : statuses.includes('insufficient') ? 2 : 0
}
