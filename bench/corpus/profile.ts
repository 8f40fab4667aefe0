/**
 * `assay corpus profile` on real documentation: near duplicates against all pairs of exact Jaccard similarity, languages
 * against texts that tell theirs, megabytes a CPU second; datatrove's MinHash beside it with DATATROVE_PYTHON=…/python
 * (pip install "datatrove[processing,io]" spacy "xxhash<4"). Needs the build.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom, DocumentScan, Growing, jaccard, shingleSet, shingles } from '../../dist/core/index.js'
import { mergedStates, type ProfileJob, profileCorpus } from '../../dist/corpus/index.js'

const HELP = `npx tsx bench/corpus/profile.ts [options]

  --folder DIR  folder whose .md, .txt, .html and copyright files are the corpus (default: node_modules)
  --mb N        stop after N MB of the folder (default 40)
  --speed-mb N  MB of text that speed is measured on, drawn from its paragraphs (default 120)
  --only LIST   of near,languages,speed (default: all)
`
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    folder: { type: 'string', default: 'node_modules' },
    mb: { type: 'string', default: '40' },
    'speed-mb': { type: 'string', default: '120' },
    only: { type: 'string', default: 'near,languages,speed' },
  },
})
if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}
const folder = mkdtempSync(join(tmpdir(), 'assay-bench-profile-'))
const print = (line: string): boolean => process.stdout.write(`${line}\n`)
const random = createRandom(5)
const RUNS = 3

function realDocuments(): string[] {
  const found: string[] = []
  let bytes = 0
  for (const entry of readdirSync(values.folder, { recursive: true, withFileTypes: true })) {
    if (bytes > 1e6 * Number(values.mb)) break
    if (!entry.isFile() || !/\.(md|txt|html|rst)$|^copyright$/i.test(entry.name)) continue
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    if (text.length === 0 || text.length > 200_000) continue
    found.push(text)
    bytes += Buffer.byteLength(text)
  }
  return found
}

/** A document with a share of its words replaced all over. */
function variant(text: string, share: number): string {
  return text.replace(/\w+/g, (word) => (random.uniform() < share ? `x${random.integer(1e6)}` : word))
}

function job(input: string, near: boolean): ProfileJob {
  return {
    corpora: [{ name: 'corpus', input }],
    targets: [],
    sample: null,
    near,
    column: 'text',
    textDocument: 'file',
    format: 'auto',
    strict: true,
    threads: 1,
    shard: null,
    checkpoint: null,
    resume: false,
    tables: mkdtempSync(join(folder, 'tables-')),
  }
}

const hooks = { progress: () => {}, signal: new AbortController().signal }

function setsOf(texts: readonly string[]): Int32Array[] {
  const scan = new DocumentScan()
  const hashes = new Growing()
  return texts.map((text) => {
    const bytes = Buffer.from(text)
    scan.scan(bytes, 0, bytes.length)
    shingles(scan.terms, hashes)
    return shingleSet(hashes)
  })
}

/** All pairs of different texts with similarity .8 or more: those alone are compared that share one of the rarest shingles. */
function exactPairs(texts: readonly string[]): Set<string> {
  const sets = setsOf(texts)
  const frequency = new Map<number, number>()
  for (const set of sets) for (const hash of set) frequency.set(hash, (frequency.get(hash) ?? 0) + 1)
  const holders = new Map<number, number[]>()
  const firsts = new Map<string, number>()
  const pairs = new Set<string>()
  for (const [i, set] of sets.entries()) {
    if (firsts.has(texts[i]!) || set.length === 0) continue
    firsts.set(texts[i]!, i)
    // Two sets of J ≥ .8 share one of the rarest ⌊.2 n⌋ + 1 of either (prefix filter, Bayardo et al., WWW 2007).
    const rare = [...set].sort((a, b) => frequency.get(a)! - frequency.get(b)! || a - b)
    const candidates = new Set<number>()
    for (const hash of rare.slice(0, Math.floor(0.2 * set.length) + 1)) {
      for (const j of holders.get(hash) ?? []) candidates.add(j)
      holders.set(hash, [...(holders.get(hash) ?? []), i])
    }
    for (const j of candidates) if (jaccard(set, sets[j]!) >= 0.8) pairs.add(`${j} ${i}`)
  }
  return pairs
}

async function measureNear(): Promise<void> {
  const real = realDocuments()
  const planted = real
    .slice(0, 300)
    .flatMap((text) => [0.002, 0.01, 0.03].map((share) => variant(text, share)))
  for (const [name, texts] of [
    ['real', real],
    ['real and planted', [...real, ...planted]],
  ] as const) {
    const path = join(folder, `${name.replaceAll(' ', '-')}.jsonl`)
    writeFileSync(path, texts.map((text, id) => `${JSON.stringify({ text, id: String(id) })}\n`).join(''))
    const units: string[] = []
    const found = new Set<string>()
    // One unit, so that the number of a document is its place in the list.
    const before = process.cpuUsage()
    const { duplicates, bytes } = await profileCorpus(job(path, true), {
      ...hooks,
      nearPair: (a, b) => {
        units.push(String(a.unit))
        found.add(`${a.document} ${b.document}`)
      },
    })
    const { user, system } = process.cpuUsage(before)
    const seconds = (user + system) / 1e6
    if (units.some((unit) => unit !== '0')) throw new Error('the corpus has more than one unit: use --mb 15')
    const exact = exactPairs(texts)
    const right = [...found].filter((pair) => exact.has(pair)).length
    print(
      `${name}: ${texts.length} documents, ${(bytes / 1e6).toFixed(1)} MB; ${exact.size} pairs of J >= .8, ${found.size} found, ` +
        `precision ${(right / found.size).toFixed(4)}, recall ${(right / exact.size).toFixed(4)}; ${duplicates.near?.candidates} candidates`,
    )
    const python = process.env.DATATROVE_PYTHON
    if (python === undefined) continue
    const { stdout, stderr, status } = spawnSync(
      python,
      ['bench/corpus/datatrove_minhash.py', path, folder],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      },
    )
    if (status !== 0) throw new Error(stderr.slice(-2000))
    const peer = JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as { cpu: number; kept: string[] }
    const kept = new Set(peer.kept.map(Number))
    const mates = clustersOf([...exact, ...equalPairs(texts)])
    const removed = texts.flatMap((_, i) => (kept.has(i) ? [] : [i]))
    // Of each cluster one is kept: what it removes elsewhere is like no text, what it keeps beyond that it has missed.
    const alike = removed.filter((i) => mates.has(i)).length
    const wanted = mates.size - new Set(mates.values()).size
    const ours = duplicates.documents.duplicates + (duplicates.near?.duplicates ?? 0)
    print(
      `  all pairs: ${wanted} documents to remove; here ${ours}; datatrove ${removed.length}, of which ${alike} have an equal or J >= .8 mate; ` +
        `${(bytes / 1e6 / peer.cpu).toFixed(2)} MB a CPU second, here ${(bytes / 1e6 / seconds).toFixed(1)}`,
    )
  }
}

/** Pairs of texts that are equal, each with the first. */
function equalPairs(texts: readonly string[]): string[] {
  const firsts = new Map<string, number>()
  return texts.flatMap((text, i) => {
    const first = firsts.get(text)
    if (first === undefined) firsts.set(text, i)
    return first === undefined ? [] : [`${first} ${i}`]
  })
}

/** The cluster (its least document) of every document that stands in a pair. */
function clustersOf(pairs: readonly string[]): Map<number, number> {
  const parents = new Map<number, number>()
  const rootOf = (i: number): number => {
    const parent = parents.get(i) ?? i
    return parent === i ? i : rootOf(parent)
  }
  for (const pair of pairs) {
    const [a, b] = pair.split(' ').map((i) => rootOf(Number(i))) as [number, number]
    parents.set(Math.max(a, b), Math.min(a, b))
    parents.set(Math.min(a, b), Math.min(a, b))
  }
  return new Map([...parents.keys()].map((i) => [i, rootOf(i)]))
}

async function measureLanguages(): Promise<void> {
  const parallel = 'texts/parallel'
  for (const characters of [60, 150, 400]) {
    let right = 0
    let all = 0
    const wrong: string[] = []
    for (const file of readdirSync(parallel)) {
      const text = readFileSync(join(parallel, file), 'utf8').replaceAll('\n', ' ')
      const parts = text.match(new RegExp(`.{${characters}}`, 'gsu'))?.slice(0, 40) ?? []
      const path = join(folder, `${file}-${characters}.jsonl`)
      writeFileSync(path, parts.map((part) => `${JSON.stringify({ text: part })}\n`).join(''))
      const profile = await profileCorpus(job(path, false), hooks)
      const { documents } = mergedStates(profile).languages
      const here = documents[file.slice(0, 2)] ?? 0
      right += here
      all += parts.length
      if (here < 0.9 * parts.length) wrong.push(`${file.slice(0, 2)} ${(here / parts.length).toFixed(2)}`)
    }
    print(
      `languages, ${characters} characters: ${(right / all).toFixed(3)} of ${all} right; below .9: ${wrong.join(', ')}`,
    )
  }
}

const SPEED_FILES = 24

/** Files of new documents, `mb` MB in all: paragraphs of the real ones drawn by the seed, one word in 20 another one, so that few repeat. */
function drawnFiles(texts: readonly string[], mb: number): string {
  const paragraphs = texts.flatMap((text) => text.split(/\n\s*\n/)).filter((text) => text.trim() !== '')
  const drawn = mkdtempSync(join(folder, 'drawn-'))
  for (let file = 0; file < SPEED_FILES; file++) {
    const lines: string[] = []
    for (let bytes = 0; bytes < (1e6 * mb) / SPEED_FILES; ) {
      const length = texts[random.integer(texts.length)]!.length
      const parts: string[] = []
      for (let held = 0; held < length; held += parts.at(-1)!.length)
        parts.push(variant(paragraphs[random.integer(paragraphs.length)]!, 0.05))
      const text = parts.join('\n\n')
      lines.push(`${JSON.stringify({ text })}\n`)
      bytes += Buffer.byteLength(text)
    }
    writeFileSync(join(drawn, `${file}.jsonl`), lines.join(''))
  }
  return drawn
}

async function measureSpeed(): Promise<void> {
  const input = drawnFiles(realDocuments(), Number(values['speed-mb']))
  const run = async (name: string, near: boolean, threads: number, isShown = true) => {
    const before = process.cpuUsage()
    const started = performance.now()
    const { bytes, documents, finish } = await profileCorpus({ ...job(input, near), threads }, hooks)
    const wall = (performance.now() - started) / 1e3
    const { user, system } = process.cpuUsage(before)
    const cpu = bytes / (user + system)
    finish()
    if (isShown)
      print(
        `${name}: ${(bytes / 1e6).toFixed(0)} MB in ${documents} documents, ${cpu.toFixed(1)} MB a CPU second, ${(bytes / 1e6 / wall).toFixed(1)} MB a second, ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`,
      )
    return { cpu, wall }
  }
  const [exactOnly, withNear] = ['profile without near duplicates', 'profile with near duplicates']
  await run(exactOnly, false, 1, false)
  const ratios: { cpu: number; wall: number }[] = []
  for (let i = 0; i < RUNS; i++) {
    const one = await run(`${exactOnly}, 1 thread`, false, 1)
    const two = await run(`${exactOnly}, 2 threads`, false, 2)
    ratios.push({ cpu: (2 * two.cpu) / one.cpu, wall: one.wall / two.wall })
    await run(`${withNear}, 1 thread`, true, 1)
  }
  const middle = (of: 'cpu' | 'wall'): string =>
    ratios
      .map((ratio) => ratio[of])
      .sort((a, b) => a - b)
      [RUNS >> 1]!.toFixed(2)
  print(`two threads ÷ one, median of ${RUNS}: ${middle('wall')} by the clock, ${middle('cpu')} by CPU time`)
}

const only = values.only.split(',')
if (only.includes('speed')) await measureSpeed()
if (only.includes('languages')) await measureLanguages()
if (only.includes('near')) await measureNear()
rmSync(folder, { recursive: true })
