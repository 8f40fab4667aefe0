import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callCli, scratch } from './run-cli.js'

/** Four families of two and three sizes; a family's level goes with its letter, skill rises with ln N on two benchmarks. */
function table(): string {
  const lines = ['model,family,params,tokens,benchmark,metric,value,chance,n_items']
  const score = (level: number, params: number, floor: number): number =>
    floor + (1 - floor) / (1 + Math.exp(-(level + 0.9 * Math.log(params / 3e9))))
  for (const [f, family] of ['a', 'b', 'c', 'd', 'e'].entries())
    for (const [s, params] of [4e8, 2e9, 9e9].slice(0, f === 0 ? 2 : 3).entries()) {
      // A wobble that no law knows, other for each model.
      const level = 0.4 * (f - 2) + 0.1 * Math.sin(7 * f + 3 * s)
      lines.push(
        `${family}-${s},${family},${params},${1e12},quiz,acc,${score(level, params, 0.25)},0.25,2000`,
      )
      lines.push(
        `${family}-${s},${family},${params},${1e12},open,acc,${score(level - 0.5, params, 0)},0,2000`,
      )
    }
  return lines.join('\n')
}

const folder = scratch()
const file = join(folder, 'families.csv')
writeFileSync(file, table())
const run = (...more: string[]) => callCli(['forecast', file, '--json', '--resamples', '100', ...more])

interface Said {
  readonly benchmark: string
  readonly family: string
  readonly form: string
  readonly usedRuns: number
  readonly accuracy: { value: number; low: number; high: number }
}

describe('assay forecast across families', () => {
  it('gives a family of two sizes a level of its own from what the others show', async () => {
    const ended = await run('--by', 'family', '--params', '9e9', '--tokens', '1e12')
    expect(ended.code).toBe(0)
    const { predictions, abstentions } = JSON.parse(ended.stdout)
    expect(abstentions).toEqual([])
    const of = (family: string): Said =>
      predictions.find((p: Said) => p.family === family && p.benchmark === 'quiz')
    expect(of('a')).toMatchObject({ form: 'across-families', usedRuns: 2 })
    // .25 + .75/(1 + e^(.8 − .9·ln 3)) = .661 but for the wobble of .1, .018 of accuracy.
    expect(Math.abs(of('a').accuracy.value - 0.661)).toBeLessThan(0.04)
    expect(of('a').accuracy.low).toBeLessThan(0.661)
    expect(of('a').accuracy.high).toBeGreaterThan(0.661)
    expect(of('e').accuracy.value).toBeGreaterThan(of('a').accuracy.value)
  })

  it('forecasts what one model was not measured on, and says what to measure next', async () => {
    const ended = await run('--model', 'mine', '--params', '9e9', '--tokens', '1e12', '--known', 'open=62')
    expect(ended.code).toBe(0)
    const { predictions, worthMeasuring } = JSON.parse(ended.stdout)
    expect(predictions.map((p: Said) => p.benchmark)).toEqual(['quiz'])
    expect(worthMeasuring).toMatchObject([{ benchmark: 'quiz', narrowing: expect.any(Number) }])
    // open = .62 at ln 3 is a level of ln(.62/.38) + .5 − .9·ln 3 = .001: quiz .25 + .75/(1 + e^(−.99)) = .797.
    expect(Math.abs(predictions[0].accuracy.value - 0.797)).toBeLessThan(0.05)
  })

  it('learns of the benchmark that is asked for from those that are not', async () => {
    const ended = await run(
      '--model',
      'mine',
      '--params',
      '9e9',
      '--tokens',
      '1e12',
      '--known',
      'open=62',
      '--benchmarks',
      'quiz',
    )
    const { predictions } = JSON.parse(ended.stdout)
    expect(predictions).toMatchObject([{ benchmark: 'quiz', usedRuns: 1 }])
    expect(Math.abs(predictions[0].accuracy.value - 0.797)).toBeLessThan(0.05)
  })

  it('tells models of several sizes under one name apart: the one asked for, and none in silence', async () => {
    const renamed = join(folder, 'renamed.csv')
    writeFileSync(
      renamed,
      table()
        .split('\n')
        .map((line) => line.replace(/^([a-e])-\d/, '$1'))
        // c of 9e9 was run on one benchmark alone.
        .filter((line) => !/^c,c,9000000000,.*open/.test(line))
        .join('\n'),
    )
    const ask = (...more: string[]) => callCli(['forecast', renamed, '--json', '--resamples', '100', ...more])
    const ended = await ask('--model', 'c', '--params', '9e9')
    const { predictions } = JSON.parse(ended.stdout)
    expect(predictions).toMatchObject([{ benchmark: 'open', usedRuns: 3 }])
    // Its level is .1·sin(20) = .09: 1/(1 + e^(−(.09 − .5 + .9·ln 3))) = .64.
    expect(Math.abs(predictions[0].accuracy.value - 0.64)).toBeLessThan(0.05)
    const untold = await ask('--model', 'c')
    expect(JSON.parse(untold.stdout).error.message).toContain(
      'the table has "c" with 400000000, 2000000000, 9000000000 parameters: give --params',
    )
  })

  it('says that families are pooled where nobody asked for them', async () => {
    const ended = await run('--params', '9e9', '--tokens', '1e12')
    const { findings } = JSON.parse(ended.stdout)
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'downstream-forecast/families-pooled',
        title: '5 families of models are forecast as if they followed one law',
      }),
    )
  })

  it.each([
    [['--known', 'quiz=.5', '--params', '9e9', '--tokens', '1e12'], '--known', 'name it with --model'],
    [['--model', 'mine', '--params', '9e9'], '--model', 'give its --params and --tokens'],
    [['--model', 'b-00'], '--model', 'no model "b-00" ("b-0" is the nearest)'],
    [['--model', 'a-0', '--family', 'z'], '--family', 'expected one of a, b, c, d, e'],
    [['--model', 'a-0', '--known', 'chess=.5'], '--known', 'expected one of quiz, open'],
    [['--model', 'a-0', '--known', 'quiz=good'], '--known', 'expected a score'],
    [['--model', 'a-0'], '--model', 'nothing is left to forecast'],
  ])('refuses %j', async (options, field, words) => {
    const ended = await run(...options)
    expect(ended.code).toBe(3)
    const { error } = JSON.parse(ended.stdout)
    expect(error.place.field).toBe(field)
    expect(error.message).toContain(words)
  })
})
