import { defineErrors } from '../core/index.js'

export const raise = defineErrors('cli', {
  'bad-option': {
    kind: 'input',
    title: 'An option or argument cannot be used.',
    fix: 'See the command with --help.',
  },
  'cannot-print': {
    kind: 'input',
    title: 'The answer cannot be printed.',
    fix: 'Free space where the output goes, or send it to another place.',
  },
  'mixed-compute': {
    kind: 'input',
    title: 'Training compute is counted by two rules.',
    fix: 'Count all runs alike: with the active parameters of mixtures of experts in the column params (and as --params), with FLOPs of one rule, or with active_params of every run where they are the same share of params.',
  },
  'nothing-followed': {
    kind: 'interrupted',
    title: 'Interrupted before there was a log to judge.',
    fix: 'Follow again with the path that the trainer writes to.',
  },
  interrupted: {
    kind: 'interrupted',
    title: 'Interrupted.',
    fix: 'Run the same command again.',
    resumable: true,
  },
})
