import { defineErrors } from '../../core/index.js'

export const raise = defineErrors('knowledge', {
  'bad-template': {
    kind: 'input',
    title: 'A template cannot be used.',
    fix: 'Write "The capital of [X] is [Y]." ({subject} and {object} do as well); the object may be left out when it ends the sentence.',
  },
  'no-template': {
    kind: 'input',
    title: 'No relation of the facts has a template.',
    fix: 'Pass --templates FILE, a JSON object such as {"capital": ["The capital of [X] is", "[X] has its capital at"]}.',
  },
  'cannot-generate': {
    kind: 'input',
    title: 'This model can be scored, but not made to write.',
    fix: 'Ask with --reading ranking.',
  },
  'nothing-to-ask': {
    kind: 'input',
    title: 'No fact can be asked.',
    fix: 'Ranking needs relations with at least two different objects; generation needs a template that ends with the object.',
  },
})
