import type { Input, ModelEvidence } from '../../core/index.js'

/** What tells one model's numbers from another's: the hash of its weights, else all that its place says of it. */
export function identityOf(model: ModelEvidence): string {
  return model.sha256 ?? JSON.stringify(model)
}

/** The model among the files that numbers came from; a server is no file and is named as the model alone. */
export function modelInput(path: string, { sha256 }: ModelEvidence): Input[] {
  return sha256 === undefined ? [] : [{ path, sha256 }]
}
