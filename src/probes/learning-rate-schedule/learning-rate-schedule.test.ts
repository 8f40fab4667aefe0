import { describe, expect, it } from 'vitest'
import { createRandom, type TrainingRun } from '../../core/index.js'
import { learningRateSchedule } from './index.js'

/** A run whose log has a row for each of the rates; without rates it has no such column. */
function run(id: string, rows: number, rates: readonly number[]): TrainingRun {
  const column = (valueAt: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => valueAt(row))
  const none = new Float64Array(0)
  return {
    id,
    format: 'made up',
    source: `${id}.log`,
    step: column((row) => row + 1),
    tokens: none,
    loss: column((row) => 3 - 0.01 * row),
    validationLoss: none,
    gradNorm: none,
    learningRate: Float64Array.from(rates),
    seconds: none,
    line: column((row) => row + 1),
    nonFinite: [],
    notes: [],
  }
}

const judge = (...runs: TrainingRun[]) =>
  learningRateSchedule.judge({ trainingLog: { runs } }, { random: createRandom(1), level: 0.95 })

const plain = run('plain', 3, [])
const short = run('short', 3, [1e-4, 2e-4, 3e-4])
const zero = run('zero', 6, [0, 0, 0, 0, 0, 0])

describe('a log that tells no schedule', () => {
  it.each([
    ['logs none', plain, 'no-learning-rate', 'The log gives no learning rate', /^Log the learning rate/],
    ['has three rates', short, 'too-few-rates', 'The log gives 3 learning rates, fewer than the 5', /^Judge/],
    ['has zeros alone', zero, 'zero-rates', 'Every learning rate in the log is 0', /^Check what is logged/],
  ])('says so where it %s', (_, given, code, says, action) => {
    const { findings, sections } = judge(given)
    expect(findings).toMatchObject([{ code: `learning-rate-schedule/${code}`, status: 'warn' }])
    expect(findings[0].title).toContain(says)
    expect(findings[0].action).toMatch(action)
    expect(sections[0].answer).toContain(says)
  })

  it('says it of each run by name, and once where no log has the column', () => {
    const titles = judge(plain, short, zero).findings.map((f) => f.title.split(',')[0])
    expect(titles).toEqual([
      'plain: The log gives no learning rate: its schedule is not known',
      'short: The log gives 3 learning rates',
      'zero: Every learning rate in the log is 0: its schedule is not known',
    ])
    expect(judge(plain, { ...plain, id: 'other' }).findings).toHaveLength(1)
    expect(judge(plain, short, zero).sections[0].inShort).toBe('not logged, too few, all 0')
  })

  it('recognises a schedule from five rates on', () => {
    const rates = [3e-4, 3e-4, 3e-4, 3e-4, 3e-4]
    expect(judge(run('five', 5, rates)).findings).toMatchObject([
      { code: 'learning-rate-schedule/recognised' },
    ])
  })
})
