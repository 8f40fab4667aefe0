import type { Command } from 'commander'
import {
  type AuditPlan,
  dryRun,
  type GatherOptions,
  parseDomains,
  planAudit,
  runAudit,
  runSeries,
} from '../../audit/index.js'
import { defined } from '../../core/collections.js'
import { counted, estimateToJson, type Result } from '../../core/index.js'
import { findCheckpoints } from '../../engines/index.js'
import { resultToJson } from '../../report/index.js'
import { raise } from '../errors.js'
import { interruptSignal } from '../interrupt.js'
import { type ModelOptions, withModelOptions } from '../model-options.js'
import { pairsOf, parsePositive } from '../option-values.js'
import { forTerminal, reportFiles, writeOutputs } from '../output.js'
import { formatDuration } from '../progress.js'
import { addCommand, type Io, type Outcome } from '../run.js'
import { exitCodeOf } from '../verdict.js'

export const DEFAULT_EVIDENCE = 'assay-evidence'
export const DEFAULT_OUT = 'assay-report'

/** Options that `audit`, `gather` and the dry run share. */
export interface GatherCliOptions extends ModelOptions {
  readonly evidence: string
  readonly domain?: string[]
  readonly reference?: string[]
  readonly columns?: Readonly<Record<string, string>>
  readonly limit?: number
  readonly full?: boolean
  readonly resume?: boolean
  readonly seed: number
}

interface AuditOptions extends GatherCliOptions {
  readonly everyCheckpoint?: boolean
  readonly out: string
  readonly dryRun?: boolean
}

/** Add the options that say what to gather and how. */
export function withGatherOptions(command: Command): Command {
  return withModelOptions(
    command
      .option('--evidence <dir>', 'folder that receives the evidence', DEFAULT_EVIDENCE)
      .option('--domain <name=glob...>', 'held-out text of your own, beside the default texts')
      .option('--reference <evidence...>', 'audits of other models to show this one beside')
      .option('--columns <map>', 'text=FIELD: the field that holds the text of records', pairsOf('text'))
      .option(
        '--limit <n>',
        'documents of each domain, facts of each relation and items of each task, at most',
        parsePositive,
      )
      .option('--full', 'score whole files instead of a balanced sample of at most 60k tokens')
      .option('--resume', 'go on from an interrupted gathering in the evidence folder'),
  )
}

export function planOf(args: readonly string[], options: GatherCliOptions, io: Io): AuditPlan {
  const { limit, full, threads, gpu, prefixToken, tokenizer, revision } = options
  return planAudit(args[0], {
    ...(io.givenSeed === undefined ? {} : { seed: io.givenSeed }),
    domains: parseDomains(options.domain ?? []),
    references: options.reference ?? [],
    ...defined({ limit, full, threads, gpu, prefixToken, tokenizer, revision }),
    ...(options.columns?.text === undefined ? {} : { textColumn: options.columns.text }),
  })
}

export function gatherOptionsOf(options: GatherCliOptions, io: Io): GatherOptions {
  return {
    evidence: options.evidence,
    resume: options.resume === true,
    offline: options.offline === true,
    signal: interruptSignal(io.note),
    progress: io.progress,
    note: io.note,
  }
}

/** The JSON document of `audit`, `judge` and `gate`. */
export function auditJson(result: Result, evidence: string, schema = 'assay/audit@1'): object {
  return { ...resultToJson(result), schema, evidence }
}

async function showDryRun(plan: AuditPlan, options: AuditOptions, io: Io): Promise<Outcome> {
  const run = await dryRun(plan, {
    offline: options.offline === true,
    progress: io.progress,
    note: io.note,
    signal: interruptSignal(io.note),
  })
  const parts = run.parts.filter(({ seconds }) => seconds > 0)
  const text = [
    `Would score ${counted(run.documents, 'document')}, ${(run.bytes / 1000).toFixed(0)} kB, ${counted(run.tokens, 'token')} in windows of ${run.window}, and ask ${counted(run.facts, 'fact')} and ${counted(run.items, 'item')} of benchmarks.`,
    `About ${formatDuration(run.seconds)} on this machine (${parts.map(({ part, seconds }) => `${part} ${formatDuration(seconds)}`).join(', ')}), by a small audit of the same plan; ${run.flops === undefined ? 'an unknown number of' : run.flops.toExponential(1)} FLOPs for scoring.`,
    'Nothing was kept.',
  ].join('\n')
  return {
    json: {
      schema: 'assay/audit-dry-run@1',
      seed: plan.seed,
      findings: [],
      ...run,
    },
    text,
    exitCode: 0,
  }
}

/** Every checkpoint of a run by the same plan; verdict and exit code are the last one's. */
async function auditSeries(plan: AuditPlan, options: AuditOptions, io: Io): Promise<Outcome> {
  if (options.dryRun === true)
    throw raise('bad-option', 'a series is not timed; give one of its checkpoints', { field: '--dry-run' })
  const gatherOptions = gatherOptionsOf(options, io)
  const { checkpoints, unplaced } = await findCheckpoints(plan.model, gatherOptions)
  if (unplaced.length > 0)
    io.note(
      `Left out: ${unplaced.join(', ')}: neither the name nor a trainer_state.json tells a step that no other has; name it such as checkpoint-500.`,
    )
  const series = await runSeries(plan, checkpoints, gatherOptions)
  await writeOutputs(series.result, reportFiles(options.out), io)
  return {
    json: {
      ...auditJson(series.result, options.evidence),
      checkpoints: series.checkpoints.map(({ step, model, metrics }) => ({
        step,
        model,
        metrics: metrics.map(({ id, estimate }) => ({ metric: id, estimate: estimateToJson(estimate) })),
      })),
    },
    text: forTerminal(series.result, io),
    exitCode: exitCodeOf(series.result),
  }
}

export function addAudit(program: Command): void {
  addCommand<AuditOptions>(program, {
    name: 'audit [config-or-model]',
    description: 'audit a model: gather evidence, judge it against the gates, write the report',
    example: 'assay audit',
    configure: (command) =>
      withGatherOptions(command)
        .option(
          '--out <dir>',
          'folder that receives report.html, report.json, report.md and junit.xml',
          DEFAULT_OUT,
        )
        .option(
          '--every-checkpoint',
          'MODEL is a folder of checkpoints (or hf:org/name): audit each, by step',
        )
        .option('--dry-run', 'print tokens, FLOPs and a time estimate; gather nothing'),
    keeps: ({ dryRun }) => dryRun !== true,
    writes: ({ out, dryRun }) => (dryRun === true ? [] : reportFiles(out)),
    run: async (args, options, io) => {
      const plan = planOf(args, options, io)
      if (options.everyCheckpoint === true) return auditSeries(plan, options, io)
      if (options.dryRun === true) return showDryRun(plan, options, io)
      const result = await runAudit(plan, gatherOptionsOf(options, io))
      await writeOutputs(result, reportFiles(options.out), io)
      return {
        json: auditJson(result, options.evidence),
        text: forTerminal(result, io),
        exitCode: exitCodeOf(result),
      }
    },
  })
}
