import type { ColumnName } from '../recorder/recorder.js'

export type Field = ColumnName | 'step'

/** Names under which trainers log each quantity, most trusted first; compared without case and punctuation. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  step: [
    'step',
    '_step',
    'global_step',
    'trainer/global_step',
    'iteration',
    'iter',
    'iter_num',
    'it',
    'steps',
    'train/global_step',
    'train_step',
    'current_steps',
    'global_step/max_steps',
    'num_updates',
    'update',
    'batch',
    'batch_idx',
    'train/step',
    'train/iter',
    'idx',
    'training_iteration',
  ],
  tokens: [
    'tokens',
    'tokens_seen',
    'total_tokens',
    'consumed_tokens',
    'num_input_tokens_seen',
    'train_tokens',
    'num_tokens',
    'throughput/total tokens',
    'n_tokens',
    'tokens_processed',
    'train/num_input_tokens_seen',
  ],
  loss: [
    'train_loss',
    'train/loss',
    'reduced_train_loss',
    'loss',
    'training_loss',
    'trn_loss',
    'lm loss',
    'train/ce loss',
    'train_loss_step',
    'train/lm_loss',
    'loss/train',
    'train/cross_entropy',
    'train/crossentropyloss',
    'loss_metrics/global_avg_loss',
    'train_loss/step',
    'train.loss',
    'loss/train/total',
    'loss/out',
    'metrics/train/LanguageCrossEntropy',
    'lm-loss-training/lm loss',
    'train_inner/loss',
    'ce_loss',
    'cross_entropy',
    'nll_loss',
    'train_loss_epoch',
    'total_loss',
  ],
  validationLoss: [
    'val_loss',
    'val/loss',
    'validation_loss',
    'eval_loss',
    'eval/loss',
    'valid_loss',
    'valid/loss',
    'validation/loss',
    'loss/val',
    'loss/valid',
    'loss/validation',
    'loss/eval',
    'loss/test',
    'test_loss',
    'test/loss',
    'val_loss_epoch',
    'val.loss',
    'validation_metrics/loss',
    'lm loss validation',
    'lm-loss-validation/lm loss validation',
    'eval_ce_loss',
    'metrics/eval/LanguageCrossEntropy',
    'dev_loss',
  ],
  gradNorm: [
    'grad_norm',
    'train/grad_norm',
    'gradient_norm',
    'global_grad_norm',
    'total_grad_norm',
    'grad-norm',
    'gnorm',
    'optim/total grad norm',
    'train/global_grad_norm',
    'grad norm',
    'gradnorm',
    'norm',
    'optim/grad_norm',
    'l2_norm/grad/global',
    'grad-norm/grad-norm',
    'train/gradient_norm',
    'grad_norm_global',
  ],
  learningRate: [
    'learning_rate',
    'lr',
    'train/learning_rate',
    'train/lr',
    'learning-rate',
    'optim/lr (group 0)',
    'optim/lr',
    'lr-adamw',
    'lr-adam',
    'lr-sgd',
    'optim/learning_rate_group0',
    'learning-rate/learning-rate',
    'lr/group_0',
    'learning_rate/group_0',
    'lr-adamw/pg1',
    'lr-decoupledadamw/group0',
    'lrm',
    'train_inner/lr',
    'scheduler/lr',
  ],
  lossScale: [
    'loss_scale',
    'loss-scale',
    'train/loss_scale',
    'train_inner/loss_scale',
    'optim/loss_scale',
    'loss_scaler/scale',
    'loss-scale/loss-scale',
    'grad_scale',
  ],
  seconds: [
    'seconds_per_step',
    'step_time',
    'seconds',
    'iteration-time',
    'iteration_time',
    'time_per_step',
    'dt',
    'train_step_time',
    'train_step_timing in s',
    'time/step',
    'iteration-time/iteration-time',
    'iter_time',
    'time_per_iteration_ms',
    'time_per_iteration',
    'iter time (s)',
    'step_seconds',
    'step_time_ms',
    'iter_time_ms',
    'iteration_time_ms',
    'time_per_step_ms',
    'dt_ms',
  ],
}

function normalise(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
}

const RANKS: ReadonlyMap<string, readonly [Field, number]> = new Map(
  (Object.entries(NAMES) as [Field, readonly string[]][]).flatMap(([field, names]) =>
    names.map((name, i) => [normalise(name), [field, i] as const] as const).reverse(),
  ),
)

const HELD_OUT = /(?:^|[^a-z])(?:val|valid|validation|eval|evaluation|test|dev|heldout)(?:[^a-z]|$)/

/** A unit behind a name that is no part of it. */
const UNIT = /\s*[([](?:nats|bits)(?:\s*(?:\/|per)\s*tok(?:en)?)?[)\]]$/i

/** Folders whose `loss` is not the model's own. */
const OTHER_LOSS =
  /(?:^|[^a-z])(?:best|min|max|aux|auxiliary|router|balance|balancing|kl|value|policy|critic|actor|rewards?|disc|discriminator|z)(?:[^a-z]|$)/

/** The loss on one of several evaluation sets: `eval_wiki_loss`, `val/c4_loss`; less trusted than one on all. */
const ON_A_SET = /^(?:.*\/)?(?:eval|val|valid|validation)[_/]\w+_loss$/
const LEAST_TRUSTED = 1000

/**
 * The quantity that a column's name stands for, with its place in the order of trust (0 = first), or undefined.
 * `runs/gpt/train/loss` is tried as a whole, then by its last two parts, then by its last; below `eval/` and its
 * like a loss is a validation loss.
 */
export function fieldOf(named: string): { field: Field; rank: number } | undefined {
  const name = named.replace(UNIT, '')
  const parts = name.split('/')
  for (let cut = 0; cut < parts.length; cut++) {
    const found = RANKS.get(normalise(parts.slice(cut).join('/')))
    if (found === undefined) continue
    const folder = parts.slice(0, cut).join('/').toLowerCase()
    const heldOut = HELD_OUT.test(folder)
    if (/loss/i.test(found[0]) && OTHER_LOSS.test(folder)) return undefined
    const field = heldOut && found[0] === 'loss' ? 'validationLoss' : found[0]
    if (heldOut && field !== 'validationLoss') return undefined
    return { field, rank: found[1] + 100 * cut }
  }
  const small = name.toLowerCase()
  const isOnSet = ON_A_SET.test(small) && !OTHER_LOSS.test(small)
  return isOnSet ? { field: 'validationLoss', rank: LEAST_TRUSTED } : undefined
}

const MILLISECONDS = /(?:^|[^a-z])(?:ms|msecs?|milliseconds)[^a-z]*$/i

const BITS_A_TOKEN = /(?:^|[^a-z])(?:bits?(?:[^a-z]*(?:per|\/)?[^a-z]*tok(?:en)?)?|bpt)[^a-z]*$/i

/** What the values of a column are multiplied by to be in the field's unit: times may be in milliseconds, losses in bits. */
export function scaleOf(field: Field, name: string): number {
  if ((field === 'loss' || field === 'validationLoss') && BITS_A_TOKEN.test(name)) return Math.LN2
  return field === 'seconds' && MILLISECONDS.test(name) ? 1e-3 : 1
}

export const FIELDS: readonly Field[] = Object.keys(NAMES) as Field[]

/** `lossScale` and camelCase in `--columns` are taken as the user writes them: our names, or the usual short ones. */
const ALIASES: Readonly<Record<string, Field>> = {
  lr: 'learningRate',
  learning_rate: 'learningRate',
  grad_norm: 'gradNorm',
  validation_loss: 'validationLoss',
  val_loss: 'validationLoss',
}

/** Names that `--columns` knows. */
export const LOG_FIELDS: readonly string[] = [...FIELDS, ...Object.keys(ALIASES)]

/** The quantity that a user's own name stands for; undefined for one that is none. */
export function fieldNamed(name: string): Field | undefined {
  const field = ALIASES[name] ?? (name as Field)
  return FIELDS.includes(field) ? field : undefined
}

/** A column with fewer values than this share of another of its kind is a summary (`train_loss` of the whole run). */
const LEAST_SHARE = 0.2

/**
 * Choose a column for every quantity: the user's choice first, else the most trusted name.
 * @param counts how many values each column has, where that is known
 * @returns quantity → column name; quantities without a column are left out
 */
export function chooseColumns(
  columns: readonly string[],
  chosen: Readonly<Record<string, string>>,
  counts?: ReadonlyMap<string, number>,
): ReadonlyMap<Field, string> {
  const most = new Map<Field, number>()
  const countOf = (name: string): number => counts?.get(name) ?? 0
  // Trainer sums a whole run up in one more row: its `train_loss` is the mean of all.
  const isSummed = columns.includes('train_runtime') && columns.includes('loss')
  const known = columns.flatMap((name) => {
    if (isSummed && name === 'train_loss') return []
    const found = fieldOf(name)
    if (found !== undefined) most.set(found.field, Math.max(most.get(found.field) ?? 0, countOf(name)))
    return found === undefined ? [] : [{ name, found }]
  })
  const best = new Map<Field, { name: string; rank: number }>()
  for (const { name, found } of known) {
    if (countOf(name) < LEAST_SHARE * (most.get(found.field) ?? 0)) continue
    const held = best.get(found.field)
    if (held === undefined || found.rank < held.rank) best.set(found.field, { name, rank: found.rank })
  }
  const out = new Map<Field, string>()
  for (const [field, { name }] of best) out.set(field, name)
  for (const [name, column] of Object.entries(chosen)) {
    const field = fieldNamed(name)
    if (field !== undefined && columns.includes(column)) out.set(field, column)
  }
  return out
}
