import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chart } from '../../src/core/index.js'
import { chartToSvg } from '../../src/report/index.js'
import { LADDER } from '../places.js'
import {
  type AdaptationRow,
  accuracyByExamples,
  lossByCompute,
  lossByStep,
  lossByTokens,
} from './readme-charts.js'
import { domainTable, lawTable, mixTable, spreadTable } from './readme-spread.js'
import {
  adaptationTable,
  decayTable,
  faultTable,
  type Retraining,
  retrainTable,
  runTable,
  taskTable,
} from './readme-tables.js'
import { readScores, retentionByFrequency } from './readme-tasks.js'
import { readRuns, readTable } from './runs.js'

/**
 * Fills the tables of README.md, between their `<!-- table: … -->` marks, and draws its figures.
 * Run it with `npx tsx ladder/train/readme.ts`.
 */

const ladder = LADDER
const runsFolder = join(ladder, 'runs')
const template = join(ladder, 'README.md')
const figures = join(ladder, 'figures')

function readAdaptation(): AdaptationRow[] {
  const file = join(ladder, 'adaptation', 'results.csv')
  if (!existsSync(file)) return []
  return readTable(file).map(({ arm = '', n, split = '', accuracy }) => ({
    arm,
    n: Number(n),
    split,
    accuracy: Number(accuracy),
  }))
}

async function draw(name: string, chart: Chart): Promise<void> {
  mkdirSync(figures, { recursive: true })
  writeFileSync(join(figures, `${name}.svg`), await chartToSvg(chart))
}

function fill(page: string, tables: Record<string, string>): string {
  let filled = page
  for (const [name, text] of Object.entries(tables)) {
    const mark = new RegExp(`(<!-- table: ${name} -->\\n)[^]*?(<!-- end -->)`)
    if (!mark.test(filled)) throw new Error(`${template} has no place for the table "${name}"`)
    filled = filled.replace(mark, (_, open: string, close: string) => `${open}${text}\n${close}`)
  }
  return filled
}

const runs = readRuns(runsFolder)
const adaptation = readAdaptation()
const retraining: Retraining = JSON.parse(
  readFileSync(join(import.meta.dirname, 'retrain-measured.json'), 'utf8'),
)
const longest = runs.filter((run) => /-r4$/.test(run.id))
const scores = join(ladder, 'evaluations.csv')
const law = join(ladder, 'law.json')
writeFileSync(
  join(ladder, 'README.md'),
  fill(readFileSync(template, 'utf8'), {
    runs: runTable(runs),
    seeds: spreadTable(runs),
    domains: domainTable(runs),
    mixes: mixTable(runs),
    law: lawTable(existsSync(law) ? JSON.parse(readFileSync(law, 'utf8')) : []),
    decay: decayTable(runs, runsFolder),
    faults: faultTable(runs),
    retraining: retrainTable(retraining),
    tasks: taskTable(
      runs.filter((run) => run.group === 'ladder'),
      existsSync(scores) ? await readScores(ladder, runs) : [],
    ),
    adaptation: adaptationTable(adaptation),
  }),
)

const has = (id: string) => runs.some((run) => run.id === id)
await draw('loss-by-compute', lossByCompute(runs))
await draw('loss-by-tokens', lossByTokens(runs))
await draw(
  'training-curves',
  lossByStep(
    runsFolder,
    longest.map((run) => run.id),
    'Training loss of every size at the longest common ratio of tokens to parameters',
    8,
  ),
)
if (existsSync(join(ladder, 'items.parquet')))
  await draw('retention-by-frequency', await retentionByFrequency(ladder, longest))
const faults = [
  'healthy-twin',
  'bad-data-burst',
  'learning-rate-too-high',
  'no-warm-up-high-rate',
  'float16-overflow',
]
await draw(
  'fault-curves',
  lossByStep(
    runsFolder,
    faults.filter(has),
    'Runs that went wrong on purpose, beside their healthy twin (a line ends where its loss passes 10 or is not finite)',
    10,
    10,
  ),
)
if (adaptation.length > 0) await draw('adaptation', accuracyByExamples(adaptation))
