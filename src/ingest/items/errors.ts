import { defineErrors } from '../../core/index.js'

export const raiseItems = defineErrors('items', {
  unreadable: {
    kind: 'input',
    title: 'Results item by item cannot be read.',
    fix: 'Pass files, folders or quoted globs of results that exist and may be read.',
  },
  'unknown-format': {
    kind: 'input',
    title: 'No reader knows these results item by item.',
    fix: 'Pass samples of lm-evaluation-harness (--log_samples), details of lighteval, logs of Inspect, or a table with the columns n, seed, split, item, correct (others by --columns item=question,correct=acc). Of a folder every file of results below it is read: name that of the arm, not one above it.',
  },
  malformed: {
    kind: 'input',
    title: 'Results item by item are not of their format.',
    fix: 'Write or download the file again.',
  },
  'no-metric': {
    kind: 'input',
    title: 'A metric is not in the results.',
    fix: 'Name one that is there with --metric (of a table of items its column: --columns correct=COLUMN); it must score each item from 0 to 1.',
  },
  'other-metric': {
    kind: 'input',
    title: 'Results are in other metrics.',
    fix: 'Name one that all results have with --metric.',
  },
  'one-model': {
    kind: 'input',
    title: 'A comparison needs two models.',
    fix: 'Pass the results of another one, or a table with a column model; NAME=PATH names results.',
  },
  'nothing-shared': {
    kind: 'input',
    title: 'The models share no benchmark.',
    fix: 'Run all models on one benchmark at least; a table names it in a column split, benchmark or task.',
  },
  'missing-sizes': {
    kind: 'input',
    title: 'The training-set size of results is not known.',
    fix: "Give a column n (--columns n=train_size), say where paths tell it (--path 'n{n}/seed{seed}/{split}'), or give one for all (--set n=1000).",
  },
  'no-common-size': {
    kind: 'input',
    title: 'Results are of other training-set sizes.',
    fix: 'Train and test all models at the same sizes; the arms of a gain at one above 0 at least.',
  },
  percent: {
    kind: 'input',
    title: 'Scores are no shares from 0 to 1.',
    fix: 'Divide percentages by 100, in all results; correct is 1 or 0, or a share.',
  },
  repeated: {
    kind: 'input',
    title: 'An item was answered twice by one model.',
    fix: 'Keep one row an item, size, seed and split; tell runs apart by seed, models by name.',
  },
  'other-items': {
    kind: 'input',
    title: 'Other items were answered.',
    fix: 'Test all models on the same items, or name the column that tells items (--columns item=…).',
  },
  'not-looked-up': {
    kind: 'input',
    title: 'What is measured was not looked up in the corpus.',
    fix: 'Look it up under the names that it is measured by: corpus contamination --texts NAME=GLOB with NAME the domain, --items FILE with FILE named as the task.',
  },
  'ambiguous-item': {
    kind: 'input',
    title: 'A table does not tell one thing of an item.',
    fix: 'Keep one row an item, and name its test set in a column task, or in item_id as <test set>/<id>.',
  },
  'other-prompts': {
    kind: 'input',
    title: 'The same items were asked in other words.',
    fix: 'Test all models with the same prompts: same template, same shots, same order.',
  },
  'other-shots': {
    kind: 'input',
    title: 'The same benchmark was asked with other numbers of examples.',
    fix: 'Evaluate all models with the same shots (--num_fewshot), or leave out what was not.',
  },
  'swapped-arms': {
    kind: 'input',
    title: 'The arms seem to be swapped, or the same.',
    fix: 'Name the results of the pre-trained model first, those of the model from scratch second.',
  },
  'unknown-split': {
    kind: 'input',
    title: 'Which test sets are out of distribution is not known.',
    fix: 'Name them with --ood NAME,NAME; all others are in distribution.',
  },
  'too-many-files': {
    kind: 'input',
    title: 'A folder holds too many files to be the results of one arm.',
    fix: 'Name the folder of the arm’s results, or a quoted glob of its files.',
  },
  'path-mismatch': {
    kind: 'input',
    title: 'A path does not fit --path.',
    fix: "Write the pattern as the folders lie, for instance 'n{n}/seed{seed}/{split}'.",
  },
})
