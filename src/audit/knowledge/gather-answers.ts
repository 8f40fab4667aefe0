import {
  type Answer,
  type AnswersEvidence,
  type Fact,
  type FactSet,
  groupBy,
  leakIn,
  type OpenedModel,
  type PromptLeak,
  type Random,
  shuffled,
} from '../../core/index.js'
import { raise as raiseAudit } from '../errors.js'
import { identityOf } from '../gather/identity.js'
import type { GatherIo } from '../gather/io.js'
import { inLanes } from '../gather/lanes.js'
import { sha256 } from '../store/files.js'
import { Journal } from '../store/journal.js'
import { toAnswers } from './answers.js'
import { raise } from './errors.js'
import { type Completion, completeFact, endsWithObject } from './generation.js'
import { fill } from './prompts.js'
import { candidatePool, type RankedFact, type RelationTask, rankFacts } from './ranking.js'
import { type Template, templatesFor } from './templates.js'

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
interface Job {
  readonly key: string
  readonly task: RelationTask
  readonly template: Template
  readonly facts: readonly Fact[]
  readonly how: 'ranking' | 'generation' | 'sampled'
}

/** What is journaled of a job; the shape depends on `how` alone. */
export interface JobResult {
  readonly ranked?: readonly RankedFact[]
  readonly completions?: readonly { readonly fact_id: string; readonly completions: readonly Completion[] }[]
  readonly evaluated: number
  readonly naive: number
}

export interface DoneJob extends Omit<Job, 'key'> {
  readonly result: JobResult
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

async function perform(
  model: OpenedModel,
  job: Job,
  options: KnowledgeOptions,
  random: Random,
): Promise<JobResult> {
  if (job.how === 'ranking') {
    const { ranked, usage } = await rankFacts(model, job.task, job.template, job.facts)
    return { ranked, ...usage }
  }
  const completions: { fact_id: string; completions: Completion[] }[] = []
  for (const fact of job.facts) {
    // A seed of its own per fact and template: the order of the work changes no sample.
    const seed = random.derive(`${fact.fact_id}/${job.template.text}`).integer(2 ** 31)
    const how = job.how === 'generation' ? 'greedy' : { samples: options.samples, seed }
    completions.push({
      fact_id: fact.fact_id,
      completions: await completeFact(model, job.task, job.template, fact, how),
    })
  }
  return { completions, evaluated: 0, naive: 0 }
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

function findLeaks(
  facts: readonly Fact[],
  templates: ReadonlyMap<string, readonly Template[]>,
): PromptLeak[] {
  const leaks: PromptLeak[] = []
  for (const fact of facts)
    for (const template of templates.get(fact.relation) ?? []) {
      const { before, after } = fill(template, fact.subject)
      const found = leakIn(`${before} ${after}`, fact)
      if (found !== null) leaks.push({ fact_id: fact.fact_id, template: template.text, found })
    }
  return leaks
}

/**
 * Ask a model a set of facts: every fact with every template of its relation, by ranking, by completion or both.
 * Work is journaled in batches of one template; resuming under other facts, templates or settings is refused, and
 * under another seed where it draws other candidates, examples or samples.
 *
 * @throws {AssayError} knowledge/no-template, knowledge/nothing-to-ask; audit/interrupted; what the engine throws
 */
export async function gatherAnswers(
  model: OpenedModel,
  set: FactSet,
  options: KnowledgeOptions,
  io: GatherIo,
): Promise<AnswersEvidence> {
  const random = io.random.derive('knowledge')
  const byRelation = groupBy(set.facts, (f) => f.relation)
  const templates = templatesFor(byRelation.keys(), set.templates, options)
  if (templates.size === 0)
    throw raise('no-template', `the relations are ${[...byRelation.keys()].slice(0, 20).join(', ')}`)
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
          ? `no template for the relation "${relation}"`
          : `"${relation}" has one object alone, or no template that ends with it`
      skipped.push(...facts.map(({ fact_id }) => ({ fact_id, reason })))
    }
  }
  if (jobs.length === 0) throw raise('nothing-to-ask', skipped[0]?.reason ?? 'there are no facts')
  const { reading, shots, candidates, samples } = options
  const sampling = random.derive('samples')
  const plan = sha256(
    JSON.stringify([
      identityOf(model.evidence),
      model.prefix,
      model.settings.engine,
      model.settings.version,
      // Only what decides the answers: where they are written, or that a run is resumed, does not.
      { reading, shots, candidates, samples },
      [...templates],
      asked,
      tasks.map(drawnFor),
      jobs.some((job) => job.how === 'sampled') ? sampling.derive('plan').integer(2 ** 31) : null,
    ]),
  )
  const done = await performAll(model, jobs, options, plan, sampling, io)
  const usage = done.reduce(
    (sum, { result }) => ({ evaluated: sum.evaluated + result.evaluated, naive: sum.naive + result.naive }),
    { evaluated: 0, naive: 0 },
  )
  const answers: Answer[] = toAnswers(model.evidence, done)
  const wasAsked = new Set(answers.map((a) => a.fact_id))
  const used = asked.filter((f) => wasAsked.has(f.fact_id))
  return {
    answers,
    leaks: findLeaks(used, templates),
    tokens: usage,
    prefixToken: model.prefix.prompt?.text ?? 'none',
    prefixChoice: model.prefix.choice,
    shots: options.shots,
    templates: [...groupBy(used, (f) => f.relation).keys()].flatMap((relation) =>
      (templates.get(relation) ?? []).map(({ text }) => ({
        relation,
        template: text,
        uses: set.templateUses?.get(relation)?.get(text) ?? [],
      })),
    ),
    facts: used.map(({ fact_id, subject, object }) => ({ fact_id, subject, object })),
    skipped,
  }
}

async function performAll(
  model: OpenedModel,
  jobs: readonly Job[],
  options: KnowledgeOptions,
  plan: string,
  random: Random,
  io: GatherIo,
): Promise<DoneJob[]> {
  const journal = Journal.open<JobResult>(io.journalPath('answers'), plan, io.resume)
  const progress = io.progress('asking')
  const total = jobs.reduce((n, job) => n + job.facts.length, 0)
  let asked = 0
  try {
    await inLanes(jobs, model.scorer.lanes, async (job) => {
      if (io.signal.aborted) throw raiseAudit('interrupted', 'stopped while asking facts')
      if (!journal.done.has(job.key)) journal.record(job.key, await perform(model, job, options, random))
      asked += job.facts.length
      progress.update(asked, total, job.task.relation)
    })
  } finally {
    progress.end()
    journal.close()
  }
  return jobs.flatMap((job) => {
    const result = journal.done.get(job.key)
    return result === undefined ? [] : [{ ...job, result }]
  })
}
