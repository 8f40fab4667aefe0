import type { OpenedModel, Scorer, TextTokenizer } from '../../core/index.js'
import { keyOfCost, keyOfGeneration, keyOfTokens, type Recording } from './recording.js'

/**
 * A model that answers as `model` does and remembers what it was asked.
 *
 * @returns `model` to hand on, and `recording()` for all that was answered so far, ready for JSON
 */
export function record(model: OpenedModel): { readonly model: OpenedModel; recording(): Recording } {
  const { scorer, tokenizer, evidence, settings, prefix } = model
  const recording: Recording = {
    schema: 'assay/recording@2',
    model: evidence,
    settings,
    prefix,
    ...(scorer.contextLength === undefined ? {} : { contextLength: scorer.contextLength }),
    vocabularySize: tokenizer.vocabularySize,
    can: { generate: scorer.generate !== undefined, measureCost: scorer.measureCost !== undefined },
    tokenizations: {},
    tokens: {},
    scores: {},
    generations: {},
    costs: {},
  }
  return {
    model: {
      scorer: recordedScorer(scorer, recording),
      tokenizer: recordedTokenizer(tokenizer, recording),
      evidence,
      settings,
      prefix,
      close: () => model.close(),
    },
    recording: () => structuredClone(recording),
  }
}

function recordedTokenizer(tokenizer: TextTokenizer, { tokens, tokenizations }: Recording): TextTokenizer {
  const describe = (token: number) => {
    tokens[token] ??= {
      bytes: Buffer.from(tokenizer.tokenBytes(token)).toString('base64'),
      kind: tokenizer.tokenKind(token),
    }
  }
  return {
    vocabularySize: tokenizer.vocabularySize,
    tokenize(text) {
      const ids = tokenizer.tokenize(text)
      tokenizations[text] = Array.from(ids)
      return ids
    },
    tokenBytes(token) {
      describe(token)
      return tokenizer.tokenBytes(token)
    },
    tokenKind(token) {
      describe(token)
      return tokenizer.tokenKind(token)
    },
  }
}

function recordedScorer(scorer: Scorer, { scores, generations, costs }: Recording): Scorer {
  const { contextLength, lanes, generate, measureCost } = scorer
  return {
    ...(contextLength === undefined ? {} : { contextLength }),
    ...(lanes === undefined ? {} : { lanes }),
    async score(requests, usage) {
      const results = await scorer.score(requests, usage)
      requests.forEach(({ tokens, from }, i) => {
        const key = keyOfTokens(tokens)
        const known = scores[key]
        // The longer answer holds the shorter one.
        if (known === undefined || known.from > from) scores[key] = { from, values: Array.from(results[i]!) }
      })
      return results
    },
    ...(generate !== undefined && {
      async generate(request) {
        const { text, tokens } = await generate.call(scorer, request)
        generations[keyOfGeneration(request)] = { text, tokens: Array.from(tokens) }
        return { text, tokens }
      },
    }),
    ...(measureCost !== undefined && {
      async measureCost(prompt, decode) {
        const cost = await measureCost.call(scorer, prompt, decode)
        costs[keyOfCost(prompt, decode)] = cost
        return cost
      },
    }),
  }
}
