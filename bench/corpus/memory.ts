/**
 * Memory of `assay corpus profile` on a corpus that is made while it is read: a server gives out JSON Lines whose every paragraph
 * is new, the same ones for the same address, and no byte of it is kept. Needs the build, and Linux (/proc).
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import { makeDocuments, makeNames } from './text.js'

const HELP = `npx tsx bench/corpus/memory.ts [options]

  --gb N       GB of text (default 20)
  --files N    files that it comes in (default 20)
  --near       near duplicates, too, which reads what may be one again
  --threads N  of the profile (default 2)
`
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    gb: { type: 'string', default: '20' },
    files: { type: 'string', default: '20' },
    near: { type: 'boolean', default: false },
    threads: { type: 'string', default: '2' },
  },
})
if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}

/** Where a number stands in each paragraph of the block. */
const MARK = '########'
const SEED = 11
const BLOCK_BYTES = 8e6
const PARAGRAPH_SENTENCES = 4

const names = makeNames(1000, SEED)
const lines = makeDocuments(names, BLOCK_BYTES, SEED).map((text) => {
  const sentences = text.split(/(?<=\.) /)
  const paragraphs: string[] = []
  for (let at = 0; at < sentences.length; at += PARAGRAPH_SENTENCES)
    paragraphs.push(`${MARK} ${sentences.slice(at, at + PARAGRAPH_SENTENCES).join(` ${MARK} `)}`)
  return `${JSON.stringify({ text: paragraphs.join('\n\n') })}\n`
})
const block = Buffer.from(lines.join(''))
const marks: number[] = []
for (let at = block.indexOf(MARK); at !== -1; at = block.indexOf(MARK, at + MARK.length)) marks.push(at)

/** The block of a file and its number: another number at every mark, so that no shingle of five terms around it repeats. */
function blockOf(file: number, index: number): Buffer {
  const bytes = Buffer.from(block)
  let state = (file * 65_537 + index + 1) >>> 0
  for (const at of marks) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    for (let i = 0, rest = state; i < MARK.length; i++, rest >>>= 4) bytes[at + i] = 0x61 + (rest & 15)
  }
  return bytes
}

const blocks = Math.ceil((1e9 * Number(values.gb)) / Number(values.files) / block.length)
function* blocksOf(file: number): Generator<Buffer> {
  for (let index = 0; index < blocks; index++) yield blockOf(file, index)
}
const server = createServer(({ url = '' }, response) => {
  const file = Number(/\d+/.exec(url)?.[0])
  response.writeHead(200, { etag: `"${file}"`, 'content-length': String(blocks * block.length) })
  // Whoever has read enough goes away.
  pipeline(Readable.from(blocksOf(file)), response, () => {})
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo
const inputs = Array.from(
  { length: Number(values.files) },
  (_, file) => `http://127.0.0.1:${port}/${file}.jsonl`,
)
const folder = mkdtempSync(join(tmpdir(), 'assay-bench-memory-'))
const child = spawn(
  process.execPath,
  [
    ...['dist/cli/bundle/main.js', 'corpus', 'profile', '--json', '--quiet', '--threads', values.threads],
    ...(values.near ? [] : ['--without', 'near-duplicates']),
    ...inputs,
  ],
  { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: folder } },
)
let peak = 0
let cpu = 0
const watch = setInterval(() => {
  const read = (name: string): string => readFileSync(`/proc/${child.pid}/${name}`, 'utf8')
  try {
    peak = Math.max(peak, 1024 * Number(/VmHWM:\s+(\d+)/.exec(read('status'))?.[1] ?? 0))
    const [user, system] = read('stat').split(') ')[1]!.split(' ').slice(11, 13).map(Number)
    cpu = (user! + system!) / 100
  } catch {
    // It has ended.
  }
}, 200)
let json = ''
child.stdout.on('data', (chunk) => {
  json += chunk
})
const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
clearInterval(watch)
server.close()
rmSync(folder, { recursive: true })
if (code !== 0) throw new Error(`the profile ended with ${code}`)
const { bytes, documents, seconds, duplicates } = JSON.parse(json) as {
  bytes: number
  documents: number
  seconds: number
  duplicates: {
    exact: { paragraphs: { texts: number; duplicates: number } }
    near?: { candidates: number }
  }
}
process.stdout.write(
  `${(bytes / 1e9).toFixed(2)} GB, ${documents} documents, ${duplicates.exact.paragraphs.texts} paragraphs (${duplicates.exact.paragraphs.duplicates} repeats), ${duplicates.near === undefined ? 'without near duplicates' : `${duplicates.near.candidates} pairs of documents that share a band`}, ${values.threads} threads: ` +
    `peak ${(peak / 1e9).toFixed(2)} GB, ${seconds.toFixed(0)} s, ${cpu.toFixed(0)} CPU s\n`,
)
