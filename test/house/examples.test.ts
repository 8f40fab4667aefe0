import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { globSync } from 'tinyglobby'
import { expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/commands/index.js'

const ROOT = new URL('../..', import.meta.url)
const { files: shipped } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
  files: string[]
}
const program = new Command('assay')
for (const add of COMMANDS) add(program)

/** The line behind `$` in a command's help. */
function exampleOf(command: Command): string {
  let help = ''
  command.configureOutput({
    writeOut: (text) => {
      help += text
    },
  })
  command.outputHelp()
  return /\$ (.+)\n/.exec(help)?.[1] ?? ''
}

const leaves = program.commands.flatMap((c) => (c.commands.length > 0 ? [...c.commands] : [c]))

it.each(leaves.map((command) => [command.name(), command] as const))(
  'the example of %s takes only files that ship in the package',
  (name, command) => {
    const example = exampleOf(command)
    expect(example).toContain(name)
    const taken = example.split(' ').filter((word) => /^(examples|facts|ladder|models|texts)\//.test(word))
    const matched = taken.flatMap((word) => {
      const found = globSync(word, { cwd: ROOT.pathname, expandDirectories: true })
      return found.length === 0 ? [`${word} (no such file)`] : found
    })
    const missing = matched.filter(
      (path) => !shipped.some((entry) => path === entry || path.startsWith(`${entry}/`)),
    )
    expect(missing).toEqual([])
  },
)
