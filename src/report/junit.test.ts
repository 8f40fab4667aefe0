import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { sampleResult } from '../../test/golden/sample-result.js'
import type { Finding, GateResult, Result } from '../core/index.js'
import { renderJUnit } from './junit.js'

const xml = renderJUnit(sampleResult())

function cases(text: string) {
  const { document } = parseHTML(`<html><body>${text.replace(/^<\?xml[^>]*>/, '')}</body></html>`)
  return [...document.querySelectorAll('testcase')].map((c) => ({
    name: c.getAttribute('name'),
    child: c.children[0]?.tagName.toLowerCase(),
  }))
}

describe('renderJUnit', () => {
  it('has a case per gate and per finding that failed', () => {
    expect(cases(xml)).toEqual([
      { name: 'held-out-loss.bitsPerByte.macro', child: 'system-out' },
      { name: 'held-out-loss.bitsPerByte.code-javascript', child: 'failure' },
      // Undecided and critical: the verdict is not GO, so CI must not be green.
      { name: 'knowledge-retention.accuracy', child: 'error' },
      { name: 'tokenizer-efficiency.parity.thai', child: 'failure' },
      { name: 'inference-cost.decode', child: 'system-out' },
      { name: 'inference-cost.price', child: 'skipped' },
      { name: 'domain-loss-high', child: 'failure' },
      { name: 'probe-failed', child: 'error' },
    ])
  })

  it('counts what it holds', () => {
    expect(xml).toContain('tests="8" failures="3" errors="2" skipped="1"')
  })

  it('tells a failed gate once, in the words of its finding', () => {
    const sample = sampleResult()
    const gate = sample.gates.find((g) => g.status === 'fail')
    if (gate === undefined) throw new Error('the sample has no failed gate')
    const finding: Finding = {
      probe: 'held-out-loss',
      code: `gate/${gate.metric}`,
      status: 'fail',
      title: 'Held-out loss: a regression',
      threshold: { ...gate.bound, unit: 'bits/byte' },
      action: 'Keep the baseline.',
      sources: [],
    }
    const text = renderJUnit({ ...sample, gates: [gate], findings: [finding] })
    expect(cases(text)).toEqual([{ name: gate.metric, child: 'failure' }])
    expect(text).toContain('tests="1" failures="1" errors="0" skipped="0"')
    expect(text).toContain('message="Held-out loss: a regression"')
    expect(text).toContain('action: Keep the baseline.')
  })

  it('has no character that XML 1.0 forbids, and no attribute that a name could close', () => {
    const sample = sampleResult()
    const hostile = `\u0000\u001b[31m\ufffe "]]><failure/> \ud800`
    const result: Result = {
      ...sample,
      title: hostile,
      gates: sample.gates.map((g): GateResult => ({ ...g, metric: hostile, reason: hostile })),
      findings: sample.findings.map((f): Finding => ({ ...f, title: hostile, code: hostile })),
    }
    const text = renderJUnit(result)
    expect(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text)).toBe(false)
    expect(text).not.toContain('"]]>')
    expect(cases(text)).toHaveLength(8)
  })
})
