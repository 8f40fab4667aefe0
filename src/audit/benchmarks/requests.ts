import { basename } from 'node:path'
import {
  type BenchmarkAnswer,
  type BenchmarkTask,
  counted,
  type OpenedModel,
  rollingWindows,
  type ScoreRequest,
  type TaskInstance,
} from '../../core/index.js'
import { behind } from '../gather/prefix.js'
import { tokenByteLengths } from '../gather/surprisal.js'
import { utf8Length } from '../texts/passages.js'
import { type EncodedPair, PairEncoder } from './encode-pair.js'
import { raise } from './errors.js'
import type { BenchmarkPlan } from './plan.js'

/** Where the score of a request goes. */
interface Place {
  readonly answer: number
  readonly as: 'logLikelihood' | 'unconditioned'
}

/** Everything that is asked, as token ids, with the answers that its scores will fill in. */
export interface AskedBenchmarks {
  readonly tasks: readonly BenchmarkTask[]
  /** Without their scores, in the order of the rows. */
  readonly answers: readonly BenchmarkAnswer[]
  readonly requests: readonly ScoreRequest[]
  /** Of each request. Shape (requests) */
  readonly places: readonly Place[]
  /** Prompts to be continued: of which answer, as which instance. */
  readonly generations: readonly { readonly answer: number; readonly instance: TaskInstance }[]
}

/** What was noticed of a task's items, by id. */
type Marks = Readonly<Record<'spanned' | 'truncated' | 'doubleBos' | 'amongShots', Set<string>>>

/** A pair within the context: cut from the left, as lm-evaluation-harness cuts it; undefined where the continuation alone is too long. */
function fitted({ context, continuation }: EncodedPair, most: number): ScoreRequest | undefined {
  const room = most + 1 - continuation.length
  if (continuation.length === 0 || room < 1) return undefined
  const kept = context.subarray(Math.max(0, context.length - room))
  const tokens = new Int32Array(kept.length + continuation.length)
  tokens.set(kept)
  tokens.set(continuation, kept.length)
  return { tokens, from: Math.max(1, kept.length) }
}

/** Turns the instances of tasks into requests. */
class RequestBuilder {
  readonly answers: BenchmarkAnswer[] = []
  readonly requests: ScoreRequest[] = []
  readonly places: Place[] = []
  readonly generations: { answer: number; instance: TaskInstance }[] = []
  readonly #encoder: PairEncoder
  readonly #most: number

  constructor(private readonly model: OpenedModel) {
    this.#encoder = new PairEncoder(model)
    this.#most = model.scorer.contextLength ?? Number.POSITIVE_INFINITY
  }

  /** Add an instance; the reason where it cannot be asked. */
  add(plan: BenchmarkPlan, draw: number, instance: TaskInstance, marks: Marks): string | undefined {
    const { document, requests, unconditioned, generation } = instance
    if (instance.leaks) marks.amongShots.add(document.id)
    if (generation !== undefined) {
      this.generations.push({ answer: this.#row(plan, draw, instance, 0, {}), instance })
      return undefined
    }
    if (plan.task.output === 'loglikelihood_rolling') return this.#rolling(plan, draw, instance)
    const pairs = requests.map(({ context, continuation }) => this.#encoder.pair(context, continuation))
    const asked = pairs.map((pair) => fitted(pair, this.#most))
    if (asked.length === 0 || asked.some((request) => request === undefined))
      return 'an answer has no tokens, or more than the context holds'
    if (pairs.some((pair) => pair.spans)) marks.spanned.add(document.id)
    if (pairs.some((pair) => pair.doubleBos)) marks.doubleBos.add(document.id)
    asked.forEach((request, choice) => {
      const { context, continuation } = pairs[choice]
      if (request === undefined) return
      if (request.tokens.length < context.length + continuation.length) marks.truncated.add(document.id)
      const answer = this.#row(plan, draw, instance, choice, {
        tokens: continuation.length,
        scoredBytes: pairs[choice].bytes,
      })
      this.#ask(request, answer, 'logLikelihood')
      const alone = plan.unconditioned ? unconditioned[choice] : undefined
      if (alone === undefined) return
      const bare = fitted(this.#encoder.pair(alone.context, alone.continuation), this.#most)
      if (bare !== undefined) this.#ask(bare, answer, 'unconditioned')
    })
    return undefined
  }

  /** A whole text by windows, the token in front before it. */
  #rolling(plan: BenchmarkPlan, draw: number, instance: TaskInstance): string | undefined {
    const { tokenizer, prefix } = this.model
    const text = instance.requests[0]?.continuation ?? ''
    const tokens = tokenizer.tokenize(text)
    const first = prefix.document === null ? 1 : 0
    if (tokens.length <= first) return 'the text is too short to score'
    const ids = behind(prefix.document, tokens)
    const [unscored] = first === 0 ? [0] : tokenByteLengths(tokenizer, tokens, text)
    const answer = this.#row(plan, draw, instance, 0, {
      tokens: tokens.length - first,
      scoredBytes: utf8Length(text) - unscored,
    })
    for (const { start, from, end } of rollingWindows(ids.length - 1, Math.min(this.#most, 2048)))
      this.#ask({ tokens: ids.subarray(start + 1, end + 1), from: from - start }, answer, 'logLikelihood')
    return undefined
  }

  #ask(request: ScoreRequest, answer: number, as: Place['as']): void {
    this.requests.push(request)
    this.places.push({ answer, as })
  }

  #row(
    { task }: BenchmarkPlan,
    draw: number,
    { document, cluster, choices, gold, requests }: TaskInstance,
    choice: number,
    { tokens = 0, scoredBytes = 0 }: { readonly tokens?: number; readonly scoredBytes?: number },
  ): number {
    const continuation = requests[choice]?.continuation ?? ''
    const text = choices[choice] ?? continuation
    this.answers.push({
      task: task.name,
      draw,
      item: document.id,
      cluster: cluster ?? document.id,
      choice,
      gold: choices.length === 0 || gold.includes(choice) ? 1 : 0,
      logLikelihood: null,
      unconditioned: null,
      tokens,
      characters: [...text].length,
      bytes: utf8Length(text),
      scoredBytes,
      greedy: null,
      answer: null,
      match: null,
    })
    return this.answers.length - 1
  }
}

/** Reasons why items are left out, with how many each, the first of them by id. */
function leftOutOf(reasons: ReadonlyMap<string, readonly string[]>, items: number): string[] {
  return [...reasons].map(
    ([why, ids]) =>
      `${ids.length} of ${counted(items, 'item')}: ${why} (${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''})`,
  )
}

/** Items whose choices are not all different; they are asked and counted all the same (docs/methods/tasks.md#where-we-differ). */
function equalChoices(instances: readonly TaskInstance[]): Pick<BenchmarkTask, 'equalChoices'> {
  const found = instances.filter(({ choices }) => new Set(choices).size < choices.length)
  if (found.length === 0) return {}
  const lost = found.filter(({ choices, gold }) => !gold.some((at) => choices.indexOf(choices[at]!) === at))
  const at = ({ document: { path, line } }: TaskInstance): string => `${basename(path)}:${line}`
  return { equalChoices: { items: found.map(at), lost: lost.map(at) } }
}

/**
 * Everything that plans ask, as token ids.
 *
 * @throws {AssayError} benchmarks/same-name
 */
export function askBenchmarks(model: OpenedModel, plans: readonly BenchmarkPlan[]): AskedBenchmarks {
  const names = plans.map(({ task }) => task.name)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) throw raise('same-name', `"${twice}" is named more than once`)
  const builder = new RequestBuilder(model)
  const tasks = plans.map((plan): BenchmarkTask => {
    const { task, shots, draws } = plan
    const marks: Marks = {
      spanned: new Set(),
      truncated: new Set(),
      doubleBos: new Set(),
      amongShots: new Set(),
    }
    const reasons = new Map<string, string[]>()
    const items = new Set<string>()
    for (const { about, instances } of draws)
      for (const instance of instances) {
        const why = builder.add(plan, about.draw, instance, marks)
        const { id } = instance.document
        if (why === undefined) items.add(id)
        else reasons.set(why, [...new Set([...(reasons.get(why) ?? []), id])])
      }
    const { metrics, filter, output, chance, version, citation, source, licence } = task
    return {
      task: task.name,
      output,
      shots,
      draws: draws.map((d) => d.about),
      chance,
      metrics,
      ...(filter === 'none' ? {} : { filter }),
      version,
      citation,
      source,
      licence,
      definitionSha256: task.definitionSha256,
      itemsSha256: task.itemsSha256,
      documents: task.documents.length,
      items: items.size,
      leftOut: [...task.notes, ...leftOutOf(reasons, draws[0]?.instances.length ?? 0)],
      ...equalChoices(draws[0]?.instances ?? []),
      marked: {
        spanned: [...marks.spanned],
        truncated: [...marks.truncated],
        doubleBos: [...marks.doubleBos],
        amongShots: [...marks.amongShots],
      },
    }
  })
  const { answers, requests, places, generations } = builder
  return { tasks, answers, requests, places, generations }
}
