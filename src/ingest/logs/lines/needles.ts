import { key, type LogLine } from './line.js'

/** Several texts that are looked for in one pass over a line. */
export class Needles {
  /** For every byte, the needles that begin with it. */
  private readonly byFirst: (readonly number[] | undefined)[] = new Array(256).fill(undefined)
  private readonly isFirst = new Uint8Array(256)
  private readonly keys: readonly Uint8Array[]

  constructor(readonly texts: readonly string[]) {
    this.keys = texts.map(key)
    this.keys.forEach(([first], needle) => {
      this.byFirst[first] = [...(this.byFirst[first] ?? []), needle]
      this.isFirst[first] = 1
    })
  }

  /** The text that begins first at or behind `at`, or undefined. */
  findIn(line: LogLine, at: number = line.from, to: number = line.to): string | undefined {
    const { bytes } = line
    const { isFirst } = this
    for (let i = at; i < to; i++) {
      if (isFirst[bytes[i]] === 0) continue
      for (const needle of this.byFirst[bytes[i]] ?? [])
        if (line.standsAt(this.keys[needle], i)) return this.texts[needle]
    }
    return undefined
  }
}

const EVALUATION = new Needles(['val', 'Val', 'VAL', 'eval', 'Eval', 'EVAL', 'test', 'Test', 'TEST'])

/** As a word of its own: a host `gpt2-latest` or a path `eval/run.py` before the line says nothing. */
const EVALUATION_WORD =
  /(?<![\w./-])(?:val(?:id(?:ation|ating)?)?|eval(?:uat(?:ion|ing))?|test(?:ing)?)(?![\w./-])/i

/** Whether a line speaks of an evaluation before `to`: a loss behind it is none of training. */
export function isEvaluation(line: LogLine, to: number): boolean {
  return (
    to > line.from &&
    EVALUATION.findIn(line, line.from, to) !== undefined &&
    EVALUATION_WORD.test(line.text(line.from, to))
  )
}
