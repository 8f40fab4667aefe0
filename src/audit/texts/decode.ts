import { isUtf8 } from 'node:buffer'
import { type Encoding, encodingOf, HEAD_BYTES } from '../../io/no-text.js'
import { raise } from '../errors.js'

/** How many bytes the character takes that begins with this one; 0 when none does (RFC 3629). */
function lengthOf(first: number): number {
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}

/** Whether a byte may stand second behind that first one: no overlong forms, no surrogates, nothing above U+10FFFF. */
function mayFollow(first: number, second: number): boolean {
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  return second >= least && second <= most
}

/** Offset of the first byte that begins no character, the length of the bytes when all of them do. */
function firstInvalid(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOf(bytes[at])
    if (length === 0 || at + length > bytes.length) return at
    if (length > 1 && !mayFollow(bytes[at], bytes[at + 1])) return at
    for (let i = 2; i < length; i++) if ((bytes[at + i] & 0xc0) !== 0x80) return at
    at += length
  }
  return bytes.length
}

/** Where an unfinished last character begins. */
function unfinishedFrom(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - 3); at--)
    if ((bytes[at] & 0xc0) !== 0x80) return lengthOf(bytes[at]) > bytes.length - at ? at : bytes.length
  return bytes.length
}

/** Decodes a text piece by piece. */
class Decoder {
  private held: Uint8Array = new Uint8Array(0)
  /** Bytes before those held. */
  private before = 0
  private encoding: Encoding | undefined
  private utf16: InstanceType<typeof TextDecoder> | undefined
  private readonly utf8 = new TextDecoder('utf-8')

  constructor(
    private readonly path: string,
    private readonly onEncoding: (encoding: Encoding) => void = () => {},
  ) {}

  /** @throws audit/not-utf8 with the place of the byte that begins no character, audit/not-text for other files */
  decode(piece: Uint8Array, isLast: boolean): string {
    const bytes = this.held.length === 0 ? piece : Buffer.concat([this.held, piece])
    if (this.encoding === undefined) {
      // Too little to tell: wait for more.
      if (bytes.length < HEAD_BYTES && !isLast) {
        this.held = bytes.slice()
        return ''
      }
      this.encoding = encodingOf(bytes)
      if (this.encoding.startsWith('utf-32'))
        throw raise('not-text', 'the text is UTF-32', { path: this.path })
      this.onEncoding(this.encoding)
      if (this.encoding !== 'utf-8') this.utf16 = new TextDecoder(this.encoding, { fatal: true })
      else if (bytes.subarray(0, HEAD_BYTES).includes(0))
        throw raise('not-text', 'the file is binary: it has zero bytes', { path: this.path })
    }
    return this.utf16 === undefined ? this.asUtf8(bytes, isLast) : this.asUtf16(bytes, isLast, this.utf16)
  }

  private asUtf8(bytes: Uint8Array, isLast: boolean): string {
    const end = isLast ? bytes.length : unfinishedFrom(bytes)
    const whole = bytes.subarray(0, end)
    if (!isUtf8(whole)) throw this.fault(bytes, firstInvalid(whole), 'UTF-8')
    this.held = bytes.slice(end)
    this.before += end
    return this.utf8.decode(whole, { stream: true })
  }

  private asUtf16(bytes: Uint8Array, isLast: boolean, decoder: InstanceType<typeof TextDecoder>): string {
    const end = isLast ? bytes.length : bytes.length - (bytes.length % 2)
    try {
      const text = decoder.decode(bytes.subarray(0, end), { stream: !isLast })
      this.held = bytes.slice(end)
      this.before += end
      return text
    } catch {
      const text = new TextDecoder(this.encoding).decode(bytes.subarray(0, end))
      throw this.fault(bytes, Math.min(2 * Math.max(0, text.indexOf('\ufffd')), bytes.length - 1), 'UTF-16')
    }
  }

  private fault(bytes: Uint8Array, at: number, encoding: string): Error {
    const found = `0x${bytes[at].toString(16).padStart(2, '0')}`
    return raise('not-utf8', `found byte ${found}, which begins no character of ${encoding}`, {
      path: this.path,
      byteOffset: this.before + at,
    })
  }
}

/**
 * Bytes to text: UTF-8, or UTF-16 when its mark or its zero bytes say so; a byte-order mark is dropped. Everything else is
 * refused with the place of the first bad byte: a wrong guess would be scored as bad text.
 *
 * @throws audit/not-utf8, audit/not-text
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  return new Decoder(path).decode(bytes, true)
}

/** The same of a stream, in pieces of about its chunks; `onEncoding` is told what the first of them show. */
export async function* decodeChunks(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  onEncoding: (encoding: Encoding) => void = () => {},
): AsyncGenerator<string> {
  const decoder = new Decoder(path, onEncoding)
  for await (const chunk of chunks) yield decoder.decode(chunk, false)
  yield decoder.decode(new Uint8Array(0), true)
}
