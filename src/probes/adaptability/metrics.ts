import type { MetricDeclaration } from '../../core/index.js'

const NO_SHOTS =
  'Do not rely on examples in the prompt: fine-tune instead, or choose a model that was trained longer or on longer documents.'
const WEAKER =
  'It learns less from its context than the baseline: look at context length, document joining and packing of the two runs, and at how long each was trained.'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'adaptability.made-up.accuracy',
    title: 'Accuracy on made-up rules behind the most shots',
    unit: 'accuracy',
    better: 'higher',
    onFail: NO_SHOTS,
    onRegress: WEAKER,
  },
  {
    id: 'adaptability.made-up.gain',
    title: 'What shots of made-up rules add to the margin',
    unit: 'nats',
    better: 'higher',
    onFail: NO_SHOTS,
    onRegress: WEAKER,
  },
  {
    id: 'adaptability.context-gain',
    title: 'Loss early less loss late in the context',
    unit: 'nats/token',
    better: 'higher',
    onFail:
      'Do not pay for long prompts: what stands far back hardly helps. Continue pre-training on whole long documents.',
    onRegress: WEAKER,
  },
  {
    id: 'adaptability.follows-context',
    title: 'False statements of the context that are followed',
    unit: 'accuracy',
    better: 'higher',
    onFail:
      'Retrieval will not help by itself: the model goes on from memory where its context says otherwise. Fine-tune it on passages with questions about them.',
    onRegress:
      'It follows its context less than the baseline does: expect less of retrieval with this model.',
  },
  {
    id: 'adaptability.statement-worth',
    title: 'How far a statement of the context moves the answer',
    unit: 'nats',
    better: 'higher',
    onFail:
      'Do not count on retrieval: what the context says hardly moves the answer. Fine-tune on passages with questions about them.',
    onRegress:
      'Its context moves its answers less than the baseline’s: expect less of retrieval with this model.',
  },
  {
    id: 'adaptability.task.gain.*',
    title: 'What shots add to the margin, *',
    unit: 'nats',
    better: 'higher',
    part: 'task',
    onFail: 'Fine-tune for this task instead of showing examples in the prompt.',
    onRegress: WEAKER,
  },
  {
    id: 'adaptability.task.labels-worth.*',
    title: 'What the labels of the shots are worth, *',
    unit: 'nats',
    better: 'higher',
    part: 'task',
    onFail:
      'The shots’ labels are not read: the model answers from its prior, so that examples teach it the form and nothing else.',
    onRegress: WEAKER,
  },
]
