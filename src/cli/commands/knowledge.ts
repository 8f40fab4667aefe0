import { type Command, InvalidArgumentError } from 'commander'
import {
  gatherAnswers,
  hashInputs,
  type KnowledgeOptions,
  modelInput,
  openModel,
  planAudit,
  requireSameAnswers,
  requireSoundEngine,
  SHIPPED_FACTS,
  writeAnswers,
} from '../../audit/index.js'
import {
  type AnswersEvidence,
  type AskedItem,
  counted,
  createRandom,
  DEFAULT_LEVEL,
  estimateToJson,
  type Fact,
  type JudgeContext,
  type Result,
} from '../../core/index.js'
import { FACT_FIELDS, type KnownItems, readFacts } from '../../ingest/index.js'
import { knowledgeRetention, type MeasuredKnowledge, measureKnowledge } from '../../probes/index.js'
import { evidenceOf, readTable, withCleanPart } from '../clean-part.js'
import { raise } from '../errors.js'
import { interruptSignal } from '../interrupt.js'
import { type ModelOptions, withModelOptions } from '../model-options.js'
import { collectFiles, pairsOf, parseCount, parsePositive } from '../option-values.js'
import { collect, outcomeOf } from '../output.js'
import { addCommand } from '../run.js'
import { journalAt } from '../scratch.js'

const SCHEMA = 'assay/knowledge@1'

interface CommandOptions extends ModelOptions {
  readonly facts?: readonly string[]
  readonly templates?: string
  readonly reading: KnowledgeOptions['reading']
  readonly shots: number
  readonly limit?: number
  readonly candidates?: number
  readonly maxTemplates?: number
  readonly samples: number
  readonly columns?: Readonly<Record<string, string>>
  readonly contamination?: string
  readonly out?: string
  readonly resume?: boolean
  readonly journal?: string
  readonly exact?: boolean
  readonly output?: readonly string[]
}

function parseReading(text: string): KnowledgeOptions['reading'] {
  if (text === 'ranking' || text === 'generation' || text === 'both') return text
  throw new InvalidArgumentError(`found "${text}", expected ranking, generation or both.`)
}

function toJson(evidence: AnswersEvidence, measured: MeasuredKnowledge) {
  const { evaluated, naive } = evidence.tokens
  return {
    retention: measured.retention.map((r) => ({ ...r, accuracy: estimateToJson(r.accuracy) })),
    overall: Object.fromEntries(
      [...measured.overall].map(([reading, { accuracy }]) => [reading, estimateToJson(accuracy)]),
    ),
    relations: Object.fromEntries(
      [...measured.overall].map(([reading, { measured: n, leftOut }]) => [reading, { measured: n, leftOut }]),
    ),
    calibration: {
      error: estimateToJson(measured.calibration.error),
      overconfidence: estimateToJson(measured.calibration.overconfidence),
      bins: measured.calibration.bins.map((b) => ({ ...b, accuracy: estimateToJson(b.accuracy) })),
    },
    hardest: measured.hardest,
    easiest: measured.easiest,
    leaks: evidence.leaks,
    leaking: estimateToJson(measured.leaking),
    tokens: { evaluated, naive, ...(naive > 0 ? { share: evaluated / naive } : {}) },
    shots: evidence.shots,
    protocol: { prefixToken: evidence.prefixToken, prefixChoice: evidence.prefixChoice },
    templates: measured.templates.map((t) => ({ ...t, accuracy: estimateToJson(t.accuracy) })),
    facts: evidence.facts.length,
    skipped: evidence.skipped,
  }
}

/** Retention of the facts whose item does not stand in the training corpus. */
function measureClean(
  known: KnownItems,
  facts: readonly AskedItem[],
  evidence: AnswersEvidence,
  context: JudgeContext,
) {
  const answers = evidence.answers.filter((a) => known.isClean(null, a.fact_id))
  const { retention, overall } = measureKnowledge({ ...evidence, answers }, context)
  return {
    facts: new Set(answers.map((a) => a.fact_id)).size,
    ...known.count(facts),
    retention: retention.map((r) => ({ ...r, accuracy: estimateToJson(r.accuracy) })),
    overall: Object.fromEntries(
      [...overall].map(([reading, { accuracy }]) => [reading, estimateToJson(accuracy)]),
    ),
  }
}

/** Facts of the chosen files; the sets that ship when none is named. */
function loadFacts(options: CommandOptions): {
  facts: readonly Fact[]
  set: ReturnType<typeof readFacts>
  paths: readonly string[]
} {
  const paths = options.facts ?? SHIPPED_FACTS
  const set = readFacts(paths, options.columns)
  return { facts: set.facts, set, paths }
}

function check(options: CommandOptions): void {
  if (options.candidates !== undefined && options.candidates < 2)
    throw raise('bad-option', `found ${options.candidates}, expected 2 or more`, { field: '--candidates' })
  if (options.maxTemplates === 0)
    throw raise('bad-option', 'found 0, expected 1 or more', { field: '--max-templates' })
  if (options.out !== undefined && !/\.(parquet|tsv)$/i.test(options.out))
    throw raise('bad-option', `found "${options.out}", expected a file that ends in .parquet or .tsv`, {
      field: '--out',
    })
}

export function addKnowledge(program: Command): void {
  addCommand<CommandOptions>(program, {
    name: 'knowledge <model>',
    description: 'what a model knows by heart: facts asked closed-book, with several templates each',
    example: 'assay knowledge assay-ladder --facts facts/real.jsonl --limit 100 --out answers.parquet',
    configure: (command) =>
      withModelOptions(
        command
          .option(
            '--facts <file>',
            'facts as JSONL, CSV or TSV; BEAR, LRE, LAMA, PopQA, TriviaQA, an export of Wikidata; repeatable (default: the facts that ship)',
            collectFiles,
          )
          .option('--templates <file>', 'JSON: {"relation": ["The capital of [X] is [Y].", …]}')
          .option('--max-templates <n>', 'most templates of a relation (default: all)', parseCount)
          .option('--reading <which>', 'ranking, generation or both', parseReading, 'ranking')
          .option('--shots <k>', 'solved examples before each question', parseCount, 0)
          .option('--limit <n>', 'facts to ask, drawn over all relations', parsePositive)
          .option(
            '--candidates <n>',
            'most objects that compete for a fact (default: all up to 100, else 50 of them)',
            parseCount,
          )
          .option(
            '--samples <n>',
            'sampled completions beside the greedy one, with generation',
            parseCount,
            0,
          )
          .option('--columns <names>', 'our field=your field, for foreign facts', pairsOf(...FACT_FIELDS))
          .option(
            '--contamination <table>',
            'of assay corpus contamination: retention of the facts whose item is clean beside that of all (JSON clean)',
          )
          .option(
            '--out <file>',
            'write the answers, one row per fact, template and reading: .parquet or .tsv',
          )
          .option('--resume', 'go on where an interrupted run with the same --out stopped')
          .option('--journal <file>', 'where unfinished answers are kept (default: beside --out)')
          .option('--exact', 'score candidates one after the other: slower, bit for bit as if asked alone')
          .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
      ),
    keeps: ({ out, journal }) => (out ?? journal) !== undefined,
    writes: ({ out, journal }) => [out, journal],
    run: async ([reference], options, io) => {
      check(options)
      const lookUp = await readTable(options.contamination)
      const { facts, set, paths } = loadFacts(options)
      for (const note of set.notes) io.note(note)
      const known = lookUp?.(facts.map(({ fact_id }) => [null, fact_id] as const))
      const plan = planAudit(reference, { seed: io.seed, domains: [], ...options })
      const signal = interruptSignal(io.note)
      const model = await openModel(plan, {
        offline: options.offline === true,
        packBranches: options.exact !== true,
        sideBySide: true,
        progress: io.progress,
        note: io.note,
        signal,
      })
      const random = createRandom(io.seed)
      const journal = journalAt(
        options.journal ?? (options.out === undefined ? undefined : `${options.out}.journal`),
        'knowledge',
      )
      try {
        const gatherIo = {
          random,
          resume: options.resume === true,
          signal,
          asked: { seed: io.seed },
          journalPath: () => journal.path,
          progress: io.progress,
          note: io.note,
        }
        requireSameAnswers(model, set, options, gatherIo)
        await requireSoundEngine(model, random, io.note)
        const evidence = await gatherAnswers(model, set, options, gatherIo)
        if (options.out !== undefined) await writeAnswers(options.out, evidence)
        journal.remove()
        const context = { random: random.derive(knowledgeRetention.id), level: DEFAULT_LEVEL }
        const asked = evidence.facts.map(({ fact_id }) => [null, fact_id] as const)
        const judged = withCleanPart(
          knowledgeRetention.judge({ answers: evidence, ...evidenceOf(known) }, context),
          known,
          { answers: evidence },
          context,
        )
        const inputs = [
          ...modelInput(model.evidence.name, model.evidence),
          ...hashInputs([...paths, ...(options.templates === undefined ? [] : [options.templates])]),
        ]
        const result: Result = {
          schema: SCHEMA,
          title: `What ${model.evidence.name} knows by heart`,
          summary: judged.sections[0].answer,
          seed: io.seed,
          inputs,
          model: model.evidence,
          gates: [],
          ...judged,
          provenance: [{ label: 'engine', value: `${model.settings.engine} ${model.settings.version}` }],
          notMeasured:
            evidence.skipped.length === 0
              ? []
              : [
                  {
                    what: `${evidence.skipped.length} of ${counted(facts.length, 'fact')}`,
                    why: evidence.skipped[0].reason,
                  },
                ],
        }
        return outcomeOf(result, io, {
          exitCode: 0,
          files: options.output,
          own: {
            model: { name: model.evidence.name, params: model.evidence.params },
            ...toJson(evidence, measureKnowledge(evidence, context)),
            ...(known === undefined ? {} : { clean: measureClean(known, asked, evidence, context) }),
          },
        })
      } finally {
        await model.close()
      }
    },
  })
}
