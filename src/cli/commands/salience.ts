import type { Command } from 'commander'
import { hashInputs, writeFileAtomic } from '../../audit/index.js'
import {
  analyseCapabilities,
  applyVector,
  type CapabilityInput,
  type CapabilityResult,
  createRandom,
  DEFAULT_LEVEL,
  estimateToJson,
  findingToJson,
  type Random,
  salienceData,
  salienceVector,
  salientSpans,
  signStability,
  spanWeights,
  spanWeightsOf,
} from '../../core/index.js'
import {
  applicableLosses,
  type CapabilityScores,
  familyInName,
  type ReadLosses,
  readFamilies,
  readLosses,
  readScores,
  readVectorFile,
  vectorFile,
} from '../../ingest/index.js'
import { raise } from '../errors.js'
import { collect, forTerminal, writeOutputs } from '../output.js'
import { addCommand, type Outcome, parseNumber, parsePairs, parsePositive, requireShare } from '../run.js'
import { capabilityJson } from './salience-json.js'
import { SALIENCE_SCHEMA, type ShownCapability, salienceResult } from './salience-result.js'

interface SalienceOptions {
  readonly losses?: readonly string[]
  readonly scores?: readonly string[]
  readonly families?: string
  readonly lowerIsBetter?: boolean | string
  readonly benchmark?: readonly string[]
  readonly columns?: Readonly<Record<string, string>>
  readonly skillAt?: readonly number[]
  readonly repeats: number
  readonly level: number
  readonly save?: string
  readonly apply?: string
  readonly output?: readonly string[]
}

const DEFAULT_REPEATS = 50
const STABILITY_DRAWS = 50
const MOST_SPANS = 20

function parseCounts(text: string): number[] {
  return text.split(',').map((part) => parsePositive(part.trim()))
}

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

/** What result files tell of a model fills in what the losses do not: family, parameters, tokens. */
function withFacts(
  losses: ReadLosses,
  scores: readonly CapabilityScores[],
  families: ReadonlyMap<string, string>,
): ReadLosses {
  const facts = new Map(scores.flatMap((s) => [...s.models]))
  const named = [...facts.values()].map((f) => f.family).filter((f) => f !== null)
  // One family over all rows is the name of a study, not what makes its models alike.
  const tells = new Set(named).size > 1
  return {
    ...losses,
    table: {
      ...losses.table,
      models: losses.table.models.map((model) => {
        const known = facts.get(model.id)
        const own = families.has(model.id) || model.family !== familyInName(model.id)
        return {
          ...model,
          family: own || !tells ? model.family : (known?.family ?? model.family),
          params: model.params ?? known?.params ?? null,
          tokens: model.tokens ?? known?.tokens ?? null,
        }
      }),
    },
  }
}

function shown(
  data: ReturnType<typeof salienceData>,
  result: CapabilityResult,
  random: Random,
): ShownCapability {
  const { index } = result.fitted
  const carries = index?.dual.some((v) => v !== 0) === true
  if (index === null || !carries) return { result, spans: [] }
  const weights = spanWeightsOf(data, result.space, index)
  const stability = signStability(data, result.models, result.fitted, weights, STABILITY_DRAWS, random)
  const better = result.input.lowerIsBetter ? -1 : 1
  return { result, spans: salientSpans(data, weights, stability, better, MOST_SPANS) }
}

async function fitCapabilities(options: SalienceOptions, seed: number, note: (text: string) => void) {
  if (options.losses === undefined || options.scores === undefined)
    throw raise('bad-option', 'expected --losses FILE and --scores FILE, or --apply VECTOR with --losses', {
      field: '--losses',
    })
  const families =
    options.families === undefined ? new Map<string, string>() : await readFamilies(options.families)
  const columns = options.columns ?? {}
  const scores = await readScores(options.scores, columns)
  const losses = withFacts(await readLosses(options.losses, { columns, families }), scores, families)
  const ids = losses.table.models.map((m) => m.id)
  const wanted = options.benchmark
  const asked = scores.filter((s) => wanted === undefined || wanted.includes(s.name))
  if (asked.length === 0)
    throw raise('bad-option', `expected one of ${scores.map((s) => s.name).join(', ')}`, {
      field: '--benchmark',
    })
  const inputs = asked.flatMap((s) => {
    const lower = options.lowerIsBetter
    const isLower = lower === true || (typeof lower === 'string' && lower.split(',').includes(s.name))
    const input = capabilityInput(s, ids, isLower)
    const known = input.y.filter((v) => Number.isFinite(v))
    const unscored = ids.length - known.length
    if (unscored > 0) note(`${s.name}: ${unscored} of ${ids.length} models with losses have no score`)
    if (new Set(known).size < 2) {
      note(`${s.name} is left out: ${known.length} models with losses have a score, all alike`)
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
  const data = salienceData(losses.table)
  const random = createRandom(seed).derive('salience')
  const request = { level: options.level, skillAt: options.skillAt ?? [], repeats: options.repeats }
  const results = analyseCapabilities(data, inputs, request, random)
  return {
    data,
    losses,
    results,
    shown: results.map((r) => shown(data, r, random.derive(`spans ${r.input.name}`))),
  }
}

async function applyVectors(options: SalienceOptions, path: string, seed: number): Promise<Outcome> {
  if (options.losses === undefined)
    throw raise('bad-option', 'expected --losses FILE: what the model loses on the vector’s text', {
      field: '--losses',
    })
  const vector = await readVectorFile(path)
  const losses = await readLosses(options.losses, { columns: options.columns ?? {}, families: new Map() })
  const aligned = applicableLosses(vector, losses, options.losses[0])
  const weights = spanWeights(vector.spans)
  const predictions = losses.table.models.flatMap((model, m) =>
    vector.capabilities.map((capability) => ({
      model: model.id,
      benchmark: capability.name,
      method: capability.method,
      score: applyVector(capability, aligned[m], weights, options.level),
    })),
  )
  const inputs = hashInputs([path, ...options.losses])
  return {
    json: {
      schema: SALIENCE_SCHEMA,
      seed,
      inputs,
      findings: [],
      capabilities: [],
      predictions: predictions.map((p) => ({ ...p, score: estimateToJson(p.score) })),
    },
    text: `${predictions
      .map(({ model, benchmark, score }) =>
        score.kind === 'estimate'
          ? `${model}  ${benchmark}  ${score.value.toPrecision(4)} [${score.interval.low.toPrecision(4)}, ${score.interval.high.toPrecision(4)}]`
          : `${model}  ${benchmark}  not estimable: ${score.reason}`,
      )
      .join('\n')}\n`,
    exitCode: predictions.some((p) => p.score.kind === 'estimate') ? 0 : 2,
  }
}

export function addSalience(program: Command): void {
  addCommand<SalienceOptions>(program, {
    name: 'salience',
    description: 'which text’s loss foretells which capability, and a capability read from losses alone',
    example:
      'assay salience --losses ladder/span-losses.parquet --scores ladder/evaluations.csv --benchmark agreement',
    configure: (command) =>
      command
        .option(
          '--losses <file...>',
          'losses of spans by model (assay loss --spans), or a wide table of bits/byte',
        )
        .option(
          '--scores <file...>',
          'result files or a tidy table; or a wide table, benchmarks down, models across',
        )
        .option('--families <file>', 'a table of model, family; models of one family are left out together')
        .option(
          '--lower-is-better [names]',
          'of which benchmarks (all, where none is named) a lower score is better',
        )
        .option('--benchmark <name>', 'fit this benchmark alone; repeatable', collect)
        .option('--columns <names>', 'our field=your column', parsePairs)
        .option('--skill-at <n,…>', 'skill if only so many models were known', parseCounts)
        .option('--repeats <n>', 'draws of --skill-at', parsePositive, DEFAULT_REPEATS)
        .option('--level <share>', 'confidence level of the intervals', parseNumber, DEFAULT_LEVEL)
        .option('--save <file>', 'write the fitted vectors (salience.json)')
        .option('--apply <file>', 'read capabilities of the models in --losses with saved vectors')
        .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
    writes: ({ save }) => [save],
    run: async (_, options, io) => {
      requireShare(options.level, '--level')
      if (options.apply !== undefined) return applyVectors(options, options.apply, io.seed)
      const made = await fitCapabilities(options, io.seed, io.note)
      const inputs = hashInputs([options.losses ?? [], options.scores ?? [], options.families ?? []].flat())
      const result = salienceResult(
        made.shown,
        { inputs, seed: io.seed },
        made.losses.table,
        made.losses.notes,
      )
      await writeOutputs(result, options.output ?? [], io)
      if (options.save !== undefined) {
        const vectors = made.results.flatMap((r) => salienceVector(made.data, r) ?? [])
        writeFileAtomic(options.save, vectorFile(made.losses, vectors))
        io.note(`Wrote ${options.save}`)
      }
      return {
        json: {
          schema: SALIENCE_SCHEMA,
          seed: io.seed,
          inputs,
          findings: result.findings.map(findingToJson),
          models: made.losses.table.models,
          spans: made.losses.table.spans.length,
          capabilities: made.shown.map(capabilityJson),
          predictions: [],
        },
        text: forTerminal(result, io),
        exitCode: made.results.some((r) => r.gainOverMean.kind === 'estimate') ? 0 : 2,
      }
    },
  })
}
