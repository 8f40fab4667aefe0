import { join } from 'node:path'
import { createRandom } from '../../src/core/random/index.js'
import { type CapabilityInput, salienceData } from '../../src/core/salience/analyse.js'
import type { SalienceData, SalienceEstimator } from '../../src/core/salience/estimator.js'
import { SALIENCE_ESTIMATORS } from '../../src/core/salience/estimators/index.js'
import { type SkillAt, skillAt } from '../../src/core/salience/skill-at.js'
import { readLosses, readScores } from '../../src/ingest/salience/index.js'

/** Skill on the public table of 90 models × 263 documents, by the number of models that are known. */

const LEVEL = 0.9
const SEED = 1

interface Asked {
  readonly n: number
  readonly repeats: number
  /** The five English tasks; otherwise the four multilingual ones. */
  readonly english: boolean
  /** The readings that may be chosen and the plain ones, or those that are shown beside. */
  readonly roles?: readonly SalienceEstimator['role'][]
}

type Figure = 'explainedVariance' | 'pairwise' | 'nearTies'

/** Losses and scores; perplexities as logarithms, as in `assay salience --lower-is-better`. */
export async function publicTable(
  folder: string,
): Promise<{ data: SalienceData; tasks: readonly CapabilityInput[] }> {
  const { table } = await readLosses([join(folder, 'bpb_synth.csv')], { columns: {}, families: new Map() })
  const tasks = (await readScores([join(folder, 'error.csv')], {})).map(({ name, scores }) => {
    const isLog = name.startsWith('lambada')
    const raw = Float64Array.from(table.models, ({ id }) => scores.get(id) ?? Number.NaN)
    return { name, y: isLog ? raw.map(Math.log) : raw, isLog, lowerIsBetter: true }
  })
  return { data: salienceData(table), tasks }
}

/** Mean over the tasks, by method and figure. */
export async function publicSkill(
  folder: string,
  { n, repeats, english, roles = ['baseline', 'candidate'] }: Asked,
): Promise<(method: string, figure: Figure) => number> {
  const { data, tasks } = await publicTable(folder)
  const { models, spans } = data.table
  const estimators = SALIENCE_ESTIMATORS.filter(
    (e) => roles.includes(e.role) && e.unfit(models, spans.length) === null,
  )
  const rows: SkillAt[] = tasks
    .filter(({ name }) => name.includes('_mt_') !== english)
    .flatMap(({ y }) => skillAt(data, y, estimators, n, repeats, createRandom(SEED), LEVEL))
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

const REPEATS = 50
const METHODS = ['mean-linear', 'mean-sigmoid', 'residual-ridge', 'residual-components', 'pls', 'chosen']

/** Shown and not chosen; fewer draws, for each of them goes through every span in every fit. */
const SHOWN = ['token-sigmoid', 'rank-correlation', 'forward-selection']
const SHOWN_REPEATS = 20

/** The page's section. */
export async function publicTableSection(folder: string): Promise<string> {
  const found = new Map<string, Awaited<ReturnType<typeof publicSkill>>>()
  const rows: string[] = []
  for (const n of [12, 20, 40])
    for (const english of [true, false]) {
      const of = await publicSkill(folder, { n, repeats: REPEATS, english })
      found.set(`${n} ${english}`, of)
      for (const figure of ['explainedVariance', 'nearTies'] as const)
        rows.push(
          `| ${n} | ${english ? 'English' : 'multilingual'} | ${figure === 'nearTies' ? 'near ties' : 'explained variance'} | ${METHODS.map((m) => of(m, figure).toFixed(3)).join(' | ')} |`,
        )
    }
  const at = (n: number, english: boolean, method: string, figure: Figure): number =>
    found.get(`${n} ${english}`)?.(method, figure) ?? Number.NaN
  const chosen = (n: number, english: boolean, figure: Figure): number => at(n, english, 'chosen', figure)
  const over = (n: number, english: boolean, figure: Figure): number =>
    chosen(n, english, figure) - at(n, english, 'mean-sigmoid', figure)
  const shown = await Promise.all(
    [true, false].map((english) =>
      publicSkill(folder, { n: 20, repeats: SHOWN_REPEATS, english, roles: ['baseline', 'shown'] }),
    ),
  )
  // Mean over all nine tasks, five of them English.
  const nine = (of: (english: boolean) => number): number => (5 * of(true) + 4 * of(false)) / 9
  const bars: [string, number, number][] = [
    ['English five, explained variance, 20 models', 0.85, chosen(20, true, 'explainedVariance')],
    ['the same, 40 models', 0.885, chosen(40, true, 'explainedVariance')],
    [
      'English five, gain over mean-sigmoid on the same draws, 20 models',
      0.02,
      over(20, true, 'explainedVariance'),
    ],
    ['multilingual four, explained variance, 40 models', 0.68, chosen(40, false, 'explainedVariance')],
    ['all nine, near ties in the right order, 40 models', 0.68, nine((e) => chosen(40, e, 'nearTies'))],
    ['the same, over mean-sigmoid', 0.03, nine((e) => over(40, e, 'nearTies'))],
    ['English five, near ties in the right order, 40 models', 0.68, chosen(40, true, 'nearTies')],
    ['the same, over mean-sigmoid', 0.03, over(40, true, 'nearTies')],
    ['multilingual four, near ties in the right order, 40 models', 0.68, chosen(40, false, 'nearTies')],
    ['the same, over mean-sigmoid', 0.03, over(40, false, 'nearTies')],
  ]
  return `## Public table

\`bench/salience/public-table.ts\`: bits/byte of 90 models on 263 documents and their scores of nine tasks (TristanThrush/perplexity-correlations, MIT), families by name. ${REPEATS} draws of n models; every model of no drawn family is judged; 1 − median over draws of (mean squared error / variance of the judged models), mean over tasks. LAMBADA perplexities as logarithms. \`chosen\` is chosen inside each draw.

| bar, by \`chosen\` | at least | measured |
|---|---|---|
${bars.map(([name, bar, value]) => `| ${name} | ${bar} | ${value.toFixed(3)}${value >= bar ? '' : ' ✗'} |`).join('\n')}

| models | tasks | figure | ${METHODS.join(' | ')} |
|---|---|---|${METHODS.map(() => '---|').join('')}
${rows.join('\n')}

Readings that are shown and not chosen, explained variance with 20 models (English, multilingual; ${SHOWN_REPEATS} draws): ${['mean-sigmoid', ...SHOWN].map((m) => `${m} ${shown.map((of) => of(m, 'explainedVariance').toFixed(2)).join(', ')}`).join('; ')}.
`
}
