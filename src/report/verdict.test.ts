import { describe, expect, it } from 'vitest'
import {
  estimate,
  type Finding,
  type GateResult,
  type Result,
  type Status,
  type Verdict,
} from '../core/index.js'
import { decidingFindings } from './verdict.js'

const finding = (probe: string, status: Status, title = `${probe} ${status}`): Finding => ({
  probe,
  code: 'c',
  status,
  title,
  sources: [],
})

const gate = (
  metric: string,
  status: GateResult['status'],
  tier: GateResult['tier'] = 'critical',
): GateResult => ({
  metric,
  title: metric,
  tier,
  status,
  estimate: estimate(1, { low: 0.9, high: 1.1, level: 0.95 }, 'ms', 9),
  bound: { kind: 'max', value: 2 },
  reason: 'because',
})

const result = (verdict: Verdict | undefined, gates: GateResult[], findings: Finding[]): Result => ({
  schema: 'assay/audit@1',
  title: 't',
  summary: 's',
  seed: 1,
  inputs: [],
  ...(verdict === undefined ? {} : { verdict }),
  gates,
  findings,
  metrics: [],
  sections: [],
  provenance: [],
  notMeasured: [],
})

const titles = (r: Result): string[] => decidingFindings(r).map((d) => d.title)

describe('decidingFindings', () => {
  it('puts the probe behind a failed critical gate before worse-sounding others', () => {
    const findings = [finding('a', 'error'), finding('b', 'fail'), finding('loss', 'fail')]
    expect(titles(result('NO-GO', [gate('loss.macro', 'fail')], findings))).toEqual([
      'loss fail',
      'b fail',
      'a error',
    ])
  })

  it('lets a deciding gate speak for itself when no finding does', () => {
    const findings = [finding('other', 'warn')]
    expect(titles(result('NO-GO', [gate('loss.macro', 'fail')], findings))).toEqual([
      'loss.macro: because',
      'other warn',
    ])
  })

  it('never says of a pass that it decided a NO-GO', () => {
    expect(titles(result('NO-GO', [gate('loss.macro', 'fail')], [finding('a', 'pass')]))).toEqual([
      'loss.macro: because',
    ])
  })

  it('names what is missing when the verdict is INCONCLUSIVE', () => {
    const findings = [finding('a', 'fail'), finding('loss', 'insufficient')]
    expect(titles(result('INCONCLUSIVE', [gate('loss.macro', 'insufficient')], findings))).toEqual([
      'loss insufficient',
      'a fail',
    ])
  })

  it('shows at most three, the worst first, where nothing is gated', () => {
    const findings = (['pass', 'warn', 'fail', 'insufficient', 'error'] as const).map((s) => finding('p', s))
    expect(titles(result(undefined, [], findings))).toEqual(['p fail', 'p error', 'p insufficient'])
  })
})
