import { describe, expect, it } from 'vitest'
import {
  estimate,
  type Finding,
  type GateResult,
  type Result,
  type Status,
  type Verdict,
} from '../core/index.js'
import { headlines, moreText } from './verdict.js'

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

const shown = (r: Result): Record<string, string[]> =>
  Object.fromEntries(headlines(r).map(({ heading, items }) => [heading, items.map((d) => d.title)]))

const DECIDED = 'What decided it, and what to do'
const ALSO = 'Also worth a look'

describe('headlines', () => {
  it('keep what decided apart from what did not, however bad that sounds', () => {
    const findings = [finding('a', 'error'), finding('b', 'fail'), finding('loss', 'fail')]
    expect(shown(result('NO-GO', [gate('loss.macro', 'fail')], findings))).toEqual({
      [DECIDED]: ['loss fail'],
      [ALSO]: ['b fail', 'a error'],
    })
  })

  it('let a deciding gate speak for itself when no finding does, and leave passes out', () => {
    const findings = [finding('other', 'warn'), finding('a', 'pass')]
    expect(shown(result('NO-GO', [gate('loss.macro', 'fail')], findings))).toEqual({
      [DECIDED]: ['loss.macro: because'],
      [ALSO]: ['other warn'],
    })
  })

  it('name what is missing when the verdict is INCONCLUSIVE', () => {
    const findings = [finding('a', 'fail'), finding('loss', 'insufficient')]
    expect(shown(result('INCONCLUSIVE', [gate('loss.macro', 'insufficient')], findings))).toEqual({
      [DECIDED]: ['loss insufficient'],
      [ALSO]: ['a fail'],
    })
  })

  it('name the probe that failed where every gate passed', () => {
    const findings = [finding('a', 'error'), finding('b', 'warn')]
    expect(shown(result('INCONCLUSIVE', [gate('loss.macro', 'pass')], findings))).toEqual({
      [DECIDED]: ['a error'],
      [ALSO]: ['b warn'],
    })
  })

  it('show the critical gates of a GO, not the advisory ones', () => {
    const gates = [gate('loss.macro', 'pass'), gate('cost.price', 'fail', 'advisory')]
    expect(shown(result('GO', gates, [finding('cost', 'warn'), finding('loss', 'pass')]))).toEqual({
      'What decided it': ['loss.macro: passes its critical gate'],
      [ALSO]: ['cost warn'],
    })
  })

  it('show the gravest of each probe, and say how many others there are', () => {
    const findings = [
      finding('context', 'warn', 'context first'),
      finding('context', 'warn', 'context again'),
      finding('facts', 'warn'),
      finding('cost', 'pass'),
      finding('context', 'insufficient'),
      finding('forecast', 'insufficient'),
      finding('tokenizer', 'warn'),
    ]
    const [first, also] = headlines(result('GO', [gate('loss.macro', 'pass')], findings))
    expect(also!.items.map((d) => d.title)).toEqual(['context first', 'facts warn', 'tokenizer warn'])
    // Not shown: context twice, the forecast; a pass is in order.
    expect([first!.more, also!.more]).toEqual([0, 3])
    expect(moreText(also!)).toBe('3 more in the sections below')
    expect(moreText(first!)).toBeUndefined()
  })

  it('show several of one probe where it is the only one', () => {
    const findings = [finding('p', 'warn', 'a'), finding('p', 'warn', 'b')]
    expect(shown(result(undefined, [], findings))).toEqual({ 'What matters most': ['a', 'b'] })
  })

  it('show at most three, the worst first, where nothing is gated', () => {
    const findings = (['pass', 'warn', 'fail', 'insufficient', 'error'] as const).map((s) => finding('p', s))
    expect(shown(result(undefined, [], findings))).toEqual({
      'What matters most': ['p fail', 'p error', 'p insufficient'],
    })
  })
})
