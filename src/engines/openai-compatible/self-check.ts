import { AssayError, type PrefixTokens, type TextTokenizer } from '../../core/index.js'
import type { Asked, Dialect } from './dialects/dialect.js'
import { dig } from './dialects/values.js'
import type { Endpoint } from './endpoint.js'
import { raise } from './errors.js'
import { probe } from './identify.js'
import type { Pool } from './pool.js'

/** Nats by which bfloat16 weights may move in other company: one step of a logit between 16 and 32 is .125. */
export const LARGEST_DRIFT = 0.25
/** A server that repeats itself within this computes in float32; nats. */
const EXACT = 1e-4
const EXACT_DRIFT = 1e-3
/** Answers that make no sense before they are believed to be meant. */
export const TRIES = 3

const PROSE =
  'The river rises in the hills to the north of the town and flows through a wide valley before it reaches the sea. ' +
  'In the spring the water is high, and the people who live near the bank take their boats up to the old mill.'

/** What is checked with, and against. */
export interface Checked {
  readonly pool: Pool
  readonly dialect: Dialect
  readonly asked: Asked
  readonly tokenizer: TextTokenizer
  readonly prefix: PrefixTokens
  /** Longest sequence that will be sent. */
  readonly longest: number
}

/**
 * Ask servers what an honest one answers consistently, before any number is believed.
 *
 * @returns nats by which a score may differ in other company
 * @throws {AssayError} `engines/server-…`, a plain sentence for each known fault
 *
 * Source: docs/methods/engines.md#servers
 */
export async function checkServers(checked: Checked): Promise<number> {
  const gaps: number[] = []
  let first: Float64Array | undefined
  for (const endpoint of checked.pool.endpoints) {
    const { values, gap } = await checkServer(checked, endpoint)
    gaps.push(gap)
    first ??= values
    const apart = largestGap(first, values)
    // Servers that repeat themselves, and not each other, hold other weights: a replica in int8, the next checkpoint.
    if (apart > driftOf(gaps))
      throw raise('server-unstable', `two servers differ by ${apart.toFixed(3)} nats on the same text`, {
        path: endpoint.root,
      })
  }
  return driftOf(gaps)
}

/** Nats by which servers that are this exact may differ from themselves, and so from each other. */
const driftOf = (gaps: readonly number[]): number =>
  Math.max(...gaps) <= EXACT ? EXACT_DRIFT : LARGEST_DRIFT

async function checkServer(
  checked: Checked,
  endpoint: Endpoint,
): Promise<{ values: Float64Array; gap: number }> {
  const path = { path: endpoint.root }
  const { pool } = checked
  const score = async (tokens: Int32Array) => (await pool.ask(questionOf(checked, tokens), endpoint)).value
  const text = proseTokens(checked)
  await checkVocabulary(checked, endpoint)

  const alone = await score(text)
  const reversed = Int32Array.of(text[0]!, ...text.slice(1).reverse())
  const half = text.length >> 1
  const branch = Int32Array.of(...text.subarray(0, half), ...reversed.subarray(1, text.length - half + 1))
  const [again, other, branched, short] = await Promise.all(
    [text, reversed, branch, text.subarray(0, half)].map(score),
  )
  const { value: tail } = await pool.ask(questionOf(checked, text, half), endpoint)
  if (alone.every((value, i) => value === other![i]))
    throw raise('server-stale', 'two prompts of other tokens got the same values', path)
  // Behind several beginnings: a token that is nearly sure is as sure by another distribution.
  for (const share of [1, 2 / 3, 1 / 2, 1 / 3])
    await checkWritten(checked, endpoint, text.subarray(0, Math.ceil(share * text.length)))
  const gaps = {
    'asked again in company': largestGap(alone, again!),
    'behind a beginning that was asked before': largestGap(
      alone.subarray(0, half - 1),
      branched!.subarray(0, half - 1),
    ),
    'as the end of the text': largestGap(alone.subarray(0, half - 1), short!),
    'asked for from the middle on': largestGap(alone.subarray(half - 1), tail),
    'as one of several that may follow': await candidateGap(checked, endpoint, text, alone),
  }
  for (const [how, gap] of Object.entries(gaps))
    if (gap > LARGEST_DRIFT)
      throw raise(
        'server-unstable',
        `the same tokens, ${how}, scored up to ${gap.toFixed(3)} nats apart`,
        path,
      )
  await checkLongest(checked, endpoint, text, alone)
  return { values: alone, gap: Math.max(...Object.values(gaps)) }
}

/** Whether a token scores the same where it is asked for as a candidate behind what comes before it. */
async function candidateGap(
  { pool, dialect, asked }: Checked,
  endpoint: Endpoint,
  text: Int32Array,
  alone: Float64Array,
): Promise<number> {
  if (dialect.scoreNext === undefined) return 0
  const last = text.length - 1
  const candidates = [...new Set([text[last]!, text[1]!, text[2]!])]
  const question = dialect.scoreNext(asked, text.subarray(0, last), candidates)
  const { value } = await pool.ask({ ...question, tries: TRIES }, endpoint)
  return Math.abs(value[0]! - alone[last - 1]!)
}

/** A lie that is repeated is believed to be meant sooner here than in the middle of the work. */
function questionOf({ dialect, asked }: Checked, tokens: Int32Array, from = 1) {
  return { ...dialect.score(asked, tokens, from), tries: TRIES }
}

function proseTokens({ tokenizer, prefix }: Checked): Int32Array {
  const tokens = tokenizer.tokenize(PROSE)
  return prefix.document === null ? tokens : Int32Array.of(prefix.document.id, ...tokens)
}

/** The last id of the tokenizer must be known, and a text cut as the server cuts it, where it says how. */
async function checkVocabulary(checked: Checked, endpoint: Endpoint): Promise<void> {
  const { pool, asked, tokenizer } = checked
  const path = { path: endpoint.root }
  const last = tokenizer.vocabularySize - 1
  try {
    await pool.ask(questionOf(checked, Int32Array.of(0, last)), endpoint)
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== 'engines/server-refused') throw error
    throw raise(
      'server-vocabulary',
      `token ${last} of the tokenizer is none of its own (${error.message})`,
      path,
    )
  }
  const body = { model: asked.model, prompt: PROSE, add_special_tokens: false }
  const theirs = dig(await probe(endpoint, '/tokenize', body), 'tokens')
  const own = Array.from(tokenizer.tokenize(PROSE))
  if (Array.isArray(theirs) && theirs.join() !== own.join())
    throw raise(
      'server-vocabulary',
      `the same text is ${theirs.length} tokens there (${theirs.slice(0, 5)}, …) and ${own.length} here (${own.slice(0, 5)}, …)`,
      path,
    )
}

/** What a server writes, sent back to it, must score what it said when it wrote it. */
async function checkWritten(checked: Checked, endpoint: Endpoint, text: Int32Array): Promise<void> {
  const { pool, dialect, asked } = checked
  const request = { tokens: text, maxTokens: 1, temperature: 0, seed: 0 }
  const { value } = await pool.ask(dialect.write(asked, request), endpoint)
  const token = value.tokens[0]
  const said = value.logProbabilities[0]
  if (token === undefined || said === undefined || !Number.isFinite(said)) return
  const tokens = Int32Array.of(...text, token)
  const [scored] = (await pool.ask(questionOf(checked, tokens, text.length), endpoint)).value
  if (Math.abs(scored! - said) > LARGEST_DRIFT)
    throw raise(
      'server-misplaced',
      `it wrote token ${token} with ${said.toFixed(3)} nats, and scored it ${scored!.toFixed(3)} when it was sent back`,
      { path: endpoint.root },
    )
}

/** The beginning of the longest text that will be sent must score as it does alone. */
async function checkLongest(
  checked: Checked,
  endpoint: Endpoint,
  text: Int32Array,
  alone: Float64Array,
): Promise<void> {
  const { pool, longest } = checked
  if (longest <= text.length) return
  const tokens = Int32Array.from(
    { length: longest },
    (_, i) => text[i] ?? text[1 + ((i - 1) % (text.length - 1))]!,
  )
  const { value } = await pool.ask(questionOf(checked, tokens), endpoint)
  const gap = largestGap(alone, value.subarray(0, alone.length))
  if (gap > LARGEST_DRIFT)
    throw raise(
      'server-truncates',
      `the beginning of a text of ${longest} tokens scored up to ${gap.toFixed(3)} nats otherwise than alone`,
      { path: endpoint.root },
    )
}

function largestGap(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.POSITIVE_INFINITY))), 0)
}
