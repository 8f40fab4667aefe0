import { setMaxListeners } from 'node:events'
import { AssayError, type EngineSettings, type ModelEvidence, type OpenedModel } from '../../core/index.js'
import type { OpenOptions } from '../engine.js'
import { raise as raiseEngines } from '../errors.js'
import { DEFAULT_CONTEXT } from '../llama-cpp/defaults.js'
import { choosePrefix } from '../prefix-tokens.js'
import type { ResolveOptions } from '../resolve/options.js'
import { authorizationFor, parseServerAddress } from './address.js'
import type { Asked, Dialect } from './dialects/dialect.js'
import { DEFAULT_PATIENCE, Endpoint, type Patience } from './endpoint.js'
import { raise } from './errors.js'
import { type Identity, identify } from './identify.js'
import { Pool } from './pool.js'
import { checkServers, TRIES } from './self-check.js'
import { ServerScorer } from './server-scorer.js'
import { openTokenizerFor } from './server-tokenizer.js'

/** How servers are asked; every field may be left out. */
export interface ServerOptions extends OpenOptions, ResolveOptions {
  readonly patience?: Partial<Patience>
}

/**
 * Connect to the servers of an address, find out how they are asked, and check that their numbers can be believed.
 *
 * @throws {AssayError} `engines/offline`, what identifying, the tokenizer and the self-check throw
 */
export async function openServers(url: string, options: ServerOptions): Promise<OpenedModel> {
  const { roots, model: wanted } = parseServerAddress(url)
  if (options.offline === true)
    throw raiseEngines('offline', 'a server is asked over the network', { path: roots[0]! })
  const patience = { ...DEFAULT_PATIENCE, ...options.patience }
  const stop = new AbortController()
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal])
  // Every question that waits listens to it.
  setMaxListeners(0, signal)
  const headers = authorizationFor(roots, process.env)
  const endpoints = roots.map((root) => new Endpoint(root, headers, patience, signal))
  const identities: Identity[] = []
  for (const endpoint of endpoints)
    identities.push(await identify(endpoint, wanted, options.note?.bind(options)))
  const [identity] = identities as [Identity, ...Identity[]]
  const other = identities.findIndex(({ model, kind }) => model !== identity.model || kind !== identity.kind)
  if (other > 0)
    throw raise(
      'other-server',
      `${roots[0]} serves ${identity.model} (${identity.kind}), it ${identities[other]!.model}`,
      { path: roots[other]! },
    )

  const { tokenizer, special, name, sha256, chatTemplate } = await openTokenizerFor(
    options.tokenizer,
    identity.tokenizer,
    options,
  )
  const prefix = choosePrefix({ ...special, vocabularySize: tokenizer.vocabularySize }, options.prefixToken)
  const pool = new Pool(endpoints, patience, signal, options.note?.bind(options))
  const asked: Asked = { model: identity.model, spell: (token) => spell(tokenizer.tokenBytes(token)) }
  // One token is always written, and the last of a sequence is evaluated with the others.
  const most = identity.maxLength === undefined ? undefined : identity.maxLength - 2
  const contextLength = Math.min(options.contextLength ?? DEFAULT_CONTEXT, most ?? Number.POSITIVE_INFINITY)
  const dialect = await firstThatAnswers(identity.dialects, (candidate) =>
    pool.ask({ ...candidate.score(asked, Int32Array.of(0, 1, 2), 1), tries: TRIES }),
  )
  const drift = await checkServers({ pool, dialect, asked, tokenizer, prefix, longest: contextLength + 1 })
  const evidence: ModelEvidence = {
    kind: 'server',
    name: identity.model,
    ...(identity.maxLength !== undefined && { contextLength: identity.maxLength }),
    vocabularySize: tokenizer.vocabularySize,
    tokenizer: `${name}, ${sha256.slice(0, 12)}`,
    chatTemplate,
  }
  const settings: EngineSettings = {
    engine: `openai-compatible/${identity.kind}`,
    version: identity.version ?? 'of unknown version',
  }
  const scorer = new ServerScorer(
    pool,
    {
      dialect,
      asked,
      contextLength,
      vocabularySize: tokenizer.vocabularySize,
      lanes: patience.inFlight * endpoints.length,
    },
    signal,
  )
  return {
    scorer,
    tokenizer,
    evidence,
    settings,
    prefix,
    drift,
    close: async () => stop.abort(),
  }
}

/** The first dialect that a server gives numbers in; where none does, what was wrong with the last. */
async function firstThatAnswers(
  dialects: readonly Dialect[],
  ask: (dialect: Dialect) => Promise<unknown>,
): Promise<Dialect> {
  for (const [i, dialect] of dialects.entries())
    try {
      await ask(dialect)
      return dialect
    } catch (error) {
      const mayTryNext = error instanceof AssayError && /no-values|server-refused/.test(error.code)
      if (!mayTryNext) throw error
      if (i < dialects.length - 1) continue
      throw error.code === 'engines/server-refused'
        ? raise(
            'server-no-values',
            `it takes no token ids as a prompt (${error.message})`,
            error.place,
            error,
          )
        : error
    }
  throw new RangeError('a server without a dialect')
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function spell(bytes: Uint8Array): string | undefined {
  try {
    return bytes.length === 0 ? undefined : utf8.decode(bytes)
  } catch {
    return undefined
  }
}
