import { join } from 'node:path'
import { openEngine } from '../../src/engines/index.js'
import { ROOT, smallestModel } from '../cli/run-cli.js'
import { type Backend, modelBackend } from './backend.js'

/** The smallest ladder model as a checkpoint folder, which brings the tokenizer of all of them. */
export const LADDER_FOLDER: string = join(ROOT, 'models', 'assay-ladder-25k')

/** The smallest ladder model, opened by the embedded engine, to stand behind a server. */
export async function ladderBackend(): Promise<Backend & { close(): Promise<void> }> {
  const model = await openEngine(smallestModel(), { threads: 1 })
  return { ...modelBackend(model), close: () => model.close() }
}
