import {
  defaultTexts,
  findPassages,
  hashInputs,
  parseDomains,
  requirePassages,
  textsOfPassages,
  writeFileAtomic,
} from '../../audit/index.js'
import {
  analyseCapabilities,
  type CapabilityInput,
  type CapabilityResult,
  counted,
  createRandom,
  DEFAULT_LEVEL,
  type Domains,
  familiesForInterval,
  MOST_RANKED_SPANS,
  type Random,
  type SalienceModel,
  salienceFileToJson,
  salienceOf,
  spanReading,
  strongest,
  VectorCarrier,
} from '../../core/index.js'
import {
  type CapabilityScores,
  type OpenedLosses,
  openLosses,
  readFamilies,
  readScores,
} from '../../ingest/index.js'
import { raise } from '../errors.js'
import { outcomeOf } from '../output.js'
import type { Io, Outcome } from '../run.js'
import { expandTables } from './salience-inputs.js'
import { capabilityJson } from './salience-json.js'
import type { SalienceOptions } from './salience-options.js'
import { type ShownCapability, salienceResult } from './salience-result.js'

/** Refits on families drawn with replacement, for signs of spans and shares of domains. */
const DRAWS = 100
const MOST_SPANS = 20

/** Scores in the order of the losses' models; perplexities (above 1, lower is better) as logarithms. */
function capabilityInput(
  { name, scores }: CapabilityScores,
  ids: readonly string[],
  lowerIsBetter: boolean,
): CapabilityInput {
  const raw = Float64Array.from(ids, (id) => scores.get(id) ?? Number.NaN)
  const isLog = lowerIsBetter && raw.every((v) => Number.isNaN(v) || v > 1)
  return { name, y: isLog ? raw.map(Math.log) : raw, isLog, lowerIsBetter }
}

/** What result files tell of models beside their scores: family, parameters, tokens. */
function factsOf(scores: readonly CapabilityScores[]) {
  const facts = scores.flatMap((s) => [...s.models])
  // One family over all rows is the name of a study, not what makes its models alike.
  const tells = new Set(facts.flatMap(([, { family }]) => family ?? [])).size > 1
  return new Map(
    facts.map(([id, { family, params, tokens }]) => [
      id,
      { params, tokens, ...(tells && family !== null ? { family } : {}) },
    ]),
  )
}

/** Positions of the models that are not among those named: models, runs or families. */
function without(names: readonly string[]): (models: readonly SalienceModel[]) => number[] {
  const isCalled = ({ id, family }: SalienceModel, name: string): boolean =>
    [id, id.replace(/@[^@]*$/, ''), family].includes(name)
  return (models) => {
    const unknown = names.find((name) => !models.some((model) => isCalled(model, name)))
    if (unknown !== undefined)
      throw raise('bad-option', `no model, run or family of the losses is called ${unknown}`, {
        field: '--without',
      })
    return [...models.keys()].filter((m) => !names.some((name) => isCalled(models[m], name)))
  }
}

/** What stands in each span, by span; empty, with a note on what to give, where the text is not at hand. */
async function textsOf(
  { data, textSha256, isInMemory }: OpenedLosses,
  asked: readonly string[] | undefined,
  note: (text: string) => void,
): Promise<readonly string[]> {
  const { spans } = data.table
  if (!isInMemory) {
    note(
      `Passages are not shown: the losses have ${data.weights.length.toLocaleString('en')} spans, and text is read of ${MOST_RANKED_SPANS.toLocaleString('en')} at most`,
    )
    return []
  }
  if (asked !== undefined) {
    const found = await requirePassages({ spans, textSha256 }, parseDomains(asked), '--text')
    return textsOfPassages(spans, found)
  }
  const found = await findPassages({ spans, textSha256 }, defaultTexts().domains)
  if (typeof found !== 'string') return textsOfPassages(spans, found)
  note(`Passages are not shown: give the text of the losses, --text name=glob (${found})`)
  return []
}

/** A capability with its most salient spans; of spans that come in blocks, it keeps those alone. */
async function shownCapability(
  losses: OpenedLosses,
  result: CapabilityResult,
  domains: Domains,
  texts: readonly string[],
  level: number,
  random: Random,
): Promise<ShownCapability> {
  const { data, isInMemory } = losses
  const carrier = new VectorCarrier(data, result, domains, { draws: DRAWS, level }, random)
  if (carrier.readsSpans) for await (const block of losses.blocks()) carrier.add(block)
  const carried = carrier.finish()
  if (carried === null || carried.agreement.length === 0) return { result, carried, spans: [] }
  const salience = salienceOf(data.weights, carried)
  const top = strongest(salience, MOST_SPANS)
  const spans = (await losses.spansAt(top)).map((span, i) =>
    spanReading(span, top[i], salience, carried, texts[top[i]] ?? null),
  )
  const kept = isInMemory ? carried : { ...carried, weights: new Float64Array(), agreement: [] }
  return { result, carried: kept, spans }
}

/** Tables of losses and scores, joined: what is fitted, capability by capability. */
async function readInputs(options: SalienceOptions, note: (text: string) => void) {
  if (options.losses === undefined || options.scores === undefined)
    throw raise('bad-option', 'expected --losses FILE and --scores FILE, or --apply VECTOR with --losses', {
      field: '--losses',
    })
  const families =
    options.families === undefined ? new Map<string, string>() : await readFamilies(options.families)
  const columns = options.columns ?? {}
  const scores = await readScores(options.scores, columns, note)
  const known = { columns, families, facts: factsOf(scores) }
  const losses = await openLosses(expandTables(options.losses), known, without(options.without ?? []))
  if (!losses.isInMemory && options.save !== undefined)
    throw raise(
      'bad-option',
      `the losses have ${losses.data.weights.length.toLocaleString('en')} spans, and a vector carries ${MOST_RANKED_SPANS.toLocaleString('en')} at most: fit it on a part of the text`,
      { field: '--save' },
    )
  const ids = losses.data.table.models.map((m) => m.id)
  const wanted = options.benchmark
  const { lowerIsBetter } = options
  const lower = typeof lowerIsBetter === 'string' ? lowerIsBetter.split(',') : []
  const names = scores.map((s) => s.name)
  for (const [field, given] of [
    ['--benchmark', wanted ?? []],
    ['--lower-is-better', lower],
  ] as const) {
    const unknown = given.find((name) => !names.includes(name))
    if (unknown !== undefined)
      throw raise('bad-option', `found ${unknown}, expected one of ${names.join(', ')}`, { field })
  }
  const asked = scores.filter((s) => wanted === undefined || wanted.includes(s.name))
  const inputs = asked.flatMap((s) => {
    const isLower = lowerIsBetter === true || lower.includes(s.name)
    const input = capabilityInput(s, ids, isLower)
    const known = input.y.filter((v) => Number.isFinite(v))
    const unscored = ids.length - known.length
    if (unscored > 0)
      note(
        `${s.name}: ${unscored} of ${counted(ids.length, 'model')} with losses ${unscored === 1 ? 'has' : 'have'} no score`,
      )
    if (new Set(known).size < 2) {
      note(
        known.length < 2
          ? `${s.name} is left out: ${known.length === 0 ? 'no model' : 'one model'} with losses has a score of it (names of both tables must agree)`
          : `${s.name} is left out: the scores of ${known.length} models are all alike`,
      )
      return []
    }
    return [input]
  })
  if (inputs.length === 0)
    throw raise(
      'bad-option',
      `no benchmark has two different scores among the models of the losses (${ids.slice(0, 3).join(', ')} …)`,
      {
        field: '--scores',
      },
    )
  return { losses, inputs }
}

/** Fit capabilities on tables of losses and scores. */
export async function fitCapabilities(options: SalienceOptions, io: Io): Promise<Outcome> {
  const { losses, inputs: capabilities } = await readInputs(options, io.note)
  losses.notes.forEach(io.note)
  const texts = await textsOf(losses, options.text, io.note)
  const { data } = losses
  const random = createRandom(io.seed).derive('salience')
  const { level, repeats, permutations, skillAt = [] } = options
  const bar = io.progress('fitting')
  const results = analyseCapabilities(
    data,
    capabilities,
    { level, skillAt, repeats, permutations },
    random,
    (done) => bar.update(done, capabilities.length),
  )
  bar.end()
  const domains = await losses.domains()
  const shown: ShownCapability[] = []
  for (const result of results) {
    const chance = random.derive(`spans ${result.input.name}`)
    shown.push(await shownCapability(losses, result, domains, texts, level, chance))
  }
  const inputs = hashInputs(
    [expandTables(options.losses ?? []), options.scores ?? [], options.families ?? []].flat(),
  )
  const about = { inputs, seed: io.seed }
  const result = salienceResult(shown, about, data, texts, losses.notes)
  if (options.save !== undefined) {
    const { spans, models } = data.table
    const file = {
      textSha256: losses.textSha256,
      models: models.map(({ id, family }) => ({ id, family })),
      spans,
      capabilities: shown.flatMap((s) => s.carried ?? []),
    }
    writeFileAtomic(options.save, `${JSON.stringify(salienceFileToJson(file))}\n`)
    io.note(`Wrote ${options.save}`)
    const needed = familiesForInterval(DEFAULT_LEVEL)
    const few = file.capabilities.filter((c) => c.families < needed)
    if (few.length > 0)
      io.note(
        `Readings with it have no interval of ${DEFAULT_LEVEL}: that takes ${needed} families, ${few[0].name} has ${few[0].families}${few.length > 1 ? `, ${few.length - 1} more capabilities likewise` : ''}`,
      )
  }
  return outcomeOf(result, io, {
    exitCode: results.some((r) => r.gainOverMean.kind === 'estimate') ? 0 : 2,
    files: options.output,
    own: {
      models: data.table.models,
      spans: data.weights.length,
      capabilities: shown.map((s) => capabilityJson(s, data.table.models)),
      predictions: [],
      curves: [],
    },
  })
}
