import type { ScoreRequest } from '../../core/index.js'
import { RequestTrie, sizeOf, type TrieNode } from '../../engines/index.js'

/** Requests that go to the engine in one call, by their places in what was given. */
export interface Job {
  readonly requests: readonly number[]
  /** Tokens of the trie that are this job's alone. */
  readonly tokens: number
  /** Tokens that all of them begin with, which the job before held, too. */
  readonly shared: number
}

/** Tokens of a job: enough to fill an engine's batches, few enough to lose little when interrupted. */
const JOB_TOKENS = 2048
/** A run is shared out to several lanes where what each evaluates again is at most this part of it. */
const MOST_REPEATED = 0.01

/** All requests of a run as one trie of token ids, cut into jobs that cross no branch larger than themselves. */
export interface TrieJobs {
  readonly jobs: readonly Job[]
  /** Tokens of the trie: what has to be evaluated at least. */
  readonly tokens: number
}

/** @param requests each 1 ≤ from ≤ tokens.length; those that want nothing are in no job */
export function trieJobs(requests: readonly ScoreRequest[], most: number = JOB_TOKENS): TrieJobs {
  const trie = new RequestTrie(requests)
  const forest = trie.forest(() => true)
  const jobs: Job[] = []
  let pending: TrieNode[] = []
  let size = 0
  const flush = (shared: number): void => {
    if (pending.length === 0) return
    const [low, high] = [pending[0].low, pending[pending.length - 1].high]
    jobs.push({ requests: trie.order.slice(low, high), tokens: size, shared })
    pending = []
    size = 0
  }
  const cut = (nodes: readonly TrieNode[], above: number): void => {
    for (const node of nodes) {
      const own = sizeOf(node)
      if (size + own > most) flush(above)
      if (own > most && node.children.length > 0) {
        cut(node.children, node.end)
      } else {
        pending.push(node)
        size += own
      }
    }
    flush(above)
  }
  cut(forest, 0)
  return { jobs, tokens: forest.reduce((sum, node) => sum + sizeOf(node), 0) }
}

/**
 * Jobs for lanes that work side by side, each a stretch of them in order, so that what neighbours share is evaluated once:
 * no more stretches than cost {@link MOST_REPEATED} again.
 */
export function shareOut({ jobs, tokens }: TrieJobs, lanes: number): Job[][] {
  for (let parts = Math.min(lanes, jobs.length); parts > 1; parts--) {
    const stretches = Array.from({ length: parts }, (): Job[] => [])
    let done = 0
    const total = jobs.reduce((sum, job) => sum + job.tokens, 0)
    for (const job of jobs) {
      stretches[Math.min(parts - 1, Math.floor((done / total) * parts))].push(job)
      done += job.tokens
    }
    const repeated = stretches.slice(1).reduce((sum, own) => sum + (own[0]?.shared ?? 0), 0)
    if (repeated <= MOST_REPEATED * tokens) return stretches.filter((own) => own.length > 0)
  }
  return [[...jobs]]
}
