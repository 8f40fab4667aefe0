import { join, resolve } from 'node:path'
import { defined } from '../core/collections.js'
import { type AnyProbe, DEFAULT_SEED, type Gate, type PrefixChoice } from '../core/index.js'
import { atRevision, isPath } from '../engines/index.js'
import { toGate } from './config/bounds.js'
import { DEFAULT_GATES, TRAINING_LOG_GATE } from './config/gates.js'
import { readConfig } from './config/read.js'
import type { Config } from './config/schema.js'
import type { SalienceSources } from './gather/salience.js'
import {
  type DomainSource,
  defaultTexts,
  domainFromGlobs,
  expandFiles,
  type ParallelSource,
} from './texts/domains.js'
import { PACKAGE_ROOT } from './texts/package-root.js'

/** Everything that decides what an audit gathers and how it judges; made from a config, a model, or nothing. */
export interface AuditPlan {
  readonly model: string
  readonly seed: number
  readonly full: boolean
  readonly limit?: number
  readonly window?: number
  /** The field that holds the text of records, instead of text, content or messages. */
  readonly textColumn?: string
  /** Left out: the engine chooses (one thread for a tiny model, else every core). */
  readonly threads?: number
  readonly gpu: 'off' | 'auto'
  /** Token in front of documents and prompts. */
  readonly prefixToken: PrefixChoice
  /** Where the tokenizer of a server's model is. */
  readonly tokenizer?: string
  readonly domains: readonly DomainSource[]
  readonly parallel: readonly ParallelSource[]
  readonly pricePerMillionTokens?: number
  readonly gates: readonly Gate[]
  readonly baseline?: string
  /** Evidence folders of audits that this one is shown beside. */
  readonly references: readonly string[]
  readonly trainingLogs: readonly string[]
  readonly evaluations?: EvaluationSources
  readonly knowledge?: KnowledgeSources
  readonly salience?: SalienceSources
  readonly gain?: GainSources
  /** Tables of items that were looked up in the training corpus. */
  readonly contamination: readonly string[]
  readonly corpus?: CorpusSources
  /** Left out: what the model learns from its context is not asked. */
  readonly adaptability?: AdaptabilitySources
  /** Benchmark tasks that the model is scored on. */
  readonly benchmarks?: readonly BenchmarkSource[]
}

/** A benchmark task of an audit. */
export interface BenchmarkSource {
  /** Name of one that ships, or a YAML. */
  readonly task: string
  readonly data?: string
  /** Left out: as the task says. */
  readonly shots?: number
  /** Items, drawn by the seed; all when left out. */
  readonly limit?: number
}

/**
 * Items of a task in an audit that names no other number: the five tasks of the ladder's largest model take two to three CPU
 * seconds, and an accuracy of one half is known to ±13 points.
 */
const BENCHMARK_ITEMS = 60

/** Results of two arms that were trained alike, one from scratch. */
export interface GainSources {
  readonly pretrained: readonly string[]
  readonly scratch: readonly string[]
  readonly task?: string
  readonly path?: string
  readonly ood?: readonly string[]
  readonly chance?: number
  readonly contamination?: string
  readonly target?: number
  readonly delta?: number
}

/** Evaluations of smaller runs, and the run that is to be forecast from them. */
export interface EvaluationSources {
  readonly files: readonly string[]
  readonly params?: number
  readonly tokens?: number
  readonly flops?: number
}

/** Facts to ask, with what is known of the corpus behind them. */
export interface KnowledgeSources {
  readonly facts: string
  readonly templates?: string
  readonly counts?: string
  readonly documents?: number
  readonly answers: readonly string[]
  readonly limit?: number
  /** Facts of each relation, at most; the plan's own limit when left out. */
  readonly limitPerRelation?: number
}

/** What tells the mix of the training corpus. */
export interface CorpusSources {
  readonly profile: string
  /** Held-out domain → domains of the corpus, where their names differ. */
  readonly parts: Readonly<Record<string, readonly string[]>>
}

/** Tasks that the model is asked behind shots, beside made-up rules and statements. */
export interface AdaptabilitySources {
  readonly tasks: readonly string[]
}

/** What the command line says on top of the config. */
export interface PlanOverrides {
  /** Branch, tag or commit of a model on the Hub. */
  readonly revision?: string
  readonly seed?: number
  readonly limit?: number
  readonly full?: boolean
  readonly threads?: number
  readonly gpu?: 'off' | 'auto'
  readonly prefixToken?: PrefixChoice
  readonly tokenizer?: string
  readonly window?: number
  readonly domains?: readonly DomainSource[]
  readonly references?: readonly string[]
  readonly textColumn?: string
  /** Probes whose metrics the config's gates may name, `PROBES` unless said otherwise. */
  readonly probes?: readonly AnyProbe[]
}

/** The config of the audit that needs no argument: the shipped model with its runs, evaluations and facts. */
export const REFERENCE_CONFIG: string = join(PACKAGE_ROOT, 'models', 'reference.yaml')

/**
 * What `assay audit [config.yaml | model]` was given: a YAML file is a config, anything else a model, nothing the
 * reference config that ships.
 */
export function planAudit(argument?: string, overrides: PlanOverrides = {}): AuditPlan {
  const plan = planOf(argument, overrides)
  const { revision } = overrides
  return revision === undefined ? plan : { ...plan, model: atRevision(plan.model, revision) }
}

function planOf(argument: string | undefined, overrides: PlanOverrides): AuditPlan {
  if (argument === undefined) return planFromConfig(REFERENCE_CONFIG, overrides)
  if (/\.ya?ml$/i.test(argument)) return planFromConfig(argument, overrides)
  const { domains, parallel } = defaultTexts()
  return {
    model: argument,
    seed: overrides.seed ?? DEFAULT_SEED,
    full: overrides.full ?? false,
    gpu: overrides.gpu ?? 'off',
    prefixToken: overrides.prefixToken ?? 'auto',
    domains: mergeDomains(domains, overrides.domains ?? []),
    parallel,
    gates: DEFAULT_GATES,
    references: overrides.references ?? [],
    trainingLogs: [],
    contamination: [],
    adaptability: { tasks: [] },
    ...defined({
      limit: overrides.limit,
      window: overrides.window,
      threads: overrides.threads,
      tokenizer: overrides.tokenizer,
      textColumn: overrides.textColumn,
    }),
  }
}

function planFromConfig(path: string, overrides: PlanOverrides): AuditPlan {
  const { config, folder } = readConfig(path, {
    ...defined({ probes: overrides.probes }),
    domains: (overrides.domains ?? []).map((d) => d.domain),
  })
  const at = (file: string): string => resolve(folder, file)
  const all = (globs: string | string[] | undefined): string[] =>
    globs === undefined ? [] : [globs].flat().map(at)
  const own = Object.entries(config.domains ?? {}).map(([domain, globs]) =>
    domainFromGlobs(domain, all(globs)),
  )
  const shipped = config.default_texts ? defaultTexts() : { domains: [], parallel: [] }
  return {
    model: modelOf(config, at),
    seed: overrides.seed ?? config.seed ?? DEFAULT_SEED,
    full: overrides.full ?? config.full,
    gpu: overrides.gpu ?? config.engine?.gpu ?? 'off',
    prefixToken: overrides.prefixToken ?? config.prefix_token,
    domains: mergeDomains(shipped.domains, [...own, ...(overrides.domains ?? [])]),
    parallel: shipped.parallel,
    gates: gatesOf(config),
    references: [...all(config.references), ...(overrides.references ?? [])],
    trainingLogs: expandFiles(all(config.training_logs)),
    contamination: expandFiles(all(config.contamination)),
    ...defined({
      limit: overrides.limit ?? config.limit,
      window: overrides.window ?? config.window,
      threads: overrides.threads ?? config.engine?.threads,
      tokenizer: overrides.tokenizer ?? tokenizerOf(config, at),
      textColumn: overrides.textColumn,
      pricePerMillionTokens: config.price_per_million_tokens,
      baseline: config.baseline === undefined ? undefined : at(config.baseline),
      evaluations: evaluationsOf(config, all),
      knowledge: knowledgeOf(config, at, all),
      salience: salienceOf(config, at, all),
      gain: gainOf(config, at, all),
      corpus: corpusOf(config, at),
      adaptability: adaptabilityOf(config, all),
      benchmarks: benchmarksOf(config, at, overrides),
    }),
  }
}

function gatesOf(config: Config): readonly Gate[] {
  if (config.gates !== undefined) return config.gates.map(toGate)
  return config.training_logs === undefined ? DEFAULT_GATES : [...DEFAULT_GATES, TRAINING_LOG_GATE]
}

function modelOf(config: Config, at: (file: string) => string): string {
  if (config.model === undefined) return 'assay-ladder'
  return isPath(config.model) ? at(config.model) : config.model
}

function tokenizerOf({ tokenizer }: Config, at: (file: string) => string): string | undefined {
  return tokenizer !== undefined && tokenizer !== 'server' && isPath(tokenizer) ? at(tokenizer) : tokenizer
}

type Globs = (globs: string | string[] | undefined) => string[]

function evaluationsOf(config: Config, all: Globs): EvaluationSources | undefined {
  if (config.evaluations === undefined) return undefined
  const { files, params, tokens, flops } = config.evaluations
  return { files: expandFiles(all(files)), ...defined({ params, tokens, flops }) }
}

function knowledgeOf(config: Config, at: (file: string) => string, all: Globs): KnowledgeSources | undefined {
  if (config.knowledge === undefined) return undefined
  const { facts, templates, counts, documents, answers, limit } = config.knowledge
  return {
    facts: at(facts),
    answers: expandFiles(all(answers)),
    ...defined({
      templates: templates === undefined ? undefined : at(templates),
      counts: counts === undefined ? undefined : at(counts),
      documents,
      limit,
    }),
  }
}

function salienceOf(
  { salience }: Config,
  at: (file: string) => string,
  all: Globs,
): SalienceSources | undefined {
  if (salience === undefined) return undefined
  const { vector, text } = salience
  const texts =
    text === undefined
      ? defaultTexts().domains
      : Object.entries(text).map(([domain, globs]) => domainFromGlobs(domain, all(globs)))
  return { vector: at(vector), texts }
}

function gainOf(config: Config, at: (file: string) => string, all: Globs): GainSources | undefined {
  if (config.gain === undefined) return undefined
  const { pretrained, scratch, contamination, ...rest } = config.gain
  return {
    pretrained: expandFiles(all(pretrained)),
    scratch: expandFiles(all(scratch)),
    ...defined({ ...rest, contamination: contamination === undefined ? undefined : at(contamination) }),
  }
}

function corpusOf({ corpus }: Config, at: (file: string) => string): CorpusSources | undefined {
  if (corpus === undefined) return undefined
  const { profile, parts = {} } = typeof corpus === 'string' ? { profile: corpus } : corpus
  return {
    profile: at(profile),
    parts: Object.fromEntries(Object.entries(parts).map(([domain, names]) => [domain, [names].flat()])),
  }
}

function adaptabilityOf({ adaptability }: Config, all: Globs): AdaptabilitySources | undefined {
  return adaptability === false ? undefined : { tasks: expandFiles(all(adaptability?.tasks)) }
}

/** `--limit` holds for items, too; a whole audit asks all of them. */
function benchmarksOf(
  config: Config,
  at: (file: string) => string,
  overrides: PlanOverrides,
): BenchmarkSource[] | undefined {
  const most = overrides.limit ?? config.limit ?? Number.POSITIVE_INFINITY
  const usual = (overrides.full ?? config.full) ? Number.POSITIVE_INFINITY : BENCHMARK_ITEMS
  return config.tasks?.map((entry) => {
    const { task, data, shots, limit = usual } = typeof entry === 'string' ? { task: entry } : entry
    const items = Math.min(limit, most)
    return {
      task: /\.ya?ml$/i.test(task) ? at(task) : task,
      ...defined({
        data: data === undefined || !isPath(data) ? data : at(data),
        shots,
        limit: Number.isFinite(items) ? items : undefined,
      }),
    }
  })
}

/** A later domain of the same name replaces the earlier one. */
function mergeDomains(shipped: readonly DomainSource[], own: readonly DomainSource[]): DomainSource[] {
  const byName = new Map<string, DomainSource>()
  for (const source of [...shipped, ...own]) byName.set(source.domain, source)
  return [...byName.values()]
}
