import { cpSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ROOT, runCli, scratch } from './run-cli.js'

/** In an order in which each finds what an earlier one wrote. */
const COMMANDS = [
  ['init'],
  ['validate'],
  ['audit'],
  ['judge'],
  ['gate'],
  ['report'],
  ['gather'],
  ['compare'],
  ['tasks'],
  ['loss'],
  ['tokenizer'],
  ['curve'],
  ['forecast'],
  ['fit'],
  ['corpus', 'count'],
  ['corpus', 'merge'],
  ['knowledge'],
  ['bound'],
  ['salience'],
  ['gain'],
  ['completion'],
] as const

const MINUTES = 60_000

/** The line behind `$` in a command's help. */
async function exampleOf(command: readonly string[]): Promise<string[]> {
  const { stdout } = await runCli([...command, '--help'])
  const [, line = ''] = /\n {2}\$ assay (.+)\n/.exec(stdout) ?? []
  return line.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'))
}

describe('the example in the help of', () => {
  // What a user has in a fresh clone, without its being written to.
  const folder = scratch()
  beforeAll(() => {
    for (const name of ['examples', 'facts', 'ladder', 'models', 'texts'])
      symlinkSync(join(ROOT, name), join(folder, name))
  })

  /** The audit before it asked the same of the same model: a minute's work that need not be done twice. */
  function withAuditsJournal(example: readonly string[]): string[] {
    const evidence = example[example.indexOf('--evidence') + 1]
    cpSync(join(folder, 'assay-evidence'), join(folder, evidence), { recursive: true })
    return ['--resume']
  }

  it.each(COMMANDS.map((command) => command.join(' ')))(
    '%s runs',
    async (name) => {
      const example = await exampleOf(name.split(' '))
      expect(example.join(' ')).toContain(name)
      const more = name === 'gather' ? withAuditsJournal(example) : []
      const { code, stderr, stdout } = await runCli([...example, ...more], { cwd: folder })
      // Verdicts are exit codes: the small model that ships is NO-GO.
      expect([0, 1, 2], `assay ${example.join(' ')}\n${stderr}`).toContain(code)
      expect(stdout).not.toMatch(/NaN|undefined/)
    },
    5 * MINUTES,
  )
})
