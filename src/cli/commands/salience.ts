import type { Command } from 'commander'
import { DEFAULT_LEVEL } from '../../core/index.js'
import { withModelOptions } from '../model-options.js'
import { collectFiles, parseCount, parsePairs, parsePositive, parseShare } from '../option-values.js'
import { collect } from '../output.js'
import { addCommand } from '../run.js'
import { applyVectors } from './salience-apply.js'
import { fitCapabilities } from './salience-fit.js'
import type { SalienceOptions } from './salience-options.js'

const DEFAULT_REPEATS = 50

function parseCounts(text: string): number[] {
  return text.split(',').map((part) => parsePositive(part.trim()))
}

export function addSalience(program: Command): void {
  addCommand<SalienceOptions>(program, {
    name: 'salience [model-or-losses...]',
    description: 'which text’s loss foretells which capability, and a capability read from losses alone',
    example: 'assay salience --apply models/salience.json assay-ladder',
    configure: (command) =>
      withModelOptions(
        command
          .option(
            '--losses <file...>',
            'losses of spans by model (assay loss --spans), or a wide table of bits/byte',
          )
          .option(
            '--scores <file...>',
            'result files or a tidy table; or a wide table, benchmarks down, models across',
            collectFiles,
          )
          .option('--families <file>', 'a table of model, family; models of one family are left out together')
          .option(
            '--lower-is-better [names]',
            'of which benchmarks (all, where none is named) a lower score is better',
          )
          .option('--benchmark <name>', 'fit this benchmark alone; repeatable', collect)
          .option('--without <name>', 'fit without this model, run or family; repeatable', collect)
          .option('--columns <names>', 'our field=your column', parsePairs)
          .option('--skill-at <n,…>', 'skill if only so many models were known', parseCounts)
          .option('--repeats <n>', 'draws of --skill-at', parsePositive, DEFAULT_REPEATS)
          .option(
            '--permutations <n>',
            'hold the gain against so many permutations of the scores',
            parseCount,
            0,
          )
          .option('--level <share>', 'confidence level of the intervals', parseShare, DEFAULT_LEVEL)
          .option('--save <file>', 'write the fitted vectors (salience.json)')
          .option('--apply <file>', 'read capabilities with saved vectors: of models, or of tables of losses')
          .option(
            '--model <name>',
            'with --apply: this model or run of the tables alone; repeatable',
            collect,
          )
          .option('--text <name=glob...>', 'the text of the losses (default: among the texts that ship)')
          .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
      ),
    writes: ({ save }) => [save],
    run: async (given, options, io) => {
      return options.apply === undefined
        ? fitCapabilities(options, io)
        : applyVectors(options.apply, given, options, io)
    },
  })
}
