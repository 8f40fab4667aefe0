import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'GPT-NeoX',
    format: 'megatron',
    text: ` samples/sec: 12.1 | iteration       10/  320000 | elapsed time per iteration (ms): 845.0 | learning rate: 2.800E-06 | approx flops per GPU: 34.5TFLOPS | lm_loss: 1.050000E+01 | loss scale: 65536.0 | number of skipped iterations:   0 | number of nan iterations:   0 |
 validation results at iteration 10 | lm_loss value: 9.812345E+00 | lm_loss_ppl value: 1.8E+04 |
`,
    columns: {
      step: [10, 10],
      loss: [10.5, null],
      lossScale: [65536, null],
      validationLoss: [null, 9.812345],
      learningRate: [2.8e-6, null],
      seconds: [0.845, null],
    },
    plannedSteps: 320_000,
  },
  {
    name: 'Megatron-LM of 2019, without colons, and evaluations after training',
    format: 'megatron',
    text: ` iteration      100/     200 | elapsed time per iteration (ms): 125.0 | learning rate 1.500E-06 | lm loss 9.669175E+00 | loss scale 32768.0 |
 validation loss at iteration 100 | LM loss: 8.500000E+00 | LM PPL: 1.2E+05
 iteration      200/     200 | elapsed time per iteration (ms): 125.0 | learning rate 3.000E-06 | lm loss 8.669175E+00 | loss scale 32768.0 |
 validation loss at the end of training for test data | LM loss: 7.170473E+00 | LM PPL: 1.2E+03
 validation loss at the end of training for val data | LM loss: 7.270473E+00 | LM PPL: 1.2E+03
`,
    columns: {
      step: [100, 100, 200, 200],
      loss: [9.669175, null, 8.669175, null],
      lossScale: [32768, null, 32768, null],
      validationLoss: [null, 8.5, null, 7.270473],
      learningRate: [1.5e-6, null, 3e-6, null],
      seconds: [0.125, null, 0.125, null],
    },
    plannedSteps: 200,
  },
  {
    name: 'Megatron-LM of 2025 with other losses beside the one',
    format: 'megatron',
    text: ` [2025-02-05 21:43:14] iteration       10/    2000 | consumed samples:         2560 | elapsed time per iteration (ms): 1250.0 | throughput per GPU (TFLOP/s/GPU): 400.1 | learning rate: 1.500000E-06 | global batch size:   256 | lm loss: 1.069175E+01 | mtp_1 loss: 1.1E+01 | seq_load_balancing_loss: 1.0E+00 | loss scale: 1.0 | grad norm: 5.125 | params norm: 300.12 | number of skipped iterations:   0 |
 validation loss at iteration 10 on validation set | lm loss value: 1.050000E+01 | lm loss PPL: 3.6E+04 |
 validation loss at iteration 10 on test set | lm loss value: 1.060000E+01 | lm loss PPL: 3.6E+04 |
`,
    columns: {
      step: [10, 10],
      loss: [10.69175, null],
      lossScale: [1, null],
      validationLoss: [null, 10.5],
      learningRate: [1.5e-6, null],
      gradNorm: [5.125, null],
      seconds: [1.25, null],
    },
    plannedSteps: 2000,
  },
]
