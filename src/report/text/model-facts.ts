import type { ModelEvidence } from '../../core/index.js'
import { formatBytes, formatCount, formatNumber } from './numbers.js'

type Fact = readonly [name: string, text: string | undefined]

/** What is known of a model in a phrase each, then in one phrase what nobody could tell. */
export function modelFacts(model: ModelEvidence, show: { readonly vocabulary: boolean }): string[] {
  const { params, architecture, quantization, contextLength, vocabularySize, fileBytes } = model
  const facts: Fact[] = [
    ['parameters', params === undefined ? undefined : `${formatCount(params)} parameters`],
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
    ...facts.flatMap(([, text]) => (text === undefined ? [] : [text])),
    ...(unknown.length === 0 ? [] : [`unknown: ${unknown.join(', ')}`]),
  ]
}
