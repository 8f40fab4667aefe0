import { afterEach, describe, expect, it } from 'vitest'
import { AssayError, createRandom, type ScoreRequest } from '../../src/core/index.js'
import { openServers, type ServerOptions } from '../../src/engines/openai-compatible/open.js'
import { hashedBackend, hashedValues } from './backend.js'
import {
  type ConformanceOptions,
  type ConformanceServer,
  type Fault,
  startConformanceServer,
} from './conformance.js'
import { LADDER_FOLDER } from './ladder.js'
import { PrefixCache } from './prefix-cache.js'

/** The bar is 100,000 (ASSAY_VOLUME=100000, a minute or two of processor time); a share of it runs with every change. */
const VOLUME = Number(process.env.ASSAY_VOLUME ?? 1000)
const VOCABULARY = 4096
const tokenizer = LADDER_FOLDER
const running: ConformanceServer[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})

async function serve(options: Partial<ConformanceOptions> = {}): Promise<ConformanceServer> {
  const server = await startConformanceServer({
    dialect: 'vllm',
    backend: hashedBackend(VOCABULARY),
    ...options,
  })
  running.push(server)
  return server
}

const connect = (url: string, options: ServerOptions = {}) => openServers(url, { tokenizer, ...options })

const FAULTS: readonly Fault[] = [
  'drop',
  'reset',
  'stall',
  'truncated',
  'short',
  'reordered',
  'stale',
  'floor',
  '429',
  '500',
  '503',
]

/** One request in ten meets a fault, all kinds alike. */
function oneInTen(seed: number): (n: number) => Fault | undefined {
  const random = createRandom(seed)
  const drawn = new Map<number, Fault | undefined>()
  return (n) => {
    if (!drawn.has(n))
      drawn.set(n, random.uniform() < 0.1 ? FAULTS[random.integer(FAULTS.length)] : undefined)
    return drawn.get(n)
  }
}

/** Requests of 8 to 40 tokens, all different. */
function requests(count: number, seed: number): ScoreRequest[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => {
    const tokens = Int32Array.from({ length: 8 + random.integer(33) }, () => random.integer(VOCABULARY))
    return { tokens, from: 1 + random.integer(tokens.length - 1) }
  })
}

const expected = ({ tokens, from }: ScoreRequest) => hashedValues(tokens).slice(from - 1)

describe('a server that fails now and then', () => {
  it.each(['vllm', 'sglang', 'echo'] as const)(
    `loses, doubles and falsifies nothing of ${VOLUME} requests with a tenth of them faulty (%s)`,
    { timeout: 1_800_000 },
    async (dialect) => {
      const server = await serve({ dialect, fault: oneInTen(7), delay: 2 })
      const model = await connect(server.url, { patience: { timeout: 1000, pause: 5 } })
      const all = requests(VOLUME, 1)
      const batch = 100
      let answered = 0
      let wrong = 0
      const lane = async (first: number) => {
        for (let at = first; at < all.length; at += 8 * batch) {
          const some = all.slice(at, at + batch)
          const scores = await model.scorer.score(some)
          answered += scores.length
          some.forEach((request, i) => {
            const right = expected(request)
            if (right.length !== scores[i]!.length || right.some((value, k) => value !== scores[i]![k]))
              wrong++
          })
        }
      }
      await Promise.all(Array.from({ length: 8 }, (_, i) => lane(i * batch)))
      await model.close()
      const { requests: asked, faults, mostConnections, mostInFlight, inFlightSum } = server.seen
      const told = `${asked} requests, ${faults} faults, ${mostConnections} connections at most, ${(inFlightSum / asked).toFixed(1)} in the server at once`
      expect({ answered, wrong }, told).toEqual({ answered: VOLUME, wrong: 0 })
      expect(faults / asked, told).toBeGreaterThan(0.08)
      expect(mostConnections, told).toBeGreaterThan(16)
      // Connections that broke are counted until their end is seen.
      expect(mostInFlight, told).toBeLessThanOrEqual(64)
      if (process.env.ASSAY_VOLUME !== undefined) console.info(told)
    },
  )

  it('gets fewer requests at once when it turns them away, and all are answered', async () => {
    const server = await serve({ most: 6, delay: 3 })
    const model = await connect(server.url, { patience: { pause: 5 } })
    const all = requests(600, 2)
    const scores = await model.scorer.score(all)
    await model.close()
    expect(scores.map((values) => Array.from(values))).toEqual(
      all.map((request) => Array.from(expected(request))),
    )
    // Without back-pressure 64 would be under way all the time.
    expect(server.seen.inFlightSum / server.seen.requests).toBeLessThan(12)
  })

  // By the clock: on a busy machine what was under way arrives amid the pause.
  it('is left alone as long as it asks to be', { retry: 3 }, async () => {
    const times: number[] = []
    const server = await serve({
      fault: (n) => {
        times.push(performance.now())
        return n >= 20 && n < 24 ? '429' : undefined
      },
    })
    const model = await connect(server.url, { patience: { pause: 1 } })
    await model.scorer.score(requests(60, 3))
    await model.close()
    const gaps = times.slice(1).map((time, i) => time - times[i]!)
    // `Retry-After: 0.02`
    expect(Math.max(...gaps)).toBeGreaterThan(19)
  })

  it('that dies for good ends the work with its address and cause, after some patience', async () => {
    const server = await serve({ fault: (n) => (n > 30 ? 'drop' : undefined) })
    const notes: string[] = []
    const model = await connect(server.url, {
      patience: { pause: 1, outage: 200 },
      note: (text) => notes.push(text),
    })
    const error: unknown = await model.scorer.score(requests(50, 4)).catch((reason: unknown) => reason)
    await model.close()
    expect(error).toBeInstanceOf(AssayError)
    expect(error).toMatchObject({ code: 'engines/server-unreachable', kind: 'engine' })
    expect((error as AssayError).place?.path).toBe(server.url.replace('/v1', ''))
    expect(notes[0]).toContain(server.url.replace('/v1', ''))
  })

  it('stops at once when it is closed, or on a signal', async () => {
    const server = await serve({ fault: (n) => (n > 30 ? 'stall' : undefined) })
    const stop = new AbortController()
    const model = await connect(server.url, { signal: stop.signal })
    const work = model.scorer.score(requests(80, 5)).catch((reason: unknown) => reason)
    setTimeout(() => stop.abort(), 100)
    expect(await work).toMatchObject({ code: 'engines/closed', kind: 'interrupted' })
    await model.close()
  })
})

describe('several servers', () => {
  it('share the work, and one that dies leaves it to the other', async () => {
    const [a, b] = [
      await serve({ delay: 2 }),
      await serve({ delay: 2, fault: (n) => (n > 60 ? 'drop' : undefined) }),
    ]
    const model = await connect(`${a.url},${b.url}`, { patience: { pause: 5 } })
    const all = requests(400, 6)
    const scores = await model.scorer.score(all)
    await model.close()
    expect(scores.map((values) => Array.from(values))).toEqual(
      all.map((request) => Array.from(expected(request))),
    )
    expect(a.seen.requests).toBeGreaterThan(150)
    expect(b.seen.requests).toBeGreaterThan(60)
  })
})

describe('a server that caches prefixes', () => {
  /** Questions of `subjects` behind shared shots, each with candidates that go on differently. */
  function questions(seed: number): ScoreRequest[] {
    const random = createRandom(seed)
    const draw = (length: number) => Array.from({ length }, () => random.integer(VOCABULARY))
    const shots = draw(120)
    return Array.from({ length: 30 }, () => [...shots, ...draw(12)]).flatMap((question) =>
      Array.from({ length: 12 }, () => {
        const tokens = Int32Array.from([...question, ...draw(1 + random.integer(4))])
        return { tokens, from: question.length }
      }),
    )
  }

  it('evaluates what requests share once: tokens ≤ 1.05 × those of the trie', async () => {
    const cache = new PrefixCache()
    const server = await serve({ dialect: 'sglang', delay: 1, cache })
    const model = await connect(server.url)
    const before = cache.evaluated
    const all = questions(1)
    const usage = { evaluated: 0, naive: 0 }
    await model.scorer.score(all, usage)
    await model.close()
    const unique = new Set(
      all.flatMap(({ tokens }) => Array.from(tokens, (_, i) => tokens.slice(0, i + 1).join())),
    ).size
    const evaluated = cache.evaluated - before
    expect(evaluated / unique).toBeLessThanOrEqual(1.05)
    expect(server.seen.mostInFlight).toBeGreaterThan(8)
    if (process.env.ASSAY_VOLUME !== undefined)
      console.info(`${evaluated} tokens for ${unique} of the trie, ${usage.naive} one by one`)
  })
})
