import { defineErrors } from '../../core/index.js'

export const raiseSalience = defineErrors('salience', {
  'not-a-vector': {
    kind: 'input',
    title: 'A file is no vector of saliences.',
    fix: 'Pass a file that assay salience --save wrote, for instance models/salience.json, as it was written.',
  },
  'other-text': {
    kind: 'input',
    title: 'Losses are not of one text, cut into the same spans.',
    fix: 'Score every model on the same text: assay loss MODEL --spans FILE with the same --text and --unit; with a vector, assay salience --apply VECTOR MODEL does it.',
  },
})
