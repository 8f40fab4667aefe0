import type { JudgedRun } from './analyse.js'
import { statusOfVerdict } from './verdict.js'

/** Something that a judgement says of a step, as trackers of experiments take it: a number under a name, and a sentence. */
export interface CurveMark {
  readonly step: number
  /** `verdict`, at the last step, or the code of an event, where it begins. */
  readonly name: string
  /** Size of the event; of the verdict 1 where the run is healthy and 0 where not. */
  readonly value: number
  readonly text: string
}

const HIDDEN: ReadonlySet<string> = new Set(['minor-spike'])

/** What is written back beside a run's own curves: its events by their steps, then the verdict. */
export function curveMarks({ run, events, verdict, prepared }: JudgedRun): CurveMark[] {
  const told = events.filter((e) => !HIDDEN.has(e.code) && Number.isFinite(e.magnitude))
  return [
    ...told.map((e) => ({ step: e.fromStep, name: e.code, value: e.magnitude, text: e.text })),
    {
      step: prepared.lastStep,
      name: 'verdict',
      value: Number(statusOfVerdict(verdict) === 'pass'),
      text: `${run.id}: ${verdict}`,
    },
  ].sort((a, b) => a.step - b.step)
}
