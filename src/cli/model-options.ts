import type { Command } from 'commander'
import type { PrefixChoice } from '../core/index.js'
import { parsePositive } from './option-values.js'
import { PREFIX_TOKEN_OPTION, TOKENIZER_OPTION } from './prefix-token.js'
import { REVISION_OPTION } from './revision.js'

/** How a model is found and opened, as every command that asks one takes it. */
export interface ModelOptions {
  readonly offline?: boolean
  readonly threads?: number
  readonly gpu?: 'off' | 'auto'
  readonly prefixToken?: PrefixChoice
  readonly tokenizer?: string
  readonly revision?: string
}

/** Add the options that say how a model is found and opened. */
export function withModelOptions(command: Command): Command {
  return command
    .option('--offline', 'never touch the network')
    .option('--threads <n>', 'CPU threads (default: every core; one for a tiny model)', parsePositive)
    .option('--gpu <off|auto>', 'auto uses the CUDA, Vulkan or Metal package that you installed')
    .option(...PREFIX_TOKEN_OPTION)
    .option(...TOKENIZER_OPTION)
    .option(...REVISION_OPTION)
}
