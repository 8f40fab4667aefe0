import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRandom } from '../../src/core/random/index.js'
import { salienceData } from '../../src/core/salience/analyse.js'
import { SALIENCE_ESTIMATORS } from '../../src/core/salience/estimators/index.js'
import { type SkillAt, skillAt } from '../../src/core/salience/skill-at.js'
import { readLosses, readScores } from '../../src/ingest/salience/index.js'

/**
 * Skill on the public table of 90 models × 263 documents, by the number of models that are known.
 *
 *     npx tsx bench/salience/public-table.ts [FOLDER of bpb_synth.csv and error.csv] [REPEATS]
 */

const LEVEL = 0.9
const SEED = 1

interface Asked {
  readonly n: number
  readonly repeats: number
  /** The five English tasks; otherwise the four multilingual ones. */
  readonly english: boolean
}

type Figure = 'explainedVariance' | 'pairwise' | 'nearTies'

/** Mean over the tasks, by method and figure. */
export async function publicSkill(
  folder: string,
  { n, repeats, english }: Asked,
): Promise<(method: string, figure: Figure) => number> {
  const { table } = await readLosses([join(folder, 'bpb_synth.csv')], { columns: {}, families: new Map() })
  const tasks = (await readScores([join(folder, 'error.csv')], {})).filter(
    (s) => s.name.includes('_mt_') !== english,
  )
  const data = salienceData(table)
  const estimators = SALIENCE_ESTIMATORS.filter((e) => e.unfit(table.models, table.spans.length) === null)
  const rows: SkillAt[] = tasks.flatMap(({ name, scores }) => {
    const y = Float64Array.from(table.models, ({ id }) => {
      const value = scores.get(id) ?? Number.NaN
      // Perplexities, as in `assay salience --lower-is-better`.
      return name.startsWith('lambada') ? Math.log(value) : value
    })
    return skillAt(data, y, estimators, n, repeats, createRandom(SEED), LEVEL)
  })
  return (method, figure) => {
    const values = rows
      .filter((r) => r.method === method)
      .map((r) => {
        const value = r[figure]
        return value !== null && typeof value === 'object'
          ? value.kind === 'estimate'
            ? value.value
            : Number.NaN
          : (value ?? Number.NaN)
      })
    return values.reduce((a, b) => a + b, 0) / values.length
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? '../shared/data/salience'
  const repeats = Number(process.argv[3] ?? 50)
  const methods = ['mean-linear', 'mean-sigmoid', 'residual-ridge', 'residual-components', 'pls', 'chosen']
  console.log('| models known | tasks | figure |', methods.join(' | '), '|')
  for (const n of [12, 20, 40])
    for (const english of [true, false]) {
      const of = await publicSkill(folder, { n, repeats, english })
      for (const figure of ['explainedVariance', 'nearTies'] as const)
        console.log(
          `| ${n} | ${english ? 'five English' : 'four multilingual'} | ${figure} |`,
          methods.map((m) => of(m, figure).toFixed(3)).join(' | '),
          '|',
        )
    }
}
