import { defined } from '../../core/collections.js'
import {
  type AnswersEvidence,
  acrossCorpora,
  type ContaminationEvidence,
  type CorpusEvidence,
  computeRuleOf,
  counted,
  DEFAULT_GAIN_SETTINGS,
  type EvaluationsEvidence,
  type FactCountsEvidence,
  type FactSet,
  type GainEvidence,
  type OpenedModel,
  type Random,
  type TaskPlan,
  type TrainingLogEvidence,
  trainingFlops,
} from '../../core/index.js'
import { datasetFiles } from '../../engines/index.js'
import {
  loadTasks,
  readAnswers,
  readArms,
  readCorpusMix,
  readCounts,
  readEvaluations,
  readFacts,
  readItemsInCorpus,
  readLogs,
  readTaskItems,
  remarksOn,
  selectReading,
} from '../../ingest/index.js'
import { IN_AN_AUDIT, planAdaptation } from '../adaptation/plans.js'
import { type BenchmarkPlan, planBenchmark } from '../benchmarks/plan.js'
import { raise } from '../errors.js'
import { type KnowledgeOptions, requireSameAnswers } from '../knowledge/answers-plan.js'
import { gatherAnswers } from '../knowledge/gather-answers.js'
import { SHIPPED_FACTS } from '../knowledge/templates.js'
import type { AuditPlan, CorpusSources, EvaluationSources, GainSources, KnowledgeSources } from '../plan.js'
import { documentName, placeOf } from '../texts/domains.js'
import type { GatherIo } from './io.js'

/** Logs of the run, in whatever format the trainer wrote them. */
export async function gatherTrainingLog(files: readonly string[]): Promise<TrainingLogEvidence> {
  const runs = await readLogs(files, { columns: {} })
  return { runs: runs.map((run) => ({ ...run, source: placeOf(run.source) })) }
}

/** Results of smaller runs, and the run that they are to foretell. */
export async function gatherEvaluations({
  files,
  params,
  tokens,
  flops,
}: EvaluationSources): Promise<EvaluationsEvidence> {
  if (flops === undefined && (params === undefined || tokens === undefined))
    throw raise('bad-config', 'name the run to forecast: flops, or params and tokens', {
      field: 'evaluations',
    })
  const { rows, dropped, ...evidence } = await readEvaluations(files)
  const { factor } = computeRuleOf(rows)
  const placed = <T extends { readonly source: string }>(of: T): T => ({ ...of, source: placeOf(of.source) })
  return {
    ...evidence,
    rows: rows.map(placed),
    dropped: dropped.map(placed),
    target: {
      params: params ?? null,
      tokens: tokens ?? null,
      flops: flops ?? trainingFlops(params ?? 0, tokens ?? 0, factor),
    },
  }
}

/** Two arms that were trained alike, paired item by item. */
export async function gatherGain({
  pretrained,
  scratch,
  task,
  chance,
  target,
  delta,
  ...options
}: GainSources): Promise<GainEvidence> {
  return readArms(pretrained, scratch, {
    ...options,
    settings: {
      ...DEFAULT_GAIN_SETTINGS,
      ...defined({ task, chance, target, delta }),
    },
  })
}

/** What was looked up in the training corpus, of all its parts together: a table each. */
export async function gatherContamination(
  paths: readonly string[],
  note: (text: string) => void,
): Promise<ContaminationEvidence> {
  const { items, missing } = acrossCorpora(await Promise.all(paths.map(readItemsInCorpus)))
  if (missing > 0)
    note(
      `contamination: ${counted(missing, 'item is', 'items are')} not in each of the ${paths.length} tables, and so not known to be clean: look the same items up in every corpus, and join tables of one corpus`,
    )
  return { items }
}

/**
 * What the training corpus holds by domain.
 *
 * @throws {AssayError} audit/bad-config where parts name a domain that the corpus does not have
 */
export async function gatherCorpus({ profile, parts }: CorpusSources): Promise<CorpusEvidence> {
  const mix = await readCorpusMix(profile)
  const known = new Set(mix.domains.map((d) => d.domain))
  for (const [domain, names] of Object.entries(parts))
    for (const name of names)
      if (!known.has(name))
        throw raise('bad-config', `the corpus has no "${name}"; it has ${[...known].join(', ')}`, {
          path: profile,
          field: `corpus.parts.${domain}`,
        })
  return { ...mix, source: documentName(profile), parts }
}

/** Document counts of the facts, from a table that `assay corpus count` wrote. */
export async function gatherFactCounts(
  sources: KnowledgeSources,
  note: GatherIo['note'],
): Promise<FactCountsEvidence | undefined> {
  if (sources.counts === undefined) return undefined
  const table = await readCounts(sources.counts, { documents: sources.documents })
  const { documents, bytes, match, counts } = table
  if (documents === null)
    throw raise('bad-config', 'the counts table does not tell how many documents were counted', {
      path: sources.counts,
      field: 'knowledge.documents',
    })
  for (const what of remarksOn(table, documents)) note(`${sources.counts}: ${what}`)
  return { documents, bytes, match, counts }
}

/** The facts of an audit with the options that they are asked under. */
async function questionsOf(
  sources: KnowledgeSources,
  limitPerRelation: number | undefined,
): Promise<{ set: FactSet; options: KnowledgeOptions }> {
  return {
    set: await readFacts([sources.facts]),
    options: {
      reading: 'ranking',
      shots: 0,
      samples: 0,
      ...(sources.templates === undefined ? {} : { templates: sources.templates }),
      ...(sources.limit === undefined ? {} : { limit: sources.limit }),
      ...(limitPerRelation === undefined ? {} : { limitPerRelation }),
    },
  }
}

/**
 * Ask whether asking can be resumed, before the work.
 *
 * @throws {AssayError} audit/other-plan
 */
export async function requireSameQuestions(
  model: OpenedModel,
  sources: KnowledgeSources,
  io: GatherIo,
  limitPerRelation?: number,
): Promise<void> {
  if (!io.resume) return
  const { set, options } = await questionsOf(sources, limitPerRelation)
  requireSameAnswers(model, set, options, io)
}

/** Ask the audited model the facts by ranking, and join what other models answered. */
export async function gatherKnowledge(
  model: OpenedModel,
  sources: KnowledgeSources,
  io: GatherIo,
  limitPerRelation?: number,
): Promise<AnswersEvidence> {
  const { set, options } = await questionsOf(sources, limitPerRelation)
  const own = await gatherAnswers(model, set, options, io)
  if (sources.answers.length === 0) return own
  const rows = await readAnswers(sources.answers)
  const { rows: others } = selectReading(rows, 'ranking', sources.answers[0])
  const audited = model.evidence.name
  return {
    ...own,
    others: others.filter((row) => row.model !== audited).map(({ reading: _, ...total }) => total),
  }
}

/**
 * What is asked behind shots: the config's tasks, made-up rules, and statements about the audit's own facts, else about
 * those that ship.
 *
 * @throws {AssayError} table/…, adaptation/one-label
 */
export async function planShots(
  { adaptability, knowledge }: AuditPlan,
  random: Random,
): Promise<TaskPlan[] | undefined> {
  if (adaptability === undefined) return undefined
  const given = []
  for (const path of adaptability.tasks) given.push(await readTaskItems(path))
  const facts = readFacts(knowledge === undefined ? SHIPPED_FACTS : [knowledge.facts])
  return planAdaptation(given, facts, IN_AN_AUDIT, random.derive('adaptation'))
}

/**
 * The benchmark tasks of an audit with what is asked of them, once each. Where not all items are asked they are drawn: the
 * first ones of a file are often of one kind.
 *
 * @throws {AssayError} task/…, table/…
 */
export async function planBenchmarks(
  { benchmarks = [] }: Pick<AuditPlan, 'benchmarks'>,
  random: Random,
  download: NonNullable<Parameters<typeof datasetFiles>[1]> = {},
): Promise<BenchmarkPlan[]> {
  const plans: BenchmarkPlan[] = []
  for (const { task: name, data, ...asked } of benchmarks)
    for (const task of await loadTasks(name, {
      ...(data === undefined ? {} : { data }),
      fetch: (wanted) => datasetFiles(wanted, download),
    }))
      plans.push(
        planBenchmark(task, {
          draws: 1,
          templates: 1,
          sameShots: false,
          unconditioned: false,
          random: random.derive('benchmarks'),
          ...asked,
        }),
      )
  return plans
}
