import { studentBeyond } from '../stats/student.js'

const STEP = 0.02
const REACH = 8

/** Φ(x) */
function below(x: number): number {
  const beyond = studentBeyond(Math.abs(x), Number.POSITIVE_INFINITY) / 2
  return x < 0 ? beyond : 1 - beyond
}

/**
 * What the range (highest − lowest) of `count` equal models stays within with probability p, in standard deviations of one
 * score: the highest and the lowest are chosen after the fact, so their distance is far from 0 by chance alone.
 *
 *     P(R ≤ r) = k ∫ φ(x) [Φ(x + r) − Φ(x)]^(k−1) dx
 *
 * Source: Tukey's studentised range with known deviation; Harter, Ann. Math. Stat. 31 (1960) 1122.
 */
export function equalRange(count: number, p: number): number {
  const within = (r: number): number => {
    let sum = 0
    for (let x = -REACH; x <= REACH; x += STEP) {
      const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
      sum += density * (below(x + r) - below(x)) ** (count - 1)
    }
    return count * sum * STEP
  }
  let [low, high] = [0, 2 * REACH]
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2
    if (within(middle) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
