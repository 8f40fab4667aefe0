/**
 * Huber's loss ρ(r) = r²/2 for |r| ≤ δ, δ(|r| − δ/2) beyond; δ = Infinity is plain least squares.
 *
 * Source: Huber, Annals of Mathematical Statistics 35 (1964), Eq. 1.2.
 */
export function huberLoss(r: number, delta: number): number {
  const a = Math.abs(r)
  return a <= delta ? 0.5 * r * r : delta * (a - 0.5 * delta)
}

/** ψ(r)/r: the weight that turns one step of least squares into one of Huber's. */
export function huberWeight(r: number, delta: number): number {
  const a = Math.abs(r)
  return a <= delta ? 1 : delta / a
}
