import {
  type EngineCheckEvidence,
  type OpenedModel,
  type Random,
  shuffled,
  type TextTokenizer,
} from '../../core/index.js'
import { raise } from '../errors.js'
import { behind } from './prefix.js'

type Check = EngineCheckEvidence['checks'][number]

/** Largest difference in nats that batching or caching may cause, where an engine promises no other. */
const TOLERANCE = 1e-3
/** A probability may exceed 1 by the rounding of its normaliser; nats. */
const ROUNDING = 1e-3
/** Nats a token within which a model is no better than even guessing, as shares of ln(vocabulary). */
const UNTRAINED = { least: 0.95, most: 1.2 } as const
/** Nats a token that order is worth to any model that has learnt something. */
const WORTH_OF_ORDER = 0.1
/** Tokens in which the right order is told from another by more than chance. */
const LEAST_ORDERED = 32
/** Checks that a model fails by itself when it tells no text from another. */
const OF_THE_MODEL = ['choices-differ', 'order-matters']

/** Plain prose whose likelihood no language model confuses with its shuffled self. */
const PROSE =
  'The river rises in the hills to the north of the town and flows through a wide valley before it reaches the sea. ' +
  'In the spring the water is high, and the people who live near the bank take their boats up to the old mill. ' +
  'When the summer comes, the river is low and the children walk across it on the stones.'

const CHOICES = [' blue', ' seven', ' quickly', ' the'] as const

/** Scripts and signs that tokenizers stumble over. */
const ROUND_TRIPS = [
  PROSE,
  'naïve café — “quoted”',
  'Ελληνικά и русский 漢字 हिन्दी 😀',
  'a\tb\n\n  c',
  'x = {"k": [1, 2.5e-3]}',
]

const total = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0)

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value - b[i])),
    a.length === b.length ? 0 : Number.POSITIVE_INFINITY,
  )
}

/** Text that the tokens stand for, without the space that some tokenizers put in front. */
function detokenize(tokenizer: TextTokenizer, tokens: Int32Array, original: string): string {
  const bytes = Buffer.concat(Array.from(tokens, (token) => tokenizer.tokenBytes(token)))
  const text = bytes.toString('utf8')
  return text.startsWith(' ') && !original.startsWith(' ') ? text.slice(1) : text
}

function roundTrip(tokenizer: TextTokenizer): Check {
  const broken = ROUND_TRIPS.filter((text) => detokenize(tokenizer, tokenizer.tokenize(text), text) !== text)
  return {
    name: 'round-trip',
    passed: broken.length === 0,
    detail:
      broken.length === 0
        ? `${ROUND_TRIPS.length} texts in six scripts came back from their tokens unchanged`
        : `${broken.length} of ${ROUND_TRIPS.length} texts came back changed, first ${JSON.stringify(broken[0].slice(0, 40))}`,
  }
}

function bosCount({ tokenizer, prefix: { document: prefix } }: OpenedModel): Check {
  const tokens = tokenizer.tokenize(PROSE)
  const found = prefix === null ? 0 : tokens.filter((t) => t === prefix.id).length
  return {
    name: 'bos-count',
    passed: found === 0,
    detail:
      prefix === null
        ? 'the model has neither BOS nor EOS: the first token of a document goes unscored'
        : `the tokenizer itself added ${found} prefix tokens, so a scored document has ${found + 1}, expected 1`,
  }
}

/**
 * The self-check (docs/methods/engines.md#self-check): what is known to break in scoring engines, tried on this model
 * before any number is believed. Costs about twelve short passes.
 */
export async function gatherEngineCheck(model: OpenedModel, random: Random): Promise<EngineCheckEvidence> {
  const { scorer, tokenizer, prefix, settings } = model
  const room = (scorer.contextLength ?? Number.POSITIVE_INFINITY) + 1
  const tokens = behind(prefix.document, tokenizer.tokenize(PROSE)).subarray(0, room)
  const request = { tokens, from: 1 }
  const [alone] = await scorer.score([request])
  const [again] = await scorer.score([request])
  const stem = behind(prefix.document, tokenizer.tokenize('The colour of the clear sky at noon is'))
  const endings = CHOICES.map((choice) => tokenizer.tokenize(choice))
  const longest = Math.max(...endings.map(({ length }) => length))
  const asked = stem.subarray(Math.max(0, stem.length + longest - room))
  const choices = endings.map((ending) => ({
    tokens: Int32Array.from([...asked, ...ending]),
    from: asked.length,
  }))
  const together = await scorer.score([...choices, request])
  const single: Float64Array[] = []
  for (const choice of choices) single.push((await scorer.score([choice]))[0])
  const mixed = Int32Array.from([tokens[0], ...shuffled(Array.from(tokens.subarray(1)), random)])
  const [disordered] = await scorer.score([{ tokens: mixed, from: 1 }])

  const finite = alone.every((v) => Number.isFinite(v) && v <= ROUNDING)
  const choiceTotals = together.slice(0, CHOICES.length).map(total)
  const batchGap = Math.max(
    largestDifference(alone, together[CHOICES.length]),
    ...single.map((s, i) => largestDifference(s, together[i])),
  )
  const allowed = model.drift ?? TOLERANCE
  const cacheGap = largestDifference(alone, again)
  const ordered = total(alone)
  const checks: Check[] = [
    {
      name: 'value-count',
      passed: alone.length === tokens.length - 1,
      detail: `${alone.length} values for ${tokens.length - 1} scored tokens`,
    },
    {
      name: 'null-values',
      passed: finite && alone.some((v) => v !== 0),
      detail: finite
        ? `all ${alone.length} values are finite and none is positive`
        : 'some values are missing, infinite or positive',
    },
    {
      name: 'choices-differ',
      passed: new Set(choiceTotals.map((v) => v.toFixed(6))).size > 1,
      detail: `${CHOICES.length} continuations of one sentence scored ${choiceTotals.map((v) => v.toFixed(2)).join(', ')} nats`,
    },
    {
      name: 'batch-invariance',
      passed: batchGap <= allowed,
      detail: `alone against in a batch of ${choices.length + 1}: largest difference ${batchGap.toExponential(1)} nats, allowed ${allowed}`,
    },
    {
      name: 'cache-invariance',
      passed: cacheGap <= allowed,
      detail: `scored twice: largest difference ${cacheGap.toExponential(1)} nats, allowed ${allowed}`,
    },
    roundTrip(tokenizer),
    bosCount(model),
  ]
  if (tokens.length >= LEAST_ORDERED)
    checks.push({
      name: 'order-matters',
      passed: ordered > total(disordered),
      detail: `prose scored ${ordered.toFixed(1)} nats, its shuffled tokens ${total(disordered).toFixed(1)}`,
    })
  const engine = `${settings.engine} ${settings.version}`
  const state = finite ? stateOf(alone, total(disordered), tokenizer.vocabularySize) : undefined
  if (state === undefined) return { engine, checks }
  return {
    engine,
    model: state,
    checks: checks.filter(({ name, passed }) => passed || !OF_THE_MODEL.includes(name)),
  }
}

/** Whether a model tells texts apart at all, by its scores of prose and of the same tokens shuffled. */
function stateOf(
  prose: Float64Array,
  shuffledTotal: number,
  vocabulary: number,
): EngineCheckEvidence['model'] {
  const even = Math.log(vocabulary)
  const spread = Math.max(...prose) - Math.min(...prose)
  const cost = -total(prose) / prose.length
  if (spread < ROUNDING && Math.abs(cost - even) < ROUNDING)
    return {
      state: 'uniform',
      detail: `each of ${prose.length} tokens scored ${cost.toFixed(3)} nats, which is ln ${vocabulary}: all tokens are equally likely`,
    }
  const worth = (total(prose) - shuffledTotal) / prose.length
  if (cost < UNTRAINED.least * even || cost > UNTRAINED.most * even || worth > WORTH_OF_ORDER)
    return undefined
  return {
    state: 'untrained',
    detail: `prose costs ${cost.toFixed(2)} nats a token, even guessing ${even.toFixed(2)}; the right order of words is worth ${worth.toFixed(2)}`,
  }
}

/**
 * Run the self-check before anything is scored, and say what was found of the model.
 *
 * @throws {AssayError} `audit/engine-failed-check`, or `audit/model-failed-check` where the engine is consistent in itself
 */
export async function requireSoundEngine(
  model: OpenedModel,
  random: Random,
  note: (text: string) => void,
): Promise<EngineCheckEvidence> {
  const check = await gatherEngineCheck(model, random.derive('engine-check'))
  const failed = check.checks.filter((c) => !c.passed)
  if (failed.length > 0)
    throw raise(
      failed.every(({ name }) => OF_THE_MODEL.includes(name)) ? 'model-failed-check' : 'engine-failed-check',
      failed.map((c) => `${c.name}: ${c.detail}`).join('; '),
    )
  if (check.model !== undefined)
    note(`The model answers as an untrained one does, whatever engine scores it: ${check.model.detail}.`)
  if (model.evidence.chatTemplate === true)
    note(
      'The model has a chat template, so it may be tuned for chats; what is measured here is plain text without the template.',
    )
  return check
}
