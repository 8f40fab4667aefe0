import type { Command, Option } from 'commander'
import { shellWord } from '../core/text/quoted.js'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** A command that does something, by the words that call it: `['corpus', 'count']`. */
interface Leaf {
  readonly words: readonly string[]
  readonly description: string
  readonly options: readonly Option[]
}

function leavesOf(command: Command, words: readonly string[] = []): Leaf[] {
  return command.commands.flatMap((child) => {
    const own = [...words, child.name()]
    return child.commands.length > 0
      ? leavesOf(child, own)
      : [{ words: own, description: child.description(), options: child.options }]
  })
}

/** Words that can follow after words, in the order of the help. */
function nextWords(leaves: readonly Leaf[], before: readonly string[]): string[] {
  const fits = leaves.filter(
    (leaf) => leaf.words.length > before.length && before.every((w, i) => w === leaf.words[i]),
  )
  return [...new Set(fits.map((leaf) => leaf.words[before.length]))]
}

const flagsOf = (leaf: Leaf): string[] =>
  leaf.options.flatMap((option) => [option.long, option.short].filter((flag) => flag != null))

/** Prefixes of commands that have sub-commands: none, and `corpus`. */
function branches(leaves: readonly Leaf[]): string[][] {
  const inner = leaves.flatMap((leaf) => leaf.words.slice(0, -1).map((_, i) => leaf.words.slice(0, i + 1)))
  return [[], ...new Map(inner.map((words) => [words.join(' '), [...words]])).values()]
}

/** `case` arms: by the words typed so far, which commands or options come next. */
function arms(leaves: readonly Leaf[]): string {
  const commands = branches(leaves).map(
    (words) =>
      `    ${shellWord(words.join(' '))}) commands=${shellWord(nextWords(leaves, words).join(' '))} ;;`,
  )
  const options = leaves.map(
    (leaf) => `    ${shellWord(leaf.words.join(' '))}) options=${shellWord(flagsOf(leaf).join(' '))} ;;`,
  )
  return [...commands, ...options].join('\n')
}

/** Commands and options by the words before; files where a word of a command does not begin with `-`. */
function bash(leaves: readonly Leaf[]): string {
  const known = [...branches(leaves).slice(1), ...leaves.map((leaf) => leaf.words)]
  return `# assay completion for bash: source <(assay completion bash)
_assay() {
  local current="\${COMP_WORDS[COMP_CWORD]}" typed='' commands='' options='--help' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$typed\${typed:+ }$word" in
      ${known.map((words) => shellWord(words.join(' '))).join('|')}) typed="$typed\${typed:+ }$word" ;;
      *) break ;;
    esac
  done
  case "$typed" in
${arms(leaves)}
  esac
  [[ $current == -* ]] && commands="$options --help"
  COMPREPLY=($(compgen -W "$commands" -- "$current"))
}
complete -o default -F _assay assay
`
}

const zsh = (leaves: readonly Leaf[]): string => `#compdef assay
# assay completion for zsh: source <(assay completion zsh)
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
${bash(leaves).split('\n').slice(1).join('\n')}`

function fish(leaves: readonly Leaf[]): string {
  const lines = leaves.flatMap(({ words, description, options }) => {
    const before = words.slice(0, -1)
    const name = words[words.length - 1]
    const asked =
      before.length === 0
        ? '__fish_use_subcommand'
        : `__fish_seen_subcommand_from ${before.join(' ')}; and not __fish_seen_subcommand_from ${nextWords(leaves, before).join(' ')}`
    const inside = words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
    return [
      `complete -c assay -n ${shellWord(asked)} -a ${name} -d ${shellWord(description.split(/[.:;,]/)[0])}`,
      ...options.map((option) =>
        [
          `complete -c assay -n ${shellWord(inside)}`,
          ...(option.long == null ? [] : [`-l ${option.long.slice(2)}`]),
          ...(option.short == null ? [] : [`-s ${option.short.slice(1)}`]),
          ...(option.required ? ['-r'] : []),
          `-d ${shellWord(option.description)}`,
        ].join(' '),
      ),
    ]
  })
  const inner = branches(leaves)
    .filter((words) => words.length > 0)
    .map(
      (words) => `complete -c assay -n __fish_use_subcommand -a ${words[0]} -d ${shellWord(`${words[0]} …`)}`,
    )
  return `# assay completion for fish: assay completion fish | source\n${[...inner, ...lines].join('\n')}\n`
}

const WRITERS: Readonly<Record<Shell, (leaves: readonly Leaf[]) => string>> = { bash, zsh, fish }

/** A script that makes a shell complete this program's commands and options; made from the program itself. */
export function completionScript(program: Command, shell: Shell): string {
  return WRITERS[shell](leavesOf(program))
}
