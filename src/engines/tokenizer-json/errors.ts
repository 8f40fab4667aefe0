import { defineErrors } from '../../core/index.js'

export const raise = defineErrors('engines', {
  'bad-tokenizer-json': {
    kind: 'input',
    title: 'This is no tokenizer.json that can be read.',
    fix: 'Give the tokenizer.json of a Hugging Face model (fast tokenizer), or a GGUF model.',
  },
})
