import { defineErrors } from '../../core/index.js'

export const raise = defineErrors('adaptation', {
  'one-label': {
    kind: 'input',
    title: 'All items of a task have the same label.',
    fix: 'Add items of the other labels: a model that always says the same would be right on every one.',
  },
  'not-finite': {
    kind: 'engine',
    title:
      'The engine gives a choice no finite log-likelihood, so that it cannot be held against the others.',
    fix: 'Use another engine or model file: a masked token or an overflow is the usual cause.',
  },
  'too-long': {
    kind: 'input',
    title: 'No item of a task fits into the context of the model.',
    fix: 'Pass shorter items, or a model with a longer context.',
  },
})
