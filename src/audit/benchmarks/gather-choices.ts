import { createHash } from 'node:crypto'
import {
  type BenchmarkAnswer,
  type BenchmarkItem,
  type ChoicesEvidence,
  exactMatch,
  type OpenedModel,
  pythonStr,
  type ScoreRequest,
  type ScoreResult,
} from '../../core/index.js'
import { askedHash } from '../../ingest/index.js'
import { raise } from '../errors.js'
import { modelSettings } from '../gather/identity.js'
import type { GatherIo } from '../gather/io.js'
import { inLanes } from '../gather/lanes.js'
import { sha256 } from '../store/files.js'
import { Journal, type JournalHead, requireSameSettings } from '../store/journal.js'
import { completeInstance } from './completion.js'
import type { BenchmarkPlan } from './plan.js'
import { type AskedBenchmarks, askBenchmarks } from './requests.js'
import { type Job, shareOut, trieJobs } from './trie-jobs.js'

/** What is journaled of a job: of scores one sum a request, nats; of a completion its text. */
interface Done {
  readonly logLikelihoods?: readonly number[]
  /** Whether each token is the likeliest one, 1 or 0 a request; absent where the engine does not tell. */
  readonly greedy?: readonly (number | null)[]
  readonly completion?: Pick<BenchmarkAnswer, 'answer' | 'tokens'>
  readonly evaluated: number
  readonly naive: number
}

function hashOfRequests(requests: readonly ScoreRequest[]): string {
  const hash = createHash('sha256')
  for (const { tokens, from } of requests) hash.update(Int32Array.of(tokens.length, from)).update(tokens)
  return hash.digest('hex').slice(0, 12)
}

/** What is written depends on: all of an instance's generation but what it is held against. */
function hashOfCompletions(asked: AskedBenchmarks): string {
  const prompts = asked.generations.map(({ instance: { document, generation } }) => [
    document.index,
    generation?.context,
    generation?.until,
    generation?.maxTokens,
    generation?.temperature,
  ])
  return sha256(JSON.stringify(prompts)).slice(0, 12)
}

function headOf(
  model: OpenedModel,
  plans: readonly BenchmarkPlan[],
  asked: AskedBenchmarks,
): Pick<JournalHead, 'settings'> {
  return {
    settings: {
      ...modelSettings(model, model.prefix.prompt),
      tasks: plans.map(({ task, shots }) => `${task.name}@${shots}`).join(', '),
      requests: `${asked.requests.length} (${hashOfRequests(asked.requests)})`,
      completions: `${asked.generations.length} (${hashOfCompletions(asked)})`,
    },
  }
}

/** Which items were asked, by what pairs them with another model's. */
function askedItems(plans: readonly BenchmarkPlan[]): BenchmarkItem[] {
  return plans.flatMap(({ task, draws: [first] }) =>
    (first?.instances ?? []).map(({ document, target, requests, generation }) => {
      const context = generation?.context ?? requests[0]?.context ?? ''
      return {
        task: task.name,
        item: document.id,
        document: document.hash,
        target: sha256(pythonStr(target)),
        prompt: sha256(context),
        words: askedHash(context),
      }
    }),
  )
}

async function scoreJob({ scorer }: OpenedModel, all: readonly ScoreRequest[], job: Job): Promise<Done> {
  const usage = { evaluated: 0, naive: 0 }
  const likeliest: ScoreResult[] = []
  const asked = job.requests.map((i) => all[i])
  const scores = await scorer.score(asked, usage, likeliest)
  return {
    logLikelihoods: scores.map((own) => own.reduce((sum, v) => sum + v, 0)),
    ...(likeliest.length === 0
      ? {}
      : { greedy: scores.map((own, i) => Number(own.every((v, k) => v === likeliest[i][k]))) }),
    ...usage,
  }
}

/** Whether the model, writing, writes just this: of engines that tell no likeliest token when they score. */
async function writesSame({ scorer }: OpenedModel, { tokens, from }: ScoreRequest): Promise<Done> {
  const written = await scorer.generate?.({
    tokens: tokens.slice(0, from),
    maxTokens: tokens.length - from,
    temperature: 0,
    seed: 0,
  })
  if (written === undefined) return { greedy: [null], evaluated: 0, naive: 0 }
  // Prompt and answer go through the model once more, as far as the engine holds nothing of them.
  const same = Number(tokens.subarray(from).join() === written.tokens.join())
  return { greedy: [same], evaluated: tokens.length - 1, naive: 0 }
}

/**
 * Ask whether benchmarks can be resumed, before the work. The engine is not compared: another one may ask than is open yet.
 *
 * @throws {AssayError} audit/other-plan
 */
export function requireSameBenchmarks(
  model: OpenedModel,
  plans: readonly BenchmarkPlan[],
  io: Pick<GatherIo, 'resume' | 'journalPath' | 'asked'>,
): void {
  if (!io.resume || plans.length === 0) return
  const { engine: _, ...settings } = headOf(model, plans, askBenchmarks(model, plans)).settings
  requireSameSettings(io.journalPath('choices'), { settings, ...(io.asked && { asked: io.asked }) })
}

/**
 * Ask tasks: all their requests as one trie of token ids, walked in jobs that are journaled, so that a resumed run repeats
 * none of them and gives the same numbers.
 *
 * @param jobTokens tokens of a job
 * @throws {AssayError} audit/interrupted, audit/other-plan; what the engine throws
 */
export async function gatherChoices(
  model: OpenedModel,
  plans: readonly BenchmarkPlan[],
  io: GatherIo,
  jobTokens?: number,
): Promise<ChoicesEvidence> {
  const asked = askBenchmarks(model, plans)
  const trie = trieJobs(asked.requests, jobTokens)
  const journal = Journal.open<Done>(
    io.journalPath('choices'),
    { ...headOf(model, plans, asked), ...(io.asked && { asked: io.asked }) },
    io.resume,
  )
  const progress = io.progress('benchmarks')
  const total = asked.requests.length + asked.generations.length
  const answers = asked.answers.map((answer) => ({ ...answer }))
  const scores = new Float64Array(asked.requests.length)
  const greedy = new Array<number | null>(asked.requests.length).fill(null)
  const tokens = { evaluated: 0, naive: 0, trie: trie.tokens }
  const outputOf = new Map(asked.tasks.map(({ task, output }) => [task, output]))
  let done = 0
  const perform = async (key: string, size: number, work: () => Promise<Done>): Promise<Done> => {
    if (io.signal.aborted) throw raise('interrupted', 'stopped while asking benchmarks')
    const before = journal.done.get(key)
    const result = before ?? (await work())
    if (before === undefined) journal.record(key, result)
    tokens.evaluated += result.evaluated
    tokens.naive += result.naive
    done += size
    progress.update(done, total)
    return result
  }
  try {
    await inLanes(shareOut(trie, model.scorer.lanes ?? 1), model.scorer.lanes, async (stretch) => {
      for (const job of stretch) {
        const { logLikelihoods = [], greedy: own } = await perform(
          String(job.requests[0]),
          job.requests.length,
          () => scoreJob(model, asked.requests, job),
        )
        job.requests.forEach((request, i) => {
          scores[request] = logLikelihoods[i]
          greedy[request] = own?.[i] ?? null
        })
      }
    })
    const untold = asked.places.flatMap(({ answer }, i) =>
      greedy[i] === null && outputOf.get(answers[answer].task) === 'loglikelihood' ? [i] : [],
    )
    await inLanes(untold, model.scorer.lanes, async (i) => {
      const { greedy: own } = await perform(`greedy ${i}`, 0, () => writesSame(model, asked.requests[i]))
      greedy[i] = own?.[0] ?? null
    })
    await inLanes(asked.generations, model.scorer.lanes, async ({ answer, instance }) => {
      const { completion } = await perform(`completion ${answer}`, 1, async () => ({
        completion: await completeInstance(model, instance),
        evaluated: 0,
        naive: 0,
      }))
      const { generation } = instance
      if (completion === undefined || generation === undefined) return
      const match = Number(exactMatch(completion.answer ?? '', generation.targets, generation))
      Object.assign(answers[answer], completion, { match })
    })
  } finally {
    progress.end()
    journal.close()
  }
  // Only now, in the order of the requests: windows of one text add up to the same bits whoever was done first.
  asked.places.forEach(({ answer, as }, i) => {
    answers[answer][as] = (answers[answer][as] ?? 0) + scores[i]
    // Of a whole text in windows nobody asks whether it is the likeliest.
    const isAnswer = outputOf.get(answers[answer].task) !== 'loglikelihood_rolling'
    if (as === 'logLikelihood' && isAnswer) answers[answer].greedy = greedy[i]
  })
  return {
    tasks: asked.tasks,
    answers,
    asked: askedItems(plans),
    tokens,
    prefixToken: model.prefix.prompt?.text ?? 'none',
    prefixChoice: model.prefix.choice,
    engine: model.settings.engine,
  }
}
