import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import {
  drawsShots,
  gatherChoices,
  hashInputs,
  modelInput,
  openModel,
  planAudit,
  planBenchmark,
  requireSoundEngine,
  writeHarness,
} from '../../audit/index.js'
import { defined, groupBy } from '../../core/collections.js'
import {
  type ChoicesEvidence,
  createRandom,
  DEFAULT_LEVEL,
  estimateToJson,
  type MeasuredBenchmark,
  measureBenchmarks,
  type Result,
} from '../../core/index.js'
import { datasetFiles } from '../../engines/index.js'
import { type KnownItems, type LoadTaskOptions, loadTasks, shippedTasks } from '../../ingest/index.js'
import { benchmarkScores, wasteText } from '../../probes/index.js'
import { evidenceOf, readTable, withCleanPart } from '../clean-part.js'
import { raise } from '../errors.js'
import { interruptSignal } from '../interrupt.js'
import { type ModelOptions, withModelOptions } from '../model-options.js'
import { parseCount, parsePairs, parsePositive } from '../option-values.js'
import { collect, forTerminal, outcomeOf } from '../output.js'
import { addCommand } from '../run.js'
import { journalAt } from '../scratch.js'

const SCHEMA = 'assay/choices@1'

interface ChoicesOptions extends ModelOptions {
  readonly task?: readonly string[]
  readonly data?: NonNullable<LoadTaskOptions['data']>
  readonly columns?: Readonly<Record<string, string>>
  readonly shots?: number
  readonly limit?: number
  readonly draws: number
  readonly templates: number
  readonly sameShots?: boolean
  readonly pmi?: boolean
  readonly exact?: boolean
  readonly contamination?: string
  readonly out?: string
  readonly resume?: boolean
  readonly output?: readonly string[]
}

function taskToJson(measured: MeasuredBenchmark) {
  const { about, calibration, main, draws } = measured
  return {
    task: measured.task,
    shots: measured.shots,
    items: measured.items,
    accuracy: estimateToJson(measured.accuracy),
    accuracyNorm: estimateToJson(measured.accuracyNorm),
    accuracyBytes: estimateToJson(measured.accuracyBytes),
    accuracyTokens: estimateToJson(measured.accuracyTokens),
    accuracyPmi: estimateToJson(measured.accuracyPmi),
    exactMatch: estimateToJson(measured.exactMatch),
    bitsPerByte: estimateToJson(measured.bitsPerByte),
    margin: estimateToJson(measured.margin),
    brier: estimateToJson(measured.brier),
    chance: measured.chance,
    aboveChance: estimateToJson(measured.aboveChance),
    calibration: {
      error: estimateToJson(calibration.error),
      overconfidence: estimateToJson(calibration.overconfidence),
    },
    main: main.score,
    draws,
    documents: about.documents,
    marked: about.marked,
    leftOut: about.leftOut,
    ...(about.equalChoices === undefined ? {} : { equalChoices: about.equalChoices }),
    definitionSha256: about.definitionSha256,
    itemsSha256: about.itemsSha256,
    citation: about.citation,
  }
}

type Figure = ReturnType<typeof estimateToJson>

interface Clean {
  readonly items: number
  readonly contaminated: number
  /** Too short to decide, or not looked up. */
  readonly unknown: number
  readonly accuracy: Figure
  readonly accuracyNorm: Figure
  readonly accuracyBytes: Figure
  readonly exactMatch: Figure
  readonly bitsPerByte: Figure
}

/** Figures of the items that do not stand in the training corpus, by task. */
function measureClean(
  known: KnownItems,
  choices: ChoicesEvidence,
  measure: (evidence: ChoicesEvidence) => readonly MeasuredBenchmark[],
): ReadonlyMap<string, Clean> {
  const measured = groupBy(choices.answers, ({ task }) => task)
  // Of what was measured, as the figures are: of what was asked for, items may have been left out.
  const itemsOf = (task: string) => [...new Set(measured.get(task)?.map(({ item }) => item))]
  const answers = choices.answers.filter((a) => known.isClean(a.task, a.item))
  return new Map(
    measure({ ...choices, answers }).map((clean) => [
      clean.task,
      {
        items: clean.items,
        ...known.count(itemsOf(clean.task).map((item) => [clean.task, item])),
        accuracy: estimateToJson(clean.accuracy),
        accuracyNorm: estimateToJson(clean.accuracyNorm),
        accuracyBytes: estimateToJson(clean.accuracyBytes),
        exactMatch: estimateToJson(clean.exactMatch),
        bitsPerByte: estimateToJson(clean.bitsPerByte),
      },
    ]),
  )
}

/** `FILE`, or `split=FILE,split=FILE`; a file that is there is one whatever its name. */
const parseData = (text: string): NonNullable<LoadTaskOptions['data']> =>
  /^[\w.-]+=/.test(text) && !existsSync(text) ? parsePairs(text) : text

export function addChoices(program: Command): void {
  addCommand<ChoicesOptions>(program, {
    name: 'choices <model>',
    description: 'benchmark tasks by log-likelihood or generation, every shared token evaluated once',
    example: 'assay choices assay-ladder --task agreement --limit 100 --out results/',
    configure: (command) =>
      withModelOptions(
        command
          .option(
            '--task <task>',
            `a task YAML of lm-evaluation-harness, or one that ships; repeatable (${shippedTasks().join(', ')})`,
            collect,
          )
          .option(
            '--data <file>',
            'items of the task, or of its splits: test=FILE,train=FILE; a file of the Hub is hf:org/name/file.parquet (default: what the task names, else the Hub)',
            parseData,
          )
          .option('--columns <names>', 'our field=your field, for foreign items', parsePairs)
          .option('--shots <k>', 'solved examples before each item (default: as the task says)', parseCount)
          .option('--limit <n>', 'items a task, the first ones', parsePositive)
          .option('--draws <n>', 'draws of shots, each with a seed of its own', parsePositive, 1)
          .option('--templates <n>', 'ways to ask, where the task has several', parsePositive, 1)
          .option('--same-shots', 'one draw of shots for all items: a fraction of the tokens')
          .option('--pmi', 'ask the choices without their question, too')
          .option(
            '--contamination <table>',
            'of assay corpus contamination: every score on the clean items beside that on all (JSON tasks[].clean)',
          )
          .option('--out <folder>', 'write results and samples as lm-evaluation-harness does')
          .option('--resume', 'go on where an interrupted run with the same --out stopped')
          .option('--exact', 'score branches one after the other: slower, bit for bit as if asked alone')
          .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
      ),
    keeps: ({ out }) => out !== undefined,
    writes: ({ out }) => [out === undefined ? undefined : join(out, 'results.json')],
    run: async ([reference], options, io) => {
      const names = options.task ?? []
      if (names.length === 0)
        throw raise('bad-option', `found none, expected a file or one of ${shippedTasks().join(', ')}`, {
          field: '--task',
        })
      if (options.resume === true && options.out === undefined)
        throw raise('bad-option', 'without --out nothing is kept to go on from', { field: '--resume' })
      const lookUp = await readTable(options.contamination)
      const signal = interruptSignal(io.note)
      const { data, columns, draws, templates, shots, limit } = options
      const plans = []
      const asked = {
        draws,
        templates,
        sameShots: options.sameShots === true,
        unconditioned: options.pmi === true,
        ...defined({ shots, limit }),
      }
      for (const name of names) {
        const tasks = await loadTasks(name, {
          ...defined({ data, columns }),
          fetch: (wanted) =>
            datasetFiles(wanted, { offline: options.offline === true, progress: io.progress, signal }),
        })
        for (const task of tasks) plans.push(planBenchmark(task, asked))
      }
      const items = plans.flatMap(({ task, draws: [first] }) =>
        (first?.instances ?? []).map(({ document }) => [task.name, document.id] as const),
      )
      const known = lookUp?.(items)
      const fixed = plans.filter(({ task, shots: shown }) => !drawsShots(task, shown))
      if (draws > 1 && fixed.length === plans.length)
        throw raise('bad-option', `found ${draws}, and no task draws examples: pass --shots 5, say`, {
          field: '--draws',
        })
      if (draws > 1 && fixed.length > 0)
        io.note(`One draw of ${fixed.map(({ task }) => task.name).join(', ')}: no examples are drawn there.`)
      const ways = Math.max(...plans.map(({ task }) => task.templates.length))
      if (templates > ways)
        throw raise('bad-option', `found ${templates}, and no task has more than ${ways}`, {
          field: '--templates',
        })
      const model = await openModel(planAudit(reference, { seed: io.seed, domains: [], ...options }), {
        offline: options.offline === true,
        packBranches: options.exact !== true,
        progress: io.progress,
        note: io.note,
        signal,
      })
      const random = createRandom(io.seed)
      const journal = journalAt(
        options.out === undefined ? undefined : join(options.out, 'choices.journal'),
        'choices',
      )
      try {
        await requireSoundEngine(model, random, io.note)
        const choices = await gatherChoices(model, plans, {
          random,
          resume: options.resume === true,
          signal,
          asked: { seed: io.seed },
          journalPath: () => journal.path,
          progress: io.progress,
          note: io.note,
        })
        const context = { random: random.derive(benchmarkScores.id), level: DEFAULT_LEVEL }
        const measured = measureBenchmarks(choices, context.random, context.level)
        const clean =
          known &&
          measureClean(known, choices, (own) => measureBenchmarks(own, context.random, context.level))
        if (options.out !== undefined)
          writeHarness(options.out, {
            model,
            plans,
            choices,
            measured,
            limit: limit ?? null,
            date: new Date(),
          })
        journal.remove()
        const judged = withCleanPart(
          benchmarkScores.judge({ choices, ...evidenceOf(known) }, context),
          known,
          { choices },
          context,
        )
        const result: Result = {
          schema: SCHEMA,
          title: `Benchmarks of ${model.evidence.name}`,
          summary: judged.sections[0].answer,
          seed: io.seed,
          inputs: [
            ...modelInput(model.evidence.name, model.evidence),
            ...hashInputs([...new Set(plans.map(({ task }) => task.path))]).map(({ path, sha256 }) => ({
              path: basename(path),
              sha256,
            })),
            ...plans.map(({ task }) => ({ path: `${task.name}: items`, sha256: task.itemsSha256 })),
          ],
          model: model.evidence,
          gates: [],
          ...judged,
          provenance: [{ label: 'engine', value: `${model.settings.engine} ${model.settings.version}` }],
          notMeasured: choices.tasks.flatMap((t) => t.leftOut.map((why) => ({ what: t.task, why }))),
        }
        io.note(wasteText(choices.tokens))
        const { evaluated, naive } = choices.tokens
        return await outcomeOf(result, io, {
          // On a screen the numbers themselves; files have the chart, too.
          text: forTerminal({ ...result, sections: judged.sections.map((s) => ({ ...s, charts: [] })) }, io),
          exitCode: measured.some((m) => m.main.estimate.kind === 'estimate') ? 0 : 2,
          files: options.output,
          own: {
            model: { name: model.evidence.name, params: model.evidence.params ?? null },
            tasks: measured.map((m) => ({
              ...taskToJson(m),
              ...(clean === undefined ? {} : { clean: clean.get(m.task) }),
            })),
            tokens: { ...choices.tokens, factor: evaluated === 0 ? null : naive / evaluated },
            protocol: {
              engine: choices.engine,
              prefixToken: choices.prefixToken,
              prefixChoice: choices.prefixChoice,
            },
          },
        })
      } finally {
        await model.close()
        if (options.out === undefined) journal.remove()
      }
    },
  })
}
