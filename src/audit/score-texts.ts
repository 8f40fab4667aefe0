import type { OpenedModel, ScoredDocument } from '../core/index.js'
import { raise } from './errors.js'
import { scoreDocument, toDocument, windowOf } from './gather/surprisal.js'
import type { Passage } from './texts/sample.js'

/**
 * Score texts as an audit does: each by itself, conditioned on the model's prefix token, in disjoint windows.
 *
 * @param window  longest sequence, tokens; the model's context or 2,048, whichever is shorter, when left out
 * @returns       one document a passage, in their order, for `bitsPerByte` and its kin
 * @throws {AssayError} `audit/no-text` for a text of no token but the first; what the model's scorer throws
 *
 * Source: docs/methods/surprisal.md
 */
export async function scoreTexts(
  model: OpenedModel,
  passages: readonly Passage[],
  window?: number,
): Promise<ScoredDocument[]> {
  const documents: ScoredDocument[] = []
  for (const passage of passages) {
    const scored = await scoreDocument(model, passage.text, windowOf(model, window))
    if (typeof scored === 'string')
      throw raise('no-text', `${scored} (${passage.domain}, ${passage.document})`, undefined)
    documents.push(toDocument(passage, scored))
  }
  return documents
}
