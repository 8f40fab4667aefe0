import {
  type Fact,
  type FactSet,
  groupBy,
  type OpenedModel,
  type Random,
  shuffled,
} from '../../core/index.js'
import { hashOf, modelSettings } from '../gather/identity.js'
import type { GatherIo } from '../gather/io.js'
import { type JournalHead, requireSameSettings } from '../store/journal.js'
import { raise } from './errors.js'
import { endsWithObject } from './generation.js'
import { candidatePool, type RelationTask } from './ranking.js'
import { type Template, templateHint, templatesFor } from './templates.js'

export interface KnowledgeOptions {
  readonly templates?: string
  readonly reading: 'ranking' | 'generation' | 'both'
  readonly shots: number
  /** Facts asked, drawn over all relations; candidates still come from all facts. */
  readonly limit?: number
  /** Facts asked of each relation, at most. */
  readonly limitPerRelation?: number
  /** Most objects that compete for a fact; left out: {@link ALL_COMPETE_UP_TO}, and {@link DRAWN} beyond that. */
  readonly candidates?: number
  /** Most templates of a relation, the first ones; left out: all. */
  readonly maxTemplates?: number
  /** Sampled completions a prompt, beside the greedy one. */
  readonly samples: number
}

/** Relations of so many objects or fewer are ranked whole by default… */
const ALL_COMPETE_UP_TO = 100
/** …and larger ones among a draw of this many: a sample either way, and half the tokens (decision 0063). */
const DRAWN = 50

/** Sentences scored in one go: enough to fill batches, few enough to lose little when interrupted. */
const BATCH_SENTENCES = 2000

/** One piece of work: some facts of one relation, asked with one template in one way. */
export interface Job {
  readonly key: string
  readonly task: RelationTask
  readonly template: Template
  readonly facts: readonly Fact[]
  readonly how: 'ranking' | 'generation' | 'sampled'
}

/** What is asked, in which pieces of work, and everything that the answers depend on. */
interface AnswersPlan {
  readonly head: JournalHead
  readonly templates: ReadonlyMap<string, readonly Template[]>
  readonly asked: readonly Fact[]
  readonly jobs: readonly Job[]
  readonly skipped: { readonly fact_id: string; readonly reason: string }[]
  /** Where sampled completions get their seeds from. */
  readonly sampling: Random
}

function capFor(facts: readonly Fact[], wanted: number | undefined): number {
  if (wanted !== undefined) return wanted
  return new Set(facts.map((f) => f.object)).size <= ALL_COMPETE_UP_TO ? ALL_COMPETE_UP_TO : DRAWN
}

function chooseFacts(
  facts: readonly Fact[],
  { limit = facts.length, limitPerRelation = facts.length }: KnowledgeOptions,
  random: Random,
): readonly Fact[] {
  if (Math.min(limit, limitPerRelation) >= facts.length) return facts
  const drawn = shuffled([...facts.keys()], random).slice(0, limit)
  const byRelation = groupBy(drawn, (i) => facts[i].relation)
  const kept = new Set([...byRelation.values()].flatMap((own) => own.slice(0, limitPerRelation)))
  return facts.filter((_, i) => kept.has(i))
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}

function jobsOf(
  task: RelationTask,
  templates: readonly Template[],
  facts: readonly Fact[],
  { reading, samples }: KnowledgeOptions,
): Job[] {
  const jobs: Job[] = []
  const add = (template: Template, how: Job['how'], size: number): void => {
    for (const [c, part] of chunk(facts, size).entries())
      jobs.push({
        key: JSON.stringify([task.relation, template.text, how, c]),
        task,
        template,
        facts: part,
        how,
      })
  }
  for (const template of templates) {
    if (reading !== 'generation' && task.pool.known > 1)
      add(template, 'ranking', Math.max(1, Math.floor(BATCH_SENTENCES / task.pool.objects.length)))
    if (reading !== 'ranking' && endsWithObject(template)) {
      add(template, 'generation', 16)
      if (samples > 0) add(template, 'sampled', 16)
    }
  }
  return jobs
}

/** What the seed and the facts that are not asked decide of a relation's answers: who competes, who is an example. */
function drawnFor({ relation, pool, shotOrder }: RelationTask): unknown {
  return [
    relation,
    pool.objects,
    [...pool.bySubject].map(([subject, objects]) => [subject, [...objects]]),
    shotOrder.map(({ fact_id, subject, object }) => [fact_id, subject, object]),
  ]
}

/** Where chance comes from, and what the caller was asked for. */
type PlanIo = Pick<GatherIo, 'random' | 'asked'>

/** @throws {AssayError} knowledge/no-template, knowledge/nothing-to-ask */
export function planAnswers(
  model: OpenedModel,
  set: FactSet,
  options: KnowledgeOptions,
  io: PlanIo,
): AnswersPlan {
  const random = io.random.derive('knowledge')
  const byRelation = groupBy(set.facts, (f) => f.relation)
  const templates = templatesFor(byRelation.keys(), set.templates, options)
  if (templates.size === 0)
    throw raise(
      'no-template',
      `the relations are ${[...byRelation.keys()]
        .slice(0, 20)
        .map((relation) => relation + templateHint(relation))
        .join(', ')}`,
    )
  const asked = chooseFacts(set.facts, options, random.derive('limit'))
  const jobs: Job[] = []
  const tasks: RelationTask[] = []
  const skipped: { fact_id: string; reason: string }[] = []
  for (const [relation, facts] of groupBy(asked, (f) => f.relation)) {
    const own = templates.get(relation)
    const all = byRelation.get(relation) ?? []
    const task: RelationTask = {
      relation,
      pool: candidatePool(all, capFor(all, options.candidates), random.derive(`candidates/${relation}`)),
      shotOrder: options.shots === 0 ? [] : shuffled(all, random.derive(`shots/${relation}`)),
      shots: options.shots,
    }
    const forRelation = own === undefined ? [] : jobsOf(task, own, facts, options)
    jobs.push(...forRelation)
    if (forRelation.length > 0) tasks.push(task)
    if (forRelation.length === 0) {
      const reason =
        own === undefined
          ? `no template for the relation "${relation}"${templateHint(relation)}`
          : `"${relation}" has one object alone, or no template that ends with it`
      skipped.push(...facts.map(({ fact_id }) => ({ fact_id, reason })))
    }
  }
  if (jobs.length === 0) throw raise('nothing-to-ask', skipped[0]?.reason ?? 'there are no facts')
  const sampling = random.derive('samples')
  const { reading, shots, candidates, samples, limit, limitPerRelation, maxTemplates } = options
  const sampled = jobs.some((job) => job.how === 'sampled')
  const head: JournalHead = {
    // Only what decides the answers: where they are written, or that a run is resumed, does not.
    settings: {
      ...modelSettings(model, model.prefix.prompt),
      reading,
      shots,
      candidates: candidates ?? null,
      samples,
      templates: `of ${templates.size} relations (${hashOf([...templates])})`,
      facts: `${asked.length} asked (${hashOf(asked)})`,
      'candidates and examples': hashOf(tasks.map(drawnFor)),
      'drawn samples': sampled ? hashOf(sampling.derive('plan').integer(2 ** 31)) : null,
    },
    asked: {
      ...io.asked,
      ...(limit === undefined ? {} : { 'limit of facts': limit }),
      ...(limitPerRelation === undefined ? {} : { 'facts of a relation': limitPerRelation }),
      ...(maxTemplates === undefined ? {} : { 'templates of a relation': maxTemplates }),
    },
  }
  return { head, templates, asked, jobs, skipped, sampling }
}

/**
 * Ask whether the answers of a journal can be gone on with, before any work. The engine is not compared where another
 * one will ask than is open yet.
 *
 * @throws {AssayError} audit/other-plan
 */
export function requireSameAnswers(
  model: OpenedModel,
  set: FactSet,
  options: KnowledgeOptions,
  io: PlanIo & Pick<GatherIo, 'resume' | 'journalPath'>,
): void {
  if (!io.resume) return
  const { head } = planAnswers(model, set, options, io)
  const { engine: _, ...settings } = head.settings
  requireSameSettings(io.journalPath('answers'), { ...head, settings })
}
