import type { Command } from 'commander'
import { compareAudits, readEvidence } from '../../audit/index.js'
import { estimateToJson } from '../../core/index.js'
import { collect, outcomeOf } from '../output.js'
import { addCommand } from '../run.js'

export function addCompare(program: Command): void {
  addCommand<{ output?: string[] }>(program, {
    name: 'compare <first> <second>',
    description:
      'two audits of the same texts, metric by metric: evidence folders, what the second gained or lost',
    example: 'assay compare assay-evidence evidence',
    configure: (command) =>
      command.option(
        '-o, --output <file>',
        'write .html, .md, .json, .xml, .svg or .txt; repeatable',
        collect,
      ),
    run: async ([first, second], options, io) => {
      const { changes, result } = compareAudits(
        await readEvidence(first),
        await readEvidence(second),
        io.seed,
      )
      return outcomeOf(result, io, {
        exitCode: 0,
        files: options.output,
        own: {
          changes: changes.map(({ before, after, change, ...named }) => ({
            ...named,
            before: estimateToJson(before),
            after: estimateToJson(after),
            change: estimateToJson(change),
          })),
        },
      })
    },
  })
}
