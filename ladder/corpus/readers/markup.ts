import { join } from 'node:path'
import type { RawDocument, Reader } from '../document.js'
import { listFiles, readText } from './files.js'

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  copy: '©',
  middot: '·',
  times: '×',
  para: '',
  larr: '←',
  rarr: '→',
}

function decodeEntities(text: string): string {
  return text.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole
    const code =
      name[1]?.toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
    return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : ''
  })
}

/**
 * The text of an HTML fragment: blocks become lines, `pre` keeps its layout, scripts, navigation and
 * permalink marks go. No parser: these pages come from generators whose output is regular.
 */
export function htmlText(html: string): string {
  const kept: string[] = []
  const stripped = html
    .replace(/<(script|style|nav|svg|math|form|head|footer|select|button)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<a class="(?:headerlink|mark|reference internal viewcode)[^>]*>[\s\S]*?<\/a>/g, '')
    .replace(/<pre\b[^>]*>([\s\S]*?)<\/pre>/gi, (_, body: string) => {
      kept.push(decodeEntities(body.replace(/<br\s*\/?>/gi, '\n').replace(/<[^>]+>/g, '')))
      return `\n\n\ue000${kept.length - 1}\ue000\n\n`
    })
    .replace(/\s+(?![^\ue000]*\ue000\n\n)/g, ' ')
    .replace(/<(h[1-6]|p|div|section|ul|ol|table|dl|blockquote)\b[^>]*>/gi, '\n\n')
    .replace(/<\/(h[1-6]|p|div|section|ul|ol|table|dl|blockquote)>/gi, '\n\n')
    .replace(/<li\b[^>]*>\s*/gi, '\n- ')
    .replace(/<(dt|dd|tr|br)\b[^>]*>/gi, '\n')
    .replace(/<\/t[dh]>/gi, ' ')
    .replace(/<[^>]+>/g, '')
  return decodeEntities(stripped)
    .replace(/[ \t]+/g, ' ')
    .replace(/\n +/g, '\n')
    .replace(/- \n+/g, '- ')
    .replace(/¶/g, '')
    .replace(/\ue000(\d+)\ue000/g, (_, index: string) => (kept[Number(index)] ?? '').trimEnd())
    .replace(/\n{3,}/g, '\n\n')
}

/** HTML pages: `keep` chooses files, `body` the region between two patterns. One document per page. */
export function htmlPages(keep: RegExp, start: RegExp, end: RegExp): Reader {
  return function* (root: string): Generator<RawDocument> {
    for (const path of listFiles(root, (p) => keep.test(p))) {
      const html = readText(join(root, path))
      const from = html.search(start)
      if (from < 0) continue
      const rest = html.slice(from)
      const to = rest.search(end)
      const text = htmlText(to < 0 ? rest : rest.slice(0, to))
      if (text.length >= 500)
        yield { id: path.replace(/^.*\/html?\//, ''), title: path.split('/').at(-1)!, text }
    }
  }
}
