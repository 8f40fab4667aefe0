import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'MaxText, whose evaluation line names the step as well',
    format: 'key-value',
    text: `completed step: 0, seconds: 28.421, TFLOP/s/device: 4.123, Tokens/s/device: 72.1, total_weights: 65536, loss: 10.871
completed step: 1, seconds: 1.234, TFLOP/s/device: 94.123, Tokens/s/device: 1672.1, total_weights: 65536, loss: 10.270, perplexity: 28853.1
eval metrics after step: 1, loss=9.871, total_weights=65536.0
`,
    columns: {
      step: [0, 1, 1],
      loss: [10.871, 10.27, null],
      validationLoss: [null, null, 9.871],
      seconds: [28.421, 1.234, null],
    },
  },
  {
    name: 'litgpt',
    format: 'key-value',
    text: `Epoch 1 | iter 1 step 0 | loss train: 10.978, val: n/a | iter time: 1011.5 ms
Epoch 1 | iter 64 step 4 | loss train: 10.500, val: n/a | iter time: 11.5 ms (step) remaining time: 1 day, 0:01:02
iter 64: val loss 9.4567, val time: 1234.56 ms
Epoch 1 | iter 65 step 4 | loss train: 10.400, val: 9.457 | iter time: 11.5 ms
`,
    columns: {
      step: [1, 64, 64, 65],
      loss: [10.978, 10.5, null, 10.4],
      validationLoss: [null, null, 9.4567, 9.457],
      seconds: [1.0115, 0.0115, null, 0.0115],
    },
  },
  {
    name: 'NeMo 2',
    format: 'key-value',
    text: `Training epoch 0, iteration 0/999 | lr: 1.5e-07 | global_batch_size: 512 | global_step: 0 | reduced_train_loss: 11.03 | train_step_timing in s: 12.64
Training epoch 0, iteration 1/999 | lr: 3e-07 | global_batch_size: 512 | global_step: 1 | reduced_train_loss: 11.02 | train_step_timing in s: 5.64 | consumed_samples: 1024 | val_loss: 10.87
`,
    columns: {
      step: [0, 1],
      loss: [11.03, 11.02],
      validationLoss: [null, 10.87],
      learningRate: [1.5e-7, 3e-7],
      seconds: [12.64, 5.64],
    },
  },
  {
    name: 'NeMo 1, whose bar shows the smoothed loss too',
    format: 'key-value',
    text: `Epoch 0:   0%|          | 189/301501 [59:12<1573:03:24, 18.79s/it, loss=7.75, v_num=3-16, reduced_train_loss=7.560, global_step=188.0, consumed_samples=24064.0]
Epoch 0:   0%|          | 190/301501 [59:30<1572:41:13, 18.79s/it, loss=7.74, v_num=3-16, reduced_train_loss=7.550, global_step=189.0, consumed_samples=24192.0]
`,
    columns: { step: [188, 189], loss: [7.56, 7.55] },
  },
  {
    name: 'nanotron with its thousands and millions',
    format: 'key-value',
    text: `01/29/2026 10:15:32 [INFO|DP=0|PP=0|TP=0|ip-26-0-160-192]: iteration: 1 / 20000 | consumed_tokens: 2.5M | time_per_iteration_ms: 12.5K | tokens_per_sec: 170K | global_batch_size: 512 | lm_loss: 10.9 | lr: 1.5e-06 | model_tflops_per_gpu: 100 | grad_norm: 26.3
01/29/2026 10:15:33 [INFO|DP=0|PP=0|TP=0|ip-26-0-160-192]: iteration: 2 / 20000 | consumed_tokens: 5M | time_per_iteration_ms: 924 | tokens_per_sec: 170K | global_batch_size: 512 | lm_loss: 10.8 | lr: 3e-06 | model_tflops_per_gpu: 100 | grad_norm: 25.3
`,
    columns: {
      step: [1, 2],
      loss: [10.9, 10.8],
      learningRate: [1.5e-6, 3e-6],
      gradNorm: [26.3, 25.3],
      seconds: [12.5, 0.924],
      tokens: [2_500_000, 5_000_000],
    },
    plannedSteps: 20_000,
  },
  {
    name: 'steps that begin anew in every epoch',
    format: 'key-value',
    text: `Epoch [1/2], Step [100/300], Loss: 2.3012
Epoch [1/2], Step [300/300], Loss: 2.0012
Epoch [2/2], Step [100/300], Loss: 1.3012
`,
    columns: { step: [100, 300, 400], loss: [2.3012, 2.0012, 1.3012] },
  },
  {
    name: 'a progress bar that is drawn over itself',
    format: 'key-value',
    text: '  0%|          | 1/1000 [00:01<1:30:00,  5.4s/it, loss=10.5, lr=3e-6]\r  0%|          | 2/1000 [00:02<1:30:00,  5.4s/it, loss=10.4, lr=6e-6]\r',
    columns: { step: [1, 2], loss: [10.5, 10.4], learningRate: [3e-6, 6e-6] },
    plannedSteps: 1000,
  },
  {
    name: 'DeepSpeed, whose own lines hold no loss',
    format: 'key-value',
    text: `[2023-04-01 10:00:00,123] [INFO] [logging.py:96:log_dist] [Rank 0] step=10, skipped=0, lr=[9.6e-06, 9.6e-06], mom=[(0.9, 0.95), (0.9, 0.95)]
steps: 10 loss: 10.3456 iter time (s): 1.234 samples/sec: 12.345
steps: 20 loss: 10.2456 iter time (s): 1.224 samples/sec: 12.345
`,
    columns: { step: [10, 20], loss: [10.3456, 10.2456] },
  },
  {
    name: "NVIDIA's DLLogger, whose epoch's sum is no step",
    format: 'key-value',
    text: `0: DLL 2025-10-02 18:18:53.229399 - Iteration 0 | train_acc : 0.0002 % | iteration_time : 500.00 ms | train_loss : 7.9961  | last_iter_used_cuda_graph : True
0: DLL 2025-10-02 18:18:53.320616 - Iteration 1 | train_acc : 0.1807 % | iteration_time : 250.00 ms | train_loss : 7.1016  | last_iter_used_cuda_graph : True
0: DLL 2025-10-02 18:23:39.452953 - train epoch 000 | train_acc : 0.6992 % | train_time : 0:04:47  | train_loss : 2511.8882  | total_train_steps : 2735
`,
    columns: { step: [0, 1], loss: [7.9961, 7.1016], seconds: [0.5, 0.25] },
  },
  {
    name: 'a loss at a step',
    format: 'key-value',
    text: 'Training loss at step 10: 3.5\nTraining loss at step 20: 3.4\nValidation loss at step 20: 3.45\n',
    columns: { step: [10, 20, 20], loss: [3.5, 3.4, null], validationLoss: [null, null, 3.45] },
  },
  {
    name: 'tensors printed as they are',
    format: 'key-value',
    text: "step 1, loss tensor(3.5000, device='cuda:0')\nstep 2, loss: tensor(3.2500, device='cuda:0', grad_fn=<NllLossBackward>)\n",
    columns: { step: [1, 2], loss: [3.5, 3.25] },
  },
  {
    name: 'lines that speak of an evaluation before they name the loss',
    format: 'key-value',
    text: 'step 1 | loss 3.2\nValidation | step 1 | loss 3.1\nstep 2 | loss 3.0\nValidation at step 2: loss = 2.9, ppl = 18\n',
    columns: { step: [1, 1, 2, 2], loss: [3.2, null, 3, null], validationLoss: [null, 3.1, null, 2.9] },
  },
  {
    name: 'the loss among others: auxiliary ones and other norms are left alone',
    format: 'key-value',
    text: 'step 10 | aux loss: 0.01 | lm loss: 3.2 | grad norm 1.25 | param norm 88\nstep 20 | aux loss: 0.02 | lm loss: 3.1 | grad norm 1.5 | param norm 88\n',
    columns: { step: [10, 20], loss: [3.2, 3.1], gradNorm: [1.25, 1.5] },
  },
  {
    name: 'a loop of one’s own',
    format: 'key-value',
    isLaunched: true,
    text: `Step: 1, Loss: 3.5, LR: 1e-4
Step: 2, Loss: 3.25, LR: 1e-4
Step: 2, Val Loss: 3.125
`,
    columns: {
      step: [1, 2, 2],
      loss: [3.5, 3.25, null],
      validationLoss: [null, null, 3.125],
      learningRate: [1e-4, 1e-4, null],
    },
  },
]
