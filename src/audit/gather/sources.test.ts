import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { analyseGain, createRandom } from '../../core/index.js'
import { judgeGain } from '../../probes/index.js'
import { PACKAGE_ROOT } from '../texts/package-root.js'
import { gatherEvaluations, gatherGain, gatherTrainingLog } from './sources.js'

const shipped = (path: string): string => join(PACKAGE_ROOT, path)

describe('evidence of shipped files', () => {
  it('does not tell where the package lies: equal audits on two machines write equal files', async () => {
    const [log] = globSync('ladder/runs/*/trainer_state.json', { cwd: PACKAGE_ROOT })
    const { runs } = await gatherTrainingLog([shipped(log)])
    expect(runs.map((run) => run.source)).toEqual([log])
    const table = 'examples/forecast/evals.csv'
    const { rows, dropped } = await gatherEvaluations({ files: [shipped(table)], params: 1e9, tokens: 1e10 })
    expect(rows.length).toBeGreaterThan(0)
    for (const { source } of [...rows, ...dropped])
      expect(source.slice(0, table.length + 1)).toBe(`${table}:`)
  })

  it('says what both arms of a gain learn', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-arms-'))
    const arm = (name: string, right: (item: number, seed: number) => number): string[] => {
      const path = join(folder, `${name}.csv`)
      const rows = [0, 1, 2].flatMap((seed) =>
        Array.from({ length: 40 }, (_, i) => `64,${seed},id,q${i},${right(i, seed)}`),
      )
      writeFileSync(path, ['n,seed,split,item,correct', ...rows].join('\n'))
      return [path]
    }
    const evidence = await gatherGain({
      pretrained: arm('pretrained', (i, seed) => Number((i + seed) % 10 > 0)),
      scratch: arm('scratch', (i, seed) => (i + seed) % 2),
      task: 'parsing',
      chance: 0.25,
    })
    const { sections } = judgeGain(
      analyseGain(evidence.outcomes, evidence.settings, createRandom(1)),
      evidence,
    )
    expect(sections[0].answer).toMatch(
      /^Pre-training is worth 40\.0 points \[.*\] at 64 training examples of parsing\./,
    )
  })
})
