import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
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
    name: "PyTorch Lightning's sparse table: a row fills some columns",
    format: 'csv',
    runFormat: 'lightning-csv',
    text: 'epoch,lr-AdamW,step,train_loss_step,val_loss\n0,0.0001,0,,\n0,,0,3.5,\n0,,1,3.25,\n0,,1,,3.375\n',
    columns: {
      step: [0, 0, 1, 1],
      loss: [null, 3.5, 3.25, null],
      validationLoss: [null, null, null, 3.375],
      learningRate: [1e-4, null, null, null],
    },
  },
  {
    name: 'a table whose names of runs go over two lines',
    format: 'csv',
    text: `run,step,loss
"a
b",1,3.5
"a
b",2,3.4
`,
    columns: { step: [1, 2], loss: [3.5, 3.4] },
  },
  {
    name: 'a table with blanks around its quotes',
    format: 'csv',
    text: 'step, "loss" , note\n1, "3.5" , "a, b"\n2, "3.25", 5" disk\n',
    columns: { step: [1, 2], loss: [3.5, 3.25] },
  },
]
