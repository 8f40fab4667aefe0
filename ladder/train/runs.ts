import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What `run.py` writes about a finished run. Losses are nats per token; null = not finite. */
export interface RunSummary {
  readonly id: string
  readonly group: 'ladder' | 'seeds' | 'domain' | 'mix' | 'repeated' | 'decay' | 'fault' | 'retrain'
  readonly known: string
  readonly size: string
  readonly seed: number
  readonly parametersWithoutEmbedding: number
  readonly parameters: number
  readonly steps: number
  readonly tokens: number
  readonly tokensPerParameter: number
  readonly documents: number
  readonly batchTokens: number
  readonly flops: number
  readonly flopsWithoutEmbedding: number
  /** The checkpoint that a decay run began from. */
  readonly decayFrom: { readonly run: string; readonly step: number } | null
  readonly schedule: { readonly peak: number }
  readonly finalTrainLoss: number | null
  readonly heldOutLoss: number | null
  readonly heldOutBitsPerByte: number | null
  readonly seconds: number
  /** Seconds of the processor. */
  readonly cpuSeconds?: number
  readonly epochs?: number
  /** Share of a domain's documents that the run may read, where it is not all of them. */
  readonly mix?: Readonly<Record<string, number>> | null
  readonly heldOutByDomain?: Readonly<Record<string, DomainLoss>>
}

/** What `evaluate/law.ts` writes of a run: its held-out loss, nats per token, and what smaller runs said it would be. */
export interface LawCheck {
  readonly run: string
  readonly epochs: number
  /** Runs that the law was fitted to. */
  readonly runs: number
  readonly measured: number
  /** null where the law could not be fitted; 95 % interval. */
  readonly predicted: number | null
  readonly low: number | null
  readonly high: number | null
}

/** Held-out loss on one domain: nats per token and bits per byte. */
export interface DomainLoss {
  readonly loss: number | null
  readonly bitsPerByte: number | null
}

/** A row of `training.csv`; a cell that is empty or not finite is undefined. */
export interface LogRow {
  readonly step: number
  readonly tokens: number
  readonly loss: number | undefined
  readonly valLoss: number | undefined
}

/** Finished runs, smallest and shortest first. */
export function readRuns(folder: string): RunSummary[] {
  return readdirSync(folder)
    .map((id) => join(folder, id, 'run.json'))
    .filter((file) => existsSync(file))
    .map((file): RunSummary => JSON.parse(readFileSync(file, 'utf8')))
    .sort((a, b) => a.parameters - b.parameters || a.tokens - b.tokens || a.seed - b.seed)
}

/** Rows of a plain CSV without quotes, cells by column. */
export function readTable(file: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  const columns = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? '']))
  })
}

export function readLog(folder: string, id: string): LogRow[] {
  const number = (text: string | undefined): number | undefined => {
    const value = Number(text)
    return text === undefined || text === '' || !Number.isFinite(value) ? undefined : value
  }
  return readTable(join(folder, id, 'training.csv')).map((row) => ({
    step: number(row.step) ?? 0,
    tokens: number(row.tokens) ?? 0,
    loss: number(row.loss),
    valLoss: number(row.val_loss),
  }))
}

/** Median of each stretch of `width` losses, at the stretch's last step: step losses are noisy. */
export function smoothed(rows: readonly LogRow[], width: number): { x: number[]; y: number[] } {
  const points: { x: number[]; y: number[] } = { x: [], y: [] }
  for (let end = width; end <= rows.length; end += width) {
    const losses = rows
      .slice(end - width, end)
      .flatMap((row) => (row.loss === undefined ? [] : [row.loss]))
      .sort((a, b) => a - b)
    if (losses.length === 0) continue
    points.x.push(rows[end - 1]!.step)
    points.y.push(losses[losses.length >> 1]!)
  }
  return points
}
