/** What the name of a column says: the name itself, and the unit that its numbers are in. */
export interface Header {
  readonly name: string
  /** What a number of the column is multiplied by; null where the name tells no unit. */
  readonly factor: number | null
}

const DAY = 86_400
const UNITS: Readonly<Record<string, number>> = {
  '%': 0.01,
  percent: 0.01,
  pct: 0.01,
  share: 1,
  fraction: 1,
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mn: 1e6,
  mio: 1e6,
  million: 1e6,
  b: 1e9,
  bn: 1e9,
  g: 1e9,
  billion: 1e9,
  t: 1e12,
  tn: 1e12,
  trillion: 1e12,
  flop: 1,
  gflop: 1e9,
  tflop: 1e12,
  pflop: 1e15,
  petaflop: 1e15,
  eflop: 1e18,
  exaflop: 1e18,
  zflop: 1e21,
  zettaflop: 1e21,
  yflop: 1e24,
  yottaflop: 1e24,
  pf_day: 1e15 * DAY,
  pflop_day: 1e15 * DAY,
  pflop_s_day: 1e15 * DAY,
  petaflop_day: 1e15 * DAY,
  petaflop_s_day: 1e15 * DAY,
}
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'
/** `1e9`, `10^9`, `10**9`, `10⁹`, each with a sign of multiplication before it or none. */
const POWER = /^[×x*·]?\s*(?:1e\+?(\d{1,2})|10\s*(?:\^|\*\*)\s*\{?(\d{1,2})\}?|10([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))$/i
/** Words of a unit that tell no number. */
const NO_NUMBER = /\b(?:in|of|params?|parameters?|tokens?)\b/gi

/** `B`, `billions of tokens`, `ZFLOPs`, `×10⁹`, `%` → what a number is multiplied by; null where it is no unit. */
export function unitOf(text: string): number | null {
  const bare = text.replaceAll(NO_NUMBER, ' ').trim()
  const power = POWER.exec(bare.replace(/\s*flops?$/i, '').trim())
  if (power !== null) {
    const digits = power[1] ?? power[2] ?? [...power[3]].map((c) => SUPERSCRIPTS.indexOf(c)).join('')
    return 10 ** Number(digits)
  }
  const word = bare
    .toLowerCase()
    .replaceAll(/[\s/·-]+/g, '_')
    .replace(/(?<=[a-z]{2})s(?=_|$)/g, '')
  return word === '' ? 1 : (UNITS[word] ?? null)
}

/** Units in brackets at a name's end, or behind a comma: `Params (B)`, `tokens [×10⁹]`, `ARC, %`, `MMLU %`. */
const BRACKETED = /^(.*?)\s*(?:\(([^()]*)\)|\[([^[\]]*)\]|,\s*([^,]+)|\s(%))\s*$/s

/** The name of a column without its unit. */
export function headerOf(column: string): Header {
  const match = BRACKETED.exec(column)
  const unit = match?.[2] ?? match?.[3] ?? match?.[4] ?? match?.[5]
  const factor = unit === undefined ? null : unitOf(unit)
  return match === null || factor === null ? { name: column, factor: null } : { name: match[1], factor }
}
