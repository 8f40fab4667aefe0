#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { nearest } from '../audit/index.js'
import { formatError } from '../core/index.js'
import { COMMANDS } from './commands/index.js'
import { raise } from './errors.js'
import { useProxyOf } from './proxy.js'

const USAGE_ERROR = 3

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const program = new Command('assay')
  .description('Tells whether a base language model, or the run that makes one, is ready to build on.')
  .version(version)
  .showSuggestionAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : USAGE_ERROR))
for (const add of COMMANDS) add(program)

// `assay nosuch --help` would print the general help and call that success.
const [asked = '-'] = process.argv.slice(2)
if (!asked.startsWith('-') && asked !== 'help' && !program.commands.some((c) => c.name() === asked)) {
  const names = program.commands.map((command) => command.name())
  const meant = nearest(asked, names)
  program.error(
    `error: unknown command '${asked}'${meant === undefined ? `, expected ${names.join(', ')}` : `; did you mean ${meant}?`}`,
  )
}

// A reader that closes the pipe early (`assay … | head`) is no error; a full disk must not read as a NO-GO (exit code 1).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  const told = raise('cannot-print', error.message, {}, error)
  process.stderr.write(`${formatError(told)}\n`, () => process.exit(USAGE_ERROR))
})

await useProxyOf(process.env)
await program.parseAsync()
