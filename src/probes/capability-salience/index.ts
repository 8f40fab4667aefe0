import {
  defineProbe,
  type Finding,
  findingsBy,
  isFittedOn,
  type Judgement,
  type Measurement,
  readCapabilities,
  type SalienceEvidence,
} from '../../core/index.js'
import { METRICS } from './metrics.js'
import { type ModelReading, PROBE, readingSection, SOURCES, scoreText } from './section.js'

export { type CurvePoint, curveSection, modelsSection, type RunCurve } from './curves.js'
export { domainChart, domainTable, passageChart } from './exhibits.js'
export { PROBE as SALIENCE_PROBE, SOURCES as SALIENCE_SOURCES } from './section.js'

const found = findingsBy(PROBE, SOURCES)

function findingsOf({ readings, isInSample }: ModelReading): Finding[] {
  const read = readings.filter((r) => r.score.kind === 'estimate')
  const beyond = read.filter((r) => r.isBeyond)
  const [first] = read
  const told = read.map((r) => `${r.capability.name} ${scoreText(r.score)}`).join(', ')
  return [
    first === undefined
      ? found('not-read', 'insufficient', 'No capability can be read from its losses', {
          action:
            'Fit a vector on models that lose about as much as this one, of 20 families or more, with assay salience --save.',
        })
      : found('read', 'pass', `Read from its losses alone: ${told}`, {
          estimate: first.score,
          sources: [...SOURCES, 'evidence: salience'],
        }),
    ...(beyond.length === 0
      ? []
      : [
          found(
            'beyond',
            'warn',
            `Its mean loss lies outside that of every model of the fit, so ${beyond.length === 1 ? 'the reading is' : `${beyond.length} readings are`} extrapolated`,
            {
              action:
                'Take them as a hint: run the benchmarks, or fit a vector on models that lose as little.',
            },
          ),
        ]),
    ...(isInSample
      ? [
          found(
            'in-sample',
            'warn',
            'Benchmarks read from losses look better than they are: the reading was fitted on this very run',
            {
              action:
                'Fit the vector that reads them without this run (assay salience --without), and read it with that one.',
            },
          ),
        ]
      : []),
  ]
}

/**
 * What a model's losses on a vector's text say of its capabilities.
 *
 * @param name of the model; undefined where nobody knows it
 */
export function judgeReading(salience: SalienceEvidence, name: string | undefined, level: number): Judgement {
  const { vector, losses } = salience
  const readings = readCapabilities(vector, losses, level)
  const isInSample = name !== undefined && isFittedOn(vector, name)
  const reading = { ...salience, readings, isInSample, level }
  return {
    findings: findingsOf(reading),
    metrics: readings.map(
      ({ capability, score }): Measurement => ({
        metric: `${PROBE}.${capability.lowerIsBetter ? 'error' : 'score'}.*`,
        part: capability.name,
        estimate: score,
      }),
    ),
    sections: [readingSection(reading)],
  }
}

/** What will it score, told by where on a common text it loses? */
export const capabilitySalience = defineProbe({
  id: PROBE,
  title: 'Capabilities are read from losses',
  failureTitle: 'Capabilities cannot be read from losses',
  needs: ['salience'],
  wants: ['model'],
  sources: [...SOURCES],
  metrics: METRICS,
  judge: ({ salience, model }, { level }) => judgeReading(salience, model?.name, level),
})
