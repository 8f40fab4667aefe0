import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openEngine } from '../../src/engines/index.js'
import { ROOT, scratch, smallestModel } from '../cli/run-cli.js'
import { type Backend, modelBackend } from './backend.js'

/** A folder with the tokenizer of the ladder's models, as a checkpoint has it. */
export function ladderTokenizer(): string {
  const folder = scratch('assay-tokenizer-')
  copyFileSync(join(ROOT, 'ladder', 'train', 'tokenizer.json'), join(folder, 'tokenizer.json'))
  const end = '<|endoftext|>'
  writeFileSync(
    join(folder, 'tokenizer_config.json'),
    JSON.stringify({ bos_token: end, eos_token: end, add_bos_token: true }),
  )
  return folder
}

/** The smallest ladder model, opened by the embedded engine, to stand behind a server. */
export async function ladderBackend(): Promise<Backend & { close(): Promise<void> }> {
  const model = await openEngine(smallestModel(), { threads: 1 })
  return { ...modelBackend(model), close: () => model.close() }
}
