/** One logged step of a made-up run. */
export interface Row {
  readonly step: number
  readonly steps: number
  readonly loss: number
  readonly rate: number
  readonly norm: number
}

/**
 * How a format is written, and how it is read the plain way: one regular expression a line with the groups step, loss
 * and others; with `stepPattern` the step stands elsewhere and the groups are loss and others.
 */
export interface BenchFormat {
  readonly name: string
  readonly head?: string
  readonly write: (row: Row) => string
  readonly pattern: RegExp
  readonly stepPattern?: RegExp
  /** The loss stands on a line before the step's. */
  readonly lossPattern?: RegExp
}

const pad = (x: number, width: number): string => String(x).padStart(width)

/** Every text format that is read line by line, as its trainer prints it. */
export const BENCH_FORMATS: readonly BenchFormat[] = [
  {
    name: 'build-nanogpt',
    write: ({ step, loss, rate, norm }) =>
      `step ${pad(step, 5)} | loss: ${loss.toFixed(6)} | lr ${rate.toExponential(4)} | norm: ${norm.toFixed(4)} | dt: 417.30ms | tok/sec: 1256377.95\n`,
    pattern: /^step +(\d+) \| loss: (\S+) \| lr (\S+) \| norm: (\S+) \| dt: (\S+)ms/,
  },
  {
    name: 'build-nanogpt-log',
    write: ({ step, loss }) => `${step} train ${loss.toFixed(6)}\n`,
    pattern: /^(\d+) train (\S+)/,
  },
  {
    name: 'megatron',
    write: ({ step, steps, loss, rate, norm }) =>
      ` iteration ${pad(step, 8)}/${pad(steps, 8)} | consumed samples: ${pad(step * 1024, 12)} | elapsed time per iteration (ms): 22306.6 | learning rate: ${rate.toExponential(3)} | global batch size:  1024 | lm loss: ${loss.toExponential(6)} | loss scale: 1.0 | grad norm: ${norm.toFixed(3)} | num zeros: 0.0 | number of skipped iterations:   0 | number of nan iterations:   0 |\n`,
    pattern: /iteration +(\d+)\/ *\d+ \|.*lm loss: (\S+) \|.*grad norm: (\S+) \|/,
  },
  {
    name: 'nanogpt',
    write: ({ step, loss }) => `iter ${step}: loss ${loss.toFixed(4)}, time 313.52ms, mfu 107.86%\n`,
    pattern: /^iter (\d+): loss ([^,]+), time (\S+)ms/,
  },
  {
    name: 'llmc',
    write: ({ step, loss, rate, norm }) =>
      `s:${step} trl:${loss.toFixed(4)} lr:${rate.toFixed(6)} norm:${norm.toFixed(2)}\n`,
    pattern: /^s:(\d+) trl:(\S+) lr:(\S+) norm:(\S+)/,
  },
  {
    name: 'llmc-stdout',
    write: ({ step, steps, loss, rate, norm }) =>
      `step ${pad(step, 4)}/${steps} | loss ${loss.toFixed(6)} (+0.12z)| norm ${norm.toFixed(4)} (-0.29z)| lr ${rate.toExponential(2)} | 2892.34 ms | 46.3% bf16 MFU | 181251 tok/s\n`,
    pattern: /^step +(\d+)\/\d+ \| loss (\S+) \(\S+\| norm (\S+) \(\S+\| lr (\S+) \|/,
  },
  {
    name: 'modded-nanogpt',
    write: ({ step, steps, loss }) =>
      `step:${step}/${steps} train_loss:${loss.toFixed(4)} train_time:${216 * step}ms step_avg:216.33ms\n`,
    pattern: /^step:(\d+)\/\d+ train_loss:(\S+) train_time:(\d+)ms/,
  },
  {
    name: 'nanochat',
    write: ({ step, steps, loss, norm }) =>
      `step ${String(step).padStart(5, '0')}/${steps} (${((100 * step) / steps).toFixed(2)}%) | loss: ${loss.toFixed(6)} | grad norm: ${norm.toFixed(4)} | lrm: 1.00 | dt: 340.12ms | tok/sec: 1,540,000 | mfu: 47.60 | total time: 1.20m\n`,
    pattern: /^step (\d+)\/\d+ .*\| loss: (\S+) \| grad norm: (\S+) \| lrm: (\S+) \| dt: (\S+)ms/,
  },
  {
    name: 'torchtitan',
    write: ({ step, loss, norm }) =>
      `\u001b[32m[rank0]:[titan] 2026-01-29 10:15:32,145 - root - INFO - \u001b[31mstep: ${pad(step, 2)}  \u001b[32mloss: ${loss.toFixed(4).padStart(7)}  \u001b[38;2;180;60;0mgrad_norm: ${norm.toFixed(4)}  \u001b[33mmemory: 45.23GiB(47.65%)  \u001b[34mtps: 21,734  \u001b[36mtflops: 261.49  \u001b[35mmfu: 26.44%\u001b[39m\n`,
    pattern:
      // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours
      /step: +(\d+) +\u001b\[32mloss: +(\S+) +\u001b\[[\d;]*mgrad_norm: +(\S+)/,
  },
  {
    name: 'olmo-core',
    write: ({ step, steps, loss, rate, norm }) =>
      `2026-01-29T10:15:32Z rank0 olmo_core.train.callbacks.console_logger:103 INFO [step=${step}/${steps},epoch=1]\n` +
      `    optim/LR (group 0)=${rate.toPrecision(5)}\n    optim/total grad norm=${norm.toFixed(4)}\n    system/GPU active mem (%)=62.31\n    throughput/device/TPS=12,321\n    throughput/total tokens=${step * 4_194_304}\n    train/CE loss=${loss.toFixed(4)}\n    train/PPL=${Math.exp(loss).toFixed(2)}\n`,
    pattern: /^ {4}train\/CE loss=(\S+)/,
    stepPattern: /\[step=(\d+)\/\d+,epoch=\d+\]/,
  },
  {
    name: 'hf-stdout',
    write: ({ step, steps, loss, rate, norm }) =>
      `  0%|          | ${step + 1}/${steps} [00:14<2:21:01,  1.42s/it]\r{'loss': ${loss.toFixed(4)}, 'grad_norm': ${norm}, 'learning_rate': ${rate}, 'epoch': ${((3 * step) / steps).toFixed(2)}}\n`,
    pattern: /\{'loss': ([^,]+), 'grad_norm': ([^,]+), 'learning_rate': ([^,]+),/,
    stepPattern: / (\d+)\/\d+ \[[\d:]+</,
  },
  {
    name: 'mlperf',
    head: ':::MLLOG {"namespace": "", "time_ms": 1745000000000, "event_type": "POINT_IN_TIME", "key": "global_batch_size", "value": 1, "metadata": {"file": "train.py", "lineno": 10}}\n',
    write: ({ step, loss }) =>
      `:::MLLOG {"namespace": "", "time_ms": 1745000000000, "event_type": "POINT_IN_TIME", "key": "tracked_stats", "value": {"train_step_time": 0.3251, "reduced_train_loss": ${loss.toFixed(6)}}, "metadata": {"file": "callbacks.py", "lineno": 210, "samples_count": ${step}, "step": ${step}}}\n`,
    pattern: /"reduced_train_loss": ([^}]+)}.*"samples_count": (\d+)/,
    stepPattern: /"samples_count": (\d+)/,
  },
  {
    name: 'csv',
    head: 'step,train_loss,grad_norm,lr,val_loss\n',
    write: ({ step, loss, rate, norm }) =>
      `${step},${loss.toFixed(5)},${norm.toFixed(4)},${rate.toExponential(5)},\n`,
    pattern: /^(\d+),([^,]+),([^,]+),([^,]+),/,
  },
  {
    name: 'lightning-csv',
    head: 'epoch,lr-AdamW,step,train_loss_step,val_loss\n',
    write: ({ step, loss, rate }) => `,${rate.toExponential(6)},${step},,\n0,,${step},${loss},\n`,
    pattern: /^0,,(\d+),([^,]+),/,
  },
  {
    name: 'wandb-csv',
    head: '"Step","a - train/loss","a - train/loss__MIN","a - train/loss__MAX","b - train/loss","b - train/loss__MIN","b - train/loss__MAX"\n',
    write: ({ step, loss }) =>
      `"${step}","${loss}","${loss}","${loss}",${step % 4 === 0 ? `"${loss}","${loss}","${loss}"` : '"","",""'}\n`,
    pattern: /^"(\d+)","([^"]+)",/,
  },
  {
    name: 'jsonl',
    write: ({ step, loss, rate, norm }) =>
      `{"step": ${step}, "loss": ${loss.toFixed(5)}, "grad_norm": ${norm.toFixed(4)}, "lr": ${rate.toExponential(5)}}\n`,
    pattern: /"step": (\d+), "loss": ([^,]+), "grad_norm": ([^,]+), "lr": ([^}]+)}/,
  },
  {
    name: 'jsonl, nested',
    write: ({ step, loss, rate, norm }) =>
      `{"_step": ${step}, "time": "2026-01-29 10:15:32", "train": {"loss": ${loss}, "grad_norm": ${norm}}, "lr": ${rate}}\n`,
    pattern: /"_step": (\d+), .*"loss": ([^,]+), "grad_norm": ([^}]+)}, "lr": ([^}]+)}/,
  },
  {
    name: 'hf-trainer-state',
    head: '{\n  "epoch": 1.0,\n  "log_history": [\n',
    write: ({ step, steps, loss, rate, norm }) =>
      `    {\n      "epoch": ${step / steps},\n      "grad_norm": ${norm},\n      "learning_rate": ${rate},\n      "loss": ${loss.toFixed(4)},\n      "step": ${step}\n    }${step === steps - 1 ? '\n  ],\n  "max_steps": 1\n}\n' : ',\n'}`,
    pattern: /^ +"step": (\d+)/,
    lossPattern: /^ +"loss": ([^,]+)/,
  },
  {
    name: 'composer',
    write: ({ step, steps, loss, rate }) =>
      `[batch=${step}/${steps}]:\n\t Train time/batch: ${step}\n\t Train time/token: ${step * 4096}\n\t Train memory/peak_reserved_mem: 3.2317\n\t Train loss/train/total: ${loss.toFixed(4)}\n\t Train metrics/train/LanguageCrossEntropy: ${loss.toFixed(4)}\n\t Train throughput/device/tokens_per_sec: 1255.1771\n\t Train lr-DecoupledAdamW/group0: ${rate.toFixed(6)}\n`,
    pattern: /^\t Train metrics\/train\/LanguageCrossEntropy: (\S+)/,
    stepPattern: /^\[batch=(\d+)/,
  },
  {
    name: 'key-value, many shapes',
    write: ({ step, steps, loss, rate }) =>
      step % 2 === 0
        ? `completed step: ${step}, seconds: 1.234, TFLOP/s/device: 94.123, Tokens/s/device: 1672.1, total_weights: 65536, loss: ${loss.toFixed(3)}\n`
        : `2026-01-29 10:15:32,145 INFO train.py:${100 + (step % 5)} iter=${step}/${steps} loss=${loss.toFixed(3)} lr=${rate.toExponential(3)}\n`,
    pattern: /(?:step: |iter=)(\d+).* ?loss[:=] ?(\S+)/,
  },
  {
    name: 'key-value',
    write: ({ step, loss, rate, norm }) =>
      `[2026-01-29 10:15:32] Step: ${step}, Loss: ${loss.toFixed(4)}, LR: ${rate.toExponential(6)}, Grad Norm: ${norm.toFixed(4)}\n`,
    pattern: /Step: (\d+), Loss: ([^,]+), LR: ([^,]+), Grad Norm: (\S+)/,
  },
]
