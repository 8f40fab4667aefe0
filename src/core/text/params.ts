/** A number of parameters as models are named: `134M`, `1.20B`. */
export function formatParams(params: number): string {
  if (params >= 1e9) return `${(params / 1e9).toPrecision(3)}B`
  if (params >= 1e6) return `${(params / 1e6).toPrecision(3)}M`
  return `${(params / 1e3).toPrecision(3)}k`
}
