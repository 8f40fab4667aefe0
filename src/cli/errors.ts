import { defineErrors } from '../core/index.js'

export const raise = defineErrors('cli', {
  'bad-option': {
    kind: 'input',
    title: 'An option or argument cannot be used.',
    fix: 'See the command with --help.',
  },
  interrupted: {
    kind: 'interrupted',
    title: 'Interrupted.',
    fix: 'What was gathered is kept: run the same command with --resume to go on from there.',
  },
})
