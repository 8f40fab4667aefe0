/**
 * Writes texts/references.json: how the reference ladder, small published models and compressors do on the passages that a
 * default audit scores, passage by passage.
 *
 *   test/models/fetch.sh && npx tsx scripts/measure-references.ts [--a-domain N] [id…]
 *
 * Ids name what is measured (all when left out); what is there of the same file is kept, so that a run that was stopped
 * goes on where it was. `--a-domain` measures the first N passages of each domain alone: some is more than none.
 *
 * Models are scored as an audit scores them (the engine, windows and prefix token of `assay audit`). A compressor gets a
 * domain's passages as one stream in their order: a passage costs what it adds to the compressed size, header included
 * in the first, so that the passages add up to the whole.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  defaultTexts,
  gatherSurprisal,
  hashInputs,
  openModel,
  PACKAGE_ROOT,
  planAudit,
  samplePassages,
} from '../src/audit/index.js'
import { sha256 } from '../src/audit/store/files.js'
import { createRandom, DEFAULT_SEED, formatParams, groupBy, type Reference } from '../src/core/index.js'

const OUT = join(PACKAGE_ROOT, 'texts', 'references.json')
const TEST_MODELS = process.env.ASSAY_TEST_MODELS ?? join(homedir(), '.cache/assay/test-models')

/** What is measured; `note` says what a reader must know of the build. */
const MODELS = [
  ...['25k-r20', '83k-r20', '233k-r20', '610k-r8', '1.6M-r10'].map((run) => ({
    id: `ladder-${run.split('-')[0]}`,
    // As its run is called: by its parameters without the embedding. The note says all of them.
    name: `ladder ${run.split('-')[0]}`,
    note: `${run.split('-')[0]} without the embedding; trained run ${run} of the ladder that ships`,
    path: join(PACKAGE_ROOT, 'models', `assay-ladder-${run.split('-')[0]}.gguf`),
  })),
  {
    id: 'smollm2-135m',
    name: 'SmolLM2-135M',
    note: 'Q4_1 build of the instruct model',
    path: join(TEST_MODELS, 'SmolLM2-135M-Instruct.Q4_1.gguf'),
  },
  {
    id: 'gemma-3-270m',
    name: 'Gemma-3-270M',
    note: 'Q4_K_M build',
    path: join(TEST_MODELS, 'gemma-3-270m-q4_k_m.gguf'),
  },
]

const COMPRESSORS = [
  { id: 'zstd-19', name: 'zstd -19', command: ['zstd', '-19', '-c', '-q'] },
  { id: 'xz', name: 'xz -9', command: ['xz', '-9', '-c'] },
] as const

/** A reference as it lies in the file: bits of each passage, null where it was not measured. */
interface Row extends Omit<Reference, 'passages'> {
  /** How its passages were scored; null for compressors. */
  readonly protocol: object | null
  readonly bits: (number | null)[]
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'a-domain': { type: 'string' } },
})
const most = Number(options['a-domain'] ?? Number.POSITIVE_INFINITY)
const wanted = new Set(positionals)
const isWanted = ({ id }: { id: string }): boolean => wanted.size === 0 || wanted.has(id)

const { domains } = defaultTexts()
const sample = await samplePassages(domains, createRandom(DEFAULT_SEED).derive('sample'), { full: false })
const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8')
const byDomain = groupBy(sample.passages, (p) => p.domain)
/** Place of each passage in its domain. */
const rank = sample.passages.map((p) => byDomain.get(p.domain)?.indexOf(p) ?? 0)
/** SHA-256 over the hashes of the texts: other texts, other table. */
const texts = sha256(
  hashInputs(domains.flatMap((d) => d.files))
    .map((input) => input.sha256)
    .join(),
)

/** What was measured before, on these texts. Read anew each time: two runs may measure different models side by side. */
function known(): Row[] {
  if (!existsSync(OUT)) return []
  const table = JSON.parse(readFileSync(OUT, 'utf8')) as { texts: string; references: Row[] }
  return table.texts === texts ? table.references : []
}

const rows = (values: readonly unknown[]): string =>
  `[\n${values.map((value) => `  ${JSON.stringify(value)}`).join(',\n')}\n ]`

function save(row: Row): void {
  const references = [...COMPRESSORS, ...MODELS].flatMap(({ id }) =>
    [row, ...known()].filter((r) => r.id === id).slice(0, 1),
  )
  const passages = sample.passages.map(({ domain, document, text }) => [domain, document, utf8(text).length])
  writeFileSync(
    OUT,
    `{
 "made": "${new Date().toISOString().slice(0, 10)}",
 "by": "scripts/measure-references.ts",
 "seed": ${DEFAULT_SEED},
 "texts": "${texts}",
 "passages": ${rows(passages)},
 "references": ${rows(references)}
}
`,
  )
  const done = row.bits.filter((bits) => bits !== null).length
  console.error(`${row.name}: ${done} of ${row.bits.length} passages`)
}

function compressed({ id, name, command: [tool, ...flags] }: (typeof COMPRESSORS)[number]): Row {
  const sizeOf = (stream: Buffer): number =>
    execFileSync(tool, flags, { input: stream, maxBuffer: 1 << 26 }).length
  const bits = sample.passages.map((passage, i): number => {
    const own = byDomain.get(passage.domain) ?? []
    const upTo = (n: number): Buffer => Buffer.concat(own.slice(0, n).map((p) => utf8(p.text)))
    const before = rank[i] === 0 ? 0 : sizeOf(upTo(rank[i]!))
    return 8 * (sizeOf(upTo(rank[i]! + 1)) - before)
  })
  const version = execFileSync(tool, ['--version'], { encoding: 'utf8' })
  const number = /\d+\.\d+(?:\.\d+)?/.exec(version)?.[0] ?? 'of unknown version'
  const note = `${tool} ${number}, a domain's passages as one stream`
  return { id, name, kind: 'compressor', note, sha256: null, protocol: null, bits }
}

async function score({ id, name, note, path }: (typeof MODELS)[number]): Promise<void> {
  const quiet = { update: () => undefined, end: () => undefined }
  const { signal } = new AbortController()
  const plan = planAudit(path, { domains: [], threads: 1 })
  const engine = await openModel(plan, { offline: true, progress: () => quiet, note: console.error, signal })
  const scratch = mkdtempSync(join(tmpdir(), 'assay-references-'))
  try {
    const { params = 0, sha256: hash = null } = engine.evidence
    const before = known().find((row) => row.id === id && row.sha256 === hash)
    const bits = before?.bits ?? sample.passages.map(() => null)
    let protocol: object | null = before?.protocol ?? null
    const parameters = `${formatParams(params)} parameters${id.startsWith('ladder') ? ', ' : '; '}${note}`
    // Domain by domain in turn, so that what is stopped half-way has something of each.
    const order = [...rank.keys()].sort((i, j) => rank[i]! - rank[j]!)
    for (const i of order.filter((place) => rank[place]! < most && bits[place] === null)) {
      const one = { ...sample, passages: [sample.passages[i]!], skipped: [] }
      const { documents, protocol: how } = await gatherSurprisal(engine, one, domains, undefined, {
        random: createRandom(DEFAULT_SEED),
        resume: false,
        signal,
        journalPath: (kind) => join(scratch, `${kind}.jsonl`),
        progress: () => quiet,
        note: console.error,
      })
      const nats = documents[0]?.logLikelihoods.reduce((sum, ll) => sum - ll, 0) ?? Number.NaN
      // Three decimals of a bit: what is cut off is a millionth of a bit a byte.
      bits[i] = Number((nats / Math.LN2).toFixed(3))
      protocol = how
      save({ id, name, kind: 'model', note: parameters, sha256: hash, protocol, bits })
    }
  } finally {
    await engine.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}

for (const tool of COMPRESSORS.filter(isWanted)) save(compressed(tool))
for (const model of MODELS.filter(isWanted)) await score(model)
