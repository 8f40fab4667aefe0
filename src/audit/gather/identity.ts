import type { EngineSettings, Input, ModelEvidence, SpecialToken } from '../../core/index.js'
import { sha256 } from '../store/files.js'
import type { Settings } from '../store/journal.js'

/** What tells one model's numbers from another's: the hash of its weights, else of all that its place says of it. */
function identityOf(model: ModelEvidence): string {
  return model.sha256 ?? `${model.name} (${hashOf(model)})`
}

/** Enough of a hash to tell two settings apart, short enough to be read. */
export function hashOf(value: unknown): string {
  return sha256(JSON.stringify(value)).slice(0, 12)
}

/**
 * What of a model and its engine changes a log-probability. Threads are not among it: each element of a product is
 * summed by one thread, so the numbers are the same to the bit (test/faults/resume.test.ts).
 */
export function modelSettings(
  { evidence, settings }: { evidence: ModelEvidence; settings: EngineSettings },
  prefix: SpecialToken | null,
): Settings {
  return {
    model: identityOf(evidence),
    engine: settings.engine,
    'engine version': settings.version,
    device: settings.gpu ?? null,
    'flash attention': settings.flashAttention ?? null,
    'cache type': settings.cacheType ?? null,
    'batch tokens': settings.batchTokens ?? null,
    'prefix token': prefix === null ? null : `${prefix.text} (${prefix.id})`,
  }
}

/** The model among the files that numbers came from; a server is no file and is named as the model alone. */
export function modelInput(path: string, { sha256 }: ModelEvidence): Input[] {
  return sha256 === undefined ? [] : [{ path, sha256 }]
}
