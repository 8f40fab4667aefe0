import { sha256 } from '../store/files.js'
import type { Passage } from './sample.js'

/** The text of passages as one hash: losses of other passages, or of these in other places, never agree. */
export function textSha256(passages: readonly Passage[]): string {
  return sha256(JSON.stringify(passages.map(({ domain, document, text }) => [domain, document, text])))
}
