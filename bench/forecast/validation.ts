/**
 * Writes docs/validation/forecast.md: every figure of it comes from this run, none is typed.
 *
 *   npx tsx bench/forecast/validation.ts [resamples]
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CANDIDATES } from '../../src/core/index.js'
import {
  allSplits,
  type Judged,
  type JudgedSplit,
  judgeSplits,
  meanOf,
  type Split,
  TWELVE,
} from './splits.js'

const RESAMPLES = Number(process.argv[2] ?? 1000)

interface Bar {
  readonly name: string
  readonly bar: number
  readonly relative: boolean
  pick(j: Judged): boolean
}

const BARS: readonly Bar[] = [
  {
    name: 'OLMo ladder → 13B-5T, mean relative error over 8 tasks',
    bar: 0.034,
    relative: true,
    pick: (j) => j.split.label === '13B-5T',
  },
  {
    name: 'OLMo ladder → 7B-4T, the same',
    bar: 0.044,
    relative: true,
    pick: (j) => j.split.label === '7B-4T',
  },
  {
    name: 'Pythia with checkpoints → 6.9B and 12B, mean absolute error',
    bar: 0.024,
    relative: false,
    pick: (j) => j.split.set === 'pythia',
  },
  {
    name: 'over-training → 6.9B, mean of 17 tasks, over three corpora',
    bar: 0.013,
    relative: false,
    pick: (j) => j.benchmark === 'mean of 17',
  },
  {
    name: 'over-training → 6.9B, single tasks',
    bar: 0.05,
    relative: false,
    pick: (j) => j.split.set === 'over-training' && TWELVE.includes(j.benchmark),
  },
]

const started = performance.now()
const results: JudgedSplit[] = []
for (const result of judgeSplits(await allSplits(), RESAMPLES)) {
  results.push(result)
  const { set, label } = result.split
  process.stderr.write(`${set} ${label}: ${((performance.now() - started) / 1000).toFixed(0)} s\n`)
}
const judged = results.flatMap((r) => r.judged)
const counted = judged.filter((j) => BARS.some((b) => b.pick(j)))

function error(bar: Bar, list: readonly Judged[], value: (j: Judged) => number | undefined): string {
  const known = list.filter((j) => value(j) !== undefined)
  if (known.length === 0) return '–'
  const mean = meanOf(known.map((j) => Math.abs((value(j) ?? 0) - j.truth) / (bar.relative ? j.truth : 1)))
  return known.length === list.length
    ? mean.toFixed(4)
    : `${mean.toFixed(4)} (${known.length} of ${list.length})`
}

function barTable(): string[] {
  const head = ['| set | bar | forecast | copy the largest run | held-out values |', '|---|---|---|---|---|']
  return [
    ...head,
    ...BARS.map((bar) => {
      const own = judged.filter(bar.pick)
      return `| ${bar.name} | ≤ ${bar.bar.toFixed(3)} | **${error(bar, own, (j) => j.value)}** | ${error(bar, own, (j) => j.baseline)} | ${own.length} |`
    }),
  ]
}

function formTable(): string[] {
  const names = ['13B-5T', '7B-4T', 'Pythia', 'mean of 17', 'singles']
  const rows = CANDIDATES.map(
    (c) =>
      `| ${c.id}${c.average ? ' (averaged)' : ''} | ${BARS.map((bar) => error(bar, judged.filter(bar.pick), (j) => j.forms.get(c.id))).join(' | ')} |`,
  )
  return [
    `| form | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---').join('|')}|`,
    ...rows,
    `| **average** | ${BARS.map((bar) => `**${error(bar, judged.filter(bar.pick), (j) => j.value)}**`).join(' | ')} |`,
  ]
}

function share(hits: number, n: number): string {
  return `${((100 * hits) / n).toFixed(0)} % (${Math.round(hits)} of ${n})`
}

/** The rolling back-test is the same for every target of a set: each set counts once. */
function rollingSplits(): JudgedSplit[] {
  const seen = new Set<string>()
  return results.filter(({ split }) => {
    const key = split.set === 'over-training' ? `${split.set} ${split.label}` : split.set
    const fresh = !seen.has(key)
    seen.add(key)
    return fresh
  })
}

function widthOf(list: readonly Judged[]): string {
  return meanOf(list.map((j) => j.high - j.low)).toFixed(3)
}

function coverageTable(): string[] {
  const sets: Split['set'][] = ['olmo-ladder', 'pythia', 'over-training']
  const inside = (j: Judged): boolean => j.low <= j.truth && j.truth <= j.high
  const rows: string[] = []
  let allHits = 0
  let all = 0
  for (const set of sets) {
    let hits = 0
    let points = 0
    for (const { made } of rollingSplits().filter((r) => r.split.set === set))
      for (const p of made.predictions) {
        points += p.backTest.points
        hits += p.backTest.points * (p.backTest.coverage ?? 0)
      }
    const later = counted.filter((j) => j.split.set === set)
    const laterHits = later.filter(inside).length
    allHits += hits + laterHits
    all += points + later.length
    rows.push(`| ${set} | ${share(hits, points)} | ${share(laterHits, later.length)} | ${widthOf(later)} |`)
  }
  const laterAll = counted.filter(inside).length
  rows.push(
    `| all | ${share(allHits - laterAll, all - counted.length)} | ${share(laterAll, counted.length)} | ${widthOf(counted)} |`,
  )
  return [
    '| set | rolling back-test | held-out larger runs | their mean width |',
    '|---|---|---|---|',
    ...rows,
    '',
    `Together: ${share(allHits, all)}.`,
  ]
}

function detailTable(): string[] {
  return [
    '| set | run | benchmark | measured | forecast | 80 % interval | error |',
    '|---|---|---|---|---|---|---|',
    ...counted.map(
      (j) =>
        `| ${j.split.set} | ${j.split.label} | ${j.benchmark} | ${j.truth.toFixed(3)} | ${j.value.toFixed(3)} | ${j.low.toFixed(3)}–${j.high.toFixed(3)}${j.low <= j.truth && j.truth <= j.high ? '' : ' ✗'} | ${(j.value - j.truth >= 0 ? '+' : '−') + Math.abs(j.value - j.truth).toFixed(3)} |`,
    ),
  ]
}

function abstentions(): string[] {
  const wanted = (split: Split, name: string): boolean =>
    split.set === 'over-training' ? TWELVE.includes(name) || name === 'mean of 17' : split.truth.has(name)
  return results.flatMap(({ split, made }) =>
    made.abstentions
      .filter((a) => wanted(split, a.benchmark.name))
      .map((a) => `- ${split.set}, ${split.label}, ${a.benchmark.name}: ${a.reason}`),
  )
}

const text = [
  '# Forecasts, validated',
  '',
  'Written by `npx tsx bench/forecast/validation.ts`; every figure comes from that run. `test/papers/krajewski-2025.test.ts` holds the bars as assertions.',
  '',
  `Default settings, the same for every set; seed fixed; ${RESAMPLES} bootstrap resamples. The held-out runs are seen by no fit, no selection and no weight. Sets: allenai/OLMo-ladder (fitted: 16 runs of 190M–1B), EleutherAI/pythia (fitted: 50M < N < 2e9, checkpoints from step 13000 on), mlfoundations/scaling (fitted: each corpus' runs below 2e9).`,
  '',
  '## Bars',
  '',
  ...barTable(),
  '',
  "The baseline copies the fitted run with the most parameters (ties: the token-to-parameter ratio nearest the target's). On over-training it is reported only.",
  '',
  '## Direct against two-stage, side by side',
  '',
  'Errors as above, each form by itself; a number in brackets says on how many of the values the form could be fitted. Two-stage forms see every run that recorded a loss; Pythia records none.',
  '',
  ...formTable(),
  '',
  '## Coverage of 80 % intervals',
  '',
  ...coverageTable(),
  '',
  '## Every held-out value',
  '',
  ...detailTable(),
  '',
  '## Abstentions',
  '',
  ...abstentions(),
  '',
].join('\n')

writeFileSync(join(import.meta.dirname, '../../docs/validation/forecast.md'), text)
