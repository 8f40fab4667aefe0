import { defineErrors } from '../errors.js'

export const raise = defineErrors('task', {
  unreadable: {
    kind: 'input',
    title: 'A task cannot be read.',
    fix: 'Pass a YAML file that exists, or the name of a task that ships (assay choices --help lists them).',
  },
  malformed: {
    kind: 'input',
    title: 'A task is not valid YAML.',
    fix: 'Correct the line that is named.',
  },
  'unknown-field': {
    kind: 'input',
    title: 'A task has a field that is not known.',
    fix: 'Correct the name; fields of your own stand under "metadata". docs/methods/tasks.md lists the fields.',
  },
  'bad-field': {
    kind: 'input',
    title: 'A field of a task cannot be used.',
    fix: 'Correct the field that is named; docs/methods/tasks.md says what each takes.',
  },
  'needs-python': {
    kind: 'input',
    title: 'A task is made by Python code that is not run here.',
    fix: 'Write what the function does as a Jinja template, or run it once and pass its rows as the items.',
  },
  'not-asked': {
    kind: 'input',
    title: 'A task is of a kind that is not asked here.',
    fix: 'Name a task of text with its prompt as doc_to_text; docs/methods/tasks.md lists what is asked.',
  },
  'no-such-column': {
    kind: 'input',
    title: 'The columns of a task are not as --columns says.',
    fix: 'Name the task’s field first, then the column of your file: --columns question=query.',
  },
  'no-items': {
    kind: 'input',
    title: 'The items of a task are not here.',
    fix: 'Pass them: --data FILE, or --data test=FILE,train=FILE where the examples are apart (JSONL, JSON, CSV, Parquet).',
  },
  'bad-item': {
    kind: 'input',
    title: 'An item of a task cannot be asked.',
    fix: 'Correct or delete the rows that are listed, or the field of the task that reads them.',
  },
  template: {
    kind: 'input',
    title: 'A template of a task cannot be rendered.',
    fix: 'Correct the template or the row; docs/methods/tasks.md lists what templates may use.',
  },
  'too-few-shots': {
    kind: 'input',
    title: 'There are fewer examples than are to be shown.',
    fix: 'Pass a smaller --shots, or more rows that examples are drawn from.',
  },
})
