/**
 * Writes docs/validation/curve.md: verdicts on logs of known truth, false alarms on healthy runs, how soon bad runs
 * could have been stopped, and how often the predicted final loss holds.
 * Run: npx tsx bench/curve/validate.ts [--only SECTION…]; the stress set alone takes many minutes.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { mapColumns } from '../../src/core/curve/pieces/columns.js'
import { earlyWarning } from '../../src/core/curve/scores/early-warning.js'
import { judgeRun, statusOfVerdict, type TrainingRun } from '../../src/core/index.js'
import { illCutLines } from './ill-cuts.js'
import { HEALTHY, type Known, ladderRuns, publicLogs } from './known.js'
import { madeUp } from './made-up-healthy.js'
import { judgePieces } from './pieces.js'
import { stressLines } from './stress/index.js'
import { wilson } from './wilson.js'

const OUT = 'docs/validation/curve.md'
const SHARES = [0.5, 0.6, 0.7, 0.8, 0.9]

/** `healthy` and `healthy-with-spikes` count as one: a data spike is no fault of the run. */
function agrees({ expected, run }: Known): boolean {
  return run.verdict === expected || (HEALTHY.has(expected) && HEALTHY.has(run.verdict))
}

function verdictTable(known: readonly Known[]): string[] {
  return [
    '| run | format | losses | expected | verdict | |',
    '|---|---|---|---|---|---|',
    ...known.map(
      (k) =>
        `| ${k.name} | ${k.run.run.format} | ${k.run.curve.value.length} | ${k.expected} | ${k.run.verdict} | ${agrees(k) ? '' : '**differs**'} |`,
    ),
  ]
}

function madeUpSection(count: number): string[] {
  const tally = new Map<string, number>()
  for (let seed = 0; seed < count; seed++) {
    const { verdict } = judgeRun(madeUp(seed))
    tally.set(verdict, (tally.get(verdict) ?? 0) + 1)
  }
  const alarms = [...tally].filter(([v]) => !HEALTHY.has(v)).reduce((n, [, k]) => n + k, 0)
  return [
    `Of ${count} made-up healthy runs (200 to 20,000 steps, logged every 1 to 50, pretraining and fine-tuning levels, noise of .005 to .16 nats with memory and heavy tails), ${alarms} were called anything but healthy: ${wilson(alarms, count)}.`,
    '',
    [...tally].map(([v, k]) => `${v} ${k}`).join(', '),
  ]
}

function piecesSection(known: readonly Known[]): string[] {
  const pieces = [16, 17, 18].flatMap((seed) => judgePieces(known, seed))
  const ill = pieces.filter((p) => statusOfVerdict(p.verdict) === 'fail')
  return [
    `Of ${pieces.length} pieces cut at random from the healthy logs here (40 rows to six tenths of a log, beginning anywhere, without the plan of the whole) ${ill.length} were called ill: ${wilson(ill.length, pieces.length)}.`,
    '',
    ...ill.map((p) => `- ${p.run.id}: ${p.verdict}`),
  ]
}

/** The first part of a run, with the plan of the whole. */
function cut(run: TrainingRun, share: number): TrainingRun {
  const steps = Math.max(...run.step)
  const rows = run.step.findIndex((s) => s > share * steps)
  return { ...run, ...mapColumns(run, (column) => column.slice(0, rows)), plannedSteps: steps, notes: [] }
}

function predictionSection(known: readonly Known[]): string[] {
  const usable = known.filter((k) => HEALTHY.has(k.run.verdict) && k.run.run.loss.length >= 400)
  const rows = SHARES.map((share) => {
    const errors: number[] = []
    const widths: number[] = []
    let held = 0
    for (const { run } of usable) {
      const p = judgeRun(cut(run.run, share)).landing.loss
      if (p.kind !== 'estimate' || run.finalLoss.kind !== 'estimate') continue
      errors.push(Math.abs(p.value - run.finalLoss.value))
      widths.push(p.interval.high - p.value)
      // The target is itself known to within its interval: both meet when the intervals overlap.
      if (p.interval.low <= run.finalLoss.interval.high && p.interval.high >= run.finalLoss.interval.low)
        held++
    }
    errors.sort((a, b) => a - b)
    widths.sort((a, b) => a - b)
    const n = errors.length
    return `| ${Math.round(100 * share)} % | ${n} | ${errors[n >> 1]?.toFixed(3)} | ${widths[n >> 1]?.toFixed(3)} | ${wilson(held, n)} |`
  })
  return [
    'Healthy runs of 400 losses and more, cut at a share of their steps; the end of the whole run is predicted.',
    '',
    '| cut at | runs | median error, nats | median half-width of the 95 % interval | interval meets the truth |',
    '|---|---|---|---|---|',
    ...rows,
  ]
}

/** The causal alarm on runs whose end is sound: each is a false one. */
function falseWarnings(known: readonly Known[]): { alarms: readonly string[]; runs: number } {
  const sound = known.filter((k) => HEALTHY.has(k.expected) && k.run.levels !== undefined)
  const alarms = sound.filter(({ run }) => {
    const { prepared, curve, levels } = run
    return levels !== undefined && earlyWarning(prepared.loss, curve, prepared.lastStep) !== undefined
  })
  return { alarms: alarms.map((k) => k.name), runs: sound.length }
}

function warningSection(known: readonly Known[]): string[] {
  const bad = known.filter((k) => ['diverged', 'spiked-not-recovered', 'stuck'].includes(k.run.verdict))
  const { alarms: sounded, runs } = falseWarnings(known)
  return [
    `The alarm looks at nothing behind the step that it names. On ${runs} healthy runs it sounds ${sounded.length} times${sounded.length === 0 ? '' : ` (${sounded.join(', ')}: spikes that lasted, then came back)`}.`,
    '',
    '| run | verdict | could have been stopped at step | share of its compute |',
    '|---|---|---|---|',
    ...bad.map((k) => {
      const w = k.run.earlyWarning
      return `| ${k.name} | ${k.run.verdict} | ${w === undefined ? '–' : w.step} | ${w === undefined ? 'too few losses to tell' : `${Math.round(100 * w.share)} %`} |`
    }),
  ]
}

/** Runs whose changes were looked at while thresholds were set; the other healthy ones show how far that carries. */
const LOOKED_AT: ReadonlySet<string> = new Set([
  '01_llmc_gpt2_124M_main.log',
  '02_modded_nanogpt_muon.txt',
  '06_nanogpt124M_cosine_warmup_baseline.out',
  '13_megatron_mixtral8x7b_golden_values.json',
  'gpt2',
  ...['25k-r1', '83k-r1', '83k-r8', '233k-r2', '610k-r8', '1.6M-r10', 'healthy-twin'].map(
    (r) => `ladder ${r}`,
  ),
])
const LEAST_LOSSES = 150
/** Runs that differ from another one in their seed or in the share of a domain: one of a kind is enough. */
const VARIANT = /-seed\d+$|-0(\.\d)?$/

function stressSection(known: readonly Known[]): string[] {
  const bases = known
    .filter((k) => HEALTHY.has(k.expected) && k.run.run.loss.length >= LEAST_LOSSES)
    // What learns slowly from its first step on is no sound run.
    .filter((k) => k.name !== 'ladder no-warm-up-high-rate')
    .filter((k) => !VARIANT.test(k.name) && !k.run.events.some((e) => e.code === 'slow-recovery'))
    .map((k) => ({ ...k.run.run, id: k.name }))
  const diverged = known.filter((k) => k.expected === 'diverged' && k.run.run.format === 'wandb-csv')
  const lines = stressLines(
    bases.filter((run) => LOOKED_AT.has(run.id)),
    bases.filter((run) => !LOOKED_AT.has(run.id)),
    diverged.map((k) => k.run.run),
  )
  return [
    `Healthy real runs changed in ways whose verdict is known, and runs made up whole: \`bench/curve/stress/\`. "Looked at": ${LOOKED_AT.size} runs whose changes were looked at while thresholds were set. "Others": the other healthy runs of ${LEAST_LOSSES} losses or more, the ladder's without further seeds and shares of domains; those of its first edition were judged afterwards, and three things were learned from what went wrong there (one lucky evaluation is no overfitting, a lasting mark shows right behind its spike, a run that continues another is not stuck), so that they were a test of the rest only; those of its second edition were judged with every threshold set. Made-up cases are in the first column. "Step": cases whose event was also named at its step, of those that have one. The code as it stood before this set was made (36f14c3), on the same cases: 1098 of 1135 (96.7 %) and 1158 of 1285 (90.1 %).`,
    '',
    ...lines,
  ]
}

/** Known truth: how many verdicts there are, and which are not as they should be. */
function knownLine(known: readonly Known[]): string {
  const healthy = known.filter((k) => HEALTHY.has(k.expected))
  const bad = known.filter((k) => !HEALTHY.has(k.expected))
  const wrong = (of: readonly Known[]): string => {
    const count = of.filter((k) => !agrees(k)).length
    return `${count} of ${of.length} (${wilson(count, of.length)})`
  }
  return `Runs of known truth: ${known.length}. Healthy ones called bad: ${wrong(healthy)}. Bad ones not named as they should be: ${wrong(bad)}. The thresholds were set on these logs; the made-up runs and the other public logs of the next sections are free of that.`
}

const OTHER_LOGS =
  'Read once on 2026-11-23, by defaults, not part of this repository. 206 records of modded-nanogpt (all of 2024, every fourteenth after it; 28 of them give seven evaluations only), 107 MLPerf v5.1 results of three language-model benchmarks (every twelfth; all of Llama 3.1 405B), 51 golden tables of Megatron-LM, 16 logs of build-nanogpt variants: no healthy run was called bad after the following was learned from them: a validation loss at its best outranks the training loss, a run that says that it reached its target is not flat, a complete run may have as few as four losses. Before that, 24 of the MLPerf fine-tunes were called flat, stuck or spiked.'

/** Written by hand, from `bench/curve/follow.ts` and a file of W&B's own writer: kept as it stands. */
const FOLLOWED = "Growing logs and a tracker's file"

/** Sections by a short name, in the order of the page. */
const SECTIONS: Readonly<
  Record<string, { readonly title: string; readonly lines: (known: readonly Known[]) => readonly string[] }>
> = {
  'made-up': { title: 'False alarms on made-up healthy runs', lines: () => madeUpSection(400) },
  pieces: { title: 'Pieces of healthy runs', lines: piecesSection },
  'ill-cuts': { title: 'Ill runs, cut before and behind their fault', lines: illCutLines },
  'other-logs': { title: 'False alarms on other public logs', lines: () => [OTHER_LOGS] },
  followed: { title: FOLLOWED, lines: () => [] },
  stress: { title: 'Stress set', lines: stressSection },
  landing: { title: 'Where will it land', lines: predictionSection },
  warning: { title: 'Early warning', lines: warningSection },
  runs: { title: 'Every run', lines: verdictTable },
}

/** Sections of the page as it stands, by title. */
function sectionsOf(page: string): Map<string, string> {
  return new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((section) => [
        section.slice(0, section.indexOf('\n')),
        section.slice(section.indexOf('\n') + 1).trim(),
      ]),
  )
}

const only = argv.includes('--only') ? argv.slice(argv.indexOf('--only') + 1) : Object.keys(SECTIONS)
const unknown = only.filter((name) => SECTIONS[name] === undefined)
if (unknown.length > 0)
  throw new Error(`no section ${unknown.join(', ')}; ${Object.keys(SECTIONS).join(', ')}`)
const known = [...(await publicLogs()), ...(await ladderRuns())]
const kept = sectionsOf(readFileSync(OUT, 'utf8'))
const document = [
  '# Validation: `assay curve`',
  '',
  'Written by `npx tsx bench/curve/validate.ts`, parts of it by `--only SECTION…`. Thresholds: `src/core/curve/thresholds.ts`; precedence: [docs/curve.md](../curve.md).',
  '',
  knownLine(known),
  '',
  ...Object.entries(SECTIONS).flatMap(([name, { title, lines }]) => {
    const text = only.includes(name) && title !== FOLLOWED ? lines(known).join('\n') : kept.get(title)
    return text === undefined ? [] : [`## ${title}`, '', text, '']
  }),
]
writeFileSync(OUT, document.join('\n'))
process.stdout.write(`${OUT}: ${knownLine(known)}\n`)
