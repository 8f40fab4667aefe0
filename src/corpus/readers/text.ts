import type { LineBlock } from './lines.js'
import type { Sink, TextDocument } from './unit.js'

const NEWLINE = 0x0a
const RETURN = 0x0d

/** Documents of plain text: lines, paragraphs (parted by blank lines) or the whole file. Empty ones are no documents. */
export class TextReader {
  readonly #unit: TextDocument
  readonly #sink: Sink
  #held: Buffer[] = []

  constructor(unit: TextDocument, sink: Sink) {
    this.#unit = unit
    this.#sink = sink
  }

  read({ bytes, end }: LineBlock): void {
    if (this.#unit === 'file') {
      this.#held.push(Buffer.from(bytes.subarray(0, end)))
      return
    }
    for (let begin = 0; begin < end; ) {
      const newline = bytes.indexOf(NEWLINE, begin)
      const lineEnd = newline === -1 || newline >= end ? end : newline
      const textEnd = lineEnd > begin && bytes[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd
      if (this.#unit === 'line') {
        if (!isBlank(bytes, begin, textEnd)) this.#sink.document(bytes, begin, textEnd)
      } else if (isBlank(bytes, begin, textEnd)) this.end()
      else this.#held.push(Buffer.from(bytes.subarray(begin, Math.min(lineEnd + 1, end))))
      begin = lineEnd + 1
    }
  }

  /** Give out what is held back. */
  end(): void {
    const document = Buffer.concat(this.#held)
    this.#held = []
    if (!isBlank(document, 0, document.length)) this.#sink.document(document, 0, document.length)
  }
}

function isBlank(bytes: Buffer, begin: number, end: number): boolean {
  for (let at = begin; at < end; at++) if (bytes[at]! > 0x20) return false
  return true
}
