import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect } from 'vitest'
import { COMMANDS } from '../../src/cli/commands/index.js'
import { callCli, type Ended, ROOT, scratch } from './run-cli.js'

/** Those of an audit, in an order in which each finds what an earlier one wrote. */
export const AROUND_AN_AUDIT = ['init', 'validate', 'audit', 'gather']

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

/** Where a program stands and is run: the build in a folder, unless told. */
export interface Place {
  readonly folder: string
  readonly main?: string
}

/** The line behind `$` in a command's help. */
export async function exampleOf(command: string, { folder, main }: Place): Promise<string[]> {
  const { stdout } = await callCli([...command.split(' '), '--help'], folder, main)
  const [, line = ''] = /\n {2}\$ (?:npx )?assay (.+)\n/.exec(stdout) ?? []
  return line.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'))
}

/** Fewer of what takes most of an example's time: that it runs is asked, not what it says. */
const FEWER: Readonly<Record<string, readonly string[]>> = {
  adapt: ['--items', '6', '--draws', '2', '--limit', '1'],
  knowledge: ['--limit', '10'],
}

/** Run it as it stands in the help. */
export async function runExample(
  command: string,
  place: Place,
  more: (example: readonly string[]) => readonly string[] = () => FEWER[command] ?? [],
): Promise<Ended> {
  const example = await exampleOf(command, place)
  expect(example.join(' ')).toContain(command)
  const ended = await callCli([...example, ...more(example)], place.folder, place.main)
  const { code, stderr, stdout } = ended
  // Verdicts are exit codes: the small model that ships is NO-GO.
  expect([0, 1, 2], `assay ${example.join(' ')}\n${stderr}`).toContain(code)
  expect(stdout).not.toMatch(/NaN|undefined/)
  return ended
}
