import type { Result } from '../core/index.js'

/** 0 GO, 1 NO-GO, 2 INCONCLUSIVE; 4 when a probe failed, whatever the others say. */
export function exitCodeOf(result: Result): 0 | 1 | 2 | 4 {
  if (result.findings.some((f) => f.status === 'error')) return 4
  return result.verdict === 'GO' ? 0 : result.verdict === 'NO-GO' ? 1 : 2
}
