import { type FileHandle, open } from 'node:fs/promises'
import { raise } from '../errors.js'

const CHUNK_BYTES = 1 << 20

/** Reads a file forwards in chunks; running past its end is `engines/gguf-truncated` with the offset. */
export class Cursor {
  private buffer = Buffer.alloc(0)
  private start = 0

  private constructor(
    private readonly file: FileHandle,
    readonly path: string,
    readonly size: number,
    private position = 0,
  ) {}

  /** @throws {AssayError} `engines/no-such-file`, `engines/unreadable-file` */
  static async open(path: string): Promise<Cursor> {
    try {
      const file = await open(path, 'r')
      const info = await file.stat()
      if (info.isFile()) return new Cursor(file, path, info.size)
      await file.close()
      throw raise('unreadable-file', 'it is not a regular file', { path })
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.name === 'AssayError') throw error
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
        throw raise('no-such-file', 'no such file', { path }, error)
      throw raise('unreadable-file', error.message, { path }, error)
    }
  }

  close(): Promise<void> {
    return this.file.close()
  }

  get offset(): number {
    return this.position
  }

  get remaining(): number {
    return this.size - this.position
  }

  /** The next `count` bytes; valid until the next call. */
  async take(count: number, what: string): Promise<Buffer> {
    if (count > this.remaining)
      throw raise('gguf-truncated', `${what} ends ${count - this.remaining} bytes past the end of the file`, {
        path: this.path,
        byteOffset: this.position,
      })
    const from = this.position - this.start
    if (from < 0 || from + count > this.buffer.length) {
      const length = Math.min(Math.max(count, CHUNK_BYTES), this.remaining)
      const next = Buffer.alloc(length)
      let filled = 0
      while (filled < length) {
        const { bytesRead } = await this.file.read(next, filled, length - filled, this.position + filled)
        if (bytesRead === 0)
          throw raise('gguf-truncated', 'the file shrank while it was read', { path: this.path })
        filled += bytesRead
      }
      this.buffer = next
      this.start = this.position
      this.position += count
      return next.subarray(0, count)
    }
    this.position += count
    return this.buffer.subarray(from, from + count)
  }

  /** Move on without reading. */
  skip(count: number, what: string): void {
    if (count > this.remaining)
      throw raise('gguf-truncated', `${what} ends ${count - this.remaining} bytes past the end of the file`, {
        path: this.path,
        byteOffset: this.position,
      })
    this.position += count
  }
}
