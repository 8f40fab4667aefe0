import { modelInput, openModel, planAudit } from '../audit/index.js'
import type { Input, TextTokenizer } from '../core/index.js'
import { openTokenizerJson } from '../engines/index.js'
import type { Io } from './run.js'

interface OpenedTokenizer {
  readonly tokenizer: TextTokenizer
  readonly inputs: readonly Input[]
  close(): Promise<void>
}

/** The tokenizer of a model, or a tokenizer.json by itself. */
export async function openTokenizer(
  reference: string,
  options: { readonly revision?: string; readonly tokenizer?: string; readonly offline?: boolean },
  io: Io,
  signal: AbortSignal,
): Promise<OpenedTokenizer> {
  if (reference.endsWith('.json')) {
    const tokenizer = await openTokenizerJson(reference)
    return {
      tokenizer,
      inputs: [{ path: reference, sha256: tokenizer.sha256 }],
      close: async () => {},
    }
  }
  const plan = planAudit(reference, {
    seed: io.seed,
    domains: [],
    ...(options.revision === undefined ? {} : { revision: options.revision }),
    ...(options.tokenizer === undefined ? {} : { tokenizer: options.tokenizer }),
  })
  const model = await openModel(plan, {
    offline: options.offline === true,
    progress: io.progress,
    note: io.note,
    signal,
  })
  return {
    tokenizer: model.tokenizer,
    inputs: modelInput(reference, model.evidence),
    close: () => model.close(),
  }
}
