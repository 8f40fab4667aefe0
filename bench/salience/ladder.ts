/** Whether the ladder's span losses tell the scores of runs left out better than compute and than the mean loss do. */
import { type CapabilityInput, createRandom, type Estimate, salienceData } from '../../src/core/index.js'
import { CHOSEN, PLAIN } from '../../src/core/salience/choose.js'
import { SALIENCE_ESTIMATORS } from '../../src/core/salience/estimators/index.js'
import { explainedVariance, familiesLeftOut, predictLeftOut } from '../../src/core/salience/left-out.js'
import { familiesOf } from '../../src/core/salience/loss-table.js'
import { readLosses, readScores } from '../../src/ingest/index.js'

const LEVEL = 0.9
const COMPUTE = 'log-compute'
/** Checkpoints of a run, evenly spaced: the ones between are near-copies, and fits grow with the cube of the models. */
const A_RUN = 4

/** The last checkpoint of a run and others at equal distance before it. */
function thinned(run: readonly number[]): number[] {
  const step = Math.max(1, run.length / A_RUN)
  return Array.from(
    { length: Math.min(A_RUN, run.length) },
    (_, i) => run[run.length - 1 - Math.floor(i * step)],
  )
}

function written(e: Estimate): string {
  if (e.kind !== 'estimate') return '–'
  const { low, high } = e.interval
  return `${e.value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`
}

/** The page's section. */
export async function ladderSection(): Promise<string> {
  const { table } = await readLosses(['ladder/span-losses.parquet'], { columns: {}, families: new Map() })
  const tasks = await readScores(['ladder/evaluations.csv', 'ladder/evaluations-unhealthy.csv'], {})
  const data = salienceData(table)
  const estimators = SALIENCE_ESTIMATORS.filter(
    (e) => e.role !== 'shown' && e.unfit(table.models, table.spans.length) === null,
  )
  const inputs = tasks.map(({ name, scores }): Pick<CapabilityInput, 'name' | 'y'> => {
    return { name, y: Float64Array.from(table.models, ({ id }) => scores.get(id) ?? Number.NaN) }
  })
  const random = createRandom(1)
  const known = [...table.models.keys()].filter((m) => inputs.every(({ y }) => Number.isFinite(y[m])))
  const scored = familiesOf(table.models, known).flatMap(thinned)
  const turns = familiesLeftOut(data, scored, random.derive('left out'))
  let shown = 0
  const rows = inputs.map(({ name, y }) => {
    const leftOut = predictLeftOut(data, y, turns, estimators)
    const of = (method: string, over: string | null): Estimate =>
      explainedVariance(leftOut, y, method, over, random.derive(`${name} ${method} ${over}`), LEVEL)
    const gains = [of(CHOSEN, PLAIN), of(CHOSEN, COMPUTE)]
    if (gains.every((e) => e.kind === 'estimate' && e.interval.low > 0)) shown++
    return `| ${name} | ${[of(COMPUTE, null), of(PLAIN, null), of(CHOSEN, null), ...gains].map(written).join(' | ')} |`
  })
  const beyond = rows.some((row) => /\| -\d{2,}\./.test(row))
    ? ' Far below 0: an ill run, whose losses lie beyond those of all others, is read off the end of a line.'
    : ''
  const verdict =
    shown === 0
      ? 'They do not: for none of the tasks is a gain over both shown. Most runs differ in size, tokens and seed alone, and where these lose says little beside how much; the runs that read other shares of the domains do not change it.'
      : `For ${shown} of ${inputs.length} tasks they do: both gains lie above 0.`
  return `## Ladder

\`bench/salience/ladder.ts\`: do losses of ${table.spans.length} spans of 256 bytes tell the scores of runs left out better than compute and than the mean loss? ${verdict} ${scored.length} checkpoints of ${turns.length} runs, ill ones among them (${A_RUN} evenly spaced checkpoints a run, of ${known.length}); all checkpoints of a run are left out together; explained variance over them, intervals of ${100 * LEVEL} % over runs.${beyond}

| task | compute | mean loss | chosen | gain over the mean loss | gain over compute |
|---|---|---|---|---|---|
${rows.join('\n')}
`
}
