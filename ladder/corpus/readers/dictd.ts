import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { RawDocument, Reader } from '../document.js'
import { unwrapParagraphs } from '../text.js'

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** A number of a dictd index: base 64, most significant digit first (dictfmt(1)). */
export function dictdNumber(digits: string): number {
  let value = 0
  for (const digit of digits) value = value * 64 + BASE64.indexOf(digit)
  return value
}

/** Marks of the Webster 1913 transcription: accents in brackets, source tags, cross-reference braces. */
export function cleanGcide(entry: string): string {
  return entry
    .replace(/\\[^\\\n]{1,80}\\/g, '')
    .replace(/\[(\d{4} Webster[^\]]*|WordNet[^\]]*|PJC|Webster[^\]]*|RDH|AS|JDH|RH|Century[^\]]*)\]/g, '')
    .replace(/\((?:[^()\s]*\[[^\]]{1,3}\][^()]*|[^()]*["`*][^()]*)\)/g, '')
    .replace(/\[(ae|oe|AE|OE)\]/g, '$1')
    .replace(/\[[`'^=~,*:.]?([a-zA-Z])[`'^=~,*:.]?\]/g, '$1')
    .replace(/\[([a-z])um\]/g, '$1')
    .replace(/\[(?:[^\][]|\[[^\]]*\])*\]/g, ' ')
    .replace(/[{}]/g, '')
    .replace(/ +([,.;])/g, '$1')
}

function cleanPlain(entry: string): string {
  return entry.replace(/\((?:19|20)\d\d-\d\d-\d\d\)/g, '').replace(/[{}]/g, '')
}

/** Reads a dictd database (`.index` + `.dict.dz`): one document per entry that has a definition. */
export function dictd(name: string, flavour: 'gcide' | 'plain'): Reader {
  return function* (root: string): Generator<RawDocument> {
    const folder = join(root, 'usr/share/dictd')
    const text = gunzipSync(readFileSync(join(folder, `${name}.dict.dz`)))
    const seen = new Set<number>()
    for (const line of readFileSync(join(folder, `${name}.index`), 'utf8').split('\n')) {
      const [word = '', offset = '', size = ''] = line.split('\t')
      if (offset === '' || /^00-?database|^00/.test(word)) continue
      const at = dictdNumber(offset)
      if (seen.has(at)) continue
      seen.add(at)
      const raw = text.subarray(at, at + dictdNumber(size)).toString('utf8')
      const cleaned = unwrapParagraphs(flavour === 'gcide' ? cleanGcide(raw) : cleanPlain(raw))
      if (cleaned.length >= 40) yield { id: String(at), title: word, text: cleaned }
    }
  }
}
