import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRandom, type ScoreRequest, type TextTokenizer } from '../../core/index.js'
import { planBenchmarks } from '../gather/sources.js'
import { type PlanOverrides, planAudit } from '../plan.js'
import { PairEncoder } from './encode-pair.js'
import { shareOut, trieJobs } from './trie-jobs.js'

const request = (...tokens: number[]): ScoreRequest => ({
  tokens: Int32Array.from(tokens),
  from: tokens.length - 1,
})

/** Distinct prefixes of what requests feed (all tokens but the last): the trie's size by its definition. */
const prefixes = (requests: readonly ScoreRequest[]): number =>
  new Set(
    requests.flatMap(({ tokens }) =>
      Array.from({ length: tokens.length - 1 }, (_, i) => Array.from(tokens.slice(0, i + 1)).join()),
    ),
  ).size

describe('jobs of a trie', () => {
  // Three shots (1, 2, 3) before six questions of two choices each, and one request of another task.
  const requests = [
    ...[4, 5, 6, 7, 8, 9].flatMap((q) => [request(1, 2, 3, q, 20, 21), request(1, 2, 3, q, 30, 31)]),
    request(50, 51, 52),
  ]

  it('hold every request once and count each shared token once', () => {
    for (const most of [1, 4, 8, 1000]) {
      const { jobs, tokens } = trieJobs(requests, most)
      expect(jobs.flatMap((job) => job.requests).toSorted((a, b) => a - b)).toEqual(requests.map((_, i) => i))
      // 3 of the shots, 6 × (question + 2 first answer tokens), 2 of the other task.
      expect(tokens).toBe(3 + 6 * 3 + 2)
      expect(tokens).toBe(prefixes(requests))
    }
  })

  it('begin with what the job before them held, where the branch is cut', () => {
    // A question with its choices is 3 tokens: two of them fit into 6. The shots are shared by all.
    const { jobs } = trieJobs(requests, 6)
    expect(jobs.map((job) => job.requests.length)).toEqual([4, 4, 4, 1])
    expect(jobs.map((job) => job.shared)).toEqual([3, 3, 3, 0])
  })

  it('are shared out where what lanes evaluate again is little', () => {
    const trie = trieJobs(requests, 6)
    // A second lane inside the shots costs 3 of 23 tokens, 13 %: too much.
    expect(shareOut(trie, 2)).toHaveLength(1)
    // Two tasks that share nothing cost nothing.
    const apart = trieJobs([request(1, 2, 3, 4, 5), request(9, 8, 7, 6, 5)], 4)
    expect(shareOut(apart, 2).map((own) => own.length)).toEqual([1, 1])
    expect(shareOut(trieJobs([]), 2)).toEqual([[]])
  })
})

/** Letters are tokens, but `ab` is one. Token 0 is put in front of prompts, 1 of documents. */
const tokenizer: TextTokenizer = {
  vocabularySize: 1000,
  tokenize: (text) =>
    Int32Array.from(text.match(/ab|./gsu) ?? [], (t) => (t === 'ab' ? 900 : (t.codePointAt(0) ?? 0))),
  tokenBytes: (id) => new TextEncoder().encode(id === 900 ? 'ab' : String.fromCodePoint(id)),
  tokenKind: () => 'ordinary',
}
const prefixOf = (prompt: boolean) => ({
  tokenizer,
  prefix: {
    choice: 'auto' as const,
    document: { id: 1, text: '<s>' },
    prompt: prompt ? { id: 1, text: '<s>' } : null,
  },
})
const codes = (text: string): number[] => Array.from(text, (c) => c.codePointAt(0) ?? 0)

describe('prompt and answer', () => {
  const encoder = new PairEncoder(prefixOf(false))
  const shown = (e: PairEncoder, context: string, continuation: string) => {
    const pair = e.pair(context, continuation)
    return { ...pair, context: Array.from(pair.context), continuation: Array.from(pair.continuation) }
  }

  it('move blanks that end the prompt to the answer', () => {
    expect(shown(encoder, 'Q: \n', 'x')).toMatchObject({
      context: codes('Q:'),
      continuation: codes(' \nx'),
      bytes: 3,
    })
  })

  it('are cut by the count of the prompt’s own tokens, also where one spans the border', () => {
    // "xa" has 2 tokens, "xab" has x and ab: behind two tokens nothing is left, as in the harness.
    expect(shown(encoder, 'xa', 'bc')).toMatchObject({
      context: codes('xa'),
      continuation: codes('c'),
      bytes: 1,
      spans: true,
    })
    expect(shown(encoder, 'x', 'bé')).toMatchObject({ spans: false, bytes: 3 })
  })

  it('have the token in front once, where the tokenizer puts it or the text begins with it', () => {
    const adds = new PairEncoder(prefixOf(true))
    expect(shown(adds, 'Q', 'x')).toMatchObject({ context: [1, ...codes('Q')], doubleBos: false })
    expect(shown(adds, '<s>Q', 'x')).toMatchObject({
      context: [1, ...codes('Q')],
      continuation: codes('x'),
      doubleBos: true,
    })
  })

  it('stand behind the token of documents where the prompt is empty', () => {
    expect(shown(encoder, '', 'x')).toMatchObject({ context: [1], continuation: codes('x') })
    expect(shown(encoder, ' ', 'x')).toMatchObject({ context: [1], continuation: codes(' x'), bytes: 2 })
    // With nothing in front the first token is not scored, and its bytes are not counted.
    const bare = new PairEncoder({
      ...prefixOf(false),
      prefix: { choice: 'none', document: null, prompt: null },
    })
    expect(shown(bare, '', 'abc')).toMatchObject({ context: [900], continuation: codes('c'), bytes: 1 })
  })
})

describe('the tasks of an audit', () => {
  const limits = (overrides: PlanOverrides) => planAudit(undefined, overrides).benchmarks?.map((b) => b.limit)

  it('follow --limit and --full', () => {
    expect(limits({})).toEqual([60, 60, 60, 60, 60])
    expect(limits({ limit: 2 })).toEqual([2, 2, 2, 2, 2])
    expect(limits({ full: true })).toEqual(new Array(5).fill(undefined))
  })

  it('are drawn by the seed where not all are asked, the same ones each time', async () => {
    const drawn = async (seed: number) => {
      const [plan] = await planBenchmarks(
        { benchmarks: [{ task: 'agreement', limit: 5 }] },
        createRandom(seed),
      )
      return plan.draws[0].instances.map((i) => i.document.id)
    }
    expect(await drawn(1)).toEqual(await drawn(1))
    expect(await drawn(1)).not.toEqual(await drawn(2))
    expect(await drawn(1)).toHaveLength(5)
  })

  it('are looked for before any work', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'assay-tasks-')), 'assay.yaml')
    writeFileSync(path, 'tasks: [agreement, agrement, mine.yaml]\n')
    expect(() => planAudit(path)).toThrow(/no task "agrement" ships.*agreement.*there is no "mine.yaml"/s)
    rmSync(dirname(path), { recursive: true })
  })
})
