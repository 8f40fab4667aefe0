import type { Command } from 'commander'
import { completionScript, SHELLS, type Shell } from '../completion.js'
import { raise } from '../errors.js'
import { addCommand } from '../run.js'

export function addCompletion(program: Command): void {
  addCommand<object>(program, {
    name: 'completion <shell>',
    description: `print what makes ${SHELLS.join(', ')} complete commands and options`,
    example: 'assay completion bash',
    configure: (command) => command,
    run: async ([shell], _options, io) => {
      if (!SHELLS.includes(shell as Shell))
        throw raise('bad-option', `found "${shell}", expected ${SHELLS.join(', ')}`, { field: 'shell' })
      const script = completionScript(program, shell as Shell)
      return {
        json: { schema: 'assay/completion@1', seed: io.seed, inputs: [], findings: [], shell, script },
        text: script,
        exitCode: 0,
      }
    },
  })
}
