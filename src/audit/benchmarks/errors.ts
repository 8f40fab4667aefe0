import { defineErrors } from '../../core/index.js'

export const raise = defineErrors('benchmarks', {
  'cannot-generate': {
    kind: 'input',
    title: 'This engine cannot write text, which a task asks for.',
    fix: 'Use another engine, or leave out tasks whose output_type is generate_until.',
  },
})
