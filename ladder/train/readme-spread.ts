import { groupBy } from '../../src/core/index.js'
import { markdownTable } from './markdown-table.js'
import type { LawCheck, RunSummary } from './runs.js'

interface Spread {
  readonly mean: number
  /** Sample standard deviation; undefined for a single value. */
  readonly deviation: number | undefined
}

function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : undefined }
}

function spreadCell(values: readonly number[], digits: number): string {
  const spread = spreadOf(values)
  if (spread === undefined) return '–'
  const { mean, deviation } = spread
  return deviation === undefined
    ? mean.toFixed(digits)
    : `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`
}

const baseOf = (run: RunSummary): string => run.id.replace(/-seed\d+$/, '')

/** Runs that differ in the seed alone, by the id of the one with seed 0. */
function seedsOf(runs: readonly RunSummary[]): Map<string, RunSummary[]> {
  const bases = new Set(runs.filter((run) => run.group === 'seeds').map(baseOf))
  return groupBy(
    runs.filter((run) => bases.has(baseOf(run))),
    baseOf,
  )
}

/** Mean and sample standard deviation over the seeds of every point that has several. */
export function spreadTable(runs: readonly RunSummary[]): string {
  return markdownTable(
    ['point', 'seeds', 'training loss', 'held-out loss', 'held-out bits/byte'],
    [...seedsOf(runs)].map(([base, own]) => [
      `\`${base}\``,
      String(own.length),
      spreadCell(
        own.flatMap((run) => run.finalTrainLoss ?? []),
        4,
      ),
      spreadCell(
        own.flatMap((run) => run.heldOutLoss ?? []),
        4,
      ),
      spreadCell(
        own.flatMap((run) => run.heldOutBitsPerByte ?? []),
        4,
      ),
    ]),
  )
}

const bitsOn = (run: RunSummary, domain: string): number[] => {
  const bits = run.heldOutByDomain?.[domain]?.bitsPerByte
  return bits === null || bits === undefined ? [] : [bits]
}

/** Bits per byte on a domain by the share of its documents that the run could read; the intact runs are seeds. */
export function domainTable(runs: readonly RunSummary[]): string {
  const reduced = runs.filter((run) => run.group === 'domain')
  const shareOf = (run: RunSummary): number => Object.values(run.mix ?? {})[0] ?? 1
  const domainOf = (run: RunSummary): string => Object.keys(run.mix ?? {})[0] ?? ''
  const shares = [...new Set(reduced.map(shareOf))].sort((a, b) => a - b)
  const intact =
    [...seedsOf(runs).values()].find((own) => own.some((run) => reduced[0]?.size === run.size)) ?? []
  return markdownTable(
    ['domain', ...shares.map((share) => `share ${share}`), `intact, ${intact.length} seeds`],
    [...groupBy(reduced, domainOf)].map(([domain, own]) => [
      domain,
      ...shares.map((share) =>
        spreadCell(
          own.filter((run) => shareOf(run) === share).flatMap((run) => bitsOn(run, domain)),
          3,
        ),
      ),
      spreadCell(
        intact.flatMap((run) => bitsOn(run, domain)),
        3,
      ),
    ]),
  )
}

/** The largest runs beside what a law fitted to smaller ones says of them; an empty table before they are trained. */
export function lawTable(checks: readonly LawCheck[]): string {
  const loss = (value: number | null): string => value?.toFixed(3) ?? '–'
  return markdownTable(
    ['run', 'its epochs', 'fitted to', 'predicted', '95 % interval', 'measured', 'off by'],
    checks.map(({ run, epochs, runs, predicted, low, high, measured }) => [
      `\`${run}\``,
      String(epochs),
      `${runs} runs`,
      loss(predicted),
      low === null ? '–' : `${loss(low)} to ${loss(high)}`,
      loss(measured),
      loss(predicted === null ? null : measured - predicted),
    ]),
  )
}

/** Runs on other mixes, in other portions or on another schedule, beside the plain run of their size and length. */
export function mixTable(runs: readonly RunSummary[]): string {
  const others = runs.filter(
    (run) => run.group === 'mix' || run.group === 'repeated' || run.id.endsWith('-wsd'),
  )
  const bases = new Set(others.map((run) => /^[^-]+-r\d+/.exec(run.id)?.[0]))
  const shown = runs.filter((run) => bases.has(run.id) || others.includes(run))
  const domains = Object.keys(shown[0]?.heldOutByDomain ?? {})
  return markdownTable(
    ['run', 'held-out loss', 'bits/byte', ...domains],
    shown.map((run) => [
      `\`${run.id}\``,
      spreadCell(run.heldOutLoss === null ? [] : [run.heldOutLoss], 3),
      spreadCell(run.heldOutBitsPerByte === null ? [] : [run.heldOutBitsPerByte], 3),
      ...domains.map((domain) => spreadCell(bitsOn(run, domain), 2)),
    ]),
  )
}
