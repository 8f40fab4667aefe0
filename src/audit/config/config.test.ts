import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defineProbe } from '../../core/index.js'
import { nearest } from './nearest.js'
import { configSchemas } from './publish.js'
import { readConfig, readPolicy } from './read.js'

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'assay-config-')), 'assay.yaml')
  writeFileSync(path, text)
  return path
}

describe('readConfig', () => {
  it('fills in defaults', () => {
    expect(readConfig(file('model: m\n')).config).toMatchObject({
      model: 'm',
      full: false,
      default_texts: true,
    })
    expect(() => readConfig(file(''))).toThrow(expect.objectContaining({ code: 'audit/bad-config' }))
  })

  it('names the line of an unknown key and the nearest valid one', () => {
    expect(() => readConfig(file('model: m\n\ndomians:\n  a: b\n'))).toThrow(
      expect.objectContaining({
        code: 'audit/bad-config',
        message: expect.stringContaining('did you mean "domains"?'),
        place: expect.objectContaining({ line: 3 }),
      }),
    )
    const inGate = 'gates:\n  - metric: held-out-loss.macro\n    maks: 1\n    max: 1\n'
    expect(() => readConfig(file(inGate))).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('"max"'),
        place: expect.objectContaining({ line: 3 }),
      }),
    )
  })

  it('refuses a gate without exactly one bound, wrong types and broken YAML, with the line', () => {
    for (const [text, line] of [
      ['gates:\n  - metric: held-out-loss.macro\n', 2],
      ['gates:\n  - metric: held-out-loss.macro\n    min: 1\n    max: 2\n', 2],
      ['model: a\nlimit: many\n', 2],
      ['limit: 1\nmodel: ""\n', 2],
      ['model: [a\nlimit: 1\n', 2],
    ] as const)
      expect(() => readConfig(file(text)), text).toThrow(
        expect.objectContaining({ code: 'audit/bad-config', place: expect.objectContaining({ line }) }),
      )
  })
})

describe('aliases', () => {
  it('that stand for nothing, or for too much, are refused with the line', () => {
    expect(() => readConfig(file('model: &m a\ndomains:\n  law: *nope\n'))).toThrow(
      expect.objectContaining({
        code: 'audit/bad-config',
        message: expect.stringContaining('*nope'),
        place: expect.objectContaining({ line: 3 }),
      }),
    )
    // Nine levels of nine: 9⁹ values from ten lines.
    const levels = Array.from({ length: 9 }, (_, i) => {
      const value = i === 0 ? 'x' : `*a${i - 1}`
      return `a${i}: &a${i} [${Array(9).fill(value).join(', ')}]\n`
    }).join('')
    expect(() => readConfig(file(levels))).toThrow(
      expect.objectContaining({
        code: 'audit/bad-config',
        place: expect.objectContaining({ line: 2 }),
      }),
    )
  })

  it('that stand for something are read', () => {
    expect(readConfig(file('seed: &n 3\nlimit: *n\n')).config.limit).toBe(3)
  })
})

describe('gates', () => {
  it('are refused when no probe measures them, with the nearest name', () => {
    expect(() => readConfig(file('model: m\ngates:\n  - {metric: heldout-loss.macro, max: 2}\n'))).toThrow(
      expect.objectContaining({
        code: 'audit/bad-config',
        message: expect.stringContaining('did you mean "held-out-loss.macro"?'),
        place: expect.objectContaining({ line: 3 }),
      }),
    )
  })

  it('are refused on a domain or language that the config does not have', () => {
    const texts = join(mkdtempSync(join(tmpdir(), 'assay-domain-')), 'a.txt')
    writeFileSync(texts, 'text')
    const gateOn = (metric: string) =>
      file(`domains: {law: ${texts}}\ngates:\n  - {metric: ${metric}, max: 1}\n`)
    expect(() => readConfig(gateOn('held-out-loss.domain.lawx'))).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/no domain "lawx"; it has law, .*"held-out-loss\.domain\.law"/),
        place: expect.objectContaining({ line: 3 }),
      }),
    )
    expect(() => readConfig(gateOn('tokenizer-efficiency.parity.law'))).toThrow(/no language "law"/)
    for (const metric of [
      'held-out-loss.domain.law', // the config's own
      'held-out-loss.domain.code-python', // a text that ships
      'tokenizer-efficiency.bytes-per-token.Thai',
      'knowledge-retention.relation.capital.geography', // settled by a file that is read later
    ])
      expect(readConfig(gateOn(metric)).config.gates, metric).toHaveLength(1)
    expect(() => readConfig(gateOn('held-out-loss.domain.extra'), { domains: ['extra'] })).not.toThrow()
    // A policy is held against many audits.
    expect(readPolicy(file('gates: [{metric: held-out-loss.domain.lawx, max: 1}]\n'))).toHaveLength(1)
  })

  it("may name metrics of the user's own probes when these are given", () => {
    const own = defineProbe({
      id: 'mine',
      title: 'a',
      failureTitle: 'b',
      needs: ['model'],
      sources: ['c'],
      metrics: [
        { id: 'mine.size', title: 'Size', unit: 'bytes', better: 'lower', onFail: 'd', onRegress: 'e' },
      ],
      judge: () => ({ findings: [], metrics: [], sections: [] }),
    })
    const path = file('gates: [{metric: mine.size, max: 2}]\n')
    expect(() => readPolicy(path)).toThrow(/no probe measures "mine.size"/)
    expect(readPolicy(path, { probes: [own] })).toHaveLength(1)
    expect(() => readPolicy(file('gates: [{metric: mine.sise, max: 2}]\n'), { probes: [own] })).toThrow(
      /did you mean "mine.size"/,
    )
  })

  it('are refused when no value can meet them', () => {
    const both =
      'gates:\n  - {metric: held-out-loss.macro, min: 2}\n  - {metric: held-out-loss.macro, max: 1}\n'
    expect(() => readPolicy(file(both))).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('at least 2 and at most 1'),
        place: expect.objectContaining({ line: 2 }),
      }),
    )
  })
})

describe('published schemas', () => {
  it.each([...configSchemas()])(
    '%s is what the code says (else: npx tsx scripts/publish-schemas.ts)',
    (name, text) => {
      expect(readFileSync(new URL(`../../../schema/${name}`, import.meta.url), 'utf8')).toBe(text)
    },
  )
})

describe('a value that may have several shapes', () => {
  it.each([
    ['domains: {own: 3}', 'expected string or array'],
    ['domains: {own: [a.txt, 3]}', 'expected string, received number'],
    ['prefix_token: some', 'expected one of "auto"|"bos"|"eos"|"none" or number'],
  ])('is refused with what it may be, or what is wrong in it: %s', (line, message) => {
    expect(() => readConfig(file(`model: m.gguf\n${line}\n`))).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(message),
        place: expect.objectContaining({ line: 2 }),
      }),
    )
  })
})

describe('readPolicy', () => {
  const boundOf = (metric: string, bound: string) =>
    readPolicy(file(`gates:\n  - metric: ${metric}\n    ${bound}\n`))[0]

  it.each([
    ['benchmark-scores.score.arc', 'min: 70 %', { min: 0.7 }],
    ['benchmark-scores.score.arc', 'max_drop: 2.5%', { max_drop: 0.025 }],
    ['benchmark-scores.score.arc', 'min: 1', { min: 1 }],
    ['benchmark-scores.above-chance.arc', 'min: −2.5 %', { min: -0.025 }],
    ['pretraining-gain.retained-share', 'max: 1.1', { max: 1.1 }],
    ['held-out-loss.macro', 'max_relative_drop: 1', { max_relative_drop: 1 }],
    ['inference-cost.latency-p99', 'max_relative_drop: 250 %', { max_relative_drop: 2.5 }],
    ['inference-cost.decode', 'min: 1,200 tokens/s', { min: 1200 }],
    ['inference-cost.decode', 'min: 1,234,567.5', { min: 1_234_567.5 }],
    ['domain-coverage.lacking', 'max: 1 domain', { max: 1 }],
    ['domain-coverage.lacking', 'max: 2 domains', { max: 2 }],
    ['held-out-loss.macro', 'max_relative_drop: 5 %', { max_relative_drop: 0.05 }],
    ['held-out-loss.macro', 'max: 1.2 bits/byte', { max: 1.2 }],
    ['tokenizer-efficiency.parity.de', 'max: 1.5×', { max: 1.5 }],
  ])('takes a bound as reports write it: %s, %s', (metric, bound, expected) => {
    expect(boundOf(metric, bound)).toMatchObject(expected)
  })

  it.each([
    ['benchmark-scores.score.arc', 'min: 70', 'found 70, expected a share of at most 1; 70 % are 0.7'],
    ['benchmark-scores.score.arc', 'min: 140 %', 'found 140 %, expected a share of at most 1'],
    [
      'held-out-loss.macro',
      'max_relative_drop: 5',
      'found 5, expected a share of the baseline of at most 1, or in %; 5 % are 0.05',
    ],
    [
      'benchmark-scores.score.arc',
      'max_relative_drop: 1.1',
      'found 1.1, expected a share of the baseline below 1; 1.1 % are 0.011',
    ],
    ['benchmark-scores.score.arc', 'max_drop: 1.5', 'expected a share of at most 1; 1.5 % are 0.015'],
    ['pretraining-gain.retained-share', 'max: 110', 'found 110, expected a share below 2'],
    ['held-out-loss.macro', 'max: 0,123', 'found 0,123, expected bits/byte'],
    ['held-out-loss.macro', 'max: 1,20', 'found 1,20, expected bits/byte'],
    [
      'held-out-loss.macro',
      'max_relative_drop: .1 bits/byte',
      'expected a share of the baseline, as in .05 or 5 %',
    ],
    [
      'held-out-loss.macro',
      'max_drop: 5 %',
      'expected bits/byte, which it is measured in; max_relative_drop is a share',
    ],
    ['held-out-loss.macro', 'max: 1.2 nats/token', 'found 1.2 nats/token, expected bits/byte'],
    ['held-out-loss.macro', 'max: little', 'expected a number, as in 1.2, 5 % or 1.2 bits/byte'],
    ['held-out-loss.macro', 'max_drop: -1', 'expected 0 or more'],
    ['held-out-loss.macro', 'max: 1e999', 'expected number or string'],
    ['held-out-loss.macro', 'max: [1, 2]', 'expected number or string'],
  ])('refuses one that cannot be meant, by its line: %s, %s', (metric, bound, message) => {
    expect(() => boundOf(metric, bound)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(message),
        place: expect.objectContaining({ line: 3 }),
      }),
    )
  })

  it('gives gates with only the bounds that were set', () => {
    expect(readPolicy(file('gates:\n  - {metric: held-out-loss.macro, max: 2}\n'))).toEqual([
      { metric: 'held-out-loss.macro', tier: 'critical', max: 2 },
    ])
  })
})

describe('nearest', () => {
  it('finds what a typing error meant and stays silent when nothing is near', () => {
    expect(nearest('lmiit', ['limit', 'model'])).toBe('limit')
    expect(nearest('zzzzz', ['limit', 'model'])).toBeUndefined()
  })
})
