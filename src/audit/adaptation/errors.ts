import { defineErrors } from '../../core/index.js'

export const raise = defineErrors('adaptation', {
  'one-label': {
    kind: 'input',
    title: 'All items of a task have the same label.',
    fix: 'Add items of the other labels: a model that always says the same would be right on every one.',
  },
  'too-long': {
    kind: 'input',
    title: 'No item of a task fits into the context of the model.',
    fix: 'Pass shorter items, or a model with a longer context.',
  },
})
