import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { PACKAGE_ROOT } from '../texts/package-root.js'
import { gatherEvaluations, gatherTrainingLog } from './sources.js'

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
})
