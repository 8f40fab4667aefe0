import { type Command, InvalidArgumentError } from 'commander'
import { hashInputs } from '../../audit/index.js'
import { defined } from '../../core/collections.js'
import {
  analyseLogs,
  CHART_AXES,
  type ChartAxis,
  conclude,
  type DecayKind,
  type Input,
  type LogAnalysis,
  placesOf,
  type RatePlan,
  type Result,
  type TrainingRun,
} from '../../core/index.js'
import {
  growStreams,
  isStandardInput,
  isStream,
  type KeptStreams,
  keepStreams,
  LOG_FIELDS,
  LOG_READERS,
  matching,
  quantity,
  readLogs,
  readPlan,
  share,
  withFolders,
} from '../../ingest/index.js'
import {
  judgeLossStability,
  judgeSchedule,
  judgeThroughput,
  learningRateSchedule,
  lossStability,
  summaryOf,
  throughput,
} from '../../probes/index.js'
import { curveJson } from '../curve-json.js'
import { curveText } from '../curve-text.js'
import { raise } from '../errors.js'
import { followLogs } from '../follow.js'
import { History } from '../history.js'
import { pairsOf, parseNumber } from '../option-values.js'
import { collect, outcomeOf } from '../output.js'
import { addCommand, type Io, type Outcome } from '../run.js'
import { curveExitCode } from '../verdict.js'
import { writeMarks } from '../write-marks.js'

const SCHEMA = 'assay/curve@1'
const DEFAULT_INTERVAL = 10
/** Notes of how the files were taken, told before the verdicts. */
const TOLD: ReadonlySet<string> = new Set([
  'left-out-files',
  'cut-file',
  'damaged',
  'joined',
  'branch',
  'newest-first',
  'unordered',
  'repeated-steps',
  'same-file',
  'no-loss',
])

interface CurveOptions {
  readonly columns?: Readonly<Record<string, string>>
  readonly pattern?: string
  readonly joint?: boolean
  readonly reference?: string
  readonly untilStep?: number
  readonly decay?: NonNullable<RatePlan['decay']>
  readonly plan?: string
  readonly x?: string
  readonly follow?: boolean
  readonly until?: string
  readonly notify?: string
  readonly onFail?: string
  readonly interval: number
  readonly marks?: string
  readonly output?: readonly string[]
}

/** What the options say of the rates to come; undefined where none does. */
async function planOf({ untilStep, decay, plan }: CurveOptions): Promise<RatePlan | undefined> {
  if (untilStep === undefined && decay === undefined && plan === undefined) return undefined
  return {
    ...defined({ untilStep, decay }),
    ...(plan === undefined ? {} : { points: await readPlan(plan) }),
  }
}

/** Runs of the logs and, last, the reference's first run under an id of its own. */
async function gatherRuns(
  args: readonly string[],
  options: CurveOptions,
  streams: KeptStreams,
  progress: Io['progress'],
): Promise<{ runs: TrainingRun[]; reference?: string }> {
  const { columns = {}, pattern } = options
  const reading = { columns, streams, progress, ...(pattern === undefined ? {} : { pattern }) }
  const plan = await planOf(options)
  const runs = (await readLogs(args, reading)).map((run) => (plan === undefined ? run : { ...run, plan }))
  if (options.reference === undefined) return { runs }
  const [reference] = await readLogs([options.reference], reading)
  const named = withFolders([...runs, reference])
  const others = named.slice(0, -1)
  const own = named[named.length - 1].id
  const id = others.some((run) => run.id === own) ? `${own} (reference)` : own
  return { runs: [...others, { ...reference, id }], reference: id }
}

function resultOf(analysis: LogAnalysis, inputs: readonly Input[], seed: number): Result {
  const parts = [
    conclude(lossStability, judgeLossStability(analysis)),
    conclude(learningRateSchedule, judgeSchedule(analysis)),
    conclude(throughput, judgeThroughput(analysis)),
  ]
  return {
    schema: SCHEMA,
    title: analysis.runs.length === 1 ? `Training run ${analysis.runs[0].run.id}` : 'Training runs',
    summary: summaryOf(analysis),
    seed,
    inputs,
    gates: [],
    findings: parts.flatMap((p) => p.findings),
    metrics: parts.flatMap((p) => p.metrics),
    sections: parts.flatMap((p) => p.sections),
    provenance: analysis.runs
      .slice(0, 20)
      .map((r) => ({ label: r.run.id, value: `${r.run.format}, ${r.run.source}` })),
    notMeasured: analysis.runs.flatMap((r) =>
      r.landing.loss.kind === 'notEstimable'
        ? [{ what: `predicted final loss of ${r.run.id}`, why: r.landing.loss.reason }]
        : [],
    ),
  }
}

/** Hashes of the files, streams by what came out of them. */
function inputsOf(paths: readonly string[], streams: KeptStreams): Input[] {
  const each = [...new Set(paths)]
  return hashInputs(each.map(streams.fileOf)).map(({ sha256 }, i) => ({ path: each[i], sha256 }))
}

const pathsOf = (args: readonly string[], { reference }: CurveOptions): readonly string[] =>
  reference === undefined ? args : [...args, reference]

/** @throws cli/bad-option where a log does not tell what the charts are to be laid along */
function alongX(analysis: LogAnalysis, { x = 'step' }: CurveOptions): LogAnalysis {
  const axis = x as ChartAxis
  const silent = [...analysis.runs, ...(analysis.reference === undefined ? [] : [analysis.reference])].find(
    (run) => placesOf(run, axis) === undefined,
  )
  if (silent === undefined) return { ...analysis, axis }
  const needs = axis === 'tokens' ? 'counts no tokens' : 'gives no time of its steps'
  throw raise('bad-option', `${silent.run.id} ${needs}`, { field: '--x' })
}

async function judgeLogs(
  args: readonly string[],
  options: CurveOptions,
  io: Io,
  streams: KeptStreams,
  history?: History,
): Promise<Outcome & { analysis: LogAnalysis }> {
  const gathered = await gatherRuns(args, options, streams, io.progress)
  const runs = history?.withEarlier(gathered.runs, gathered.reference) ?? gathered.runs
  const analysis = alongX(analyseLogs({ ...gathered, runs, joint: options.joint === true }), options)
  const inputs = inputsOf(pathsOf(args, options), streams)
  for (const { run, rates } of analysis.runs) {
    for (const { code, text } of run.notes)
      if (TOLD.has(code)) io.note(code === 'damaged' || code === 'no-loss' ? `${run.id}: ${text}` : text)
    for (const text of rates.differs) io.note(text)
  }
  if (options.joint === true && analysis.best === undefined)
    io.note('--joint advises no schedule: fewer than two of the runs give learning rates and losses enough')
  if (options.marks !== undefined) writeMarks(analysis, options.marks, Date.now())
  const result = resultOf(analysis, inputs, io.seed)
  const outcome = await outcomeOf(result, io, {
    exitCode: curveExitCode(analysis),
    files: options.output,
    text: curveText(analysis, result, io),
    own: curveJson(analysis),
  })
  return { ...outcome, analysis }
}

const DECAYS: readonly string[] = ['linear', 'cosine', 'exp', 'sqrt'] satisfies readonly DecayKind[]
/** An exponential decay has an end above 0. */
const USUAL_EXP_END = 0.1

/** `linear:4000` or `exp:4000:0.1`: kind, steps, end as a share of the peak. */
function parseDecay(text: string): NonNullable<RatePlan['decay']> {
  const [kind, length = '', last, ...more] = text.split(':')
  const steps = quantity(length)
  const end = last === undefined ? (kind === 'exp' ? USUAL_EXP_END : 0) : share(last)
  const isEnd = end >= (kind === 'exp' ? Number.MIN_VALUE : 0) && end <= 1
  if (!DECAYS.includes(kind) || !(steps >= 1) || !Number.isFinite(steps) || !isEnd || more.length > 0)
    throw new InvalidArgumentError(
      `found "${text}", expected KIND:STEPS or KIND:STEPS:END with KIND of ${DECAYS.join(', ')}, STEPS of 1 or more and END a share of the peak${kind === 'exp' ? ' above 0' : ''}.`,
    )
  return { kind: kind as DecayKind, steps, end }
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

const FLAGS = { notify: '--notify', onFail: '--on-fail' } as const

function checkOptions(options: CurveOptions): void {
  if (options.untilStep !== undefined && !(options.untilStep >= 1))
    throw raise('bad-option', `found ${options.untilStep}, expected a step of 1 or more`, {
      field: '--until-step',
    })
  if (options.x !== undefined && !CHART_AXES.some((axis) => axis === options.x))
    throw raise('bad-option', `found "${options.x}", expected ${CHART_AXES.join(', ')}`, { field: '--x' })
  if (options.plan !== undefined && options.decay !== undefined)
    throw raise('bad-option', '--plan says all of the rates: leave --decay out', { field: '--decay' })
  if (options.until !== undefined && options.until !== 'fail')
    throw raise('bad-option', `found "${options.until}", expected fail`, { field: '--until' })
  if (options.until !== undefined && options.follow !== true)
    throw raise('bad-option', '--until needs --follow', { field: '--until' })
  for (const field of ['notify', 'onFail'] as const)
    if (options[field] !== undefined && options.follow !== true)
      throw raise('bad-option', `${FLAGS[field]} needs --follow`, { field: FLAGS[field] })
  if (options.notify !== undefined && !isUrl(options.notify))
    throw raise('bad-option', `found "${options.notify}", expected a URL`, { field: '--notify' })
  if (!(options.interval > 0))
    throw raise('bad-option', `found ${options.interval}, expected seconds above 0`, { field: '--interval' })
}

export function addCurve(program: Command): void {
  addCommand<CurveOptions>(program, {
    name: 'curve <log...>',
    description: `judge training runs by their logs: files of ${LOG_READERS.length} formats, told apart by content (docs/curve.md), plain, .gz or .zst, and folders of them; rotated pieces of one run are joined`,
    example: 'assay curve ladder/runs/1.6M-r10/trainer_state.json',
    configure: (command) =>
      command
        .option(
          '--columns <names>',
          'our field=your column, for foreign tables (step, loss, validationLoss, gradNorm, learningRate, tokens, seconds)',
          pairsOf(...LOG_FIELDS),
        )
        .option(
          '--pattern <regex>',
          "for text of no known format: a regular expression with the groups (?<step>…) and (?<loss>…), and of the other names of --columns at will; 'step (?<step>\\d+) .* loss (?<loss>\\S+)'",
        )
        .option('--reference <log>', 'a good run to hold the others against')
        .option(
          '--until-step <n>',
          'step at which training is to end, where the log does not tell',
          parseNumber,
        )
        .option(
          '--decay <kind:steps[:end]>',
          `decay of the learning rate over the last steps: ${DECAYS.join(', ')}; end is a share of the peak (0; exp ${USUAL_EXP_END}). Without --until-step or a plan in the log it begins now`,
          parseDecay,
        )
        .option('--plan <file>', 'learning rates to come, a table with the columns step and lr')
        .option(
          '--joint',
          'all logs are of one model on one data under several schedules: the law is fitted to all of them, and the schedule that it prefers is advised',
        )
        .option('--follow', 'watch growing logs and speak up when a verdict changes; Ctrl-C ends')
        .option(
          '--notify <url>',
          'with --follow: post changed verdicts there: Slack, Discord, ntfy by their hosts, else JSON {text, run, step, verdict, before, reason, failed}',
        )
        .option(
          '--on-fail <command>',
          'with --follow: run it by the shell when a run first fails, with ASSAY_RUN, ASSAY_STEP, ASSAY_VERDICT and ASSAY_REASON',
        )
        .option('--until <fail>', 'with --follow: end, with exit code 1, as soon as a run fails')
        .option(
          '--interval <seconds>',
          'with --follow: time between two looks',
          parseNumber,
          DEFAULT_INTERVAL,
        )
        .option(
          '--marks <folder>',
          'write verdict and events by their steps for a tracker: into the folder of an MLflow run, else as TensorBoard event files',
        )
        .option('--x <axis>', `what charts count along: ${CHART_AXES.join(', ')}`)
        .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
    run: async (given, options, io) => {
      checkOptions(options)
      const args = matching(given)
      if (pathsOf(args, options).filter(isStandardInput).length > 1)
        throw raise('bad-option', 'standard input is named twice, and can be read once', { field: '-' })
      if (options.follow !== true) {
        const streams = await keepStreams(pathsOf(args, options))
        return judgeLogs(args, options, io, streams).finally(streams.remove)
      }
      const streams = growStreams(pathsOf(args, options))
      let isOver = false
      if (args.every(isStream))
        streams.ended.finally(() => {
          isOver = true
        })
      // Reports are written again at every look; saying so each time would drown what changed.
      const silent: Io = { ...io, note: () => undefined }
      const history = new History()
      const look = () => judgeLogs(args, options, silent, streams, history)
      return followLogs(look, options, io, () => isOver).finally(streams.remove)
    },
  })
}
