import { VERSION } from '../../audit/index.js'
import { counted, groupBy, type Result, type SalienceFile, type Section } from '../../core/index.js'
import {
  type CurvePoint,
  curveSection,
  judgeReading,
  modelsSection,
  type RunCurve,
} from '../../probes/index.js'
import { SALIENCE_SCHEMA } from './salience-result.js'

/** One model, or one checkpoint of a run, read from its losses. */
export interface ReadModel extends Omit<CurvePoint, 'at'> {
  readonly id: string
  readonly run: string
  readonly tokens: number | null
  readonly losses: Float64Array
  readonly isInSample: boolean
}

interface Applied {
  readonly source: string
  readonly vector: SalienceFile
  readonly texts: readonly string[]
  readonly models: readonly ReadModel[]
  readonly level: number
}

/** Runs, and single models, that are shown one by one; of more there is a table. */
const MOST_SHOWN = 6

/** Checkpoints of one run in the order of their tokens (or steps), those without either last. */
function curveOf(run: string, models: readonly ReadModel[]): RunCurve {
  const hasTokens = models.every((m) => m.tokens !== null)
  const at = (m: ReadModel): number | null =>
    hasTokens ? m.tokens : /^\d+$/.test(m.checkpoint) ? Number(m.checkpoint) : null
  const points = models.map((m): CurvePoint => ({ ...m, at: at(m) }))
  return {
    run,
    isInSample: models[0].isInSample,
    unit: hasTokens ? 'tokens' : 'steps',
    points: points.sort((a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY)),
  }
}

/** Curves of runs, readings of single models, as every report form draws them. */
export function appliedResult(
  { source, vector, texts, models, level }: Applied,
  about: Pick<Result, 'inputs' | 'seed'>,
): { result: Result; curves: readonly RunCurve[] } {
  const runs = [...groupBy(models, (m) => m.run).values()]
  const curves = runs.filter((own) => own.length > 1).map((own) => curveOf(own[0].run, own))
  const singles = runs.flatMap((own) => (own.length === 1 ? own : []))
  // A curve that the vector was fitted on shows little; it is drawn where there is no other.
  const outside = curves.filter((c) => !c.isInSample)
  const drawn = (outside.length > 0 ? outside : curves).slice(0, MOST_SHOWN)
  const judged =
    singles.length > MOST_SHOWN
      ? []
      : singles.map(({ id, losses }) => judgeReading({ source, vector, texts, losses }, id, level))
  const sections: Section[] = [
    ...drawn.map((curve, i) => curveSection(curve, i)),
    ...(singles.length > MOST_SHOWN ? [modelsSection(singles)] : []),
    ...judged.flatMap(({ sections: own }, i) =>
      own.map((section) => ({
        ...section,
        id: `${section.id}-${i}`,
        ...(singles.length > 1 ? { question: section.question.replace(' it ', ` ${singles[i].id} `) } : {}),
      })),
    ),
  ]
  const left = curves.length - drawn.length
  const result: Result = {
    schema: SALIENCE_SCHEMA,
    title: `Capabilities read with ${source}`,
    summary: `${counted(vector.capabilities.length, 'capability', 'capabilities')} of ${models.length} ${models.length === 1 ? 'model' : 'models and checkpoints'}, read from losses on ${vector.spans.length} spans of text.`,
    ...about,
    gates: [],
    findings: judged.flatMap((j) => j.findings),
    metrics: [],
    sections,
    provenance: [
      { label: 'Assay', value: VERSION },
      { label: 'vector', value: `${source}, fitted on ${counted(vector.models.length, 'model')}` },
      { label: 'text', value: `sha256 ${vector.textSha256 ?? 'unknown'}` },
    ],
    notMeasured: [
      ...(left > 0
        ? [
            {
              what: `${counted(left, 'more run is', 'more runs are')} drawn in no figure`,
              why:
                outside.length > 0 && outside.length <= MOST_SHOWN
                  ? 'the vector was fitted on them; --model NAME draws one, --json has all'
                  : '--model NAME draws one, --json has all',
            },
          ]
        : []),
      ...(texts.length === 0 && vector.capabilities.some((c) => c.agreement.length > 0)
        ? [{ what: 'passages that matter', why: 'their text is not at hand: give it, --text name=glob' }]
        : []),
    ],
  }
  return { result, curves }
}
