/** Bytes of a text in UTF-8. */
export const utf8Length = (text: string): number => Buffer.byteLength(text, 'utf8')

/**
 * Cuts a text that comes in parts at line ends into passages of at most `limit` bytes; a longer line is cut at a
 * character. No more than a passage, or a line of that length, is held.
 */
export class PassageCutter {
  private line = ''
  /** The line is longer than a passage, and is cut at characters. */
  private isLong = false
  private current = ''
  private bytes = 0

  constructor(
    private readonly limit: number,
    private readonly each: (passage: string) => void,
  ) {}

  add(part: string): void {
    let from = 0
    for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', from)) {
      this.extend(part.slice(from, at + 1))
      this.endLine()
      from = at + 1
    }
    this.extend(part.slice(from))
  }

  end(): void {
    this.endLine()
    this.flush()
  }

  private extend(text: string): void {
    if (text === '') return
    if (!this.isLong) {
      this.line += text
      // A character of UTF-16 takes a byte of UTF-8 at least.
      if (
        this.line.length <= this.limit &&
        (3 * this.line.length <= this.limit || utf8Length(this.line) <= this.limit)
      )
        return
      if (this.bytes + utf8Length(this.line) > this.limit) this.flush()
      this.isLong = true
      this.characters(this.line)
      this.line = ''
      return
    }
    this.characters(text)
  }

  private endLine(): void {
    const { line } = this
    if (!this.isLong && line !== '') {
      const length = utf8Length(line)
      if (this.bytes + length > this.limit) this.flush()
      this.current += line
      this.bytes += length
    }
    this.line = ''
    this.isLong = false
  }

  private characters(text: string): void {
    for (const char of text) {
      const size = utf8Length(char)
      if (this.bytes + size > this.limit) this.flush()
      this.current += char
      this.bytes += size
    }
  }

  private flush(): void {
    if (this.current !== '') this.each(this.current)
    this.current = ''
    this.bytes = 0
  }
}

/** A whole text as passages of at most `limit` bytes. */
export function passagesOf(text: string, limit: number): string[] {
  const passages: string[] = []
  const cutter = new PassageCutter(limit, (passage) => passages.push(passage))
  cutter.add(text)
  cutter.end()
  return passages
}
