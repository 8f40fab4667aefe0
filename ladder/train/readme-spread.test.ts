import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LADDER } from '../places.js'
import { domainTable, lawTable, mixTable, spreadTable } from './readme-spread.js'
import type { LawCheck, RunSummary } from './runs.js'

function run(id: string, group: RunSummary['group'], bits: number, mix?: Record<string, number>): RunSummary {
  return {
    id,
    group,
    known: 'healthy',
    size: '233k',
    seed: 0,
    parametersWithoutEmbedding: 1,
    parameters: 1,
    steps: 1,
    tokens: 1,
    tokensPerParameter: 1,
    documents: 1,
    batchTokens: 1,
    flops: 1,
    flopsWithoutEmbedding: 1,
    decayFrom: null,
    schedule: { peak: 1 },
    finalTrainLoss: bits,
    heldOutLoss: bits,
    heldOutBitsPerByte: bits,
    seconds: 1,
    mix: mix ?? null,
    heldOutByDomain: { speech: { loss: bits, bitsPerByte: bits } },
  }
}

const intact = [
  run('233k-r4', 'ladder', 2),
  run('233k-r4-seed1', 'seeds', 3),
  run('233k-r4-seed2', 'seeds', 4),
]
const cells = (table: string): string[][] => table.split('\n').map((line) => line.slice(2, -2).split(' | '))

describe('the tables of seeds, domains and mixes', () => {
  it('take mean and sample deviation over all seeds of a point, the first among them', () => {
    // 2, 3, 4: mean 3, squares 1 + 0 + 1 over two.
    expect(cells(spreadTable(intact)).at(-1)).toEqual([
      '`233k-r4`',
      '3',
      '3.0000 ± 1.0000',
      '3.0000 ± 1.0000',
      '3.0000 ± 1.0000',
    ])
  })

  it('set a domain at every share beside the intact runs', () => {
    const reduced = [
      run('233k-r4-speech-0.1', 'domain', 5, { speech: 0.1 }),
      run('233k-r4-speech-0', 'domain', 6, { speech: 0 }),
    ]
    const [head, , row] = cells(domainTable([...intact, ...reduced]))
    expect(head).toEqual(['domain', 'share 0', 'share 0.1', 'intact, 3 seeds'])
    expect(row).toEqual(['speech', '6.000', '5.000', '3.000 ± 1.000'])
  })

  it('tell how far the law was off, or nothing before there is one', () => {
    const check = { run: 'x', epochs: 2, runs: 9, measured: 3.5, predicted: 3.25, low: 3, high: 3.75 }
    expect(cells(lawTable([check])).at(-1)).toEqual([
      '`x`',
      '2',
      '9 runs',
      '3.250',
      '3.000 to 3.750',
      '3.500',
      '0.250',
    ])
    expect(cells(lawTable([]))).toHaveLength(2)
  })

  it('hold that the law of the runs read once tells the largest run within .08 nats and inside its interval', () => {
    const checks: LawCheck[] = JSON.parse(readFileSync(join(LADDER, 'law.json'), 'utf8'))
    const { run, measured, predicted, low, high } = checks.at(-1)!
    expect(run).toBe('6M-r8')
    expect(Math.abs(measured - predicted!)).toBeLessThanOrEqual(0.08)
    expect(measured).toBeGreaterThan(low!)
    expect(measured).toBeLessThan(high!)
  })

  it('set a mix beside the plain run of its size and length alone', () => {
    const rows = cells(
      mixTable([...intact, run('233k-r4-prose', 'mix', 7), run('83k-r4', 'ladder', 9)]),
    ).slice(2)
    expect(rows.map(([id]) => id)).toEqual(['`233k-r4`', '`233k-r4-prose`'])
    expect(rows[1]).toEqual(['`233k-r4-prose`', '7.000', '7.000', '7.00'])
  })
})
