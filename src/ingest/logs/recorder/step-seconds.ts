import { median } from '../../../core/index.js'

/** Fewer readings do not tell a clock from step times. */
const LEAST_READINGS = 8
/** A clock goes on from reading to reading; it may start anew where a run was resumed. */
const MOST_RESETS = 0.05
const LEAST_RISES = 0.9
/** Readings of a clock stand this far above its usual growth (half of the readings, at a steady pace). */
const ABOVE_GROWTH = 3
/** As many readings tell a clock from durations, in a log of any length. */
const MOST_READINGS = 1 << 17

/** Whether a column of times is a clock that runs on (`elapsed`) rather than the time that each step took. */
function isClock(readings: Float64Array): boolean {
  const n = readings.length
  if (n < LEAST_READINGS) return false
  const growth = readings.subarray(1).map((t, i) => t - readings[i])
  const rises = growth.reduce((count, d) => count + (d > 0 ? 1 : 0), 0)
  const resets = growth.reduce((count, d) => count + (d < 0 ? 1 : 0), 0)
  if (resets > MOST_RESETS * growth.length || rises < LEAST_RISES * growth.length) return false
  return median(readings) > ABOVE_GROWTH * median(growth)
}

/** The first readings of a column. */
function firstReadings(time: Float64Array): Float64Array {
  const readings = new Float64Array(Math.min(MOST_READINGS, time.length))
  let count = 0
  for (let row = 0; row < time.length && count < readings.length; row++)
    if (!Number.isNaN(time[row])) readings[count++] = time[row]
  return readings.subarray(0, count)
}

/**
 * Seconds that each step took, from a column that gives them or that is a clock: there the difference to the reading
 * before, over the steps between them. Unknown (NaN) for the first reading and behind a clock or steps that went back.
 *
 * @param step shape (n)
 * @param time seconds, NaN where the log gives none, shape (n)
 */
export function secondsOfSteps(step: Float64Array, time: Float64Array): Float64Array {
  if (!isClock(firstReadings(time))) return time
  const out = new Float64Array(time.length).fill(Number.NaN)
  let before = -1
  for (let row = 0; row < time.length; row++) {
    if (Number.isNaN(time[row])) continue
    if (before >= 0 && step[row] > step[before] && time[row] > time[before])
      out[row] = (time[row] - time[before]) / (step[row] - step[before])
    before = row
  }
  return out
}
