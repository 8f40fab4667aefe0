import { defineErrors } from '../../core/index.js'

export const raise = defineErrors('benchmarks', {
  'same-name': {
    kind: 'input',
    title: 'A task is asked twice.',
    fix: 'Name each task once; ask other numbers of shots in runs of their own, other draws with --draws.',
  },
  'cannot-generate': {
    kind: 'input',
    title: 'This engine cannot write text, which a task asks for.',
    fix: 'Use another engine, or leave out tasks whose output_type is generate_until.',
  },
})
