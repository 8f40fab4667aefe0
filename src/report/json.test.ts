import { expect, it } from 'vitest'
import { sampleResult } from '../../test/golden/sample-result.js'
import { resultToJson } from './json.js'

it('writes estimates flat, and leaves out what is drawn', () => {
  const json = resultToJson(sampleResult())
  expect(json.gates[0]?.estimate).toEqual({
    kind: 'estimate',
    value: 1.157,
    low: 1.157 - 0.019,
    high: 1.157 + 0.019,
    level: 0.95,
    unit: 'bits/byte',
    n: 315,
  })
  expect(json.gates.at(-1)?.estimate).toEqual({
    kind: 'notEstimable',
    reason: 'no price was given (cost.pricePerHour)',
  })
  expect(json).not.toHaveProperty('sections')
})

it('survives being written and read', () => {
  const json = resultToJson(sampleResult())
  expect(JSON.parse(JSON.stringify(json))).toEqual(json)
})
