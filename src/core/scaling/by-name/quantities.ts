import { type Input, LOG_INPUTS, type Response } from '../form.js'

/** A quantity as tables and people write it, not as the fitter sees it. */
export interface Quantity {
  /** What a column or an option of it is called. */
  readonly name: string
  readonly unit: string
  /** Which values can be, and how to say so. */
  accepts(value: number): boolean
  readonly expected: string
}

const positive = (value: number): boolean => value > 0

function amount(name: string, unit: string): Quantity {
  return { name, unit, accepts: positive, expected: 'a number above 0' }
}

const INPUTS: Readonly<Record<Input, Quantity>> = {
  flops: amount('flops', 'FLOPs'),
  params: amount('params', 'parameters'),
  tokens: amount('tokens', 'tokens'),
  samples: {
    name: 'samples',
    unit: 'samples',
    accepts: (value) => value >= 1,
    expected: 'a number of 1 or more',
  },
  loss: amount('loss', 'nats/token'),
  activeParams: amount('activeParams', 'parameters'),
  weightBits: amount('weightBits', 'bits'),
  activationBits: amount('activationBits', 'bits'),
  cacheBits: amount('cacheBits', 'bits'),
  postTrainBits: amount('postTrainBits', 'bits'),
  fineTuneTokens: amount('fineTuneTokens', 'tokens'),
  contextLength: amount('contextLength', 'tokens'),
  contextLimit: amount('contextLimit', 'tokens'),
  updatesToData: amount('updatesToData', 'updates/step'),
}

export function inputQuantity(input: Input): Quantity {
  return INPUTS[input]
}

/** An input as a form's row holds it: ln of what spans decades. */
export function toRow(input: Input, value: number): number {
  return LOG_INPUTS.has(input) ? Math.log(value) : value
}

/** A measured quantity and its way into a form's response space and back. */
export interface Measured extends Quantity {
  /** `chance`: level of chance, for accuracies that the form takes normalised; null where no logarithm exists. */
  toResponse(value: number, chance: number): number | null
  fromResponse(response: number, chance: number): number
}

const same = (value: number): number => value
const logarithm = { toResponse: Math.log, fromResponse: Math.exp } as const
const share = {
  accepts: (value: number) => value >= 0 && value <= 1,
  expected: 'a share from 0 to 1 (of percentages, name the column divided: --columns accuracy=value/100)',
} as const

const RESPONSES: Readonly<Record<Response, Measured>> = {
  lnNegLnAccuracy: {
    name: 'accuracy',
    unit: 'accuracy',
    ...share,
    toResponse(value, chance) {
      const q = (value - chance) / (1 - chance)
      return q > 0 && q < 1 ? Math.log(-Math.log(q)) : null
    },
    fromResponse: (response, chance) => chance + (1 - chance) * Math.exp(-Math.exp(response)),
  },
  accuracy: { name: 'accuracy', unit: 'accuracy', ...share, toResponse: same, fromResponse: same },
  loss: { ...amount('loss', 'nats/token'), toResponse: same, fromResponse: same },
  lnLoss: { ...amount('loss', 'nats/token'), ...logarithm },
  lnTokens: { ...amount('transferredTokens', 'tokens'), ...logarithm },
  lnSteps: { ...amount('steps', 'steps'), ...logarithm },
  lnCoverage: {
    name: 'coverage',
    unit: 'pass rate',
    accepts: (value) => value >= 0 && value <= 1,
    expected: 'a share from 0 to 1 (of percentages, name the column divided: --columns coverage=value/100)',
    toResponse: (value) => (value > 0 ? Math.log(value) : null),
    fromResponse: Math.exp,
  },
  metric: {
    name: 'score',
    unit: 'score',
    accepts: () => true,
    expected: 'a number',
    toResponse: same,
    fromResponse: same,
  },
}

export function measuredQuantity(response: Response): Measured {
  return RESPONSES[response]
}
