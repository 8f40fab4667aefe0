import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'an evaluation loss under the name of an accuracy, placed by samples over the batch size',
    format: 'mlperf',
    isLaunched: true,
    text: `:::MLLOG {"namespace": "", "time_ms": 1, "event_type": "POINT_IN_TIME", "key": "global_batch_size", "value": 16, "metadata": {}}
:::MLLOG {"namespace": "", "time_ms": 2, "event_type": "POINT_IN_TIME", "key": "eval_accuracy", "value": 3.5, "metadata": {"samples_count": 32}}
:::MLLOG {"namespace": "", "time_ms": 3, "event_type": "POINT_IN_TIME", "key": "eval_accuracy", "value": 3.25, "metadata": {"samples_count": 64}}
`,
    columns: { step: [2, 4], validationLoss: [3.5, 3.25] },
  },
  {
    name: 'NeMo, which adds its training loss',
    format: 'mlperf',
    isLaunched: true,
    text: `:::MLLOG {"namespace": "", "time_ms": 1, "event_type": "POINT_IN_TIME", "key": "global_batch_size", "value": 8, "metadata": {}}
:::MLLOG {"namespace": "", "time_ms": 1, "event_type": "POINT_IN_TIME", "key": "max_sequence_length", "value": 100, "metadata": {}}
:::MLLOG {"namespace": "", "time_ms": 2, "event_type": "POINT_IN_TIME", "key": "tracked_stats", "value": {"train_step_time": 1.5, "reduced_train_loss": 6.25}, "metadata": {"samples_count": 80}}
:::MLLOG {"namespace": "", "time_ms": 3, "event_type": "POINT_IN_TIME", "key": "eval_accuracy", "value": 6.5, "metadata": {"samples_count": 80}}
:::MLLOG {"namespace": "", "time_ms": 4, "event_type": "INTERVAL_END", "key": "run_stop", "value": null, "metadata": {"status": "success"}}
`,
    columns: {
      step: [10, 10],
      loss: [6.25, null],
      validationLoss: [null, 6.5],
      seconds: [1.5, null],
      tokens: [8000, 8000],
    },
  },
]
