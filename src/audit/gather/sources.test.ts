import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { analyseGain, createRandom } from '../../core/index.js'
import { judgeGain } from '../../probes/index.js'
import { PACKAGE_ROOT } from '../texts/package-root.js'
import { gatherContamination, gatherEvaluations, gatherGain, gatherTrainingLog } from './sources.js'

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

  it('takes an item for clean where every table of a corpus has it, and has it clean', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-tables-'))
    const table = (name: string, rows: readonly string[]): string => {
      const path = join(folder, name)
      writeFileSync(path, ['item_id,task,clean', ...rows].join('\n'))
      return path
    }
    const web = table('web.csv', ['1,arc,true', '2,arc,true', '3,arc,true', '4,arc,false', '5,arc,'])
    const books = table('books.csv', ['1,arc,true', '2,arc,false', '6,law,true', '5,arc,true'])
    const notes: string[] = []
    const { items } = await gatherContamination([web, books], (text) => notes.push(text))
    // 3 and 6 were looked up in one of the two corpora alone; 4 was too, and found; 5 is too short in one.
    expect(Object.fromEntries(items.map(({ item_id, clean }) => [item_id, clean]))).toEqual({
      1: 1,
      2: 0,
      3: null,
      4: 0,
      5: null,
      6: null,
    })
    expect(notes).toEqual([expect.stringContaining('2 items are not in each of the 2 tables')])
    expect((await gatherContamination([web], (text) => notes.push(text))).items).toHaveLength(5)
    expect(notes).toHaveLength(1)
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
