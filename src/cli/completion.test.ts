import { execFileSync } from 'node:child_process'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from './commands/index.js'
import { completionScript } from './completion.js'

const program = new Command('assay')
for (const add of COMMANDS) add(program)

/** What bash offers behind these words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  const quoted = ['assay', ...words].map((word) => `'${word}'`).join(' ')
  const asked = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _assay; printf '%s\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', `${completionScript(program, 'bash')}\n${asked}`], { encoding: 'utf8' })
    .trim()
    .split('\n')
}

describe('bash', () => {
  it('completes commands, commands of commands and options', () => {
    expect(offered('')).toEqual(program.commands.map((command) => command.name()))
    expect(offered('cu')).toEqual(['curve'])
    expect(offered('corpus', '')).toContain('merge')
    expect(offered('corpus', 'merge', '--f')).toEqual(['--facts'])
    expect(offered('audit', 'assay.yaml', '--dry')).toEqual(['--dry-run'])
    expect(offered('curve', '--he')).toEqual(['--help'])
  })

  it('leaves files to the shell where a command takes its own words', () => {
    expect(offered('audit', '')).toEqual([''])
  })
})

describe.each(['zsh', 'fish'] as const)('%s', (shell) => {
  const script = completionScript(program, shell)

  it('names every command and every option', () => {
    for (const command of program.commands.flatMap((c) => (c.commands.length > 0 ? c.commands : [c]))) {
      expect(script).toContain(command.name())
      for (const { long } of command.options)
        if (long != null) expect(script).toContain(shell === 'fish' ? `-l ${long.slice(2)}` : long)
    }
  })
})
