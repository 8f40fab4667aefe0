import { isUtf8 } from 'node:buffer'

/** Encodings that are told apart. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be'

/** Bytes of a file that it is judged by. */
export const HEAD_BYTES = 4096
/** Text of Western letters in UTF-16 has a zero in every second byte, any text in it some (spaces, digits, line ends). */
const LEAST_ZEROS = 0.1
/** Fewer zeros, or bytes that begin no character, may stand in a text by mistake. */
const LEAST = 3
/** Of characters of UTF-32, whose upper half is zero. */
const MOST_OF = 0.9
/** Of the first bytes of a text, at most: zeros, and such as begin no character (French in Latin-1 has 4 %). */
const [MOST_ZEROS, MOST_ILL_FORMED] = [0.01, 0.1]

/** The encoding by its mark, or by where its zeros stand; the rest is UTF-8 or no text. */
export function encodingOf(bytes: Uint8Array): Encoding {
  const head = bytes.subarray(0, HEAD_BYTES & ~3)
  /** Zeros by their place in a group of four. */
  const zeros = [0, 0, 0, 0] as [number, number, number, number]
  for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i & 3]!++
  const most = MOST_OF * (head.length >> 2)
  const isWide = (upper: number, lower: number): boolean => most > 0 && upper >= most && lower < most
  if (isWide(Math.min(zeros[2], zeros[3]), zeros[0])) return 'utf-32le'
  if (isWide(Math.min(zeros[0], zeros[1]), zeros[3])) return 'utf-32be'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const least = Math.max(LEAST, LEAST_ZEROS * (head.length >> 1))
  // Few characters have a zero in the other byte.
  const [even, odd] = [zeros[0] + zeros[2], zeros[1] + zeros[3]]
  if (odd >= least && 8 * even < odd) return 'utf-16le'
  if (even >= least && 8 * odd < even) return 'utf-16be'
  return 'utf-8'
}

/** Files that hold text and are none: what they begin with, what they are, what to do. */
const FOREIGN: readonly (readonly [magic: string | RegExp, what: string, advice: string])[] = [
  ['%PDF-', 'a PDF', 'take its text out first, for example: pdftotext IN.pdf OUT.txt'],
  [
    'PK\u0003\u0004',
    'a ZIP archive (as .docx, .epub and .odt are)',
    'unpack it, or take its text out first, for example: pandoc -t plain IN.docx -o OUT.txt',
  ],
  [
    '\u00d0\u00cf\u0011\u00e0',
    'an old Office document',
    'take its text out first, for example: soffice --convert-to txt IN.doc',
  ],
  ['{\\rtf', 'an RTF document', 'take its text out first, for example: pandoc -t plain IN.rtf -o OUT.txt'],
  [/^GGUF[^\t\n\r -\xff]/, 'a model', 'name the model first and the texts behind it'],
  [/^BZh[1-9]1AY&/, 'a bzip2 archive', 'unpack it, or pack it with gzip or Zstandard'],
  ['\u00fd7zXZ', 'an xz archive', 'unpack it, or pack it with gzip or Zstandard'],
  ['\u0004"M\u0018', 'an LZ4 archive', 'unpack it, or pack it with gzip or Zstandard'],
  [
    'WARC/1.',
    'a web archive (WARC)',
    'take the text of its records out first, a line of JSON each, for example with warcio and trafilatura',
  ],
]

/** Those that are read where their name says what they are. */
const BY_NAME: typeof FOREIGN = [
  ['PAR1\u0015', 'Parquet', 'give it a name that ends in .parquet'],
  ['\u001f\u008b', 'a gzip archive', 'give it a name that ends in .gz'],
  ['(\u00b5/\u00fd', 'a Zstandard archive', 'give it a name that ends in .zst'],
]

function among(kinds: typeof FOREIGN, head: Uint8Array): string | undefined {
  const begins = Buffer.from(head.subarray(0, 8)).toString('latin1')
  const found = kinds.find(([magic]) =>
    typeof magic === 'string' ? begins.startsWith(magic) : magic.test(begins),
  )
  return found === undefined ? undefined : `${found[1]}: ${found[2]}`
}

/** What a file is that is known to hold no plain text, and what to do; undefined for all others. */
export function foreignKind(head: Uint8Array): string | undefined {
  return among(FOREIGN, head)
}

/** Why a file that begins with these bytes is no text in UTF-8; undefined where it is, but for single bytes. */
export function whyNoText(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES))
  const kind = foreignKind(head) ?? among(BY_NAME, head)
  if (kind !== undefined) return `it is ${kind}`
  const encoding = encodingOf(head).toUpperCase()
  if (encoding !== 'UTF-8')
    return `the text is ${encoding}; convert it, for example: iconv -f ${encoding} -t UTF-8 IN > OUT`
  const zeros = head.reduce((sum, byte) => sum + (byte === 0 ? 1 : 0), 0)
  if (zeros >= LEAST && zeros > MOST_ZEROS * head.length)
    return 'it is binary: zero bytes stand among its first ones'
  if (isUtf8(head)) return undefined
  const stray =
    head.toString('utf8').split('\ufffd').length - head.toString('latin1').split('\xef\xbf\xbd').length
  if (stray < LEAST || stray <= MOST_ILL_FORMED * head.length) return undefined
  return `it is binary, or text in another encoding than UTF-8 (${Math.round((100 * stray) / head.length)} % of its first bytes begin no character); convert text, for example: iconv -f LATIN1 -t UTF-8 IN > OUT`
}
