import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TrainingRun } from '../../core/index.js'
import { readLogs } from './read-logs.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-formats-'))
let made = 0

async function read(text: string): Promise<TrainingRun[]> {
  const path = join(folder, `log-${made++}`)
  writeFileSync(path, text)
  return readLogs([path], { columns: {} })
}

/** A run as the columns that it has; − stands for a value that a row does not give. */
type Columns = Partial<
  Record<
    'step' | 'loss' | 'validationLoss' | 'learningRate' | 'gradNorm' | 'seconds' | 'tokens' | 'line',
    readonly (number | null)[]
  >
>
const NAMES = ['step', 'loss', 'validationLoss', 'learningRate', 'gradNorm', 'seconds', 'tokens'] as const

function columnsOf(run: TrainingRun): Columns {
  const out: Columns = {}
  for (const name of NAMES)
    if (run[name].length > 0) out[name] = [...run[name]].map((v) => (Number.isNaN(v) ? null : v))
  return out
}

interface Case {
  readonly name: string
  readonly format: string
  readonly text: string
  readonly columns: Columns
  readonly plannedSteps?: number
}

/** Lines as the named trainers print them; what they hold is read off the text beside them. */
const CASES: readonly Case[] = [
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
    name: 'llama2.c',
    format: 'nanogpt',
    text: `tokens per iteration will be: 131,072
step 0: train loss 10.4143, val loss 10.4152
0 | loss 10.4089 | lr 0.000000e+00 | 23000.00ms | mfu -100.00%
1 | loss 10.4000 | lr 5.000000e-07 | 500.00ms | mfu 12.00%
`,
    columns: {
      step: [0, 0, 1],
      loss: [10.4143, 10.4089, 10.4],
      validationLoss: [10.4152, null, null],
      learningRate: [null, 0, 5e-7],
      seconds: [null, 23, 0.5],
    },
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
    name: 'GPT-NeoX',
    format: 'megatron',
    text: ` samples/sec: 12.1 | iteration       10/  320000 | elapsed time per iteration (ms): 845.0 | learning rate: 2.800E-06 | approx flops per GPU: 34.5TFLOPS | lm_loss: 1.050000E+01 | loss scale: 65536.0 | number of skipped iterations:   0 | number of nan iterations:   0 |
 validation results at iteration 10 | lm_loss value: 9.812345E+00 | lm_loss_ppl value: 1.8E+04 |
`,
    columns: {
      step: [10, 10],
      loss: [10.5, null],
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
      validationLoss: [null, 10.5],
      learningRate: [1.5e-6, null],
      gradNorm: [5.125, null],
      seconds: [1.25, null],
    },
    plannedSteps: 2000,
  },
  {
    name: 'llm.c: its reference in Python',
    format: 'llmc-stdout',
    text: `step    1/20 | train loss 10.947000 | norm 2.3456 | lr 4.29e-07 | (1234.56 ms | 424 tok/s)
step    2/20 | train loss 10.900000 | norm 2.3000 | lr 8.59e-07 | (234.56 ms | 424 tok/s)
val loss 10.5
`,
    columns: {
      step: [1, 2, 2],
      loss: [10.947, 10.9, null],
      validationLoss: [null, null, 10.5],
      learningRate: [4.29e-7, 8.59e-7, null],
      gradNorm: [2.3456, 2.3, null],
    },
    plannedSteps: 20,
  },
  {
    name: 'llm.c: its fp32 program',
    format: 'llmc-stdout',
    text: `val loss 4.517294
step    1/74: train loss 4.367631 (80.639749 ms, 50761 tok/s)
step    2/74: train loss 4.331631 (70.639749 ms, 50761 tok/s)
`,
    columns: { step: [0, 1, 2], loss: [null, 4.367631, 4.331631], validationLoss: [4.517294, null, null] },
    plannedSteps: 74,
  },
  {
    name: 'modded-nanogpt with a learning rate, and without training losses',
    format: 'modded-nanogpt',
    text: `step:0/9536 val_loss:10.8258 train_time:0ms step_avg:nanms
step:1/9536 train_loss:10.5000 lr:1.10e-03 train_time:250ms step_avg:nanms
step:2/9536 train_time:500ms step_avg:250.00ms
step:3/9536 train_loss:10.4000 lr:1.20e-03 train_time:750ms step_avg:250.00ms
`,
    columns: {
      step: [0, 1, 3],
      loss: [null, 10.5, 10.4],
      validationLoss: [10.8258, null, null],
      learningRate: [null, 1.1e-3, 1.2e-3],
      seconds: [null, 0.25, 0.25],
    },
    plannedSteps: 9536,
  },
  {
    name: 'torchtitan of 2024, in colours',
    format: 'torchtitan',
    text: `\u001b[32m2024-07-01 10:15:32,145 - root - INFO - \u001b[36mstep:  1  \u001b[32mloss: 12.2547  \u001b[33mmemory: 10.50GiB(11.05%)  \u001b[34mwps: 1,234  \u001b[35mmfu: 12.30%\u001b[39m
\u001b[32m2024-07-01 10:15:42,145 - root - INFO - \u001b[36mstep: 10  \u001b[32mloss:     nan  \u001b[33mmemory: 10.50GiB(11.05%)  \u001b[34mwps: 9,234  \u001b[35mmfu: 42.30%\u001b[39m
`,
    columns: { step: [1, 10], loss: [12.2547, null] },
  },
  {
    name: 'OLMo before OLMo-core',
    format: 'olmo-core',
    text: `2024-02-01 10:15:32.145\thost:0\tolmo.train:967\tINFO\t[step=1/739328]
    optim/total_grad_norm=5.125
    train/CrossEntropyLoss=11.18
    train/Perplexity=71,680
    throughput/total_tokens=4,194,304
2024-02-01 10:15:42.145\thost:0\tolmo.train:967\tINFO\t[step=2/739328]
    train/CrossEntropyLoss=11.08
    optim/learning_rate_group0=3e-7
    optim/learning_rate_group1=5e-7
    eval/lm/c4_en/CrossEntropyLoss=11.0
    eval/lm/pile/CrossEntropyLoss=12.0
`,
    columns: {
      step: [1, 2],
      loss: [11.18, 11.08],
      validationLoss: [null, 11],
      learningRate: [null, 3e-7],
      gradNorm: [5.125, null],
      tokens: [4_194_304, null],
    },
    plannedSteps: 739_328,
  },
  {
    name: 'OLMo-core, whose keys have numbers in them',
    format: 'olmo-core',
    text: `2025-06-01T10:15:32Z\thost:0\tolmo_core.train.callbacks.console_logger:103\tINFO\t[step=10/1000,epoch=1,eta=0:12:03]
    optim/LR (group 0)=5.0E-6
    optim/LR (group 1)=9.0E-6
    optim/total grad norm=3.2E+0
    throughput/total tokens=41,943,040
    train/CE loss=10.5
    train/CE loss (scaled)=3.1
    train/Z loss=0.001
`,
    columns: { step: [10], loss: [10.5], learningRate: [5e-6], gradNorm: [3.2], tokens: [41_943_040] },
    plannedSteps: 1000,
  },
  {
    name: 'Composer: the cross-entropy, not the total with other terms in it',
    format: 'composer',
    text: `[batch=1/100]:
\t Train time/batch: 0
\t Train time/token: 4096
\t Train loss/train/total: 12.5000
\t Train metrics/train/LanguageCrossEntropy: 10.9736
\t Train lr-DecoupledAdamW/group0: 0.0003
[Eval batch=1/20] Eval on eval data:
[Eval batch=20/20] Eval on eval data:
\t Eval metrics/eval/LanguageCrossEntropy: 10.8000
[batch=2/100]:
\t Train loss/train/total: 12.4000
\t Train metrics/train/LanguageCrossEntropy: 10.9000
`,
    columns: {
      step: [1, 2],
      loss: [10.9736, 10.9],
      validationLoss: [10.8, null],
      learningRate: [0.0003, null],
      tokens: [4096, null],
    },
    plannedSteps: 100,
  },
  {
    name: 'Composer with batches counted by epoch',
    format: 'composer',
    text: `[epoch=0][batch=4/5]:
\t Train loss/train/total: 8.5
[epoch=1][batch=1/5]:
\t Train loss/train/total: 8.4
`,
    columns: { step: [4, 6], loss: [8.5, 8.4] },
    plannedSteps: 5,
  },
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
    name: 'LLaMA-Factory',
    format: 'jsonl',
    text: `{"current_steps": 10, "total_steps": 300, "loss": 1.23, "lr": 4.9e-05, "epoch": 0.1, "percentage": 3.33, "elapsed_time": "0:00:20", "total_tokens": 10240}
{"current_steps": 20, "total_steps": 300, "eval_loss": 1.2, "epoch": 0.2, "percentage": 6.67}
`,
    columns: {
      step: [10, 20],
      loss: [1.23, null],
      validationLoss: [null, 1.2],
      learningRate: [4.9e-5, null],
      tokens: [10240, null],
    },
  },
  {
    name: 'ms-swift, whose last row sums the run up',
    format: 'jsonl',
    text: `{"loss": 1.5, "grad_norm": 1.25, "learning_rate": 1e-05, "memory(GiB)": 20.1, "epoch": 0.01, "global_step/max_steps": "1/300", "elapsed_time": "5s"}
{"eval_loss": 1.3, "epoch": 1.0, "global_step/max_steps": "100/300"}
{"train_runtime": 123.4, "train_loss": 1.1, "epoch": 3.0, "global_step/max_steps": "300/300"}
`,
    columns: {
      step: [1, 100],
      loss: [1.5, null],
      validationLoss: [null, 1.3],
      learningRate: [1e-5, null],
      gradNorm: [1.25, null],
    },
  },
  {
    name: 'nested JSON lines',
    format: 'jsonl',
    text: `{"global_step": 10, "speed": {"wps": 1.2e4, "curr_iter_time": 0.5}, "optim": {"grad_norm": 1.25, "lr": 3e-5, "total_tokens": 1048576}, "loss/out": 9.9, "tags": ["a", "[b"], "created_at": "2026-01-29"}
{"global_step": 20, "speed": {"wps": 1.2e4, "curr_iter_time": 0.5}, "optim": {"grad_norm": 1.5, "lr": 6e-5, "total_tokens": 2097152}, "loss/out": NaN, "tags": ["a", "[b"], "created_at": "2026-01-29"}
`,
    columns: {
      step: [10, 20],
      loss: [9.9, null],
      learningRate: [3e-5, 6e-5],
      gradNorm: [1.25, 1.5],
      tokens: [1_048_576, 2_097_152],
    },
  },
  {
    name: 'Keras, by epochs',
    format: 'csv',
    text: 'epoch,accuracy,learning_rate,loss,val_accuracy,val_loss\n0,0.5,0.001,2.3,0.5,2.2\n1,0.6,0.001,2.1,0.55,2.15\n',
    columns: { step: [1, 2], loss: [2.3, 2.1], validationLoss: [2.2, 2.15], learningRate: [0.001, 0.001] },
  },
  {
    name: 'a table whose header is written again by a resumed run, with one more column',
    format: 'csv',
    text: 'step,loss\n1,3.5\n2,3.4\nstep,loss\n3,3.3\nstep,lr,loss\n4,0.1,3.2\n',
    columns: { step: [1, 2, 3, 4], loss: [3.5, 3.4, 3.3, 3.2], learningRate: [null, null, null, 0.1] },
  },
  {
    name: "a notebook's table",
    format: 'csv',
    text: 'Step\tTraining Loss\tValidation Loss\n10\t2.5\t\n20\t2.4\t2.6\n',
    columns: { step: [10, 20], loss: [2.5, 2.4], validationLoss: [null, 2.6] },
  },
  {
    name: "a W&B export over the trainer's own step",
    format: 'wandb-csv',
    text: '"train/global_step","happy-1 - _step","happy-1 - _step__MIN","happy-1 - _step__MAX","happy-1 - train/loss","happy-1 - train/loss__MIN","happy-1 - train/loss__MAX"\n"10","1","1","1","10.98","10.9","11"\n"20","2","2","2","NaN","NaN","NaN"\n',
    columns: { step: [10, 20], loss: [10.98, null] },
  },
  {
    name: 'a W&B export over time: rows are counted',
    format: 'wandb-csv',
    text: '"Relative Time (Process)","a - train/loss","a - train/loss__MIN","a - train/loss__MAX"\n"12.5","2.5","2.5","2.5"\n"13.5","2.4","2.4","2.4"\n',
    columns: { step: [1, 2], loss: [2.5, 2.4] },
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
]

describe('a log of', () => {
  it.each(CASES.map((c) => [c.name, c] as const))(
    '%s',
    async (_, { format, text, columns, plannedSteps }) => {
      const runs = await read(text)
      expect(runs.map((run) => run.format)).toEqual([format])
      const [run] = runs
      expect(columnsOf(run)).toEqual(columns)
      expect(run.plannedSteps).toBe(plannedSteps)
    },
  )

  it('fairseq, whose losses in bits are given in nats', async () => {
    const [run] =
      await read(`2021-03-08 12:31:36 | INFO | train_inner | {"epoch": 1, "update": 0.0, "loss": "16", "ppl": "65536", "wps": "0", "num_updates": "1", "lr": "2e-05", "gnorm": "20.75", "loss_scale": "4", "wall": "105"}
2021-03-08 12:32:36 | INFO | train_inner | epoch 001:     85 / 282 loss=9.5, nll_loss=8, word_ins=3.028, ppl=256, num_updates=100, lr=0.000157917, gnorm=0.5, loss_scale=32768
2021-03-08 12:33:36 | INFO | valid | {"epoch": 1, "valid_loss": "9", "valid_nll_loss": "7", "valid_ppl": "128", "valid_num_updates": "100", "valid_best_loss": "8.7"}
2021-03-08 12:33:37 | INFO | train | {"epoch": 1, "train_loss": "12", "train_num_updates": "100"}
`)
    expect(run.format).toBe('fairseq')
    // ppl = 2^loss; with label smoothing nll_loss is the cross-entropy.
    expect([...run.loss]).toEqual([16 * Math.LN2, 8 * Math.LN2, Number.NaN])
    expect([...run.validationLoss]).toEqual([Number.NaN, Number.NaN, 7 * Math.LN2])
    expect([...run.step]).toEqual([1, 100, 100])
    expect([...run.gradNorm].slice(0, 2)).toEqual([20.75, 0.5])
  })

  it('a trainer whose step is no number: the line is left out', async () => {
    const [run] = await read(
      'step 00001/100 (1%) | loss: 9.5 | lrm: 1.00 | dt: 3.00ms\nstep nan/100 (1%) | loss: 9.4 | lrm: 1.00 | dt: 3.00ms\n',
    )
    expect(columnsOf(run)).toMatchObject({ step: [1], loss: [9.5] })
  })

  it('JSON lines with one that is half a text', async () => {
    const [run] = await read('{"step": 1, "loss": 3}\n"half a text\n{"step": 2, "loss": 2.5}\n')
    expect(columnsOf(run)).toEqual({ step: [1, 2], loss: [3, 2.5] })
  })

  it('a trainer that names every line it stands on', async () => {
    const [run] = await read('\n\nstep 1 loss: 3.0\n\rnothing\nstep 2 loss: 2.9\n')
    expect([...run.line]).toEqual([3, 5])
  })
})

describe('text that is no training log', () => {
  it.each([
    [
      'other losses alone',
      'step 10 | aux loss: 0.01 | z loss: 0.002\nstep 20 | aux loss: 0.02 | z loss: 0.002\n',
    ],
    ['reinforcement learning', 'step 10 policy_loss: 0.01 value_loss: 0.5 kl loss 0.2\n'],
    ['a position within an evaluation', 'eval step 3/50: loss 2.3\neval step 4/50: loss 2.2\n'],
    ['steps in thousands', 'step 1k | loss 3.5\nstep 2k | loss 3.4\n'],
    ['a configuration', 'max_steps: 1000\nwarmup_steps: 100\nloss_scale: 65536\nlog_every: 10\n'],
    ['a table of models', 'model,params,loss\na,1e6,3.5\nb,1e7,3.1\n'],
    ['prose', 'Beside this (loss curve in log 3), the best run had train 0.030 / val 4.27 at step 2000.\n'],
    ['a share', 'step 10: 3.2 tokens lost, loss: 5%\n'],
    [
      'JSON of points in a long table',
      '{"tag": "train/loss", "step": 1, "value": 10.5}\n{"tag": "train/loss", "step": 2, "value": 10.4}\n',
    ],
    ['source code', 'for step in range(10):\n    print(f"step {step} loss {loss:.4f}")\n'],
  ])('is refused: %s', async (_, text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'logs/unknown-format' })
  })
})

const BODY: Readonly<Record<string, readonly string[]>> = {
  nanogpt: [
    'step 0: train loss 4.2874, val loss 4.2823',
    'iter 0: loss 4.2654, time 31389.12ms, mfu -100.00%',
    'iter 10: loss 3.1462, time 25.50ms, mfu 14.50%',
  ],
  'build-nanogpt': [
    'validation loss: 10.9504',
    'step     0 | loss: 10.955029 | lr 8.3916e-07 | norm: 15.3821 | dt: 1000.00ms | tok/sec: 15834.31',
    'step     1 | loss: 10.907429 | lr 1.6783e-06 | norm: 15.1821 | dt: 500.00ms | tok/sec: 915834.31',
  ],
  llmc: [
    's:0 tel:11.0098',
    's:0 trl:11.0133 lr:0.000001 norm:15.3492',
    's:1 trl:10.9532 lr:0.000002 norm:15.1',
  ],
  'build-nanogpt-log': ['0 val 10.9504', '0 train 10.955029', '1 train 10.907429'],
  'llmc-stdout': [
    'val loss 11.0',
    'step    1/19560 | loss 11.010203 (+nanz)| norm 15.3500 (+nanz)| lr 8.57e-07 | 3000.00 ms | 42.6% bf16 MFU | 171542 tok/s',
    'val loss 10.9',
  ],
  mlperf: [
    ':::MLLOG {"namespace": "", "time_ms": 1, "event_type": "POINT_IN_TIME", "key": "global_batch_size", "value": 16, "metadata": {}}',
    ':::MLLOG {"namespace": "", "time_ms": 2, "event_type": "POINT_IN_TIME", "key": "eval_accuracy", "value": 3.5, "metadata": {"samples_count": 32}}',
    ':::MLLOG {"namespace": "", "time_ms": 3, "event_type": "POINT_IN_TIME", "key": "eval_accuracy", "value": 3.25, "metadata": {"samples_count": 64}}',
  ],
  composer: [
    '[batch=1/100]:',
    '\t Train loss/train/total: 10.9736',
    '[batch=2/100]:',
    '\t Train loss/train/total: 10.9724',
  ],
  'key-value': ['Step: 1, Loss: 3.5, LR: 1e-4', 'Step: 2, Loss: 3.25, LR: 1e-4', 'Step: 2, Val Loss: 3.125'],
}

describe('what launchers and loggers print before a line', () => {
  const prefixes: readonly (readonly [string, (line: string, i: number) => string])[] = [
    ['logging', (line, i) => `2026-01-29 10:15:32,14${i} - __main__ - INFO - ${line}`],
    ['a time stamp with a zone', (line, i) => `2026-01-29T10:15:32.12345${i}Z ${line}`],
    ['a time stamp in brackets', (line, i) => `[2026-01-29 10:15:3${i}] ${line}`],
    ['torchrun', (line) => `[rank0]: ${line}`],
    ['torchrun, older', (line) => `[default0]:${line}`],
    ['srun -l', (line) => `0: ${line}`],
    ['srun -l of many', (line) => ` 0: ${line}`],
    ['mpirun', (line) => `[1,0]<stdout>:${line}`],
    ['Ray', (line) => `(RayTrainWorker pid=1234, ip=10.0.0.1) ${line}`],
    ['pdsh', (line) => `worker-1: ${line}`],
    ['absl', (line, i) => `I0129 10:15:32.12345${i} 140222 train.py:123] ${line}`],
    ['the root logger', (line) => `INFO:root:${line}`],
    ['blanks', (line) => `   ${line}`],
    ['colours', (line) => `\u001b[32m${line}\u001b[0m`],
    ['two of them', (line, i) => `[rank0]: [2026-01-29 10:15:3${i}] ${line}`],
  ]

  it.each(Object.keys(BODY))('changes nothing in %s', async (format) => {
    const body = BODY[format]
    const [plain] = await read(`${body.join('\n')}\n`)
    expect(plain.format).toBe(format)
    for (const [name, prefix] of prefixes) {
      const [run] = await read(`${body.map(prefix).join('\n')}\n`)
      expect({ name, format: run.format, ...columnsOf(run) }).toEqual({ name, format, ...columnsOf(plain) })
      expect([...run.line]).toEqual([...plain.line])
    }
  })

  it.each(Object.keys(BODY))('tells the processes apart that print the same in %s', async (format) => {
    const body = BODY[format]
    const [plain] = await read(`${body.join('\n')}\n`)
    for (const rank of [(r: number) => `[rank${r}]: `, (r: number) => `${r}: `]) {
      const [run] = await read(`${body.flatMap((line) => [0, 1].map((r) => rank(r) + line)).join('\n')}\n`)
      expect(columnsOf(run)).toEqual(columnsOf(plain))
      expect(run.notes.map((n) => n.code)).toContain('other-rank')
    }
  })
})
