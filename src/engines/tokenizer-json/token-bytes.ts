/**
 * GPT-2's byte-to-character table (openai/gpt-2, encoder.py): printable Latin-1 bytes stand for themselves, the
 * other 68 for U+0100 onwards. Inverted: character → byte.
 */
function byteOfCharacter(): Map<string, number> {
  const printable = (b: number): boolean => (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae
  const table = new Map<string, number>()
  let extra = 0
  for (let b = 0; b < 256; b++) table.set(String.fromCharCode(printable(b) ? b : 0x100 + extra++), b)
  return table
}

const BYTE_OF = byteOfCharacter()
const utf8 = new TextEncoder()

/** Bytes of a byte-level BPE token; falls back to UTF-8 for added tokens that hold other characters. */
export function byteLevelBytes(token: string): Uint8Array {
  const bytes: number[] = []
  for (const char of token) {
    const byte = BYTE_OF.get(char)
    if (byte === undefined) return utf8.encode(token)
    bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}

/** Bytes of a SentencePiece-style token: `▁` is a space, `<0xE2>` a raw byte. */
export function sentencePieceBytes(token: string): Uint8Array {
  const raw = /^<0x([0-9A-Fa-f]{2})>$/.exec(token)
  return raw === null ? utf8.encode(token.replaceAll('▁', ' ')) : Uint8Array.of(Number.parseInt(raw[1], 16))
}
