import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { AssayError } from '../../src/core/index.js'
import { openServers, type ServerOptions } from '../../src/engines/openai-compatible/open.js'
import { hashedBackend } from './backend.js'
import { type ConformanceOptions, type ConformanceServer, startConformanceServer } from './conformance.js'
import type { Told } from './dialects.js'
import { LADDER_FOLDER } from './ladder.js'

const VOCABULARY = 4096
const tokenizer = LADDER_FOLDER
const running: ConformanceServer[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})

const serve = async (options: Partial<ConformanceOptions> = {}): Promise<string> => {
  const server = await startConformanceServer({
    dialect: 'vllm',
    backend: hashedBackend(VOCABULARY),
    ...options,
  })
  running.push(server)
  return server.url
}

const connect = (url: string, options: ServerOptions = {}) =>
  openServers(url, { tokenizer, patience: { pause: 1, timeout: 2000, outage: 50 }, ...options })

async function errorOf(work: Promise<unknown>): Promise<AssayError> {
  const error: unknown = await work.then(
    () => new Error('it opened'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof AssayError)) throw error
  return error
}

/** A lie about what is scored alone, told every time. */
const always = (lie: (told: Told) => void) => (told: Told) => {
  if (told.values.length > 2) lie(told)
}

/** Tokens at the start that two prompts share. */
const shared = (a: readonly number[], b: readonly number[]) => {
  const differs = a.findIndex((token, i) => token !== b[i])
  return differs < 0 ? a.length : differs
}

const LIES: readonly (readonly [string, string, Partial<ConformanceOptions>])[] = [
  [
    'echo is ignored: only what was written comes back',
    'engines/server-silent-echo',
    { dialect: 'echo', lie: always((told) => Object.assign(told, { ids: [], values: [] })) },
  ],
  [
    'echo is ignored: every value is 0',
    'engines/server-silent-echo',
    { dialect: 'echo', lie: always((told) => told.values.fill(0, 1)) },
  ],
  [
    'every prompt gets the values of the first one',
    'engines/server-stale',
    {
      lie: (told, earlier) => {
        const first = earlier.find(({ values }) => values.length === told.values.length && values.length > 2)
        if (first !== undefined) told.values = first.values
      },
    },
  ],
  ['all tokens score alike', 'engines/server-stale', { lie: always((told) => told.values.fill(-2, 1)) }],
  [
    'values behind a cached beginning are another prompt’s',
    'engines/server-unstable',
    {
      lie: (told, earlier) => {
        const held = Math.max(
          0,
          ...earlier.map(({ ids }) => (ids.length === told.ids.length ? 0 : shared(ids, told.ids))),
        )
        if (held > 16) told.values.fill(-0.5, 1, held)
      },
    },
  ],
  [
    'candidates for the next token score otherwise than in a prompt (SGLang)',
    'engines/server-unstable',
    {
      dialect: 'sglang',
      lie: (told) => Object.assign(told, { nexts: told.nexts.map(([id, value]) => [id, value - 1]) }),
    },
  ],
  [
    'numbers depend on what was asked before',
    'engines/server-unstable',
    {
      lie: (told, earlier) => {
        const shift = earlier.length % 2
        told.values = told.values.map((value) => (value === null ? null : value - shift))
      },
    },
  ],
  ['−9999 for no probability', 'engines/server-floor', { fault: () => 'floor' }],
  [
    'ranks without log-probabilities',
    'engines/server-ranks-only',
    {
      lie: (told) =>
        Object.assign(told, { values: told.values.map((value) => (value === null ? null : undefined)) }),
    },
  ],
  ['the beginning is cut off', 'engines/server-truncates', { rewrite: (tokens) => tokens.slice(-20) }],
  [
    'the beginning is cut off (SGLang)',
    'engines/server-truncates',
    { dialect: 'sglang', rewrite: (tokens) => tokens.slice(-20) },
  ],
  [
    'the beginning of long prompts is cut off, and its place filled',
    'engines/server-truncates',
    { lie: (told) => void (told.values.length > 500 && told.values.fill(-3, 1, told.values.length - 500)) },
  ],
  ['BOS is put in front of ids', 'engines/server-adds-tokens', { rewrite: (tokens) => [1, ...tokens] }],
  ['BOS is put in front twice', 'engines/server-adds-tokens', { rewrite: (tokens) => [0, 0, ...tokens] }],
  [
    'BOS is put in front (SGLang)',
    'engines/server-adds-tokens',
    { dialect: 'sglang', rewrite: (tokens) => [1, ...tokens] },
  ],
  [
    'BOS is put in front (echo)',
    'engines/server-adds-tokens',
    { dialect: 'echo', rewrite: (tokens) => [1, ...tokens] },
  ],
  [
    'values stand one token too early, as llama-cpp-python’s without a BOS',
    'engines/server-misplaced',
    { lie: always((told) => (told.values = [null, ...told.values.slice(2), -1])) },
  ],
  [
    'values of a cooler distribution',
    'engines/server-misplaced',
    {
      lie: always((told) => (told.values = told.values.map((value) => (value === null ? null : value * 2)))),
    },
  ],
  [
    'more tokens than the first have null',
    'engines/server-missing-values',
    { lie: always((told) => (told.values[5] = Number.NaN)) },
  ],
  ['a value is missing at the end', 'engines/server-other-prompt', { fault: () => 'short' }],
  [
    'a value is missing while all tokens are there',
    'engines/server-value-count',
    { dialect: 'echo', lie: always((told) => void told.values.splice(3, 2)) },
  ],
  ['answers to another order of tokens', 'engines/server-other-prompt', { fault: () => 'reordered' }],
  ['the answers of neighbours', 'engines/server-other-prompt', { fault: () => 'stale' }],
  [
    'logits instead of log-probabilities',
    'engines/server-impossible',
    { lie: always((told) => (told.values[3] = 11.5)) },
  ],
  [
    'a vocabulary smaller than the tokenizer’s',
    'engines/server-vocabulary',
    { backend: hashedBackend(VOCABULARY - 1) },
  ],
  [
    'another tokenizer',
    'engines/server-vocabulary',
    { backend: { ...hashedBackend(VOCABULARY), tokenize: (text) => [text.length] } },
  ],
  [
    'a server that takes text alone, as llama-cpp-python’s',
    'engines/server-no-values',
    {
      dialect: 'echo',
      rewrite: () => {
        throw new TypeError('Input should be a valid string')
      },
    },
  ],
  ['llama.cpp’s own server', 'engines/scores-nothing', { ownedBy: 'llamacpp' }],
]

describe('the self-check at connect', () => {
  it.each(['vllm', 'sglang', 'echo'] as const)(
    'believes an honest server that speaks %s',
    async (dialect) => {
      const model = await connect(await serve({ dialect }))
      expect(model.drift).toBe(1e-3)
      await model.close()
    },
  )

  it.each(LIES)('catches: %s (%s)', async (_, code, options) => {
    const error = await errorOf(connect(await serve(options)))
    expect(error.code, error.message).toBe(code)
    expect(error.kind).toBe('engine')
  })

  it('allows what bfloat16 moves, and says so to the checks that follow', async () => {
    // Half a step of a logit between 16 and 32.
    const drift = (told: Told, earlier: readonly Told[]) => {
      const shift = (earlier.length % 2) / 16
      told.values = told.values.map((value) => (value === null ? null : value - shift))
    }
    const model = await connect(await serve({ lie: drift }))
    expect(model.drift).toBe(0.25)
    await model.close()
  })
})

describe('servers that cannot be used', () => {
  it('one that is not there is named with its address and the cause, with a tokenizer and without', async () => {
    const gone = await startConformanceServer({ dialect: 'vllm', backend: hashedBackend(VOCABULARY) })
    await gone.close()
    for (const options of [{}, { tokenizer: undefined }]) {
      const error = await errorOf(connect(gone.url, options as ServerOptions))
      expect(error.code).toBe('engines/server-unreachable')
      expect(error.place?.path).toBe(gone.url.replace('/v1', ''))
      expect(error.message).toContain('ECONNREFUSED')
    }
  })

  it.each([
    ['a web page', '<!doctype html><title>Chat</title>', 'not-a-model-server', /web page \(HTML\)/],
    ['nothing', '', 'not-a-model-server', /nothing \(an empty body\)/],
    ['never', undefined, 'server-unreachable', /no answer to \/v1\/models within/],
  ])('one that answers %s is called that, before long', async (_, body, code, said) => {
    const server = createServer((_request, response) => {
      if (body !== undefined) response.end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const notes: string[] = []
    const { port } = server.address() as AddressInfo
    const error = await errorOf(
      connect(`http://127.0.0.1:${port}/v1`, {
        patience: { timeout: 500 },
        note: (text) => notes.push(text),
      }),
    )
    server.closeAllConnections()
    server.close()
    expect(error.code).toBe(`engines/${code}`)
    expect(error.message).toMatch(said)
    expect(error.fix).not.toContain('--resume')
    if (body === undefined) expect(notes).toHaveLength(2)
  })

  it('one whose tokenizer is neither given nor told asks for it', async () => {
    for (const root of [undefined, '/srv/models/nowhere'])
      for (const options of [{}, { tokenizer: 'server' }]) {
        const url = await serve(root === undefined ? {} : { root })
        expect((await errorOf(openServers(url, options))).code).toBe('engines/needs-tokenizer')
      }
  })

  it('one that says where its tokenizer is from needs none, and a note says which is used', async () => {
    const notes: string[] = []
    const model = await openServers(await serve({ root: LADDER_FOLDER }), {
      note: (text) => notes.push(text),
    })
    expect(notes).toEqual([expect.stringContaining(LADDER_FOLDER)])
    expect(model.tokenizer.vocabularySize).toBe(VOCABULARY)
    await model.close()
  })

  it('one that serves something else names what it serves', async () => {
    const error = await errorOf(connect(`${await serve()}#other`))
    expect(error).toMatchObject({
      code: 'engines/no-such-served-model',
      message: expect.stringContaining('hashed'),
    })
  })

  it('two of different models are not mixed', async () => {
    const urls = [await serve(), await serve({ backend: { ...hashedBackend(VOCABULARY), name: 'b' } })]
    expect((await errorOf(connect(urls.join(',')))).code).toBe('engines/other-server')
  })

  it('two of one name that each repeat themselves, and not each other, are not mixed', async () => {
    // The next checkpoint under the same name, a fifth of a nat a token apart: less than bfloat16 may move.
    const lie = always((told) => {
      told.values = told.values.map((value) => (value === null ? null : value - 0.2))
    })
    const error = await errorOf(connect([await serve(), await serve({ lie })].join(',')))
    expect(error).toMatchObject({
      code: 'engines/server-unstable',
      message: expect.stringContaining('0.200'),
    })
  })

  it('one with a key is asked with that of the environment, which nothing shows', async () => {
    const url = await serve({ key: 'very-secret' })
    process.env.ASSAY_API_KEY = 'very-secret-not'
    try {
      const error = await errorOf(connect(url))
      expect(error.code).toBe('engines/server-denied')
      expect(JSON.stringify([error, error.message, error.place])).not.toContain('very-secret')
      process.env.ASSAY_API_KEY = 'very-secret'
      const model = await connect(url)
      expect(JSON.stringify([model.evidence, model.settings])).not.toContain('very-secret')
      await model.close()
    } finally {
      delete process.env.ASSAY_API_KEY
    }
  })

  it('a key is never sent in clear to another machine', async () => {
    process.env.ASSAY_API_KEY = 'very-secret'
    try {
      expect((await errorOf(connect('http://models.invalid:8000/v1'))).code).toBe('engines/token-in-clear')
    } finally {
      delete process.env.ASSAY_API_KEY
    }
  })

  it('none is asked with --offline', async () => {
    expect((await errorOf(connect(await serve(), { offline: true }))).code).toBe('engines/offline')
  })
})
