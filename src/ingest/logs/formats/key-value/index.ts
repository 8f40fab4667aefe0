import type { LogReader } from '../../../../core/index.js'
import { key, LogLine } from '../../lines/line.js'
import { type LineFormat, lineLogReader, sampleText } from '../../lines/line-log.js'
import { LineShape, numbersIn } from '../../lines/line-shape.js'
import { type LineRoles, rolesOf } from '../../names/line-roles.js'
import type { RunRecorder } from '../../recorder/recorder.js'

/** Shapes that are kept: a trainer prints a handful. */
const SHAPES = 16
const WEIGHT = 0.4
/** Longer lines are dumps of something else. */
const LONGEST = 4000
const FULL_SAMPLE = 50

interface KnownShape {
  readonly shape: LineShape
  readonly roles: LineRoles | undefined
}

const LOSS = ['loss', 'Loss', 'LOSS'].map(key)

/** Reads lines of free text by what stands in front of their numbers; lines of a shape seen before by that shape. */
export class FreeText {
  private readonly shapes: KnownShape[] = []
  private latest = 0
  private oldest = 0

  constructor(private readonly remember = true) {}

  /** Roles and numbers of a line; undefined when it has no step or no loss. */
  read(line: LogLine): { roles: LineRoles; values: Float64Array } | undefined {
    const known = this.remember ? this.find(line) : undefined
    if (known === undefined && (line.to - line.from > LONGEST || !namesLoss(line))) return undefined
    const { shape, roles } = known ?? this.learn(line)
    if (roles === undefined || !Number.isInteger(shape.values[roles.step])) return undefined
    return { roles, values: shape.values }
  }

  private find(line: LogLine): KnownShape | undefined {
    const { shapes } = this
    for (let k = 0; k < shapes.length; k++) {
      const at = (this.latest + k) % shapes.length
      if (!shapes[at].shape.matches(line)) continue
      this.latest = at
      return shapes[at]
    }
    return undefined
  }

  private learn(line: LogLine): KnownShape {
    const shape = new LineShape(line, numbersIn(line))
    const known = { shape, roles: rolesOf(shape.labels) }
    if (this.shapes.length < SHAPES) this.shapes.push(known)
    else this.shapes[this.oldest++ % SHAPES] = known
    return known
  }
}

/** Whether a line speaks of a loss at all: most others are passed over without a closer look. */
function namesLoss(line: LogLine): boolean {
  return LOSS.some((word) => line.find(word) >= 0)
}

/** Writes what free text says; steps that begin anew with every epoch are counted on. */
class FreeTextRows {
  private epoch = Number.NEGATIVE_INFINITY
  private last = Number.NEGATIVE_INFINITY
  private base = 0
  private hasSteps = false
  private readonly text: FreeText

  constructor(
    private readonly record: RunRecorder,
    remember: boolean,
  ) {
    this.text = new FreeText(remember)
  }

  line(line: LogLine): boolean {
    const found = this.text.read(line)
    if (found === undefined) return false
    const { record } = this
    const { roles, values } = found
    let step = values[roles.step]
    // Where steps are named, a line that names an epoch alone sums it up.
    if (roles.isEpoch && this.hasSteps) return true
    this.hasSteps ||= !roles.isEpoch
    if (roles.epoch >= 0) {
      const epoch = values[roles.epoch]
      if (epoch > this.epoch && step + this.base < this.last) {
        const length = roles.planned >= 0 ? values[roles.planned] : 0
        this.base = length > 0 ? this.base + length : this.last
      }
      this.epoch = epoch
      step += this.base
    }
    this.last = step
    record.row(step, line.number)
    if (roles.planned >= 0 && roles.epoch < 0) record.fact('plannedSteps', values[roles.planned])
    for (const { token, column, factor } of roles.values) record.put(column, values[token] * factor)
    return true
  }
}

/**
 * The last resort for text that no other reader knows: lines that name a step and a loss, in whatever words
 * (`step 10 | loss: 2.1`, `iter=10, train_loss=2.1, lr=3e-4`, `Epoch [1/3], Step [10/100], Loss: 2.1`, a progress
 * bar with `loss=2.1` behind it). A loss with a qualifier that is not known (`aux loss`) is not taken.
 *
 * @param remember whether lines are read by shapes seen before; without, every line is looked at anew (slow)
 */
export function freeTextFormat(remember: boolean): LineFormat {
  return {
    format: 'key-value',
    pattern: /$^/gm,
    open: (record) => new FreeTextRows(record, remember),
  }
}

const reader = lineLogReader(freeTextFormat(true))

export const keyValueReader: LogReader = {
  ...reader,
  recognise(source) {
    const text = new FreeText()
    const line = new LogLine()
    let rows = 0
    for (const one of sampleText(source).split('\n')) {
      const bytes = key(one)
      line.set(bytes, 0, bytes.length, 1, false)
      if (one.length > 0 && text.read(line) !== undefined && ++rows === FULL_SAMPLE) break
    }
    return rows === 0 ? 0 : WEIGHT * (0.5 + (0.5 * rows) / FULL_SAMPLE)
  },
}
