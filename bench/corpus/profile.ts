/**
 * `assay corpus profile` on real documentation: near duplicates against all pairs of exact Jaccard similarity, languages
 * against texts that tell theirs; datatrove's MinHash beside it with DATATROVE_PYTHON=…/python
 * (pip install "datatrove[processing,io]" spacy "xxhash<4"). Needs the build.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom, DocumentScan, Growing, jaccard, shingleSet, shingles } from '../../dist/core/index.js'
import { type ProfileJob, profileCorpus } from '../../dist/corpus/index.js'
import { packageDocuments, variant } from './package-docs.js'

const HELP = `npx tsx bench/corpus/profile.ts [options]

  --folder DIR  folder whose .md, .txt, .html and copyright files are the corpus (default: node_modules)
  --mb N        stop after N MB of the folder (default 40)
  --only LIST   of near,languages (default: all)
`
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    folder: { type: 'string', default: 'node_modules' },
    mb: { type: 'string', default: '40' },
    only: { type: 'string', default: 'near,languages' },
  },
})
if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}
const folder = mkdtempSync(join(tmpdir(), 'assay-bench-profile-'))
const print = (line: string): boolean => process.stdout.write(`${line}\n`)
const random = createRandom(5)

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
  const real = packageDocuments(values.folder, 1e6 * Number(values.mb))
  const planted = real
    .slice(0, 300)
    .flatMap((text) => [0.002, 0.01, 0.03].map((share) => variant(text, share, random)))
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
      const { documents } = profile.states.languages
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

const only = values.only.split(',')
if (only.includes('languages')) await measureLanguages()
if (only.includes('near')) await measureNear()
rmSync(folder, { recursive: true })
