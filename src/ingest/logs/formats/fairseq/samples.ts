import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'losses in bits are given in nats; with label smoothing nll_loss is the cross-entropy',
    format: 'fairseq',
    // ppl = 2^loss.
    text: `2021-03-08 12:31:36 | INFO | train_inner | {"epoch": 1, "update": 0.0, "loss": "16", "ppl": "65536", "wps": "0", "num_updates": "1", "lr": "2e-05", "gnorm": "20.75", "loss_scale": "4", "wall": "105"}
2021-03-08 12:32:36 | INFO | train_inner | epoch 001:     85 / 282 loss=9.5, nll_loss=8, word_ins=3.028, ppl=256, num_updates=100, lr=0.000157917, gnorm=0.5, loss_scale=32768
2021-03-08 12:33:36 | INFO | valid | {"epoch": 1, "valid_loss": "9", "valid_nll_loss": "7", "valid_ppl": "128", "valid_num_updates": "100", "valid_best_loss": "8.7"}
2021-03-08 12:33:37 | INFO | train | {"epoch": 1, "train_loss": "12", "train_num_updates": "100"}
`,
    columns: {
      step: [1, 100, 100],
      loss: [16 * Math.LN2, 8 * Math.LN2, null],
      validationLoss: [null, null, 7 * Math.LN2],
      learningRate: [2e-5, 0.000157917, null],
      gradNorm: [20.75, 0.5, null],
      lossScale: [4, 32768, null],
    },
  },
  {
    name: 'tables of an epoch, as in 2019',
    format: 'fairseq',
    text: `| epoch 001 | loss 11.5 | nll_loss 11 | ppl 2048 | wps 160000 | ups 0.4 | num_updates 378 | lr 0.0006 | gnorm 0.390 | clip 0.000 | wall 850
| epoch 001 | valid on 'valid' subset | loss 11.25 | nll_loss 10.75 | ppl 1722.2 | num_updates 378 | best_loss 11.25
| epoch 002 | loss 10 | nll_loss 9.5 | ppl 724.08 | wps 160000 | ups 0.4 | num_updates 756 | lr 0.0005 | gnorm 0.250 | clip 0.000 | wall 1700
`,
    columns: {
      step: [378, 378, 756],
      loss: [11.5 * Math.LN2, null, 10 * Math.LN2],
      validationLoss: [null, 11.25 * Math.LN2, null],
      learningRate: [0.0006, null, 0.0005],
      gradNorm: [0.39, null, 0.25],
    },
  },
]
