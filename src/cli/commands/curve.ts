import type { Command } from 'commander'
import { hashInputs } from '../../audit/index.js'
import {
  analyseLogs,
  conclude,
  type Input,
  type LogAnalysis,
  type Result,
  type TrainingRun,
} from '../../core/index.js'
import {
  isStream,
  type KeptStreams,
  keepStreams,
  LOG_READERS,
  readLogs,
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
import { collect, outcomeOf } from '../output.js'
import { addCommand, type Io, type Outcome, parseNumber, parsePairs } from '../run.js'
import { curveExitCode } from '../verdict.js'

const SCHEMA = 'assay/curve@1'
const DEFAULT_INTERVAL = 10
/** Notes of how the files were taken, told before the verdicts. */
const TOLD: ReadonlySet<string> = new Set(['left-out-files', 'joined', 'branch'])

interface CurveOptions {
  readonly columns?: Readonly<Record<string, string>>
  readonly reference?: string
  readonly follow?: boolean
  readonly until?: string
  readonly interval: number
  readonly output?: readonly string[]
}

/** Runs of the logs and, last, the reference's first run under an id of its own. */
async function gatherRuns(
  args: readonly string[],
  options: CurveOptions,
  streams: KeptStreams,
  progress: Io['progress'],
): Promise<{ runs: TrainingRun[]; reference?: string }> {
  const reading = { columns: options.columns ?? {}, streams, progress }
  const runs = await readLogs(args, reading)
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
      r.predictedFinalLoss.kind === 'notEstimable'
        ? [{ what: `predicted final loss of ${r.run.id}`, why: r.predictedFinalLoss.reason }]
        : [],
    ),
  }
}

/** Hashes of the files, streams by what came out of them. */
function inputsOf(paths: readonly string[], streams: KeptStreams): Input[] {
  return hashInputs(paths.map(streams.fileOf)).map(({ sha256 }, i) => ({ path: paths[i], sha256 }))
}

async function judgeLogs(
  args: readonly string[],
  options: CurveOptions,
  io: Io,
): Promise<Outcome & { analysis: LogAnalysis }> {
  const paths = options.reference === undefined ? args : [...args, options.reference]
  const streams = await keepStreams(paths)
  const [analysis, inputs] = await gatherRuns(args, options, streams, io.progress)
    .then((runs) => [analyseLogs(runs), inputsOf(paths, streams)] as const)
    .finally(streams.remove)
  for (const { run } of analysis.runs)
    for (const { code, text } of run.notes) if (TOLD.has(code)) io.note(text)
  const result = resultOf(analysis, inputs, io.seed)
  const outcome = await outcomeOf(result, io, {
    exitCode: curveExitCode(analysis),
    files: options.output,
    text: curveText(analysis, result, io),
    own: curveJson(analysis),
  })
  return { ...outcome, analysis }
}

function checkOptions(args: readonly string[], options: CurveOptions): void {
  if (options.until !== undefined && options.until !== 'fail')
    throw raise('bad-option', `found "${options.until}", expected fail`, { field: '--until' })
  if (options.until !== undefined && options.follow !== true)
    throw raise('bad-option', '--until needs --follow', { field: '--until' })
  if (options.follow === true && args.some(isStream))
    throw raise('bad-option', 'a pipe is read to its end: follow the file that the trainer writes', {
      field: '--follow',
    })
  if (!(options.interval > 0))
    throw raise('bad-option', `found ${options.interval}, expected seconds above 0`, { field: '--interval' })
}

export function addCurve(program: Command): void {
  addCommand<CurveOptions>(program, {
    name: 'curve <log...>',
    description: `judge training runs by their logs: files of ${LOG_READERS.length} formats, told apart by content (docs/curve.md), plain, .gz or .zst, and folders of them; rotated pieces of one run are joined`,
    example: 'assay curve ladder/runs/990k-r4/trainer_state.json',
    configure: (command) =>
      command
        .option(
          '--columns <names>',
          'our field=your column, for foreign tables (step, loss, validationLoss, gradNorm, learningRate, tokens, seconds)',
          parsePairs,
        )
        .option('--reference <log>', 'a good run to hold the others against')
        .option('--follow', 'watch growing logs and speak up when a verdict changes; Ctrl-C ends')
        .option('--until <fail>', 'with --follow: end, with exit code 1, as soon as a run fails')
        .option(
          '--interval <seconds>',
          'with --follow: time between two looks',
          parseNumber,
          DEFAULT_INTERVAL,
        )
        .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
    run: async (args, options, io) => {
      checkOptions(args, options)
      if (options.follow !== true) return judgeLogs(args, options, io)
      // Reports are written again at every look; saying so each time would drown what changed.
      const silent: Io = { ...io, note: () => undefined }
      return followLogs(() => judgeLogs(args, options, silent), options, io)
    },
  })
}
