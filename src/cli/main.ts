#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { nearest, VERSION } from '../audit/index.js'
import { DEFAULT_SEED, formatError, withoutSecrets } from '../core/index.js'
import { useProxyOf } from '../engines/index.js'
import { plain } from '../report/index.js'
import { COMMANDS } from './commands/index.js'
import { raise } from './errors.js'
import { writeFailure } from './run.js'

const USAGE_ERROR = 3

const program = new Command('assay')
  .description('Tells whether a base language model, or the run that makes one, is ready to build on.')
  .version(VERSION)
  .showSuggestionAfterError()
  .exitOverride()
  .configureOutput({ writeErr: (text) => process.stderr.write(plain(withoutSecrets(text))) })
for (const add of COMMANDS) add(program)

// A reader that closes the pipe early (`assay … | head`) is no error; a full disk must not read as a NO-GO (exit code 1).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  const told = raise('cannot-print', error.message, {}, error)
  process.stderr.write(`${formatError(told)}\n`, () => process.exit(USAGE_ERROR))
})

/** `assay nosuch --help` would print the general help and call that success. */
function requireCommand([asked = '-']: readonly string[]): void {
  if (asked.startsWith('-') || asked === 'help' || program.commands.some((c) => c.name() === asked)) return
  const names = program.commands.map((command) => command.name())
  const meant = nearest(asked, names)
  program.error(
    `error: unknown command '${asked}'${meant === undefined ? `, expected ${names.join(', ')}` : `; did you mean ${meant}?`}`,
  )
}

/** `corpus-count`: the command that was asked for, as its JSON is named. */
function nameOf(words: readonly string[]): string {
  const path: Command[] = [program]
  for (const word of words) {
    const next = path.at(-1)?.commands.find((command) => command.name() === word)
    if (next !== undefined) path.push(next)
  }
  return path
    .slice(path.length > 1 ? 1 : 0)
    .map((command) => command.name())
    .join('-')
}

const words = process.argv.slice(2)
try {
  requireCommand(words)
  await useProxyOf(process.env)
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR
  // What was wrong stands on stderr already.
  if (process.exitCode !== 0 && words.includes('--json'))
    await writeFailure(
      nameOf(words),
      DEFAULT_SEED,
      raise('bad-option', error.message.replace(/^error: /, '')),
    )
}
