import { describe, expect, it } from 'vitest'
import { key, LogLine } from './line.js'
import { isEvaluation } from './needles.js'

function speaksOfEvaluation(before: string): boolean {
  const line = new LogLine()
  const bytes = key(`${before}step 5 | loss: 3.1`)
  line.set(bytes, 0, bytes.length, 1, false)
  return isEvaluation(line, before.length)
}

describe('words before a step', () => {
  it.each(['val ', '[val] ', 'Validation: ', 'EVAL | ', '(eval) ', 'test: ', 'evaluating ', 'valid | '])(
    'an evaluation: "%s"',
    (before) => {
      expect(speaksOfEvaluation(before)).toBe(true)
    },
  )

  it.each([
    '',
    'gpt2-latest> ',
    'node-test-3: ',
    'interval ',
    'retrieval-01 | ',
    '/data/eval/run.py: ',
    'protest ',
  ])('none: "%s"', (before) => {
    expect(speaksOfEvaluation(before)).toBe(false)
  })
})
