import { defineErrors } from '../../core/index.js'

export const raise = defineErrors('table', {
  unreadable: {
    kind: 'input',
    title: 'A table cannot be read.',
    fix: 'Pass a TSV, CSV, JSONL or Parquet file that exists and may be read.',
  },
  malformed: {
    kind: 'input',
    title: 'A table is not of its format.',
    fix: 'Write the table again; .tsv is tab-separated, .csv comma-separated (both with a header line), .jsonl one object a line.',
  },
  'missing-column': {
    kind: 'input',
    title: 'A table lacks a column.',
    fix: 'Name the column that holds it with --columns WANTED=YOURS, the wanted name first.',
  },
  'bad-value': {
    kind: 'input',
    title: 'A table holds a value that cannot be used.',
    fix: 'Correct or delete the rows that are listed.',
  },
  duplicate: {
    kind: 'input',
    title: 'A fact is counted twice.',
    fix: 'Keep one row per fact_id.',
  },
  'two-sizes': {
    kind: 'input',
    title: 'A model has two sizes.',
    fix: 'Give each model one number of parameters; rename the rows that belong to another model.',
  },
  empty: {
    kind: 'input',
    title: 'A table has no rows.',
    fix: 'Pass a table with at least one row below its header.',
  },
  'no-common-facts': {
    kind: 'input',
    title: 'Counts and answers share no fact.',
    fix: 'Count and ask the same facts: a fact has one fact_id in both tables.',
  },
  'no-documents': {
    kind: 'input',
    title: 'The number of documents in the corpus is not known.',
    fix: 'Pass --documents N, the number of documents that were counted ("documents" in the JSON of assay corpus count).',
  },
})
