import { defineErrors } from '../../core/index.js'

/** Every way in which a tokenizer in files of Hugging Face's can fail. Codes are permanent. */
export const raise = defineErrors('engines', {
  'bad-tokenizer-json': {
    kind: 'input',
    title: 'This is no tokenizer.json that can be read.',
    fix: 'Give the tokenizer.json of a Hugging Face model (fast tokenizer), or a GGUF model.',
  },
  'no-tokenizer': {
    kind: 'input',
    title: 'The folder has no tokenizer.',
    fix: 'Copy tokenizer.json (or tokenizer.model, or vocab.json and merges.txt) and tokenizer_config.json beside config.json.',
  },
  'unsupported-tokenizer': {
    kind: 'input',
    title: 'The tokenizer is of a kind that is not read.',
    fix: 'BPE (byte-level or with byte fallback) and Unigram are read, no WordPiece and no table of normalisation: serve the model with vLLM.',
  },
})
