import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { joinObservations } from '../../dist/core/index.js'
import { readAnswers, readCounts } from '../../dist/ingest/index.js'
import { BUILD, FACTS as FACTS_FOLDER, LADDER } from '../../ladder/places.js'

/**
 * Predicted against measured retention on the reference ladder: ask each run's last checkpoint for the planted facts,
 * fit on all runs but one and predict the one left out, by frequency band.
 *
 *     npx tsx bench/knowledge/ladder-retention.ts [--runs 25k-r4,83k-r4] [--limit 960] [--templates 3] [--fit-only] [--write]
 *
 * `--write` puts the tables into docs/validation/knowledge.md.
 *
 * Needs `npm run build` and the exported checkpoints (ladder/.build/ggufs). Answers already there are kept.
 */

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const GGUFS = join(BUILD, 'ggufs')
const OUT = join(BUILD, 'knowledge')
/** What ships: every answer, so that the bound can be made again from a clone. */
const ANSWERS = join(LADDER, 'answers')
const ASSAY = join(ROOT, 'dist/cli/bundle/main.js')
const FACTS = join(FACTS_FOLDER, 'planted.jsonl')
/** A run that stops earlier has seen fewer documents of the stream: every model has counts of its own. */
const COUNTS = join(LADDER, 'counts/planted.parquet')
const GROUP = 'ladder'

interface Run {
  readonly id: string
  readonly group: string
  readonly steps: number
  readonly epochs?: number
}

interface HeldOutJson {
  readonly variant: string
  readonly measure: string | null
  readonly over: string
  readonly error: number | null
  readonly low?: number
  readonly high?: number
  readonly r2: number | null
  readonly r2Unweighted: number | null
  readonly attainable: { readonly r2: number | null; readonly r2Unweighted: number | null }
  readonly bands: number
}

interface BoundJson {
  readonly models: readonly { readonly model: string; readonly facts: number }[]
  readonly heldOut: readonly HeldOutJson[]
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    limit: { type: 'string' },
    templates: { type: 'string' },
    'fit-only': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})

/** Runs of the ladder proper whose last checkpoint was exported. */
function finishedRuns(): { run: Run; model: string }[] {
  const wanted = values.runs?.split(',')
  return readdirSync(GGUFS).flatMap((id) => {
    const record = join(LADDER, 'runs', id, 'run.json')
    if (!existsSync(record) || (wanted !== undefined && !wanted.includes(id))) return []
    const run = JSON.parse(readFileSync(record, 'utf8')) as Run
    const model = join(GGUFS, id, `${run.steps}.gguf`)
    // What reads its text twice would need counts of what it read twice.
    return run.group === GROUP && (run.epochs ?? 1) === 1 && existsSync(model) ? [{ run, model }] : []
  })
}

function assay(args: readonly string[]): string {
  return execFileSync(process.execPath, [ASSAY, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
}

/** The first templates of every relation, for a quicker run. */
function firstTemplates(count: number): string {
  const all = JSON.parse(readFileSync(join(ROOT, 'facts/templates.json'), 'utf8')) as Record<
    string,
    { templates: string[] }
  >
  const path = join(OUT, 'templates.json')
  const few = Object.entries(all).map(([relation, { templates }]) => [relation, templates.slice(0, count)])
  writeFileSync(path, JSON.stringify(Object.fromEntries(few)))
  return path
}

for (const folder of [OUT, ANSWERS]) mkdirSync(folder, { recursive: true })
const options = [
  ...(values.limit === undefined ? [] : ['--limit', values.limit]),
  ...(values.templates === undefined ? [] : ['--templates', firstTemplates(Number(values.templates))]),
]
const runs = finishedRuns()
const answers: string[] = []
for (const { run, model } of runs) {
  const table = join(ANSWERS, `${run.id}.parquet`)
  if (!existsSync(table) && !values['fit-only']) {
    const started = performance.now()
    const common = [
      '--facts',
      FACTS,
      '--out',
      table,
      '--threads',
      '1',
      '--quiet',
      '--json',
      '--resume',
      ...options,
    ]
    const { tokens, overall } = JSON.parse(assay(['knowledge', model, ...common])) as {
      tokens: { evaluated: number; naive: number }
      overall: { ranking?: { value: number } }
    }
    process.stdout.write(
      `${run.id}: accuracy ${overall.ranking?.value.toFixed(3)}, ${tokens.evaluated} tokens of ${tokens.naive}, ${((performance.now() - started) / 1000).toFixed(0)} s\n`,
    )
  }
  if (!existsSync(table)) continue
  answers.push(table)
}

const bound = JSON.parse(
  assay([
    'bound',
    '--counts',
    COUNTS,
    '--answers',
    ...answers,
    '--json',
    '--quiet',
    '-o',
    join(OUT, 'bound.html'),
    '-o',
    join(OUT, 'bound.md'),
  ]),
) as BoundJson
writeFileSync(join(OUT, 'bound.json'), JSON.stringify(bound))

/** Put a table between its marks in the page of results. */
function keep(name: string, table: string): void {
  const page = join(ROOT, 'docs/validation/knowledge.md')
  const [begin, end] = [`<!-- ${name} -->`, '<!-- end -->']
  const old = readFileSync(page, 'utf8')
  const from = old.indexOf(begin) + begin.length
  const to = old.indexOf(end, from)
  if (from < begin.length || to < 0) throw new Error(`${page} lacks ${begin} … ${end}`)
  writeFileSync(page, `${old.slice(0, from)}\n${table}\n${old.slice(to)}`)
}

const digits = (value: number | null | undefined, places: number): string =>
  value === null || value === undefined ? '–' : value.toFixed(places).replace(/^(-?)0\./, '$1.')

function row(h: HeldOutJson): string {
  const { attainable } = h
  const cells = [
    h.variant,
    h.measure ?? '',
    digits(h.r2, 3),
    digits(h.r2Unweighted, 3),
    digits(h.error, 3),
    `${digits(h.low, 3)}–${digits(h.high, 3)}`,
  ]
  return attainable.r2 === null ? '' : `| ${cells.join(' | ')} |`
}

/** What the held-out errors over models say, best form first. */
function heldOutTable({ heldOut, models }: BoundJson): string {
  const over = heldOut
    .filter((h) => h.over === 'models' && h.error !== null)
    .sort((a, b) => (a.error ?? 1) - (b.error ?? 1))
  const { bands, attainable } = over[0]!
  const { r2, r2Unweighted } = over[0]!
  return [
    `Each of ${models.length} runs left out in turn, predicted from the others, by frequency band (${bands} pairs of run and band):`,
    '',
    '| form | measure | R², bands by their facts | R², bands alike | mean error of a band | 95 % |',
    '| --- | --- | --- | --- | --- | --- |',
    ...over.map(row),
    '',
    `Measured bands scatter by themselves (facts drawn, answers of three templates). Were the best form the truth, an R² of ${digits(attainable.r2, 3)} would be expected with bands weighted by their facts, and of ${digits(attainable.r2Unweighted, 3)} with all bands alike; it reaches ${digits(r2, 3)} and ${digits(r2Unweighted, 3)}.`,
  ].join('\n')
}

/** Accuracy of every run by documents that state the fact, in doublings; runs that know nothing at all on one line. */
async function frequencyTable(): Promise<string> {
  const [{ counts, documents }, rows] = await Promise.all([readCounts(COUNTS), readAnswers(answers)])
  const { facts, models } = joinObservations(
    counts,
    rows.filter((r) => r.reading === 'ranking'),
    documents ?? 1,
  )
  const most = 7
  const lines = [...models].reverse().map(({ model, accuracy }) => {
    const sums = Array.from({ length: most + 1 }, () => ({ n: 0, sum: 0 }))
    facts.forEach((fact, i) => {
      if (Number.isNaN(accuracy[i])) return
      const into = sums[Math.min(most, Math.floor(Math.log2(Math.max(1, fact.n_so))))]!
      into.n++
      into.sum += accuracy[i]!
    })
    const cells = sums.map(({ n, sum }) => (n === 0 ? '' : `${digits(sum / n, 2)} (${n})`))
    return `| ${model.replace(/^assay-|-\d+$/g, '')} | ${cells.join(' | ')} |`
  })
  return [
    '| run | 0 or 1 | 2–3 | 4–7 | 8–15 | 16–31 | 32–63 | 64–127 | 128 and more |',
    `| ${'--- | '.repeat(most + 2).trimEnd()}`,
    ...lines,
  ].join('\n')
}

const frequency = await frequencyTable()
const text = heldOutTable(bound)
process.stdout.write(`${text}\n`)
if (values.write) {
  keep('ladder-frequency', frequency)
  keep('ladder-retention', text)
}
