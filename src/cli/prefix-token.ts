import { InvalidArgumentError } from 'commander'
import type { PrefixChoice } from '../core/index.js'

function parse(text: string): PrefixChoice {
  if (text === 'auto' || text === 'bos' || text === 'eos' || text === 'none') return text
  if (/^\d+$/.test(text)) return Number(text)
  throw new InvalidArgumentError(`found "${text}", expected auto, bos, eos, none or the id of a token.`)
}

/** The option that says where a server's tokenizer is, as commander takes it. */
export const TOKENIZER_OPTION = [
  '--tokenizer <where>',
  'tokenizer of a server’s model: a folder, hf:org/name, or server (default: where the server took it from)',
] as const

/** The option that says what stands in front of documents and prompts, as commander takes it. */
export const PREFIX_TOKEN_OPTION = [
  '--prefix-token <which>',
  'token in front: auto (of a document BOS, else EOS; of a prompt what the tokenizer puts), bos, eos, none or an id',
  parse,
] as const
