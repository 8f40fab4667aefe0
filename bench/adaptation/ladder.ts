/**
 * Adaptability of the ladder's models that ship, trained and before any training, to docs/validation/adaptability.md.
 *
 *     npx tsx bench/adaptation/ladder.ts [25k 83k …]    measure these sizes (default: all); about a CPU minute each
 *     npx tsx bench/adaptation/ladder.ts --write        draw the figure and write the tables from what was measured
 *
 * Each size is measured as it ships and with its matrices drawn anew (three seeds): a model of random weights is at
 * chance in everything, whatever it is asked. Measurements are kept in ladder/.build/adaptability.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  defaultTexts,
  gatherAdaptation,
  gatherSurprisal,
  planAdaptation,
  samplePassages,
  WHOLE,
} from '../../src/audit/index.js'
import {
  type AdaptationEvidence,
  contextCurve,
  createRandom,
  type Estimate,
  estimateToJson,
  type LineChart,
  type MeasuredTask,
  measureAdaptation,
  notEstimable,
  type ShotPoint,
} from '../../src/core/index.js'
import { openEngine } from '../../src/engines/index.js'
import { readFacts, readTaskItems } from '../../src/ingest/index.js'
import { chartsToSvg } from '../../src/report/index.js'
import { writeUntrained } from '../../test/models/untrained.js'

const ROOT = join(import.meta.dirname, '..', '..')
const KEPT = join(ROOT, 'ladder', '.build', 'adaptability')
const PAGE = join(ROOT, 'docs', 'validation', 'adaptability.md')
const FIGURE = join(ROOT, 'docs', 'validation', 'adaptability.svg')
const LEVEL = 0.95
const SEED = 1
/** Parameters in thousands, embedding included, by the name that the file has. */
const SIZES = { '25k': 156, '83k': 280, '233k': 561, '610k': 1069, '1.6M': 2206 } as const
type Size = keyof typeof SIZES
const UNTRAINED_SEEDS = [1, 2, 3]
/** Draws of shots for the check of orders: ten groups of as many as the command takes. */
const MANY_DRAWS = 40

/** An estimate as it is kept. */
type Kept = ReturnType<typeof estimateToJson>

/** What is kept of one model. */
interface Measured {
  readonly model: string
  readonly size: Size
  readonly trained: boolean
  /** Figures of the page by name, and every interval that should hold chance where nothing was learned. */
  readonly figures: Readonly<Record<string, Kept>>
  readonly atChance: readonly { readonly what: string; readonly chance: number; readonly estimate: Kept }[]
  readonly orders?: { readonly held: number; readonly groups: number; readonly what: string }[]
}

const io = {
  signal: new AbortController().signal,
  progress: () => ({ update() {}, end() {} }),
}

/** Everything of a task that a model which learned nothing has a known value of. */
function chancesOf(task: MeasuredTask): Measured['atChance'] {
  const point = (name: string, { k, accuracy, margin }: ShotPoint): Measured['atChance'] => [
    { what: `${task.task} ${name} k=${k} accuracy`, chance: task.chance, estimate: estimateToJson(accuracy) },
    // Of two choices the right one is as often the likelier: of four the best wrong one is ahead.
    ...(task.chance === 0.5
      ? [{ what: `${task.task} ${name} k=${k} margin`, chance: 0, estimate: estimateToJson(margin) }]
      : []),
  ]
  return [
    ...task.shots.flatMap((p) => point('given', p)),
    ...task.controls.flatMap((c) => c.shots.flatMap((p) => point(c.name, p))),
    { what: `${task.task} gain`, chance: 0, estimate: estimateToJson(task.gain) },
    { what: `${task.task} labels' worth`, chance: 0, estimate: estimateToJson(task.labelsWorth) },
  ]
}

/** How often the interval of four draws holds the mean of all draws of the same items. */
function ordersOf(evidence: AdaptationEvidence, task: string): { held: number; groups: number } {
  const only = (draws: (draw: number) => boolean): MeasuredTask | undefined =>
    measureAdaptation(
      {
        ...evidence,
        outcomes: evidence.outcomes.filter((o) => o.task === task && (o.k === 0 || draws(o.draw))),
      },
      LEVEL,
    ).tasks.find((t) => t.task === task)
  const all = only(() => true)?.shots.at(-1)?.margin
  const groups = MANY_DRAWS / WHOLE.draws
  let held = 0
  for (let g = 0; g < groups; g++) {
    const margin = only((draw) => Math.floor(draw / WHOLE.draws) === g)?.shots.at(-1)?.margin
    if (margin?.kind === 'estimate' && all?.kind === 'estimate')
      if (margin.interval.low <= all.value && all.value <= margin.interval.high) held++
  }
  return { held, groups }
}

async function measure(path: string, size: Size, trained: boolean, model: string): Promise<Measured> {
  const opened = await openEngine(path, { packBranches: true })
  const scratch = mkdtempSync(join(tmpdir(), 'assay-adaptability-'))
  try {
    const tasks = [
      await readTaskItems(join(ROOT, 'examples/adapt/verbs.jsonl')),
      await readTaskItems(join(ROOT, 'ladder/tasks/data/word-from-definition.jsonl')),
    ]
    const random = createRandom(SEED)
    const facts = readFacts(['planted', 'real'].map((name) => join(ROOT, `facts/${name}.jsonl`)))
    const sizes = { ...WHOLE, items: 64, rules: 12, questions: 8, pairs: 60 }
    const adaptation = await gatherAdaptation(opened, planAdaptation(tasks, facts, sizes, random), io)
    const { domains } = defaultTexts()
    const sample = await samplePassages(domains, random.derive('sample'), { full: false })
    const surprisal = await gatherSurprisal(opened, sample, domains, undefined, {
      ...io,
      random,
      resume: false,
      journalPath: (kind) => join(scratch, `${kind}.jsonl`),
      note() {},
    })
    const measured = measureAdaptation(adaptation, LEVEL)
    const curve = contextCurve(surprisal, random.derive('context'), LEVEL)
    const find = (name: string) => measured.tasks.find((t) => t.task === name)
    const last = (task: MeasuredTask | undefined): Estimate =>
      task?.shots.at(-1)?.accuracy ?? notEstimable('not asked')
    const none = notEstimable('not asked')
    const verbs = find('verbs')
    const statements = find('counterfactual')
    const figures: Record<string, Estimate> = {
      'context gain': curve?.gain ?? none,
      'statement moves': statements?.labelsWorth ?? none,
      'follows false': statements?.shots.find((p) => p.k === 1)?.accuracy ?? none,
      'made-up accuracy': last(measured.madeUp),
      'made-up labels': measured.madeUp?.labelsWorth ?? none,
      'verbs, shots': verbs?.gain ?? none,
      'verbs, labels': verbs?.labelsWorth ?? none,
      'verbs accuracy': last(verbs),
    }
    const chances = [...measured.tasks, ...(measured.madeUp === undefined ? [] : [measured.madeUp])].flatMap(
      chancesOf,
    )
    let orders: Measured['orders']
    if (trained) {
      const many = { ...WHOLE, items: 32, draws: MANY_DRAWS, shots: [0, 4], rules: 2, questions: 2, pairs: 2 }
      const evidence = await gatherAdaptation(opened, planAdaptation(tasks, facts, many, random), io)
      orders = tasks.map(({ task }) => ({ what: task, ...ordersOf(evidence, task) }))
    }
    return {
      model,
      size,
      trained,
      figures: Object.fromEntries(Object.entries(figures).map(([name, e]) => [name, estimateToJson(e)])),
      atChance: [
        ...chances,
        ...(curve === undefined
          ? []
          : [{ what: 'context gain', chance: 0, estimate: estimateToJson(curve.gain) }]),
      ],
      ...(orders === undefined ? {} : { orders }),
    }
  } finally {
    await opened.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function measureSize(size: Size): Promise<void> {
  mkdirSync(KEPT, { recursive: true })
  const shipped = join(ROOT, 'models', `assay-ladder-${size}.gguf`)
  const keep = async (name: string, path: string, trained: boolean): Promise<void> => {
    const kept = join(KEPT, `${name}.json`)
    if (existsSync(kept)) return
    const before = process.cpuUsage()
    writeFileSync(kept, JSON.stringify(await measure(path, size, trained, name), null, 1))
    const { user, system } = process.cpuUsage(before)
    process.stderr.write(`${name}: ${((user + system) / 1e6).toFixed(1)} CPU s\n`)
  }
  await keep(size, shipped, true)
  for (const seed of UNTRAINED_SEEDS) {
    const path = join(KEPT, `untrained-${size}-${seed}.gguf`)
    await writeUntrained(shipped, path, seed)
    await keep(`${size}-untrained-${seed}`, path, false)
    rmSync(path)
  }
}

const readKept = (name: string): Measured =>
  JSON.parse(readFileSync(join(KEPT, `${name}.json`), 'utf8')) as Measured

/** `.12 [.03, .21]` */
function cell(estimate: Kept | undefined): string {
  if (estimate?.kind !== 'estimate') return 'not estimable'
  const short = (v: number): string =>
    v
      .toFixed(2)
      .replace('-0.00', '0.00')
      .replace(/^(-?)0\./, '$1.')
      .replace('-', '−')
  return `${short(estimate.value)} [${short(estimate.low)}, ${short(estimate.high)}]`
}

function chartOf(name: string, caption: string, y: LineChart['y']): LineChart {
  const curve = (label: string, nameOf: (size: Size) => string): LineChart['series'] => {
    const known = (Object.keys(SIZES) as Size[]).flatMap((size) => {
      const e = readKept(nameOf(size)).figures[name]
      return e?.kind === 'estimate' ? [{ x: 1e3 * SIZES[size], e }] : []
    })
    const x = known.map((p) => p.x)
    const value = known.map((p) => p.e.value)
    return [
      {
        name: label,
        style: 'band',
        x,
        y: value,
        low: known.map((p) => p.e.low),
        high: known.map((p) => p.e.high),
      },
      { name: label, style: 'line', x, y: value },
      { name: label, style: 'points', x, y: value },
    ]
  }
  return {
    kind: 'lines',
    caption,
    x: { label: 'parameters', scale: 'log' },
    y,
    series: [...curve('as it ships', (s) => s), ...curve('before training', (s) => `${s}-untrained-1`)],
  }
}

const FIGURES = [
  ['context gain', 'Loss early less loss late in the context', { label: 'context gain', unit: 'nats/token' }],
  [
    'statement moves',
    'How far a statement in the context moves the answer',
    { label: 'moved', unit: 'nats' },
  ],
  ['verbs, shots', 'What 8 shots add to the margin of the right verb', { label: 'gain', unit: 'nats' }],
  ['verbs, labels', 'What the labels of these shots are worth', { label: 'worth', unit: 'nats' }],
  [
    'made-up accuracy',
    'Made-up rules behind 16 shots',
    { label: 'accuracy', unit: 'accuracy', domain: [0, 1] },
  ],
] as const satisfies readonly (readonly [string, string, LineChart['y']])[]

async function write(): Promise<void> {
  const sizes = Object.keys(SIZES) as Size[]
  const names = Object.keys(readKept('1.6M').figures)
  const row = (label: string, kept: Measured): string =>
    `| ${[label, ...names.map((name) => cell(kept.figures[name]))].join(' | ')} |`
  const table = [
    `| model | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---|').join('')}`,
    ...sizes.flatMap((size) => [
      row(`\`${size}\``, readKept(size)),
      row(`\`${size}\`, before training`, readKept(`${size}-untrained-1`)),
    ]),
  ]
  const untrained = sizes.flatMap((size) =>
    UNTRAINED_SEEDS.map((seed) => readKept(`${size}-untrained-${seed}`)),
  )
  const checked = untrained.flatMap((m) => m.atChance.map((c) => ({ ...c, model: m.model })))
  const known = checked.flatMap((c) =>
    c.estimate.kind === 'estimate' ? [{ ...c, estimate: c.estimate }] : [],
  )
  const off = known.filter((c) => c.chance < c.estimate.low - 1e-9 || c.chance > c.estimate.high + 1e-9)
  const orders = sizes.flatMap((size) => readKept(size).orders ?? [])
  const sum = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0)
  const lines = [
    ...table,
    '',
    `Of ${known.length} intervals of ${untrained.length} untrained models ${known.length - off.length} hold chance (${((100 * (known.length - off.length)) / known.length).toFixed(1)} %, nominal 95 %).`,
    '',
    `Intervals of ${WHOLE.draws} draws that hold the mean of ${MANY_DRAWS} draws of the same items: ${sum(orders.map((o) => o.held))} of ${sum(orders.map((o) => o.groups))}.`,
  ]
  process.stdout.write(
    `${lines.join('\n')}\n\noff chance:\n${off.map((c) => `${c.model} ${c.what}: ${cell(c.estimate)}`).join('\n')}\n`,
  )
  writeFileSync(
    FIGURE,
    await chartsToSvg(
      FIGURES.map(([name, caption, y]) => chartOf(name, caption, y)),
      'Adaptability of the ladder',
    ),
  )
  if (!existsSync(PAGE)) return
  const page = readFileSync(PAGE, 'utf8')
  writeFileSync(
    PAGE,
    page.replace(
      /(<!-- measured -->\n)[\s\S]*?(<!-- end -->)/,
      (_, open: string, close: string) => `${open}${lines.join('\n')}\n${close}`,
    ),
  )
}

const { values, positionals } = parseArgs({ options: { write: { type: 'boolean' } }, allowPositionals: true })
if (values.write === true) await write()
else
  for (const size of (positionals.length > 0 ? positionals : Object.keys(SIZES)) as Size[])
    await measureSize(size)
