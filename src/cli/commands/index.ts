import type { Command } from 'commander'

/** Every command of the program, in the order of `assay --help`. A command is one file and one line here. */
export const COMMANDS: readonly ((program: Command) => void)[] = []
