/** Index of the first of the ascending steps at or after a step, of the first `length` ones; `length` when there is none. */
export function indexAt(steps: Float64Array, step: number, length: number = steps.length): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (steps[middle] < step) low = middle + 1
    else high = middle
  }
  return low
}
