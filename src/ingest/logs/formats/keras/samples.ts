import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'Keras 2 and 3, a bar half-way among them',
    format: 'keras',
    text: `Epoch 1/3
 500/1250 [=======>......................] - ETA: 56s - loss: 6.4012
1250/1250 [==============================] - 94s 75ms/step - loss: 5.7945 - val_loss: 5.6079
Epoch 2/3
1250/1250 ━━━━━━━━━━━━━━━━━━━━ 94s 75ms/step - accuracy: 0.2100 - loss: 5.0023 - val_accuracy: 0.2000 - val_loss: 4.8970
Epoch 3/3
1250/1250 - 94s - 75ms/step - loss: 4.4347
`,
    columns: {
      step: [1250, 2500, 3750],
      loss: [5.7945, 5.0023, 4.4347],
      validationLoss: [5.6079, 4.897, null],
    },
    plannedSteps: 3750,
  },
]
