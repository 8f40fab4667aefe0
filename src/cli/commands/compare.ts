import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import {
  comparedItems,
  compareManyAudits,
  hashInputs,
  type MetricChange,
  type NamedAudit,
  readEvidence,
  writeFileAtomic,
} from '../../audit/index.js'
import {
  compareModels,
  DEFAULT_LEVEL,
  estimateToJson,
  type ModelComparison,
  type Result,
} from '../../core/index.js'
import { EVALUATION_FIELDS, ITEM_FIELDS, readCompared, type SubjectSource } from '../../ingest/index.js'
import { annotationsOf, renderMarkdown } from '../../report/index.js'
import { raise } from '../errors.js'
import { pairsOf, parseShare, shareFrom } from '../option-values.js'
import { collect, noteAll, outcomeOf } from '../output.js'
import { addCommand, type Io, type Outcome } from '../run.js'
import { comparisonJson, comparisonResult, withRegression } from './compare-result.js'
import { sourcesOf } from './compare-sources.js'

interface CompareCliOptions {
  readonly maxDrop?: number
  readonly metric?: string
  readonly filter?: string
  readonly columns?: Readonly<Record<string, string>>
  readonly level: number
  readonly markdown?: string
  readonly annotations?: boolean
  readonly output?: readonly string[]
}

/** By it a bot finds the comment that it wrote before, and writes the new one in its place. */
const MARKER = '<!-- assay-compare -->'

const isEvidence = ({ path }: SubjectSource): boolean => existsSync(join(path, 'manifest.json'))

/** 1 where a drop beyond the largest is shown anywhere, 2 where the whole may hold one, else 0. */
function exitCodeOf({ pairs, overall }: ModelComparison, maxDrop: number | undefined): Outcome['exitCode'] {
  if (maxDrop === undefined) return 0
  if ([...pairs, ...overall].some(({ drop }) => drop === 'regressed')) return 1
  return overall.some(({ drop }) => drop === 'undecided') ? 2 : 0
}

/** The comment and the annotations of a pull request, beside what every command writes. */
function forPullRequest(result: Result, { markdown, annotations }: CompareCliOptions, io: Io): void {
  if (markdown !== undefined) writeFileAtomic(markdown, `${MARKER}\n${renderMarkdown(result)}`)
  // GitHub reads both streams; stdout may be one JSON document.
  if (annotations === true) for (const line of annotationsOf(result)) process.stderr.write(`${line}\n`)
  if (markdown !== undefined) io.note(`Wrote ${markdown}`)
}

async function compareResults(
  sources: readonly SubjectSource[],
  options: CompareCliOptions,
  io: Io,
): Promise<Outcome> {
  const { models, benchmarks, files, notes } = await readCompared(sources, options)
  noteAll(notes, io)
  const { level, maxDrop } = options
  const comparison = compareModels(models, benchmarks, {
    level,
    ...(maxDrop === undefined ? {} : { maxDrop }),
  })
  const result = comparisonResult(comparison, { notes, inputs: hashInputs(files), seed: io.seed, level })
  forPullRequest(result, options, io)
  return outcomeOf(result, io, {
    exitCode: exitCodeOf(comparison, maxDrop),
    files: options.output,
    own: comparisonJson(comparison, notes),
  })
}

const changeToJson = ({ before, after, change, better: _better, ...named }: MetricChange): object => ({
  ...named,
  before: estimateToJson(before),
  after: estimateToJson(after),
  change: estimateToJson(change),
})

/** Audits: two as they change metric by metric, more by their held-out loss. */
async function compareTheAudits(
  sources: readonly SubjectSource[],
  options: CompareCliOptions,
  io: Io,
): Promise<Outcome> {
  if (sources.length < 2)
    throw raise('bad-option', `found ${sources[0].path} alone, expected two evidence folders or more`)
  const audits: NamedAudit[] = []
  for (const { name, path } of sources) audits.push({ name, audit: await readEvidence(path) })
  const manifests = audits.map(({ audit }) => JSON.stringify(audit.manifest))
  if (new Set(manifests).size < manifests.length)
    io.note('Two of the folders hold the same evidence: between them nothing can differ.')
  const { level, maxDrop } = options
  const { comparison, couples } = compareManyAudits(audits, io.seed, {
    level,
    ...(maxDrop === undefined ? {} : { maxDrop }),
  })
  const inputs = audits.flatMap(({ audit }) => audit.manifest.inputs)
  const result =
    couples.length === 1
      ? withRegression(couples[0].result, comparison)
      : comparisonResult(comparison, {
          notes: [],
          inputs,
          seed: io.seed,
          level,
          of: 'held-out loss, less is better',
        })
  forPullRequest(result, options, io)
  return outcomeOf(result, io, {
    exitCode: exitCodeOf(comparison, maxDrop),
    files: options.output,
    own: {
      ...(couples.length === 1 ? { changes: couples[0].changes.map(changeToJson) } : {}),
      ...comparisonJson(comparison, []),
    },
  })
}

export function addCompare(program: Command): void {
  addCommand<CompareCliOptions>(program, {
    name: 'compare <results...>',
    description:
      'two models or more, paired item by item: audits, results of lm-evaluation-harness, lighteval, HELM, Inspect, tables',
    example: 'assay compare ladder/adaptation/scratch.csv.gz ladder/adaptation/pretrained.csv.gz',
    configure: (command) =>
      command
        .option(
          '--max-drop <share>',
          'exit 1 where a model is shown to have lost more than this against the first, by the bound of its interval; 2 where it may have (audits: bits/byte of held-out loss, and accuracy of benchmarks that both were asked)',
          shareFrom(0),
        )
        .option('--metric <name>', 'metric or scorer, where results hold several')
        .option('--filter <name>', 'filter of lm-evaluation-harness samples')
        .option(
          '--columns <names>',
          'our field=your column, for foreign tables',
          pairsOf(...new Set([...ITEM_FIELDS, ...EVALUATION_FIELDS])),
        )
        .option('--level <share>', 'confidence level', parseShare, DEFAULT_LEVEL)
        .option(
          '--markdown <file>',
          'a comment for a pull request, with a marker by which the next one replaces it',
        )
        .option('--annotations', 'regressions as ::error lines on stderr, for GitHub Actions')
        .option('-o, --output <file>', 'write .html, .md, .json, .xml, .svg or .txt; repeatable', collect),
    writes: ({ markdown }) => [markdown],
    run: async (args, options, io) => {
      const sources = sourcesOf(args)
      if (sources.every(isEvidence)) {
        const { metric, filter, columns } = options
        const [unused] = Object.entries({ metric, filter, columns }).filter(
          ([, value]) => value !== undefined,
        )
        if (unused !== undefined)
          throw raise('bad-option', 'audits alone are compared in all that they measured', {
            field: `--${unused[0]}`,
          })
        return compareTheAudits(sources, options, io)
      }
      // Beside results of other tools an audit is what it answered to benchmarks.
      const read: SubjectSource[] = []
      for (const source of sources)
        read.push(
          isEvidence(source)
            ? { ...source, items: comparedItems(source.path, await readEvidence(source.path), options) }
            : source,
        )
      return compareResults(read, options, io)
    },
  })
}
