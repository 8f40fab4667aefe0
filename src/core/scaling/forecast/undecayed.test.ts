import { describe, expect, it } from 'vitest'
import type { EvaluationRow } from '../../evidence/index.js'
import { createRandom } from '../../random/index.js'
import { DEFAULT_USABLE, usableBenchmarks } from './usable.js'

const TOKENS = 1e11
const SIZES = [1e8, 2e8, 4e8, 8e8, 1.6e9]
/** Worth of a decay in u = ln(−ln Q): what WSD runs gain in their last tenth. */
const WORTH = 0.12

/**
 * Checkpoints of five sizes, 20 each; the last tenth of a run decays (`late`: linearly, worth {@link WORTH}), or its whole
 * length does (`cosine`: the worth comes as (1 − cos πs)/2 of it).
 */
function family(schedule: 'late' | 'cosine' | 'none', withLoss: boolean, noise = 0.002): EvaluationRow[] {
  const random = createRandom(4).derive(schedule)
  return SIZES.flatMap((params, size) =>
    Array.from({ length: 20 }, (_, i): EvaluationRow => {
      const share = (i + 1) / 20
      const worth =
        schedule === 'late'
          ? WORTH * Math.max(0, (share - 0.9) / 0.1)
          : schedule === 'cosine'
            ? (WORTH * (1 - Math.cos(Math.PI * share))) / 2
            : 0
      const tokens = TOKENS * share
      const u = 5.3 - 0.12 * Math.log(6 * params * tokens) - worth
      return {
        model: `m${size}`,
        family: null,
        params,
        tokens,
        flops: null,
        checkpoint: `step${i + 1}`,
        benchmark: 'task',
        metric: 'acc',
        value: Math.exp(-Math.exp(u)) + noise * random.normal(),
        n_items: 5000,
        chance: 0,
        k: null,
        loss: withLoss ? 1.8 + Math.exp(u) : null,
        task_loss: null,
        subset: null,
        source: `t:${size}-${i + 1}`,
      }
    }),
  )
}

const read = (rows: readonly EvaluationRow[], more: Partial<typeof DEFAULT_USABLE> = {}) =>
  usableBenchmarks(rows, { ...DEFAULT_USABLE, ...more })

describe('undecayed checkpoints', () => {
  it.each([
    [false, 'accuracy'],
    [true, 'loss'],
  ] as const)('are recognised by a jump at the end (with losses: %s) and left out', (withLoss, toldBy) => {
    const { benchmarks, undecayed } = read(family('late', withLoss))
    expect(undecayed).toEqual({ toldBy, runs: 5, leftOut: 95, kept: [] })
    expect(benchmarks[0].usable.map((p) => p.checkpoint)).toEqual(SIZES.map(() => 'step20'))
  })

  it.each([
    ['a cosine', family('cosine', false)],
    ['a cosine with losses', family('cosine', true)],
    ['no decay', family('none', false)],
    ['no decay, and noise of a point', family('none', false, 0.01)],
  ])('are not seen in %s', (_what, rows) => {
    const { benchmarks, undecayed } = read(rows)
    expect(undecayed).toBeNull()
    expect(benchmarks[0].usable).toHaveLength(100)
  })

  it('are left out where a column tells, whatever the curve', () => {
    const rows = family('none', false)
    const told = new Set(
      rows.filter((r) => !['step19', 'step20'].includes(r.checkpoint ?? '')).map((r) => r.source),
    )
    const { benchmarks, undecayed } = read(rows, { undecayed: told })
    expect(undecayed).toEqual({ toldBy: 'schedule', runs: 5, leftOut: 90, kept: [] })
    expect(benchmarks[0].usable).toHaveLength(10)
  })

  it('stay, and are said to, where finished runs are too few', () => {
    const { benchmarks, undecayed } = read(family('late', false).filter((r) => r.model !== 'm4'))
    expect(undecayed).toEqual({ toldBy: 'accuracy', runs: 4, leftOut: 0, kept: ['task'] })
    expect(benchmarks[0].usable).toHaveLength(80)
  })

  it('all count where all are asked for', () => {
    const { benchmarks, undecayed } = read(family('late', false), { checkpoints: 'all' })
    expect(undecayed).toBeNull()
    expect(benchmarks[0].usable).toHaveLength(100)
  })
})
