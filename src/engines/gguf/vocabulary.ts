import { byteLevelBytes, sentencePieceBytes } from '../tokenizer-json/token-bytes.js'
import { type GgufHeader, readGgufHeader } from './header.js'

/**
 * Bytes of every token, read from the file: for engines whose interface gives tokens as text only, which loses
 * the bytes of half characters.
 *
 * @returns token → bytes, by the rule of the file's tokenizer (byte-level BPE or SentencePiece)
 */
export async function readTokenBytes(header: GgufHeader): Promise<(token: number) => Uint8Array> {
  const key = 'tokenizer.ggml.tokens'
  const { strings } = await readGgufHeader(header.path, [key])
  const texts = strings.get(key) ?? []
  const bytesOf = header.metadata.get('tokenizer.ggml.model') === 'gpt2' ? byteLevelBytes : sentencePieceBytes
  return (token) => bytesOf(texts[token] ?? '')
}
