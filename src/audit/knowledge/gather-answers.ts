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
} from '../../core/index.js'
import { raise as raiseAudit } from '../errors.js'
import type { GatherIo } from '../gather/io.js'
import { inLanes } from '../gather/lanes.js'
import { Journal, type JournalHead } from '../store/journal.js'
import { toAnswers } from './answers.js'
import { type Job, type KnowledgeOptions, planAnswers } from './answers-plan.js'
import { type Completion, completeFact } from './generation.js'
import { fill } from './prompts.js'
import { type RankedFact, rankFacts } from './ranking.js'
import type { Template } from './templates.js'

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
  const { head, templates, asked, jobs, skipped, sampling } = planAnswers(model, set, options, io)
  const done = await performAll(model, jobs, options, head, sampling, io)
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
  head: JournalHead,
  random: Random,
  io: GatherIo,
): Promise<DoneJob[]> {
  const journal = Journal.open<JobResult>(io.journalPath('answers'), head, io.resume)
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
