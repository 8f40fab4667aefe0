import {
  countWords,
  type OpenedModel,
  rollingWindows,
  type ScoredDocument,
  type ScoreRequest,
  type SurprisalEvidence,
  type TextTokenizer,
} from '../../core/index.js'
import { raise } from '../errors.js'
import { sha256 } from '../store/files.js'
import { Journal, type JournalHead, requireSameSettings, type Settings } from '../store/journal.js'
import type { DomainSource } from '../texts/domains.js'
import type { Passage, Sample } from '../texts/sample.js'
import { hashOf, modelSettings } from './identity.js'
import type { GatherIo } from './io.js'
import { inLanes } from './lanes.js'

/** Longest window by default: lm-evaluation-harness' own default length, and enough for every passage. */
export const DEFAULT_WINDOW = 2048

/** Numbers are exact in JSON: JavaScript prints the shortest decimal that reads back to the same double. */
interface JournalItem {
  readonly tokens: number[]
  readonly byteLengths: number[]
  readonly logLikelihoods: number[]
  /** Bytes of a first token that nothing conditions, 0 when there is a prefix token. */
  readonly unscoredBytes: number
}

/** Window that a model can take: its context, or {@link DEFAULT_WINDOW} if that is shorter. */
export function windowOf({ scorer }: OpenedModel, wanted: number = DEFAULT_WINDOW): number {
  return Math.min(wanted, scorer.contextLength ?? wanted)
}

/**
 * Bytes of each token, adjusted so that they add up to the text: a tokenizer that puts a space before the first
 * word does not get that byte for free.
 */
export function tokenByteLengths(tokenizer: TextTokenizer, tokens: Int32Array, text: string): Int32Array {
  const lengths = Int32Array.from(tokens, (token) => tokenizer.tokenBytes(token).length)
  const surplus = lengths.reduce((sum, n) => sum + n, 0) - Buffer.byteLength(text, 'utf8')
  if (surplus === 1 && lengths.length > 0 && tokenizer.tokenBytes(tokens[0])[0] === 0x20) lengths[0]--
  return lengths
}

/** A text's tokens with the log-probability of each, or why it has none. */
export async function scoreDocument(
  { scorer, tokenizer, prefix: { document: prefix } }: OpenedModel,
  text: string,
  window: number,
): Promise<JournalItem | string> {
  const tokens = tokenizer.tokenize(text)
  // Without a prefix token nothing conditions the first token, so it is neither scored nor are its bytes counted.
  const first = prefix === null ? 1 : 0
  if (tokens.length <= first) return 'the text is too short to score: it gives no token after the first'
  const ids = new Int32Array(tokens.length + 1 - first)
  if (prefix !== null) ids[0] = prefix.id
  ids.set(tokens, 1 - first)
  const requests = rollingWindows(ids.length - 1, window).map(
    ({ start, from, end }): ScoreRequest => ({
      tokens: ids.subarray(start + 1, end + 1),
      from: from - start,
    }),
  )
  const scores = await scorer.score(requests)
  const byteLengths = Array.from(tokenByteLengths(tokenizer, tokens, text))
  return {
    tokens: Array.from(tokens.subarray(first)),
    byteLengths: byteLengths.slice(first),
    unscoredBytes: first === 0 ? 0 : byteLengths[0],
    logLikelihoods: scores.flatMap((part) => Array.from(part)),
  }
}

/** What of the texts decides the numbers: which passages, whatever drew them. */
function textSettings(passages: readonly Passage[]): Settings {
  return { texts: `${passages.length} passages (${hashOf(passages.map(keyOf))})` }
}

function headOf(
  model: OpenedModel,
  passages: readonly Passage[],
  wantedWindow: number | undefined,
  asked: Settings = {},
): JournalHead {
  return {
    settings: {
      ...modelSettings(model, model.prefix.document),
      window: windowOf(model, wantedWindow),
      ...textSettings(passages),
    },
    asked,
  }
}

/**
 * Ask whether scoring can be resumed, before the work: of the texts alone where the model is not open yet.
 *
 * @throws {AssayError} audit/other-plan
 */
export function requireSameScoring(
  io: Pick<GatherIo, 'resume' | 'journalPath' | 'asked'>,
  passages: readonly Passage[],
  opened?: { readonly model: OpenedModel; readonly window: number | undefined },
): void {
  if (!io.resume) return
  const asked = io.asked ?? {}
  const head =
    opened === undefined
      ? { settings: textSettings(passages), asked }
      : headOf(opened.model, passages, opened.window, asked)
  requireSameSettings(io.journalPath('surprisal'), head)
}

/** Score every passage, each by itself, so that its numbers depend on nothing but its text. */
export async function gatherSurprisal(
  model: OpenedModel,
  sample: Sample,
  domains: readonly DomainSource[],
  wantedWindow: number | undefined,
  io: GatherIo,
): Promise<SurprisalEvidence> {
  const window = windowOf(model, wantedWindow)
  const { settings, prefix } = model
  const { passages } = sample
  const head = headOf(model, passages, wantedWindow, io.asked)
  const journal = Journal.open<JournalItem | string>(io.journalPath('surprisal'), head, io.resume)
  const progress = io.progress('scoring')
  const total = passages.reduce((n, p) => n + p.text.length, 0)
  let done = 0
  try {
    await inLanes(passages, model.scorer.lanes, async (passage) => {
      if (io.signal.aborted) throw raise('interrupted', 'stopped while scoring held-out text')
      const key = keyOf(passage)
      if (!journal.done.has(key)) journal.record(key, await scoreDocument(model, passage.text, window))
      done += passage.text.length
      progress.update(done, total, passage.domain)
    })
  } finally {
    progress.end()
    journal.close()
  }
  const skipped = [...sample.skipped]
  const documents: ScoredDocument[] = []
  for (const passage of passages) {
    const item = journal.done.get(keyOf(passage))
    if (item === undefined || typeof item === 'string')
      skipped.push({ domain: passage.domain, document: passage.document, reason: item ?? 'not scored' })
    else documents.push(toDocument(passage, item))
  }
  return {
    protocol: {
      window,
      stride: window,
      prefixToken: prefix.document?.text ?? 'none',
      prefixChoice: prefix.choice,
      joinDocuments: false,
      flashAttention: settings.flashAttention ?? null,
      cacheType: settings.cacheType ?? null,
      engine: `${settings.engine} ${settings.version}`,
    },
    documents,
    skipped,
    domains: domains.map((d, i) => ({
      domain: d.domain,
      source: [d.source, ...madeOf(d.domain, sample)].join('; '),
      licence: d.licence,
      offered: sample.offered[i],
    })),
  }
}

/** Kinds of files other than plain text that a domain was read from. */
function madeOf(domain: string, { read }: Sample): string[] {
  return [...new Set(read.filter((r) => r.domain === domain).map((r) => `read as ${r.what}`))]
}

function keyOf({ domain, document, text }: Passage): string {
  return sha256(JSON.stringify([domain, document, text])).slice(0, 24)
}

/** What a journal kept of a passage, as evidence. */
export function toDocument(passage: Passage, item: JournalItem): ScoredDocument {
  const byteLengths = Int32Array.from(item.byteLengths)
  const whole = Buffer.byteLength(passage.text, 'utf8')
  return {
    domain: passage.domain,
    document: passage.document,
    bytes: whole - item.unscoredBytes,
    words: countWords(passage.text),
    tokens: Int32Array.from(item.tokens),
    byteLengths,
    logLikelihoods: Float64Array.from(item.logLikelihoods),
  }
}
