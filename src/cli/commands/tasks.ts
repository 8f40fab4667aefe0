import type { Command } from 'commander'
import { hashInputs, VERSION, writeFileAtomic } from '../../audit/index.js'
import {
  type Cell,
  counted,
  DEFAULT_LEVEL,
  type Estimate,
  equalRange,
  estimateToJson,
  FEWEST_MODELS,
  type Finding,
  type ItemQuality,
  itemQuality,
  LAST_CHECKPOINTS,
  type Result,
  type Section,
  type TaskSignal,
  taskSignals,
  tsvCell,
} from '../../core/index.js'
import { readTaskScores, type TaskItems } from '../../ingest/index.js'
import { raise } from '../errors.js'
import { parsePairs, parsePositive, parseShare } from '../option-values.js'
import { collect, noteAll, outcomeOf } from '../output.js'
import { addCommand } from '../run.js'
import { sourcesOf } from './compare-sources.js'

const SCHEMA = 'assay/tasks@1'
const METHOD = 'docs/methods/signal.md'

interface TasksOptions {
  readonly last: number
  readonly metric?: string
  readonly filter?: string
  readonly columns?: Readonly<Record<string, string>>
  readonly items?: string
  readonly level: number
  readonly output?: readonly string[]
}

/** Items of a task that enough models answered. */
interface JudgedItems extends Pick<TaskItems, 'task' | 'metric' | 'models'> {
  readonly items: readonly ItemQuality[]
}

const nameOf = ({ task, metric }: Pick<TaskSignal, 'task' | 'metric'>): string => `${task} (${metric})`
const known = (e: Estimate): boolean => e.kind === 'estimate'

/** A task that tells nothing: its models lie no farther apart than as many equal ones would, 95 times of a hundred. */
function isNoise({ models, signal, noise }: TaskSignal): boolean {
  if (signal.kind !== 'estimate' || noise.kind !== 'estimate') return false
  return signal.value <= equalRange(models, 0.95) * noise.interval.high
}

function findingsOf(signals: readonly TaskSignal[]): Finding[] {
  const ranked = signals.filter(({ snr }) => known(snr))
  const [best] = ranked
  if (best === undefined)
    return [
      {
        probe: 'tasks',
        code: 'tasks/no-checkpoints',
        status: 'insufficient',
        title: 'Signal cannot be held against noise: no run tells its last checkpoints',
        action: `Pass evaluations of the last ${LAST_CHECKPOINTS} checkpoints of a run or more, too.`,
        sources: [`${METHOD}#noise`],
      },
    ]
  const noisy = ranked.filter(isNoise)
  return [
    {
      probe: 'tasks',
      code: 'tasks/best',
      status: 'pass',
      title: `${nameOf(best)} tells these models apart best`,
      estimate: best.snr,
      sources: [`${METHOD}#signal-to-noise`, 'arXiv:2508.13144'],
    },
    ...(noisy.length === 0
      ? []
      : [
          {
            probe: 'tasks',
            code: 'tasks/noise',
            status: 'warn' as const,
            title: `${noisy.length} of ${counted(ranked.length, 'score')} may tell no more than the noise of one run's checkpoints: ${noisy.slice(0, 5).map(nameOf).join(', ')}${noisy.length > 5 ? ' …' : ''}`,
            action:
              'Decide by other tasks, by a smoother metric (the loss on the right answer), or by the mean of several checkpoints.',
            sources: [`${METHOD}#signal-to-noise`, 'arXiv:2508.13144'],
          },
        ]),
  ]
}

function answerOf(signals: readonly TaskSignal[]): string {
  const ranked = signals.filter(({ snr }) => known(snr))
  const [best] = ranked
  if (best === undefined)
    return `${counted(signals.length, 'score')}, and no checkpoints to hold their spread against.`
  const good = ranked.filter((own) => !isNoise(own)).length
  return `${good} of ${counted(ranked.length, 'score')} ${good === 1 ? 'tells' : 'tell'} these models apart beyond the noise of checkpoints; ${nameOf(best)} does best.`
}

function itemsTable(judged: readonly JudgedItems[]): Section['tables'] {
  if (judged.length === 0) return []
  const share = (items: readonly ItemQuality[], is: (item: ItemQuality) => boolean): number =>
    items.filter(is).length
  return [
    {
      title: 'Items over models',
      columns: ['task', 'models', 'items', 'all right', 'all wrong', 'better models do worse'],
      rows: judged.map(({ task, models, items }): Cell[] => [
        task,
        models.length,
        items.length,
        share(items, ({ difficulty }) => difficulty === 0),
        share(items, ({ difficulty }) => difficulty === 1),
        share(items, ({ discrimination }) => discrimination !== null && discrimination < 0),
      ]),
    },
  ]
}

function sectionOf(
  signals: readonly TaskSignal[],
  judged: readonly JudgedItems[],
  notes: readonly string[],
  { last, level }: TasksOptions,
): Section {
  const ranked = signals.filter(({ snr }) => known(snr))
  return {
    id: 'tasks',
    order: 10,
    question: 'Which tasks tell models apart?',
    answer: answerOf(signals),
    inShort: counted(signals.length, 'score'),
    charts:
      ranked.length === 0
        ? []
        : [
            {
              kind: 'dots',
              caption: 'Left of the line models lie no farther apart than one run’s checkpoints',
              x: { label: 'signal over noise', unit: 'ratio', scale: 'log' },
              rows: ranked
                .filter(({ snr }) => snr.kind === 'estimate' && snr.interval.low > 0)
                .map((own) => ({ label: nameOf(own), estimate: own.snr })),
              reference: [{ value: 1, label: 'as much as noise' }],
            },
          ],
    tables: [
      {
        title: 'Every task and metric',
        columns: [
          'task',
          'metric',
          'models',
          'signal',
          'noise',
          'signal/noise',
          'decision accuracy',
          'monotonicity',
        ],
        rows: signals.map((s): Cell[] => [
          s.task,
          s.metric,
          s.models,
          ...[s.signal, s.noise, s.snr, s.decisionAccuracy, s.monotonicity].map((e) => (known(e) ? e : null)),
        ]),
      },
      ...itemsTable(judged),
    ],
    protocol: [
      `Signal: (highest − lowest) / mean of the models' last scores, whatever their size. Noise: standard deviation over mean of a run's last ${last} checkpoints behind half of its training. Intervals at ${level}.`,
      'Decision accuracy: pairs of recipes (families, tokens per parameter) that smaller models order as the largest do.',
      ...notes,
    ],
  }
}

function signalToJson({ signal, noise, snr, decisionAccuracy, monotonicity, ...own }: TaskSignal): object {
  return {
    ...own,
    signal: estimateToJson(signal),
    noise: estimateToJson(noise),
    snr: estimateToJson(snr),
    decisionAccuracy: estimateToJson(decisionAccuracy),
    monotonicity: estimateToJson(monotonicity),
  }
}

function writeItems(path: string, judged: readonly JudgedItems[]): void {
  const rows = judged.flatMap(({ task, items }) =>
    items.map(({ item, models, difficulty, discrimination }) =>
      [task, item, models, difficulty, discrimination].map(tsvCell).join('\t'),
    ),
  )
  writeFileAtomic(path, `task\titem\tmodels\tdifficulty\tdiscrimination\n${rows.join('\n')}\n`)
}

export function addTasks(program: Command): void {
  addCommand<TasksOptions>(program, {
    name: 'tasks <evals...>',
    description:
      'which benchmarks can tell models and checkpoints apart: signal, noise, decision accuracy, items',
    example: 'assay tasks ladder/evaluations.csv -o tasks.html',
    configure: (command) =>
      command
        .option(
          '--last <n>',
          'checkpoints at the end of a run that noise is of',
          parsePositive,
          LAST_CHECKPOINTS,
        )
        .option('--metric <name>', 'this metric alone')
        .option('--filter <name>', 'filter of lm-evaluation-harness samples')
        .option('--columns <names>', 'our field=your column, for foreign tables', parsePairs)
        .option(
          '--items <file>',
          `difficulty and discrimination of items over ${FEWEST_MODELS} models or more, as .tsv`,
        )
        .option('--level <share>', 'confidence level', parseShare, DEFAULT_LEVEL)
        .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
    writes: ({ items }) => [items],
    run: async (args, options, io) => {
      if (options.items !== undefined && !options.items.endsWith('.tsv'))
        throw raise('bad-option', `found "${options.items}", expected a file that ends in .tsv`, {
          field: '--items',
        })
      const { rows, items, notes, files } = await readTaskScores(sourcesOf(args), options)
      noteAll(notes, io)
      const signals = taskSignals(rows, options)
      const judged = items.flatMap(({ task, metric, models, names, scores }): JudgedItems[] => {
        const own = itemQuality(names, scores)
        return own.length === 0
          ? []
          : [{ task, models, items: own, ...(metric === undefined ? {} : { metric }) }]
      })
      if (options.items !== undefined) {
        if (judged.length === 0)
          throw raise(
            'bad-option',
            `found results of fewer than ${FEWEST_MODELS} models item by item, which tell nothing of items`,
            { field: '--items' },
          )
        writeItems(options.items, judged)
        io.note(`Wrote ${options.items}`)
      }
      const result: Result = {
        schema: SCHEMA,
        title: 'What tasks tell',
        summary: answerOf(signals),
        seed: io.seed,
        inputs: hashInputs(files),
        gates: [],
        findings: findingsOf(signals),
        metrics: [],
        sections: [sectionOf(signals, judged, notes, options)],
        provenance: [
          { label: 'version', value: VERSION },
          { label: 'confidence level', value: String(options.level) },
        ],
        notMeasured: [],
      }
      return outcomeOf(result, io, {
        exitCode: signals.some(({ signal }) => known(signal)) ? 0 : 2,
        files: options.output,
        own: {
          tasks: signals.map(signalToJson),
          items: judged.map(({ task, metric, models, items: own }) => ({
            task,
            ...(metric === undefined ? {} : { metric }),
            models,
            items: own.length,
            allRight: own.filter(({ difficulty }) => difficulty === 0).length,
            allWrong: own.filter(({ difficulty }) => difficulty === 1).length,
            negative: own.filter(({ discrimination }) => discrimination !== null && discrimination < 0)
              .length,
          })),
          notes,
        },
      })
    },
  })
}
