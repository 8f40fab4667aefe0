import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'a trainer on Hugging Face that prints its numbers in quotes',
    format: 'hf-stdout',
    text: `Map: 100%|██████████| 900/900 [00:01<00:00, 800.00 examples/s]
  1%|          | 10/1000 [00:14<2:21:01,  1.42s/it]
{'loss': '10.5', 'grad_norm': '3.25', 'learning_rate': '1e-05', 'epoch': '0.01'}
  2%|▏         | 20/1000 [00:28<2:21:01,  1.42s/it]
{'loss': '9.5', 'grad_norm': 'nan', 'learning_rate': '2e-05', 'epoch': '0.02'}
100%|██████████| 50/50 [00:14<00:00,  1.42s/it]
{'eval_loss': '9.4', 'eval_runtime': '1.2', 'epoch': '0.02'}
  3%|▎         | 30/1000 [00:42<2:21:01,  1.42s/it]
{'loss': '9.0', 'grad_norm': '2.5', 'learning_rate': '3e-05', 'epoch': '0.03'}
{'train_runtime': '100', 'train_loss': '9.9', 'epoch': '1'}
`,
    columns: {
      step: [10, 20, 20, 30],
      loss: [10.5, 9.5, null, 9],
      validationLoss: [null, null, 9.4, null],
      learningRate: [1e-5, 2e-5, null, 3e-5],
      gradNorm: [3.25, null, null, 2.5],
    },
    plannedSteps: 1000,
  },
  {
    name: 'a trainer on Hugging Face whose bar is drawn behind its lines only',
    format: 'hf-stdout',
    text: `{'loss': 1.125, 'grad_norm': 2.75, 'learning_rate': 1.5e-05, 'epoch': 0.91}
 10%|███████▉        | 549/5490 [05:02<38:38,  2.13it/s]The following columns in the evaluation set are ignored
100%|██████████| 50/50 [00:14<00:00,  1.42s/it]
{'eval_loss': 0.625, 'eval_runtime': 2725.7664, 'epoch': 1.0}
{'loss': 0.5, 'grad_norm': 3.25, 'learning_rate': 1.25e-05, 'epoch': 1.82}
 20%|███████████████▏| 1098/5490 [1:41:48<35:16,  2.08it/s]
`,
    columns: {
      step: [549, 549, 1098],
      loss: [1.125, null, 0.5],
      validationLoss: [null, 0.625, null],
      learningRate: [1.5e-5, null, 1.25e-5],
      gradNorm: [2.75, null, 3.25],
    },
    plannedSteps: 5490,
  },
]
