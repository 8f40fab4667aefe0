import type { CurveEvent } from './events/event.js'

/** Events in the order of the log. */
export function inOrder(events: readonly CurveEvent[]): CurveEvent[] {
  return [...events].sort((a, b) => a.fromStep - b.fromStep)
}
