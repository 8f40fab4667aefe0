import { asNumber, asObject, type Json, parseTolerantJson } from '../../../text/tolerant-json.js'
import { key } from '../../lines/line.js'
import { type LineFormat, lineLogReader } from '../../lines/line-log.js'

const MARK = key(':::MLLOG ')
const WANTED = [
  'eval_accuracy',
  'eval_loss',
  'tracked_stats',
  'run_stop',
  'global_batch_size',
  'max_sequence_length',
  'max_steps',
  'train_loss',
].map((name) => key(`${name}"`))
const EVENT = key('"key": "')

/** `value` that is a number, or the first of the named members of an object. */
function numberIn(value: Json | undefined, names: readonly string[]): number | undefined {
  const direct = asNumber(value)
  if (direct !== undefined) return direct
  const members = asObject(value)
  for (const name of names) {
    const found = asNumber(members?.[name])
    if (found !== undefined) return found
  }
  return undefined
}

interface Row {
  readonly samples: number | undefined
  readonly step: number | undefined
  readonly line: number
  readonly column: 'loss' | 'validationLoss'
  readonly value: number
  readonly seconds: number | undefined
}

/**
 * MLPerf training logs, `:::MLLOG {json}`. The evaluation *loss* of the language-model benchmarks is logged under
 * the key `eval_accuracy`; NeMo adds `tracked_stats.reduced_train_loss`. Rows are placed by `samples_count` over
 * the global batch size, since `step` means different things on different lines.
 */
const mlperf: LineFormat = {
  format: 'mlperf',
  pattern: /^.{0,40}?:::MLLOG \{/gm,
  open(record) {
    let batch = 0
    let length = 0
    let stopped = false
    const rows: Row[] = []
    const keep = (
      metadata: { [name: string]: Json } | undefined,
      line: number,
      column: Row['column'],
      value: number,
      seconds?: number,
    ): void => {
      const samples = asNumber(metadata?.samples_count)
      const step = asNumber(metadata?.step)
      if (samples === undefined && step === undefined) return
      rows.push({ samples, step, line, column, value, seconds })
      record.held++
    }
    // The batch size may be logged behind the first losses: rows are placed at the end.
    const flush = (): void => {
      const each = batch || 1
      const most = (of: (row: Row) => number | undefined): number =>
        rows.reduce((n, row) => Math.max(n, of(row) ?? 0), 0)
      // Some submissions count samples under `step` where they give no `samples_count`.
      const placed = most((row) => row.samples) / each
      const inSamples = placed > 0 && most((row) => (row.samples === undefined ? row.step : 0)) > 2 * placed
      for (const row of rows) {
        const bare = (row.step ?? 0) / (inSamples ? each : 1)
        const step = row.samples === undefined ? bare : row.samples / each
        record.row(Math.round(step), row.line)
        record.put(row.column, row.value)
        if (row.samples !== undefined && length > 0) record.put('tokens', row.samples * length)
        if (row.seconds !== undefined) record.put('seconds', row.seconds)
      }
    }
    return {
      line(line) {
        const at = line.find(MARK)
        if (at < 0) return false
        const event = line.find(EVENT, at)
        if (event < 0 || !WANTED.some((wanted) => line.standsAt(wanted, event))) return true
        let entry: { [name: string]: Json } | undefined
        try {
          const parsed = parseTolerantJson(line.text(at))
          entry = parsed.cut ? undefined : asObject(parsed.value)
        } catch {
          return false
        }
        if (entry === undefined) return false
        const metadata = asObject(entry.metadata)
        const { value } = entry
        if (entry.key === 'global_batch_size') batch = asNumber(value) ?? 0
        else if (entry.key === 'max_sequence_length') length = asNumber(value) ?? 0
        else if (entry.key === 'run_stop') {
          stopped = true
          const status = metadata?.status
          record.note(
            status === 'success' ? 'completed' : 'interrupted',
            line.number,
            `run_stop: ${String(status)}`,
          )
        } else if (entry.key === 'tracked_stats' || entry.key === 'train_loss') {
          const loss = numberIn(value, ['reduced_train_loss', 'train_loss', 'loss'])
          if (loss !== undefined)
            keep(metadata, line.number, 'loss', loss, asNumber(asObject(value)?.train_step_time))
        } else if (entry.key === 'eval_accuracy' || entry.key === 'eval_loss') {
          const loss = numberIn(value, ['loss', 'val_loss'])
          if (loss !== undefined) keep(metadata, line.number, 'validationLoss', loss)
        }
        return true
      },
      end() {
        flush()
        if (batch > 0 && length > 0) record.fact('tokensPerStep', batch * length)
        if (!stopped && record.rows > 0) record.note('interrupted', 0, 'the log has no run_stop')
      },
    }
  },
}

export const mlperfReader = lineLogReader(mlperf)
