import { defineErrors } from '../../core/index.js'

export const raiseEvaluations = defineErrors('evaluations', {
  unreadable: {
    kind: 'input',
    title: 'A result file cannot be read.',
    fix: 'Pass files (or a folder of files) that exist and may be read.',
  },
  'unknown-format': {
    kind: 'input',
    title: 'No reader knows this result file.',
    fix: 'Pass the report.json of audits, the JSON of assay choices, results of lm-evaluation-harness, lighteval, HELM, every_eval_ever, the OLMo ladder or the scaling testbed, or a tidy table: CSV or JSONL with the columns model, benchmark, value (others by --columns benchmark=task,value=score).',
  },
  malformed: {
    kind: 'input',
    title: 'A result file is not of its format.',
    fix: 'Write or download the file again.',
  },
  'missing-column': {
    kind: 'input',
    title: 'A table of results lacks a column.',
    fix: 'Name the column that holds it, for instance --columns benchmark=task,value=score,params=num_params; a table with a column a model has to be turned.',
  },
  'bad-value': {
    kind: 'input',
    title: 'A table of results holds a value that cannot be used.',
    fix: 'Correct or delete the rows that are listed.',
  },
  'no-rows': {
    kind: 'input',
    title: 'No measurement could be read.',
    fix: 'See the rows listed; a forecast needs accuracies with the training compute (or N and D) of their runs. Columns that are benchmarks of your own: --benchmarks.',
  },
})
