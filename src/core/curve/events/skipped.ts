import type { PreparedRun } from '../prepare/prepare.js'
import type { CurveEvent } from './event.js'

/** Steps that the optimiser left out. */
export function skippedEvents(prepared: PreparedRun): CurveEvent[] {
  const note = prepared.run.notes.find((n) => n.code === 'skipped-step')
  if (note === undefined) return []
  return [
    {
      code: 'skipped-steps',
      fromStep: prepared.firstStep,
      toStep: prepared.lastStep,
      magnitude: note.count,
      unit: 'steps',
      confidence: 'weak',
      text: `${note.count} step(s) carry no loss, the last on line ${note.line}: the optimiser skipped them`,
      cause: 'an overflow under dynamic loss scaling',
    },
  ]
}
