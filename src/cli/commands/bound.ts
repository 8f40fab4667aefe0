import type { Command } from 'commander'
import { hashInputs, writeFileAtomic } from '../../audit/index.js'
import {
  analyseRetention,
  conclude,
  counted,
  createRandom,
  DEFAULT_MAX_ERROR,
  estimateToJson,
  joinObservations,
  type Result,
  type RetentionAnalysis,
  tsvCell,
} from '../../core/index.js'
import {
  ANSWER_FIELDS,
  COUNT_FIELDS,
  distinctFiles,
  raiseTable,
  readAnswers,
  readCounts,
  remarksOn,
  selectReading,
} from '../../ingest/index.js'
import { judgeRetention, knowledgeBound } from '../../probes/index.js'
import { raise } from '../errors.js'
import { collectFiles, pairsOf, parseCount, parsePositive, parseShare } from '../option-values.js'
import { collect, noteAll, outcomeOf } from '../output.js'
import { addCommand, type Io } from '../run.js'

const SCHEMA = 'assay/bound@1'

interface BoundOptions {
  readonly counts: string
  readonly answers: readonly string[]
  readonly documents?: number
  readonly reading?: string
  readonly model?: string
  readonly params?: number
  readonly maxError: number
  readonly columns?: Readonly<Record<string, string>>
  readonly list?: string
  readonly output?: readonly string[]
}

/** One line per fact: what is expected of it, and whether to trust the model or to retrieve. */
function factList({ advice, observations }: RetentionAnalysis): string {
  const rows = (advice?.facts ?? []).map(({ position, fact_id, predicted, action }) => {
    const { subject, relation, object, n_so } = observations.facts[position]
    return [fact_id, subject, relation, object, n_so, predicted?.toFixed(4) ?? '', action]
      .map(tsvCell)
      .join('\t')
  })
  return ['fact_id\tsubject\trelation\tobject\tn_so\tpredicted\taction', ...rows, ''].join('\n')
}

function toJson(analysis: RetentionAnalysis, reading: string | null) {
  const { observations, advice, leaks, zeros } = analysis
  const groups = (list: RetentionAnalysis['leaks']['leaking']) =>
    list.map((g) => ({ ...g, accuracy: estimateToJson(g.accuracy) }))
  return {
    reading,
    documents: observations.documents,
    facts: observations.counted,
    models: observations.models.map(({ model, params, asked }) => ({ model, params, facts: asked })),
    fits: analysis.fits.map((fit) => ({ ...fit, bound: estimateToJson(fit.bound) })),
    notFitted: analysis.notFitted,
    heldOut: analysis.heldOut.map(({ error, ...rest }) => {
      if (error.kind === 'notEstimable') return { ...rest, error: null, reason: error.reason }
      const { low, high, level } = error.interval
      return { ...rest, error: error.value, low, high, level, unit: error.unit, n: error.n }
    }),
    bands: analysis.bands.map((b) => ({ ...b, accuracy: estimateToJson(b.accuracy) })),
    advice: advice?.rows ?? [],
    retrieval:
      advice === null
        ? null
        : {
            model: advice.model,
            params: advice.params,
            form: advice.form,
            maxError: advice.maxError,
            retrieve: advice.facts.filter((f) => f.action === 'retrieve').length,
            trust: advice.facts.filter((f) => f.action === 'trust').length,
            givenAway: advice.facts.filter((f) => f.action === 'given-away').length,
            share: estimateToJson(advice.retrieved),
            tradeOff: advice.tradeOff,
          },
    leaks: { facts: leaks.facts, leaking: groups(leaks.leaking), others: groups(leaks.others) },
    zeroCounts: {
      neverTogether: zeros.neverTogether,
      belowChance: zeros.belowChance,
      answered: groups(zeros.answered),
    },
    unmatched: {
      answersWithoutCounts: observations.withoutCounts,
      countsWithoutAnswers: observations.withoutAnswers,
    },
    leakingAnswers: observations.leakingAnswers,
  }
}

async function analyse(options: BoundOptions, io: Io) {
  if (options.documents === 0)
    throw raise('bad-option', 'found 0, expected 1 or more', { field: '--documents' })
  if (options.params !== undefined && options.model !== undefined)
    throw raise('bad-option', 'it names a planned model; --model names one that was asked', {
      field: '--params',
    })
  const told =
    options.params === undefined
      ? options
      : { ...(options.columns === undefined ? {} : { columns: options.columns }) }
  const table = await readCounts(options.counts, told)
  const { counts } = table
  const documents = table.documents ?? options.documents ?? null
  if (documents === null)
    throw raiseTable('no-documents', 'neither the table nor a JSON file beside it tells', {
      path: options.counts,
    })
  const { files: tables, notes: repeated } = distinctFiles(options.answers)
  const notes = [...remarksOn(table, documents).map((what) => `${options.counts}: ${what}`), ...repeated]
  noteAll(notes, io)
  const answers = await readAnswers(tables, options.columns)
  const selected = selectReading(answers, options.reading, options.answers[0])
  const observations = joinObservations(counts, selected.rows, documents)
  const { models, withoutCounts, leakingAnswers } = observations
  if (withoutCounts > 0 && leakingAnswers.rows === 0 && models.every((m) => m.asked === 0))
    throw raiseTable(
      'no-common-facts',
      `none of the ${withoutCounts} answered facts is counted${counts.some((c) => c.model !== undefined) ? ' for the model that answered it (the counts name their model)' : ''}`,
      { path: options.counts },
    )
  if (options.model !== undefined && !observations.models.some((m) => m.model === options.model))
    throw raise(
      'bad-option',
      `found "${options.model}", expected one of ${observations.models.map((m) => m.model).join(', ')}`,
      { field: '--model' },
    )
  const analysis = analyseRetention(observations, createRandom(io.seed).derive('knowledge-bound'), {
    maxError: options.maxError,
    ...(options.model === undefined ? {} : { model: options.model }),
    ...(options.params === undefined
      ? {}
      : {
          planned: {
            params: options.params,
            ...(options.documents === undefined ? {} : { documents: options.documents }),
          },
        }),
  })
  return { analysis, notes, ...selected }
}

export function addBound(program: Command): void {
  addCommand<BoundOptions>(program, {
    name: 'bound',
    description:
      'how much a model can keep of what its corpus states: SMI, its fits, the bound, retrieval advice',
    example:
      'assay bound --counts ladder/counts/planted.parquet --answers ladder/answers/610k-r8.parquet ladder/answers/1.6M-r10.parquet -o bound.html',
    configure: (command) =>
      command
        .requiredOption('--counts <file>', 'document counts, as assay corpus count writes them')
        .requiredOption(
          '--answers <file...>',
          'answers of one or several models, as assay knowledge writes them',
          collectFiles,
        )
        .option(
          '--documents <n>',
          'documents in the corpus, where the table of counts does not tell',
          parseCount,
        )
        .option(
          '--reading <name>',
          'which reading of the answers to take (default: ranking, else generation)',
        )
        .option('--model <name>', 'model to advise on (default: the largest)')
        .option(
          '--params <n>',
          'advise on a model of so many parameters that is not trained yet; --documents are then those that it will read',
          parsePositive,
        )
        .option(
          '--max-error <share>',
          'expected error up to which the model is trusted',
          parseShare,
          DEFAULT_MAX_ERROR,
        )
        .option(
          '--columns <names>',
          'our field=your column, for foreign tables',
          pairsOf(...new Set([...COUNT_FIELDS, ...ANSWER_FIELDS])),
        )
        .option('--list <file>', 'write every fact with its expected accuracy and action, as TSV')
        .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
    writes: ({ list }) => [list],
    run: async (_args, options, io) => {
      const { analysis, notes, reading, left } = await analyse(options, io)
      if (left > 0)
        io.note(`reading "${reading}" taken; ${counted(left, 'row')} of other readings left out (--reading)`)
      const judged = conclude(knowledgeBound, judgeRetention(analysis))
      const inputs = hashInputs([options.counts, ...options.answers])
      const result: Result = {
        schema: SCHEMA,
        title: 'What the corpus states and the model keeps',
        summary: judged.sections[0].answer,
        seed: io.seed,
        inputs,
        gates: [],
        ...judged,
        provenance: [
          { label: 'reading', value: reading ?? 'not named in the tables' },
          ...notes.map((value) => ({ label: 'note', value })),
        ],
        notMeasured: analysis.notFitted.map((f) => ({
          what: `${f.variant} on ${f.measure} for ${f.model}`,
          why: f.reason,
        })),
      }
      if (options.list !== undefined) writeFileAtomic(options.list, factList(analysis))
      return outcomeOf(result, io, {
        // Nothing could be fitted: the question stays open.
        exitCode: analysis.fits.length === 0 ? 2 : 0,
        files: options.output,
        own: { ...toJson(analysis, reading), notes },
      })
    },
  })
}
