import type { LogReader, LogSource, TrainingRun } from '../../../../core/index.js'
import { eachLine } from '../../../text/lines.js'
import { asNumber, asObject, type Json, parseTolerantJson } from '../../../text/tolerant-json.js'
import { LogLine } from '../../lines/line.js'
import { RunRecorder } from '../../recorder/recorder.js'
import { readText, withPlace } from '../../source/whole-text.js'
import { HistoryLines, wordFound } from './hf-history.js'

const FORMAT = 'hf-trainer-state'
const HISTORY = /"log_history"\s*:/
const decoder = new TextDecoder('latin1')

/** Line (from 1) of the n-th log entry: Trainer writes one key a line, so `"step"` lines number the entries. */
function stepLines(text: string): number[] {
  const lines: number[] = []
  let line = 1
  const from = text.search(HISTORY)
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) === 10) line++
    else if (i > from && text.startsWith('"step":', i)) lines.push(line)
  }
  return lines
}

/** First `eval…loss` of an entry: `eval_loss`, else the first `eval_<set>_loss`. */
function evaluationLoss(entry: { [name: string]: Json }): Json | undefined {
  if ('eval_loss' in entry) return entry.eval_loss
  const name = Object.keys(entry).find((k) => k.startsWith('eval_') && k.endsWith('_loss'))
  return name === undefined ? undefined : entry[name]
}

class OtherLayout extends Error {}

/** The layout that Trainer writes, streamed; undefined for another one. */
async function readLines(source: LogSource): Promise<TrainingRun[] | undefined> {
  const record = new RunRecorder(FORMAT, source.path)
  const history = new HistoryLines(record)
  const line = new LogLine()
  try {
    const end = await eachLine(
      source.stream(),
      (bytes, from, to, number, escapes) => {
        line.set(bytes, from, to, number, escapes)
        if (!history.line(line)) throw new OtherLayout()
      },
      (bytes) => record.atShare(bytes / (source.size ?? bytes)),
    )
    if (!history.isWhole) record.note('cut-file', end.lines, `${source.path} stops before its JSON ends`)
  } catch (error) {
    if (error instanceof OtherLayout) return undefined
    throw error
  }
  history.finish()
  return record.finish()
}

/**
 * Hugging Face Trainer's `trainer_state.json`: `log_history[]` of `{step, loss, grad_norm, learning_rate}` and
 * `eval_*` entries. Bare NaN is read; a file that was cut gives its whole entries.
 */
export const hfTrainerStateReader: LogReader = {
  format: FORMAT,
  recognise: (source) =>
    HISTORY.test(decoder.decode(source.head)) || HISTORY.test(decoder.decode(source.tail)) ? 1 : 0,
  async read(source: LogSource): Promise<TrainingRun[]> {
    return (await readLines(source)) ?? readWhole(source)
  },
}

/** Any layout: the whole file is parsed. */
async function readWhole(source: LogSource): Promise<TrainingRun[]> {
  const text = await readText(source)
  const { value, cut } = withPlace(source.path, () => parseTolerantJson(text))
  const state = asObject(value)
  const history = state?.log_history
  const record = new RunRecorder(FORMAT, source.path)
  const lines = stepLines(text)
  const entries = Array.isArray(history) ? history : []
  entries.forEach((raw, i) => {
    const entry = asObject(raw)
    const numberAt = (field: string, found: Json | undefined): number | undefined => {
      const number = asNumber(found)
      if (number !== undefined || found === undefined || found === null) return number
      throw wordFound(JSON.stringify(found), i + 1, field, {
        path: source.path,
        ...(lines[i] === undefined ? {} : { line: lines[i] }),
      })
    }
    const put = (column: Parameters<RunRecorder['put']>[0], field: string, found = entry?.[field]): void => {
      const number = numberAt(field, found)
      if (number !== undefined) record.put(column, number)
    }
    const step = numberAt('step', entry?.step)
    if (entry === undefined || step === undefined) return
    const validation = evaluationLoss(entry)
    if (entry.loss === undefined && validation === undefined) {
      const flops = asNumber(entry.total_flos)
      if (flops !== undefined && flops > 0 && step > 0) record.fact('flopsPerStep', flops / step)
      return
    }
    record.row(step, lines[i] ?? i + 1)
    put('loss', 'loss')
    put('validationLoss', 'eval_loss', validation)
    put('gradNorm', 'grad_norm')
    put('learningRate', 'learning_rate')
    put('tokens', 'num_input_tokens_seen')
  })
  const planned = asNumber(state?.max_steps)
  if (planned !== undefined && planned > 0) record.fact('plannedSteps', planned)
  const flops = asNumber(state?.total_flos)
  const reached = asNumber(state?.global_step)
  if (flops !== undefined && flops > 0 && reached !== undefined && reached > 0)
    record.fact('flopsPerStep', flops / reached)
  if (cut) record.note('cut-file', text.split('\n').length, `${source.path} stops before its JSON ends`)
  return record.finish()
}
