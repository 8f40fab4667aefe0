import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom, flopsPerToken, groupBy, type Input } from '../core/index.js'
import { readFacts } from '../ingest/index.js'
import { modelInput } from './gather/identity.js'
import { type GatherOptions, openModel } from './gather/index.js'
import { planBenchmarks } from './gather/sources.js'
import { windowOf } from './gather/surprisal.js'
import type { AuditPlan, KnowledgeSources } from './plan.js'
import { runAudit } from './run-audit.js'
import { readEvidence } from './store/evidence-folder.js'
import { samplePassages } from './texts/sample.js'

/** A part of an audit with the time that it is expected to take. */
export interface DryRunPart {
  readonly part: 'scoring' | 'asking' | 'benchmarks' | 'the rest'
  readonly seconds: number
}

/** What an audit would do, and take on this machine as a small one of the same plan took it. */
export interface DryRun {
  /** The model's file with its hash; empty where it is none. */
  readonly inputs: readonly Input[]
  readonly documents: number
  readonly bytes: number
  readonly tokens: number
  /** Facts that the model is asked. */
  readonly facts: number
  /** Items of benchmark tasks. */
  readonly items: number
  /** Of scoring; absent where the model's place does not tell its shape. */
  readonly flops?: number
  readonly seconds: number
  readonly parts: readonly DryRunPart[]
  /** What the small audit scored, and how long that took. */
  readonly calibration: { readonly tokens: number; readonly seconds: number }
  readonly window: number
}

/** Size of the small audit: passages of a domain, facts over all relations, items of a benchmark. */
const SMALL = { documents: 2, facts: 48, items: 16 } as const

type Work = Pick<DryRun, 'inputs' | 'documents' | 'bytes' | 'tokens' | 'flops' | 'window'>

/** What scoring comes to, counted by the model's own tokenizer. */
async function scoringOf(
  plan: AuditPlan,
  options: Omit<GatherOptions, 'evidence' | 'resume'>,
): Promise<Work> {
  const { passages } = await samplePassages(plan.domains, createRandom(plan.seed).derive('sample'), {
    full: plan.full,
    ...(plan.limit === undefined ? {} : { limit: plan.limit }),
    ...(plan.textColumn === undefined ? {} : { column: plan.textColumn }),
  })
  const model = await openModel(plan, options)
  try {
    const tokens = passages.reduce((n, { text }) => n + model.tokenizer.tokenize(text).length, 0)
    const window = windowOf(model, plan.window)
    const perToken = flopsPerToken(model.evidence, window / 2)
    return {
      inputs: modelInput(model.evidence.name, model.evidence),
      documents: passages.length,
      bytes: passages.reduce((n, { text }) => n + Buffer.byteLength(text, 'utf8'), 0),
      tokens,
      ...(perToken === undefined ? {} : { flops: tokens * perToken }),
      window,
    }
  } finally {
    await model.close()
  }
}

/** Facts that would be asked: no more of a relation than the plan's limit, no more at all than the facts' own. */
async function factsOf({ facts, limit }: KnowledgeSources, limitPerRelation = Infinity): Promise<number> {
  const byRelation = groupBy((await readFacts([facts])).facts, (fact) => fact.relation)
  const all = [...byRelation.values()].reduce((n, own) => n + Math.min(own.length, limitPerRelation), 0)
  return Math.min(all, limit ?? all)
}

/** Seconds of each part, by the bars that gathering shows. */
function stopwatch(): { readonly seconds: Map<string, number>; progress: GatherOptions['progress'] } {
  const seconds = new Map<string, number>()
  return {
    seconds,
    progress(label) {
      const begun = performance.now()
      return {
        update: () => {},
        end: () => seconds.set(label, (seconds.get(label) ?? 0) + (performance.now() - begun) / 1000),
      }
    },
  }
}

/**
 * Make a small audit of the same plan, all its parts, and draw out what grows with texts and facts; what does not (loading,
 * self-check, timing, judging) is taken as it was. Nothing is kept.
 *
 * @throws {AssayError} what the audit itself would throw
 */
export async function dryRun(
  plan: AuditPlan,
  options: Omit<GatherOptions, 'evidence' | 'resume'>,
): Promise<DryRun> {
  const work = await scoringOf(plan, options)
  const { knowledge } = plan
  const facts = knowledge === undefined ? 0 : await factsOf(knowledge, plan.limit)
  const items = (await planBenchmarks(plan, createRandom(plan.seed), options)).reduce(
    (n, { draws }) => n + (draws[0]?.instances.length ?? 0),
    0,
  )
  const folder = await mkdtemp(join(tmpdir(), 'assay-dry-run-'))
  try {
    const { seconds, progress } = stopwatch()
    const small: AuditPlan = {
      ...plan,
      full: false,
      limit: Math.min(plan.limit ?? SMALL.documents, SMALL.documents),
      ...(knowledge === undefined
        ? {}
        : {
            knowledge: { ...knowledge, limit: Math.min(facts, SMALL.facts), limitPerRelation: SMALL.facts },
          }),
      ...(plan.benchmarks === undefined
        ? {}
        : {
            benchmarks: plan.benchmarks.map((b) => ({
              ...b,
              limit: Math.min(b.limit ?? SMALL.items, SMALL.items),
            })),
          }),
    }
    const begun = performance.now()
    await runAudit(small, { ...options, evidence: folder, progress, note: () => {} })
    const whole = (performance.now() - begun) / 1000
    const { surprisal, answers, choices } = (await readEvidence(folder)).evidence
    const scored = surprisal?.documents.reduce((n, { tokens }) => n + tokens.length, 0) ?? 0
    const asked = answers?.facts.length ?? 0
    const tried = choices?.tasks.reduce((n, task) => n + task.items, 0) ?? 0
    const [scoring = 0, asking = 0, benchmarks = 0] = ['scoring', 'asking', 'benchmarks'].map((part) =>
      seconds.get(part),
    )
    const parts: DryRunPart[] = [
      { part: 'scoring', seconds: (scoring * work.tokens) / Math.max(1, scored) },
      { part: 'asking', seconds: (asking * facts) / Math.max(1, asked) },
      { part: 'benchmarks', seconds: (benchmarks * items) / Math.max(1, tried) },
      { part: 'the rest', seconds: whole - scoring - asking - benchmarks },
    ]
    return {
      ...work,
      facts,
      items,
      parts,
      seconds: parts.reduce((sum, part) => sum + part.seconds, 0),
      calibration: { tokens: scored, seconds: scoring },
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
