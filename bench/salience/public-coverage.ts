/** Whether intervals read from a fit hold the scores of real models of families that the fit never saw. */
import { createRandom } from '../../src/core/random/index.js'
import { analyseCapabilities, salienceData } from '../../src/core/salience/analyse.js'
import { SALIENCE_ESTIMATORS } from '../../src/core/salience/estimators/index.js'
import { familiesOf, familyFolds } from '../../src/core/salience/loss-table.js'
import { applyVector, salienceVector } from '../../src/core/salience/vector.js'
import { publicTable } from './public-table.js'
import { sharesOver } from './simulations.js'

const LEVEL = 0.9
const FOLDS = 3

/** The page's section: a third of the families apart in turn, intervals from the families of the rest. */
export async function publicCoverageSection(folder: string): Promise<string> {
  const { data, tasks } = await publicTable(folder)
  const { table, weights } = data
  const families = familiesOf(table.models)
  const place = new Map(families.flatMap((family, f) => family.map((m) => [m, f])))
  const held = tasks.map(() => families.map((): boolean[] => []))
  const random = createRandom(1)
  for (const out of familyFolds(families, FOLDS, random.derive('folds'))) {
    const known = [...table.models.keys()].filter((m) => !out.includes(m))
    const fittedOn = salienceData({
      models: known.map((m) => table.models[m]),
      spans: table.spans,
      losses: known.map((m) => table.losses[m]),
    })
    const results = analyseCapabilities(
      fittedOn,
      tasks.map((task) => ({ ...task, y: Float64Array.from(known, (m) => task.y[m]) })),
      {
        level: LEVEL,
        skillAt: [],
        repeats: 0,
        estimators: SALIENCE_ESTIMATORS.filter((e) => e.role !== 'shown'),
      },
      random.derive('analysis'),
    )
    results.forEach((result, t) => {
      const vector = salienceVector(fittedOn, result)
      if (vector === null) throw new Error(`${result.chosen} gives no vector`)
      for (const m of out) {
        const score = tasks[t].isLog ? Math.exp(tasks[t].y[m]) : tasks[t].y[m]
        const read = applyVector(vector, table.losses[m], weights, LEVEL)
        if (!Number.isFinite(score)) continue
        held[t][place.get(m) ?? 0].push(
          read.kind === 'estimate' && read.interval.low <= score && score <= read.interval.high,
        )
      }
    })
  }
  const row = (name: string, units: readonly (readonly boolean[])[]): string => {
    const { value, low, high, n } = sharesOver(units, 1)
    const verdict = low <= LEVEL && LEVEL <= high ? 'yes' : 'no'
    return `| ${name} | ${(100 * value).toFixed(1)} % | ${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)} % | ${verdict} | ${n} |`
  }
  const all = families.map((_, f) => held.flatMap((task) => task[f]))
  return `## Coverage on real models

\`bench/salience/public-coverage.ts\`: a third of the ${families.length} families of the public table apart in turn; the vector, its strengths, the choice of method and the intervals of ${100 * LEVEL} % are made from the rest. The interval of the share is a bootstrap over families. Bar: it holds ${100 * LEVEL} %.

| task | scores in their interval | interval of the share | holds ${100 * LEVEL} % | scores |
|---|---|---|---|---|
${tasks.map((task, t) => row(task.name, held[t])).join('\n')}
${row('**all**', all)}
`
}
