import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import type { RawDocument, Reader } from '../document.js'
import { unwrapParagraphs } from '../text.js'
import { listFiles, readText } from './files.js'

/** Cuts a long work into documents of about `size` characters at paragraph borders. */
export function sections(work: string, size: number): string[] {
  const parts: string[] = []
  let part: string[] = []
  let length = 0
  for (const paragraph of work.split(/\n\n+/)) {
    part.push(paragraph)
    length += paragraph.length + 2
    if (length >= size) {
      parts.push(part.join('\n\n'))
      part = []
      length = 0
    }
  }
  if (length > 0) parts.push(part.join('\n\n'))
  return parts
}

/**
 * The strings of one serialised R character vector (XDR, version 2 or 3): after a header that differs
 * between versions, each string is flags (4 bytes, low byte 9), length (4 bytes), bytes.
 */
export function rStrings(bytes: Buffer): string[] {
  const strings: string[] = []
  const vector = bytes.indexOf(Buffer.from([0, 0, 0, 0x10]))
  if (vector < 0) return strings
  const count = bytes.readUInt32BE(vector + 4)
  let at = vector + 8
  for (let i = 0; i < count && at + 8 <= bytes.length; i++) {
    const length = bytes.readInt32BE(at + 4)
    strings.push(length > 0 ? bytes.toString('utf8', at + 8, at + 8 + length) : '')
    at += 8 + Math.max(0, length)
  }
  return strings
}

/** Jane Austen's novels from the R package's lazy-load database: one document per chapter. */
export function* austen(root: string): Generator<RawDocument> {
  const database = readFileSync(join(root, 'usr/lib/R/site-library/janeaustenr/data/Rdata.rdb'))
  let at = 0
  while (at + 4 < database.length) {
    const { buffer, engine } = inflateSync(database.subarray(at + 4), { info: true }) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    at += 4 + engine.bytesWritten
    const lines = rStrings(buffer)
    const book = (lines[0] ?? '').trim().toLowerCase()
    const chapters = lines.join('\n').split(/^(?=(?:CHAPTER|Chapter)\s+[IVXLC\d]+\b)/m)
    for (const [i, chapter] of chapters.entries()) {
      if (i === 0 || chapter.length < 1000) continue
      yield {
        id: `${book}/${i}`,
        title: `${book}, chapter ${i}`,
        text: unwrapParagraphs(chapter).replace(/_/g, ''),
      }
    }
  }
}

/** The King James Bible, one document per chapter, a verse per line. */
export function* scripture(root: string): Generator<RawDocument> {
  const [path = ''] = listFiles(root, (p) => p.endsWith('data/kjv.jsonl'))
  const chapters = new Map<string, string[]>()
  for (const line of readFileSync(join(root, path), 'utf8').split('\n')) {
    if (line.trim() === '') continue
    const verse = JSON.parse(line) as {
      book: string
      chapter: number | string
      verse: number | string
      text: string
    }
    const key = `${verse.book} ${verse.chapter}`
    const lines = chapters.get(key) ?? []
    lines.push(verse.text.replace(/[#¶[\]]/g, '').trim())
    chapters.set(key, lines)
  }
  for (const [title, lines] of chapters) yield { id: title, title, text: `${title}\n\n${lines.join('\n')}` }
}

/** Plain-text works, cut into documents of about 8,000 characters; `keep` chooses the files. */
export function works(keep: RegExp, options: { unwrap: boolean }): Reader {
  return function* (root: string): Generator<RawDocument> {
    for (const path of listFiles(root, (p) => keep.test(p))) {
      const raw = readText(join(root, path))
        .replace(/\r/g, '')
        .replace(/ {2,}\d{1,4}$/gm, '')
        .replace(/^#+ .*$|^p\.\d+:\d+$/gm, '')
        .replace(/\[(Illustration|Footnote)[^\]]*\]/g, '')
        .replace(/[_~]/g, '')
      const name = path
        .split('/')
        .at(-1)!
        .replace(/\.txt$/, '')
      for (const [i, part] of sections(options.unwrap ? unwrapParagraphs(raw) : raw, 8000).entries()) {
        yield { id: `${name}/${i}`, title: `${name}, part ${i + 1}`, text: part }
      }
    }
  }
}

/** Addresses to Congress, one document per address. */
export function* speeches(root: string): Generator<RawDocument> {
  for (const path of listFiles(root, (p) => /data\/speeches\/.*\.txt$/.test(p))) {
    const title = path
      .split('/')
      .at(-1)!
      .replace(/\.txt$/, '')
    const text = readText(join(root, path)).replace(/^\[[^\]]*\]\s*/, '')
    yield { id: title, title, text }
  }
}
