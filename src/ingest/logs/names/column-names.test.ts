import { describe, expect, it } from 'vitest'
import { chooseColumns, fieldOf } from './column-names.js'

/** Names that trainers write, and what they stand for; null for what is something else. */
const NAMES: readonly (readonly [string, string | null])[] = [
  ['train/loss', 'loss'],
  ['train/train_loss', 'loss'],
  ['Loss/train', 'loss'],
  ['Training Loss', 'loss'],
  ['lm-loss-training/lm loss', 'loss'],
  ['loss_metrics/global_avg_loss', 'loss'],
  ['reduced_train_loss', 'loss'],
  ['loss/train/total', 'loss'],
  ['loss_metrics/global_max_loss', null],
  ['lm loss vs samples', null],
  ['train/Z loss', null],
  ['train/aux_loss', null],
  ['aux/loss', null],
  ['policy/loss', null],
  ['rewards/loss', null],
  ['loss_scale', 'lossScale'],
  ['train/loss_std', null],
  ['eval/loss', 'validationLoss'],
  ['test/loss', 'validationLoss'],
  ['Loss/val', 'validationLoss'],
  ['Validation Loss', 'validationLoss'],
  ['lm loss validation', 'validationLoss'],
  ['eval_wiki_loss', 'validationLoss'],
  ['val/c4_loss', 'validationLoss'],
  ['metrics/eval/LanguageCrossEntropy', 'validationLoss'],
  ['lm loss validation ppl', null],
  ['eval_aux_loss', null],
  ['min/val_loss', null],
  ['best_val_loss', null],
  ['lr-AdamW/pg1', 'learningRate'],
  ['optim/LR (group 0)', 'learningRate'],
  ['optim/LR (group 1)', null],
  ['grad-norm/grad-norm', 'gradNorm'],
  ['param_norm', null],
  ['global_step/max_steps', 'step'],
  ['epoch', null],
]

describe('names of columns', () => {
  it.each(NAMES)('%s', (name, field) => {
    expect(fieldOf(name)?.field ?? null).toBe(field)
  })

  it('are chosen by trust, the loss on all sets before that on one', () => {
    const chosen = chooseColumns(['eval_wiki_loss', 'loss', 'train/loss', 'eval_loss', 'it', 'step'], {})
    expect(Object.fromEntries(chosen)).toEqual({
      loss: 'train/loss',
      validationLoss: 'eval_loss',
      step: 'step',
    })
  })

  it('are not chosen when a summary has them in a row or two only', () => {
    const counts = new Map([
      ['loss', 100],
      ['train_loss', 1],
      ['step', 101],
    ])
    expect(chooseColumns([...counts.keys()], {}, counts).get('loss')).toBe('loss')
    expect(chooseColumns(['loss', 'train_loss', 'train_runtime'], {}).get('loss')).toBe('loss')
  })
})
