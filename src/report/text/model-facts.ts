import type { ModelEvidence } from '../../core/index.js'
import { formatBytes, formatCount, formatNumber } from './numbers.js'

/** Share of all parameters from which the embedding is told apart. */
const LARGE_EMBEDDING = 0.2

type Fact = readonly [name: string, text: string | undefined]

/** Small models are often named by what is not embedding: both counts, where the embedding is a large part. */
function parametersText(params: number, { vocabularySize, embeddingLength }: ModelEvidence): string {
  const said = `${formatCount(params)} parameters`
  const embedding = (vocabularySize ?? 0) * (embeddingLength ?? 0)
  if (embedding < LARGE_EMBEDDING * params || embedding >= params) return said
  return `${said} (${formatCount(params - embedding)} without the embedding)`
}

/** What is known of a model in a phrase each, then in one phrase what nobody could tell. */
export function modelFacts(model: ModelEvidence, show: { readonly vocabulary: boolean }): string[] {
  const { params, architecture, quantization, contextLength, vocabularySize, fileBytes } = model
  const facts: Fact[] = [
    ['parameters', params === undefined ? undefined : parametersText(params, model)],
    ['architecture', architecture],
    ['quantisation', quantization],
    ['context', contextLength === undefined ? undefined : `${formatNumber(contextLength)} tokens of context`],
  ]
  if (show.vocabulary)
    facts.push([
      'vocabulary',
      vocabularySize === undefined ? undefined : `${formatNumber(vocabularySize)} in the vocabulary`,
    ])
  facts.push(['size', fileBytes === undefined ? undefined : formatBytes(fileBytes)])
  const unknown = facts.flatMap(([name, text]) => (text === undefined ? [name] : []))
  return [
    ...(model.kind === undefined ? [] : [model.kind]),
    ...facts.flatMap(([, text]) => (text === undefined ? [] : [text])),
    ...(model.chatTemplate === true ? ['has a chat template (measured on plain text, without it)'] : []),
    ...(unknown.length === 0 ? [] : [`unknown: ${unknown.join(', ')}`]),
  ]
}
