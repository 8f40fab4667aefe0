import type { Command } from 'commander'
import { hashInputs, VERSION } from '../../audit/index.js'
import { defined } from '../../core/collections.js'
import {
  analyseGain,
  conclude,
  createRandom,
  DEFAULT_GAIN_SETTINGS,
  type GainAnalysis,
  type Result,
} from '../../core/index.js'
import { expandItemPaths, ITEM_FIELDS, matching, readArms } from '../../ingest/index.js'
import { gainProbe, judgeGain } from '../../probes/index.js'
import { raise } from '../errors.js'
import { pairsOf, parseNumber, parsePairs, parsePositive, parseShare, shareFrom } from '../option-values.js'
import { collect, outcomeOf } from '../output.js'
import { addCommand, type Outcome } from '../run.js'
import { gainJson } from './gain-json.js'

const SCHEMA = 'assay/gain@1'

interface GainOptions {
  readonly task?: string
  readonly at?: number
  readonly ood?: readonly string[]
  readonly path?: string
  readonly set?: Readonly<Record<string, string>>
  readonly columns?: Readonly<Record<string, string>>
  readonly metric?: string
  readonly filter?: string
  readonly chance?: number
  readonly score?: number
  readonly contamination?: string
  readonly target?: number
  readonly delta: number
  readonly flopsPerExample?: number
  readonly price?: number
  readonly examplePrice?: number
  readonly level: number
  readonly output?: readonly string[]
}

const parseNames = (text: string): string[] => text.split(',').map((name) => name.trim())

/** A target turns the comparison into a decision: 0 it holds, 1 it is refuted or something regressed, 2 it is open. */
function exitCodeOf({ gain, decision }: GainAnalysis, target: number | undefined): Outcome['exitCode'] {
  if (gain.kind === 'notEstimable') return 2
  if (target === undefined || decision.holds) return 0
  return decision.superior === 'refuted' || decision.regressed.length > 0 ? 1 : 2
}

function requireOptions({ price, examplePrice, flopsPerExample }: GainOptions): void {
  for (const [field, value] of Object.entries({
    '--price': price,
    '--example-price': examplePrice,
    '--flops-per-example': flopsPerExample,
  }))
    if (value !== undefined && value < 0)
      throw raise('bad-option', `found ${value}, expected 0 or more`, { field })
}

export function addGain(program: Command): void {
  addCommand<GainOptions>(program, {
    name: 'gain <pretrained> <scratch>',
    description: 'what pre-training bought: two arms trained alike, one from scratch, item by item',
    example: 'assay gain ladder/adaptation/pretrained.csv.gz ladder/adaptation/scratch.csv.gz -o gain.html',
    configure: (command) =>
      command
        .option(
          '--at <n>',
          'figures at this training-set size (default: all above 0, weighted alike)',
          parsePositive,
        )
        .option('--task <name>', 'what both arms learn, for the report')
        .option('--ood <names>', 'test sets out of distribution (a,b); all others are in it', parseNames)
        .option('--path <pattern>', "what folders tell: 'n{n}/seed{seed}/{split}'")
        .option(
          '--set <values>',
          'n, seed and split of all results that do not tell them (n=1000,seed=0)',
          parsePairs,
        )
        .option('--columns <names>', 'our field=your column, for foreign tables', pairsOf(...ITEM_FIELDS))
        .option('--metric <name>', 'metric or scorer, where results hold several')
        .option('--filter <name>', 'filter of lm-evaluation-harness samples')
        .option(
          '--chance <share>',
          'accuracy of guessing, where neither table nor test set tells it',
          shareFrom(0),
        )
        .option('--score <share>', 'score at which training examples are compared', shareFrom(0))
        .option(
          '--contamination <table>',
          'items looked up in the pre-training corpus: columns item_id, clean (1 or 0), task (the test set)',
        )
        // A target below 0 asks that pre-training does no more harm than that.
        .option('--target <share>', 'least gain that counts; makes the exit code a decision', shareFrom(-1))
        .option(
          '--delta <share>',
          'largest loss on other test sets that is put up with',
          shareFrom(0),
          DEFAULT_GAIN_SETTINGS.delta,
        )
        .option('--flops-per-example <x>', 'training FLOPs of one example, all its epochs', parseNumber)
        .option('--price <money>', 'price of 1e18 training FLOPs', parseNumber)
        .option('--example-price <money>', 'price of one training example', parseNumber)
        .option(
          '--level <share>',
          'confidence level of the intervals',
          parseShare,
          DEFAULT_GAIN_SETTINGS.level,
        )
        .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
    run: async ([first, second], options, io) => {
      requireOptions(options)
      const arms = [matching([first]), matching([second])] as const
      const { task, at, chance, score, target, delta, level, flopsPerExample, price, examplePrice } = options
      const evidence = await readArms(arms[0], arms[1], {
        ...options,
        settings: {
          ...DEFAULT_GAIN_SETTINGS,
          ...defined({ task, at, chance, score, target }),
          delta,
          level,
          prices: defined({ flopsPerExample, compute: price, example: examplePrice }),
        },
      })
      const sizes = [...new Set(evidence.outcomes.map((o) => o.n))].filter((n) => n > 0).sort((a, b) => a - b)
      if (at !== undefined && !sizes.includes(at))
        throw raise('bad-option', `found ${at}, expected one of ${sizes.join(', ')}`, { field: '--at' })
      const random = createRandom(io.seed).derive('pretraining-gain')
      const analysis = analyseGain(evidence.outcomes, evidence.settings, random)
      const judged = conclude(gainProbe, judgeGain(analysis, evidence))
      const inputs = hashInputs([
        ...arms.flatMap(expandItemPaths),
        ...(options.contamination === undefined ? [] : [options.contamination]),
      ])
      const result: Result = {
        schema: SCHEMA,
        title: 'What pre-training bought',
        summary: judged.sections[0].answer,
        seed: io.seed,
        inputs,
        gates: [],
        ...judged,
        provenance: [
          { label: 'version', value: VERSION },
          { label: 'confidence level', value: String(level) },
        ],
        notMeasured: evidence.notes.map(({ code, text }) => ({ what: code, why: text })),
      }
      return outcomeOf(result, io, {
        exitCode: exitCodeOf(analysis, target),
        files: options.output,
        own: gainJson(analysis, evidence.notes),
      })
    },
  })
}
