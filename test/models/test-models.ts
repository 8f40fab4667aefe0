import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Real models that tests use when they are there; test/models/fetch.sh gets them from Python packages. */
const FILES = {
  smollm2: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  gemma3: 'gemma-3-270m-q4_k_m.gguf',
} as const

/** `$ASSAY_TEST_MODELS`, else ~/.cache/assay/test-models. */
export const TEST_MODELS = process.env.ASSAY_TEST_MODELS ?? join(homedir(), '.cache', 'assay', 'test-models')

/** Path of a test model, and why a test that needs it is skipped (undefined when the file is there). */
export function testModel(name: keyof typeof FILES): {
  readonly path: string
  readonly skip: string | undefined
} {
  const path = join(TEST_MODELS, FILES[name])
  return { path, skip: existsSync(path) ? undefined : `${FILES[name]} is missing: run test/models/fetch.sh` }
}
