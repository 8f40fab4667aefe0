import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect } from 'vitest'
import { COMMANDS } from '../../src/cli/commands/index.js'
import { ROOT, runCli, scratch } from './run-cli.js'

/** Those of an audit, in an order in which each finds what an earlier one wrote. */
export const AROUND_AN_AUDIT = ['init', 'validate', 'audit', 'judge', 'gate', 'report', 'gather']

/** `corpus count`: every command that does something. */
export function commandNames(): string[] {
  const program = new Command('assay')
  for (const add of COMMANDS) add(program)
  return program.commands.flatMap((command) =>
    command.commands.length === 0
      ? [command.name()]
      : command.commands.map((part) => `${command.name()} ${part.name()}`),
  )
}

/** What a user has in a fresh clone, without its being written to. */
export function cloneOfShipped(): string {
  const folder = scratch()
  for (const name of ['examples', 'facts', 'ladder', 'models', 'tasks', 'texts'])
    symlinkSync(join(ROOT, name), join(folder, name))
  return folder
}

/** The line behind `$` in a command's help. */
export async function exampleOf(command: string): Promise<string[]> {
  const { stdout } = await runCli([...command.split(' '), '--help'])
  const [, line = ''] = /\n {2}\$ assay (.+)\n/.exec(stdout) ?? []
  return line.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'))
}

/** Run it as it stands in the help. */
export async function runExample(
  command: string,
  folder: string,
  more: (example: readonly string[]) => readonly string[] = () => [],
): Promise<void> {
  const example = await exampleOf(command)
  expect(example.join(' ')).toContain(command)
  const { code, stderr, stdout } = await runCli([...example, ...more(example)], { cwd: folder })
  // Verdicts are exit codes: the small model that ships is NO-GO.
  expect([0, 1, 2], `assay ${example.join(' ')}\n${stderr}`).toContain(code)
  expect(stdout).not.toMatch(/NaN|undefined/)
}
