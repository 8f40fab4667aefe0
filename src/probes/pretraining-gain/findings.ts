import {
  counted,
  type Finding,
  findingsBy,
  type GainAnalysis,
  type GainEvidence,
  type GainNote,
} from '../../core/index.js'
import { boundText, detectableText, PROBE, points, pointsText, sideOf, sizesText } from './words.js'

const EVIDENCE = 'evidence: gain'
const GAIN = ['docs/methods/gain.md#gain', EVIDENCE, 'arXiv:2606.07527 (abstract and introduction read)']
const DECISION = ['docs/methods/gain.md#decision', EVIDENCE]
const EFFICIENCY = [
  'docs/methods/gain.md#sample-efficiency-and-data-transferred',
  EVIDENCE,
  'arXiv:2102.01293',
]

const found = findingsBy(PROBE, GAIN)

const SWAPPED =
  'The arm given as pre-trained is the worse one: check that the arms were not swapped, and that both had a learning rate that suits them.'
const MORE = 'Test on more items, train more seeds, or at more training-set sizes; then compare again.'

const OTHER_ITEMS = 'Test on items that are not in the pre-training corpus before relying on the gain.'

function gainFinding(analysis: GainAnalysis): Finding {
  const { gain, decision, settings } = analysis
  const text = pointsText(gain)
  if (gain.kind === 'notEstimable' || text === null) {
    const reason = gain.kind === 'notEstimable' ? gain.reason : 'no number'
    const title = `The gain cannot be estimated: ${reason}`
    return found('gain', 'insufficient', title, { estimate: gain, action: MORE })
  }
  const at = sizesText(analysis)
  const { lookedUp, contaminated } = analysis
  if (decision.superior === 'shown' && lookedUp > 0 && contaminated === lookedUp)
    return found(
      'gain',
      'warn',
      `Pre-training is worth ${text} ${at}, on items of which none is known to be outside its corpus`,
      { estimate: gain, action: OTHER_ITEMS },
    )
  if (decision.superior === 'shown')
    return found('gain', 'pass', `Pre-training is worth ${text} ${at}`, { estimate: gain })
  if (decision.superior === 'refuted' && gain.interval.high < 0) {
    const title = `The model from scratch is better by ${points(-gain.value)} points ${at}, beyond doubt`
    return found('gain', 'warn', title, { estimate: gain, action: SWAPPED })
  }
  if (decision.superior === 'refuted')
    return found(
      'gain',
      'warn',
      `Pre-training is worth less than ${points(settings.target)} points ${at}, beyond doubt: ${text}`,
      {
        estimate: gain,
        action: 'Train from scratch, or choose a base model whose pre-training data is nearer to the task.',
      },
    )
  const target = settings.target > 0 ? ` of at least ${points(settings.target)} points` : ''
  return found(
    'gain',
    'insufficient',
    `A gain${target} is not shown (${text} ${at}), which is no sign that there is none: ${detectableText(analysis)}`,
    { estimate: gain, action: isWorseEverywhere(analysis) ? SWAPPED : MORE },
  )
}

/** Whether the arm that was given as pre-trained is the worse one at every size of every split, two or more. */
function isWorseEverywhere({ bySize }: GainAnalysis): boolean {
  return bySize.length > 1 && bySize.every(({ gain }) => gain.kind === 'estimate' && gain.value < 0)
}

function elsewhereFindings({ decision, elsewhere, settings }: GainAnalysis): Finding[] {
  const loss = `${points(settings.delta)} points`
  const about = (name: string) => {
    const estimate = elsewhere.get(name)
    return { sources: DECISION, ...(estimate === undefined ? {} : { estimate }) }
  }
  return [
    ...decision.regressed.map((name) =>
      found(
        'regressed',
        'warn',
        `On ${name} the pre-trained model is worse by more than ${loss}, beyond doubt`,
        {
          ...about(name),
          action: `Look at what the pre-trained model answers on ${name}; a base model that is nearer to it may not lose.`,
        },
      ),
    ),
    ...decision.undecided.map((name) =>
      found('elsewhere-open', 'insufficient', `A loss of more than ${loss} on ${name} is not ruled out`, {
        ...about(name),
        action: MORE,
      }),
    ),
  ]
}

/** Does the advantage survive out of distribution? */
function distributionFinding({ oodGain, idOodDifference, items }: GainAnalysis): Finding[] {
  if (items.ood === 0) return []
  const code = 'out-of-distribution'
  const open = { estimate: oodGain, action: MORE }
  const out = pointsText(oodGain)
  const difference = pointsText(idOodDifference)
  if (out === null || difference === null)
    return [found(code, 'insufficient', 'The gain out of distribution cannot be estimated', open)]
  if (sideOf(oodGain) === 'above')
    return [
      found(code, 'pass', `The advantage survives out of distribution: ${out} there`, { estimate: oodGain }),
    ]
  if (sideOf(idOodDifference) === 'above')
    return [
      found(
        code,
        'warn',
        `Pre-training helps where the training data is, by ${difference} more than out of distribution (${out})`,
        {
          estimate: idOodDifference,
          action: 'Read the gain as faster fitting: test on the distribution that the model will meet.',
        },
      ),
    ]
  const title = `Whether the advantage survives out of distribution is open: ${out} there`
  return [found(code, 'insufficient', title, open)]
}

function cleanFinding(analysis: GainAnalysis): Finding[] {
  const { cleanSubsetGain: estimate, gain, lookedUp, contaminated, undecided, decision } = analysis
  if (lookedUp + undecided === 0) return []
  const code = 'clean-subset'
  const text = pointsText(estimate)
  if (lookedUp === 0)
    return [
      found(
        code,
        'insufficient',
        `Of none of ${counted(undecided, 'item')} could be decided whether it stands in the pre-training corpus`,
        {
          estimate,
          action:
            'They are too short to tell, or much of the corpus was not read: look up the question together with its choices.',
        },
      ),
    ]
  const standing = `${contaminated} of ${counted(lookedUp, 'item')} ${contaminated === 1 ? 'stands' : 'stand'} in the pre-training corpus`
  const without = `${standing}; without ${contaminated === 1 ? 'it' : 'them'}`
  const detail =
    undecided === 0
      ? {}
      : {
          detail: `Of ${counted(undecided, 'more item')} that could not be decided; ${undecided === 1 ? 'it is' : 'they are'} on neither side.`,
        }
  if (contaminated === lookedUp)
    return [
      found(
        code,
        'warn',
        `${lookedUp === 1 ? 'The one item that was looked up stands' : `All ${counted(lookedUp, 'item')} that were looked up stand`} in the pre-training corpus: what the gain is on others is not known`,
        {
          estimate,
          action: OTHER_ITEMS,
          ...detail,
        },
      ),
    ]
  if (text === null)
    return [
      found(code, 'insufficient', `${without} there is no estimate`, { estimate, action: MORE, ...detail }),
    ]
  if (decision.superior !== 'shown' || sideOf(estimate) === 'above')
    return [
      found(
        code,
        'pass',
        `${without} the gain is ${text}, with ${contaminated === 1 ? 'it' : 'them'} ${pointsText(gain)}`,
        {
          estimate,
          ...detail,
        },
      ),
    ]
  return [
    found(code, 'warn', `${without} a gain is not shown (${text})`, {
      estimate,
      action: OTHER_ITEMS,
      ...detail,
    }),
  ]
}

function efficiencyFinding({ sampleEfficiency, saved }: GainAnalysis): Finding[] {
  const { value, score, atMost } = sampleEfficiency
  const about = { estimate: value, sources: EFFICIENCY }
  const at = `for an accuracy of ${points(score)} %`
  if (value.kind === 'estimate') {
    const { low, high } = value.interval
    const kept = saved.examples.value
    const less = kept.kind === 'estimate' ? `, ${Math.round(kept.value)} more` : ''
    const title = `From scratch it takes ${value.value.toPrecision(3)} [${low.toPrecision(3)}, ${high.toPrecision(3)}] times the examples${less}, ${at}`
    return [found('sample-efficiency', 'pass', title, about)]
  }
  const bound = boundText(sampleEfficiency)
  if (bound === null) return []
  const [end, one, other] = atMost === null ? ['ends', 'more', 'fewer'] : ['begins', 'fewer', 'more']
  return [
    found(
      'sample-efficiency',
      'insufficient',
      `From scratch it takes ${bound} times the examples ${at}: a bound, since one arm’s curve ${end} first`,
      {
        ...about,
        action: `Train the arm from scratch on ${one} examples (or the pre-trained one on ${other}) to learn the ratio.`,
      },
    ),
  ]
}

const NOTE_ACTION: Readonly<Record<GainNote['code'], string>> = {
  'unpaired-items': 'Test both arms on the same items.',
  'unpaired-sizes': 'Train both arms at the same training-set sizes.',
  'unpaired-seeds': 'Train both arms with the same seeds of data and order.',
  'one-seed': 'Train three seeds or more: one training run tells nothing of others.',
  assumed: 'Name it, so that nothing has to be assumed.',
}

/** Everything that a comparison of two arms means. */
export function findingsOf(analysis: GainAnalysis, { notes }: Pick<GainEvidence, 'notes'>): Finding[] {
  return [
    gainFinding(analysis),
    ...elsewhereFindings(analysis),
    ...distributionFinding(analysis),
    ...cleanFinding(analysis),
    ...efficiencyFinding(analysis),
    ...notes.map(({ code, text }) => found(code, 'warn', text, { action: NOTE_ACTION[code] })),
  ]
}
