/**
 * Speed of `assay corpus profile` and `contamination` as a user calls them, start and end included, on documentation of packages whose
 * paragraphs are drawn anew: one thread and two in turn, several files and one. Needs the build.
 */
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '../../dist/core/index.js'
import { keepSection, show, spread } from './measure.js'
import { packageDocuments, variant } from './package-docs.js'

const HELP = `npx tsx bench/corpus/profile-speed.ts [options]

  --folder DIR  folder whose documents' paragraphs are drawn from (default: node_modules)
  --mb N        MB of text (default 1000)
  --runs N      of each (default 3)
  --only WHAT   profile or contamination (default: both)
  --items GLOB  items that contamination seeks (default: $ASSAY_DATA/tasks/*.jsonl, 1.2 million n-grams)
  --write       put the tables into docs/validation/corpus.md
`
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    folder: { type: 'string', default: 'node_modules' },
    mb: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    items: { type: 'string', default: join(process.env.ASSAY_DATA ?? '../shared/data', 'tasks/*.jsonl') },
    write: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}
const FILES = 24
/** One word in so many is another one, so that few paragraphs repeat. */
const REPLACED = 0.05
const DRAWN_FROM = 40e6
const random = createRandom(5)
const folder = mkdtempSync(join(tmpdir(), 'assay-bench-profile-'))
const files = join(folder, 'files')
const whole = join(folder, 'whole.jsonl')
const small = join(folder, 'small.jsonl')

/** Write the corpus, as files and as one; returns its bytes of text and its documents. */
function writeCorpus(): { bytes: number; documents: number } {
  const texts = packageDocuments(values.folder, DRAWN_FROM)
  const paragraphs = texts.flatMap((text) => text.split(/\n\s*\n/)).filter((text) => text.trim() !== '')
  mkdirSync(files)
  let [bytes, documents] = [0, 0]
  for (let file = 0; file < FILES; file++) {
    const lines: string[] = []
    for (const most = ((file + 1) * 1e6 * Number(values.mb)) / FILES; bytes < most; documents++) {
      const length = texts[random.integer(texts.length)]!.length
      const parts: string[] = []
      for (let held = 0; held < length; held += parts.at(-1)!.length)
        parts.push(variant(paragraphs[random.integer(paragraphs.length)]!, REPLACED, random))
      const text = parts.join('\n\n')
      lines.push(`${JSON.stringify({ text })}\n`)
      bytes += Buffer.byteLength(text)
    }
    const content = lines.join('')
    writeFileSync(join(files, `${file}.jsonl`), content)
    appendFileSync(whole, content)
    if (file === 0) writeFileSync(small, lines.slice(0, 20).join(''))
  }
  return { bytes, documents }
}

interface Seconds {
  readonly cpu: number
  readonly wall: number
}

const usage = join(folder, 'usage.json')
/** A process tells what it took, all its threads together. */
const TELL = `data:text/javascript,${encodeURIComponent(`import { writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
if (isMainThread) process.on('exit', () => writeFileSync(${JSON.stringify(usage)}, JSON.stringify(process.cpuUsage())))`)}`

const PLAIN = ['profile', '--without', 'near-duplicates']
const NEAR = ['profile']
const LOOK = ['contamination', '--items', values.items]

function time(command: readonly string[], input: string, threads: number): Seconds {
  const options = ['--json', '--quiet', '--threads', String(threads), input]
  const started = performance.now()
  const { status } = spawnSync(
    process.execPath,
    ['--import', TELL, 'dist/cli/bundle/main.js', 'corpus', ...command, ...options],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, TMPDIR: folder } },
  )
  if (status !== 0) throw new Error(`corpus ${command[0]} ended with ${status}`)
  const wall = (performance.now() - started) / 1e3
  const { user, system } = JSON.parse(readFileSync(usage, 'utf8')) as { user: number; system: number }
  return { cpu: (user + system) / 1e6, wall }
}

const { bytes, documents } = writeCorpus()
/** One thread and two, of each pass; whole = one file. */
const WAYS = {
  start: () => time(PLAIN, small, 1),
  one: () => time(PLAIN, files, 1),
  two: () => time(PLAIN, files, 2),
  wholeOne: () => time(PLAIN, whole, 1),
  wholeTwo: () => time(PLAIN, whole, 2),
  near: () => time(NEAR, files, 1),
  nearTwo: () => time(NEAR, files, 2),
  lookStart: () => time(LOOK, small, 1),
  look: () => time(LOOK, files, 1),
  lookTwo: () => time(LOOK, files, 2),
}
type Way = keyof typeof WAYS

interface Row {
  readonly name: string
  readonly way: Way
  readonly bar?: number
  /** What is taken off: the command on a few documents. */
  readonly less?: Way
}

/** The tables, by the section of the page that each stands in; and the ways whose threads are compared. */
const TABLES: Readonly<
  Record<string, { rows: readonly Row[]; pairs: readonly (readonly [string, Way, Way])[] }>
> = {
  profile: {
    rows: [
      { name: `profile, one thread, ${FILES} files`, way: 'one', bar: 60 },
      { name: 'the same without its start', way: 'one', less: 'start' },
      { name: 'two threads', way: 'two' },
      { name: 'one file, one thread', way: 'wholeOne' },
      { name: 'one file, two threads', way: 'wholeTwo' },
      { name: 'with near duplicates, one thread', way: 'near', bar: 20 },
      { name: 'two threads', way: 'nearTwo' },
    ],
    pairs: [
      [`profile, ${FILES} files`, 'one', 'two'],
      ['profile, one file', 'wholeOne', 'wholeTwo'],
      ['profile with near duplicates', 'near', 'nearTwo'],
    ],
  },
  contamination: {
    rows: [
      { name: 'contamination, 1.2 million n-grams, one thread', way: 'look', bar: 100 },
      { name: 'the same without its start', way: 'look', less: 'lookStart' },
      { name: 'two threads', way: 'lookTwo' },
    ],
    pairs: [['contamination', 'look', 'lookTwo']],
  },
}
const sections = values.only === undefined ? Object.keys(TABLES) : [values.only]
const ways = (Object.keys(WAYS) as Way[]).filter((way) =>
  sections.some((section) => TABLES[section]!.rows.some((row) => row.way === way || row.less === way)),
)
const runs = Array.from(
  { length: Number(values.runs) },
  () => Object.fromEntries(ways.map((way) => [way, WAYS[way]()])) as Record<Way, Seconds>,
)
rmSync(folder, { recursive: true })

const rates = (way: Way, of: keyof Seconds, less?: Way): [number, number, number] =>
  spread(runs.map((run) => bytes / 1e6 / (run[way][of] - (less === undefined ? 0 : run[less][of]))))
const lineOf = ({ name, way, bar, less }: Row): string => {
  const cpu = rates(way, 'cpu', less)
  const verdict = bar === undefined ? '' : `${bar} ${cpu[0] >= bar ? 'met' : 'NOT met'}`
  const start =
    less === undefined ? '' : ` (${spread(runs.map((run) => run[less].cpu))[0].toFixed(2)} CPU seconds)`
  return `| ${name}${start} | ${show(cpu)} | ${show(rates(way, 'wall', less))} | ${verdict} |`
}
/** How many times as fast two threads are: by the clock, and by CPU time, as they would be on two cores that nobody else uses. */
const clock = (one: Way, two: Way): string => show(spread(runs.map((run) => run[one].wall / run[two].wall)))
const byCpu = (one: Way, two: Way): string =>
  show(spread(runs.map((run) => (2 * run[one].cpu) / run[two].cpu)))

for (const section of sections) {
  const { rows, pairs } = TABLES[section]!
  const lines = [
    `${(bytes / 1e6).toFixed(0)} MB in ${documents.toLocaleString('en-US')} documents, ${values.runs} runs in turn: median (least–most); load of the machine ${loadavg()[0]!.toFixed(1)}`,
    '',
    '| what | MB per CPU second | MB per second | bar (per CPU second) |',
    '|---|---|---|---|',
    ...rows.map(lineOf),
    '',
    '| two threads ÷ one (bar 1.8) | by the clock | by CPU time |',
    '|---|---|---|',
    ...pairs.map(([name, one, two]) => `| ${name} | ${clock(one, two)} | ${byCpu(one, two)} |`),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  if (values.write) keepSection(section, lines)
}
