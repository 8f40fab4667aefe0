import { readFileSync, writeFileSync } from 'node:fs'

/** Times of one thing, repeated. */
export interface Measured {
  readonly name: string
  /** MB (10^6 bytes) of text per CPU second, and per second of the clock: median and extremes. */
  readonly cpu: readonly [median: number, low: number, high: number]
  readonly wall: readonly [median: number, low: number, high: number]
}

/** Median and extremes. */
export function spread(values: readonly number[]): [number, number, number] {
  const sorted = [...values].sort((a, b) => a - b)
  return [sorted[sorted.length >> 1]!, sorted[0]!, sorted.at(-1)!]
}

/** Run `work` over `bytes` of text several times, after one run that warms up. */
export async function measure(
  name: string,
  bytes: number,
  runs: number,
  work: () => unknown,
): Promise<Measured> {
  const cpu: number[] = []
  const wall: number[] = []
  for (let run = 0; run <= runs; run++) {
    const before = process.cpuUsage()
    const started = performance.now()
    await work()
    const seconds = (performance.now() - started) / 1e3
    const { user, system } = process.cpuUsage(before)
    if (run === 0 && runs > 1) continue
    cpu.push(bytes / (user + system))
    wall.push(bytes / 1e6 / seconds)
  }
  return { name, cpu: spread(cpu), wall: spread(wall) }
}

export function show([median, low, high]: readonly [number, number, number]): string {
  const digits = median < 10 ? 2 : 0
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`
}

/** A line of the table: `| name | MB per CPU second | MB per second | bar |`. */
export function toLine({ name, cpu, wall }: Measured, bar?: number): string {
  const verdict = bar === undefined ? '' : `${bar} ${cpu[0] >= bar ? 'met' : 'NOT met'}`
  return `| ${name} | ${show(cpu)} | ${show(wall)} | ${verdict} |`
}

const PAGE = 'docs/validation/corpus.md'

/** Put what a section printed between its marks in the page of results. */
export function keepSection(section: string, lines: readonly string[]): void {
  const [begin, end] = [`<!-- bench: ${section} -->`, '<!-- end -->']
  const page = readFileSync(PAGE, 'utf8')
  const from = page.indexOf(begin) + begin.length
  const to = page.indexOf(end, from)
  if (from < begin.length || to < 0) throw new Error(`${PAGE} lacks ${begin} … ${end}`)
  writeFileSync(PAGE, `${page.slice(0, from)}\n${lines.join('\n')}\n${page.slice(to)}`)
}
