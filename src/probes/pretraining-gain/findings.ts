import type { Finding, GainAnalysis, GainEvidence, GainNote } from '../../core/index.js'
import { boundText, detectableText, PROBE, points, pointsText, sideOf, sizesText } from './words.js'

const EVIDENCE = 'evidence: gain'
const GAIN = ['docs/methods/gain.md#gain', EVIDENCE, 'arXiv:2606.07527 (abstract and introduction read)']
const DECISION = ['docs/methods/gain.md#decision', EVIDENCE]
const EFFICIENCY = [
  'docs/methods/gain.md#sample-efficiency-and-data-transferred',
  EVIDENCE,
  'arXiv:2102.01293',
]

const SWAPPED =
  'The arm given as pre-trained is the worse one: check that the arms were not swapped, and that both had a learning rate that suits them.'
const MORE = 'Test on more items, train more seeds, or at more training-set sizes; then compare again.'

function gainFinding(analysis: GainAnalysis): Finding {
  const { gain, decision, settings } = analysis
  const base = { probe: PROBE, code: `${PROBE}/gain`, estimate: gain, sources: GAIN }
  const text = pointsText(gain)
  if (gain.kind === 'notEstimable' || text === null)
    return {
      ...base,
      status: 'insufficient',
      title: `The gain cannot be estimated: ${gain.kind === 'notEstimable' ? gain.reason : 'no number'}`,
      action: MORE,
    }
  const target = settings.target > 0 ? ` of at least ${points(settings.target)} points` : ''
  if (decision.superior === 'shown')
    return { ...base, status: 'pass', title: `Pre-training is worth ${text} ${sizesText(analysis)}` }
  if (decision.superior === 'refuted' && gain.interval.high < 0)
    return {
      ...base,
      status: 'warn',
      title: `The model from scratch is better by ${points(-gain.value)} points ${sizesText(analysis)}, beyond doubt`,
      action: SWAPPED,
    }
  if (decision.superior === 'refuted')
    return {
      ...base,
      status: 'warn',
      title: `Pre-training is worth less than ${points(settings.target)} points ${sizesText(analysis)}, beyond doubt: ${text}`,
      action: 'Train from scratch, or choose a base model whose pre-training data is nearer to the task.',
    }
  return {
    ...base,
    status: 'insufficient',
    title: `A gain${target} is not shown (${text} ${sizesText(analysis)}), which is no sign that there is none: ${detectableText(analysis)}`,
    action: isWorseEverywhere(analysis) ? SWAPPED : MORE,
  }
}

/** Whether the arm that was given as pre-trained is the worse one at every size of every split, two or more. */
function isWorseEverywhere({ bySize }: GainAnalysis): boolean {
  return bySize.length > 1 && bySize.every(({ gain }) => gain.kind === 'estimate' && gain.value < 0)
}

function elsewhereFindings({ decision, elsewhere, settings }: GainAnalysis): Finding[] {
  const base = { probe: PROBE, sources: DECISION }
  const loss = `${points(settings.delta)} points`
  const of = (name: string) => {
    const estimate = elsewhere.get(name)
    return estimate === undefined ? {} : { estimate }
  }
  return [
    ...decision.regressed.map(
      (name): Finding => ({
        ...base,
        ...of(name),
        code: `${PROBE}/regressed`,
        status: 'warn',
        title: `On ${name} the pre-trained model is worse by more than ${loss}, beyond doubt`,
        action: `Look at what the pre-trained model answers on ${name}; a base model that is nearer to it may not lose.`,
      }),
    ),
    ...decision.undecided.map(
      (name): Finding => ({
        ...base,
        ...of(name),
        code: `${PROBE}/elsewhere-open`,
        status: 'insufficient',
        title: `A loss of more than ${loss} on ${name} is not ruled out`,
        action: MORE,
      }),
    ),
  ]
}

/** Does the advantage survive out of distribution? */
function distributionFinding({ oodGain, idOodDifference, items }: GainAnalysis): Finding[] {
  if (items.ood === 0) return []
  const base = {
    probe: PROBE,
    code: `${PROBE}/out-of-distribution`,
    estimate: oodGain,
    sources: GAIN,
  }
  const out = pointsText(oodGain)
  const difference = pointsText(idOodDifference)
  if (out === null || difference === null)
    return [
      {
        ...base,
        status: 'insufficient',
        title: 'The gain out of distribution cannot be estimated',
        action: MORE,
      },
    ]
  const survives = sideOf(oodGain)
  if (survives === 'above')
    return [{ ...base, status: 'pass', title: `The advantage survives out of distribution: ${out} there` }]
  if (sideOf(idOodDifference) === 'above')
    return [
      {
        ...base,
        estimate: idOodDifference,
        status: 'warn',
        title: `Pre-training helps where the training data is, by ${difference} more than out of distribution (${out})`,
        action: 'Read the gain as faster fitting: test on the distribution that the model will meet.',
      },
    ]
  return [
    {
      ...base,
      status: 'insufficient',
      title: `Whether the advantage survives out of distribution is open: ${out} there`,
      action: MORE,
    },
  ]
}

function cleanFinding({
  cleanSubsetGain: clean,
  gain,
  lookedUp,
  contaminated,
  decision,
}: GainAnalysis): Finding[] {
  if (lookedUp === 0) return []
  const base = { probe: PROBE, code: `${PROBE}/clean-subset`, estimate: clean, sources: GAIN }
  const text = pointsText(clean)
  const counted = `${contaminated} of ${lookedUp} items stand in the pre-training corpus`
  if (text === null)
    return [
      {
        ...base,
        status: 'insufficient',
        title: `${counted}; without them there is no estimate`,
        action: MORE,
      },
    ]
  if (decision.superior !== 'shown' || sideOf(clean) === 'above')
    return [
      {
        ...base,
        status: 'pass',
        title: `${counted}; without them the gain is ${text}, with them ${pointsText(gain)}`,
      },
    ]
  return [
    {
      ...base,
      status: 'warn',
      title: `${counted}; without them a gain is not shown (${text})`,
      action: 'Test on items that are not in the pre-training corpus before relying on the gain.',
    },
  ]
}

function efficiencyFinding({ sampleEfficiency, saved }: GainAnalysis): Finding[] {
  const { value, score, atMost } = sampleEfficiency
  const base = { probe: PROBE, code: `${PROBE}/sample-efficiency`, estimate: value, sources: EFFICIENCY }
  const at = `for an accuracy of ${points(score)} %`
  if (value.kind === 'estimate') {
    const { low, high } = value.interval
    const kept = saved.examples.value
    const less = kept.kind === 'estimate' ? `, ${Math.round(kept.value)} more` : ''
    return [
      {
        ...base,
        status: 'pass',
        title: `From scratch it takes ${value.value.toPrecision(3)} [${low.toPrecision(3)}, ${high.toPrecision(3)}] times the examples${less}, ${at}`,
      },
    ]
  }
  const bound = boundText(sampleEfficiency)
  if (bound === null) return []
  return [
    {
      ...base,
      status: 'insufficient',
      title: `From scratch it takes ${bound} times the examples ${at}: a bound, since one arm’s curve ${atMost === null ? 'ends' : 'begins'} first`,
      action:
        atMost === null
          ? 'Train the arm from scratch on more examples (or the pre-trained one on fewer) to learn the ratio.'
          : 'Train the arm from scratch on fewer examples (or the pre-trained one on more) to learn the ratio.',
    },
  ]
}

const NOTE_ACTION: Readonly<Record<GainNote['code'], string>> = {
  'unpaired-items': 'Test both arms on the same items.',
  'unpaired-sizes': 'Train both arms at the same training-set sizes.',
  'unpaired-seeds': 'Train both arms with the same seeds of data and order.',
  'one-seed': 'Train three seeds or more: one training run tells nothing of others.',
  assumed: 'Name it, so that nothing has to be assumed.',
}

function noteFinding({ code, text }: GainNote): Finding {
  return {
    probe: PROBE,
    code: `${PROBE}/${code}`,
    status: 'warn',
    title: text,
    action: NOTE_ACTION[code],
    sources: GAIN,
  }
}

/** Everything that a comparison of two arms means. */
export function findingsOf(analysis: GainAnalysis, { notes }: Pick<GainEvidence, 'notes'>): Finding[] {
  return [
    gainFinding(analysis),
    ...elsewhereFindings(analysis),
    ...distributionFinding(analysis),
    ...cleanFinding(analysis),
    ...efficiencyFinding(analysis),
    ...notes.map(noteFinding),
  ]
}
