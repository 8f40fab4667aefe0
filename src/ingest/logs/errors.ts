import { defineErrors } from '../../core/index.js'

/** What can be wrong with a training log. Codes are permanent. */
export const raise = defineErrors('logs', {
  empty: {
    kind: 'input',
    title: 'A log is empty.',
    fix: 'Point at the file that the trainer wrote; a run that has just begun has nothing to judge yet.',
  },
  'unknown-format': {
    kind: 'input',
    title: 'The format of a log is not known.',
    fix: "Give a table (CSV, TSV or JSONL) and name its columns: --columns step=iter,loss=train_loss; or tell how its lines are read: --pattern 'step (?<step>\\d+) .* loss (?<loss>\\S+)'. docs/curve.md lists what is read by itself.",
  },
  'no-header': {
    kind: 'input',
    title: 'A table has no line that names its columns.',
    fix: 'Give it together with the piece of the same log that begins with the column names, or write the names into its first line.',
  },
  'no-logs': {
    kind: 'input',
    title: 'A folder holds no training log.',
    fix: 'Point at the log itself. Of a folder, TensorBoard event files, trainer_state.json, .csv, .tsv, .jsonl, .log, .out and .txt are looked at.',
  },
  'no-losses': {
    kind: 'input',
    title: 'A log of a known format holds no loss.',
    fix: 'Check that this is the process that logs (rank 0, or the last rank for Megatron), or name the column with --columns loss=…',
  },
  'not-a-number': {
    kind: 'input',
    title: 'A value is not a number.',
    fix: 'Correct or drop the row; an empty cell, `nan` and `inf` are understood as they are.',
  },
  'negative-loss': {
    kind: 'input',
    title: 'A loss is below zero.',
    fix: 'Name the column of the cross-entropy: --columns loss=…; a log-likelihood has the other sign, and a reward or a sum with one is no loss that this judges.',
  },
  'bad-step': {
    kind: 'input',
    title: 'No step of a log is a count.',
    fix: 'Name the column that numbers the steps: --columns step=…; a time stamp or a countdown is none.',
  },
  malformed: {
    kind: 'input',
    title: 'Most lines of a JSON Lines log are no JSON.',
    fix: 'Write one JSON object a line (bare NaN is understood); look at the first line that is named above.',
  },
  'unclosed-quote': {
    kind: 'input',
    title: 'A quote in a table is never closed.',
    fix: 'Close the cell that begins on the line named above, or double a quote that belongs to its text ("").',
  },
  'no-column': {
    kind: 'input',
    title: 'A column is not in the file.',
    fix: 'Use one of the columns named above with --columns NAME=COLUMN.',
  },
  'twice-named': {
    kind: 'input',
    title: 'Two columns of a table have one name.',
    fix: 'Rename one of them, or drop it.',
  },
  'bad-pattern': {
    kind: 'input',
    title: 'A pattern for lines cannot be used.',
    fix: "Name the groups as our columns, as in 'step (?<step>\\d+) .* loss (?<loss>\\S+)': step, loss, validationLoss, gradNorm, learningRate, tokens, seconds.",
  },
  'no-match': {
    kind: 'input',
    title: 'A pattern matches no line with a step and a number.',
    fix: 'Hold --pattern against the line named above, sign by sign: signs with a meaning (. + ( ) [ ] | $) need a \\ before them, runs of spaces \\s+, and a group ends where its number ends: (?<loss>[\\d.]+) before a comma.',
  },
  'malformed-plan': {
    kind: 'input',
    title: 'A plan of learning rates cannot be read.',
    fix: 'Give a table with the columns step and lr, steps ascending, rates of 0 or more.',
  },
  packed: {
    kind: 'input',
    title: 'A log is packed in a way that is not undone here.',
    fix: 'Unpack it first, or through a pipe as named above; gzip and Zstandard are undone here.',
  },
  unreadable: {
    kind: 'input',
    title: 'A log cannot be read.',
    fix: 'Check the path, or the glob (in quotes), and the permissions.',
  },
  damaged: {
    kind: 'input',
    title: 'A log is damaged from its start.',
    fix: 'Copy the file again from where it was written (`gzip -t` and `zstd -t` test an archive), or give the log as it was before it was packed; what follows a whole first record would have been kept.',
  },
})
