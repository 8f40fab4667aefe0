/**
 * Writes texts/references.json: how the reference ladder, small published models and compressors do on the passages that a
 * default audit scores, passage by passage.
 *
 *   test/models/fetch.sh && npx tsx scripts/measure-references.ts [id…]      (ids: measure these again, keep the others)
 *
 * Models are scored as an audit scores them (the engine, windows and prefix token of `assay audit`). A compressor gets a
 * domain's passages as one stream in their order: a passage costs what it adds to the compressed size, header included
 * in the first, so that the passages add up to the whole.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatParams } from '../src/audit/gather/index.js'
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
import {
  createRandom,
  DEFAULT_SEED,
  groupBy,
  type Reference,
  type ReferencePassage,
} from '../src/core/index.js'

const OUT = join(PACKAGE_ROOT, 'texts', 'references.json')
const TEST_MODELS = process.env.ASSAY_TEST_MODELS ?? join(homedir(), '.cache/assay/test-models')

/** What is measured; `note` says what a reader must know of the build. */
const MODELS = [
  ...['25k', '83k', '233k', '443k', '990k'].map((size) => ({
    id: `ladder-${size}`,
    // Named by all of its parameters, embeddings included, once it is open.
    name: null,
    note: `trained run ${size}-r4 of the ladder that ships`,
    path: join(PACKAGE_ROOT, 'models', `assay-ladder-${size}.gguf`),
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

const { domains } = defaultTexts()
const random = createRandom(DEFAULT_SEED)
const sample = await samplePassages(domains, random.derive('sample'), { full: false })
const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8')

function compressed({ id, name, command: [tool, ...options] }: (typeof COMPRESSORS)[number]): Reference {
  const passages = [...groupBy(sample.passages, (p) => p.domain)].flatMap(([domain, own]) => {
    let before = 0
    return own.map(({ document, text }, i): ReferencePassage => {
      const stream = Buffer.concat(own.slice(0, i + 1).map((p) => utf8(p.text)))
      const size = execFileSync(tool, options, { input: stream, maxBuffer: 1 << 26 }).length
      const bits = 8 * (size - before)
      before = size
      return { domain, document, bytes: utf8(text).length, bits }
    })
  })
  const version = execFileSync(tool, ['--version'], { encoding: 'utf8' }).split('\n')[0] ?? ''
  const number = /\d+\.\d+(?:\.\d+)?/.exec(version)?.[0] ?? 'of unknown version'
  return {
    id,
    name,
    kind: 'compressor',
    note: `${tool} ${number}, a domain's passages as one stream`,
    sha256: null,
    passages,
  }
}

async function scored({
  id,
  name,
  note,
  path,
}: (typeof MODELS)[number]): Promise<{ reference: Reference; protocol: object }> {
  const quiet = { update: () => undefined, end: () => undefined }
  const { signal } = new AbortController()
  const plan = planAudit(path, { domains: [], threads: 1 })
  const engine = await openModel(plan, { offline: true, progress: () => quiet, note: console.error, signal })
  // A run that was stopped goes on where it was; what it has scored is forgotten once the table is written.
  const scratch = join(tmpdir(), 'assay-references', id)
  mkdirSync(scratch, { recursive: true })
  try {
    const { documents, protocol } = await gatherSurprisal(engine, sample, domains, undefined, {
      random,
      resume: true,
      signal,
      journalPath: (kind) => join(scratch, `${kind}.jsonl`),
      progress: () => quiet,
      note: console.error,
    })
    const passages = documents.map(({ domain, document, bytes, logLikelihoods }): ReferencePassage => {
      const nats = logLikelihoods.reduce((sum, ll) => sum - ll, 0)
      // Three decimals of a bit: a two-thousandth of a bit a byte of the shortest passage is nothing.
      return { domain, document, bytes, bits: Number((nats / Math.LN2).toFixed(3)) }
    })
    const { params = 0, sha256: hash = null } = engine.evidence
    const parameters = `${formatParams(params)} parameters; ${note}`
    const shown = name ?? `ladder ${formatParams(params)}`
    return {
      reference: { id, name: shown, kind: 'model', note: parameters, sha256: hash, passages },
      protocol,
    }
  } finally {
    await engine.close()
  }
}

interface Row extends Omit<Reference, 'passages'> {
  readonly bits: readonly number[]
  /** How its passages were scored; null for compressors. */
  readonly protocol: object | null
}

const rowOf = ({ passages: own, ...rest }: Reference, protocol: object | null): Row => ({
  ...rest,
  protocol,
  bits: own.map((p) => p.bits),
})

const wanted = new Set(process.argv.slice(2))
const isWanted = ({ id }: { id: string }): boolean => wanted.size === 0 || wanted.has(id)

const fresh: Row[] = COMPRESSORS.filter(isWanted).map((tool) => rowOf(compressed(tool), null))
for (const model of MODELS.filter(isWanted)) {
  const started = Date.now()
  const { reference, protocol } = await scored(model)
  fresh.push(rowOf(reference, protocol))
  console.error(`${reference.name}: ${((Date.now() - started) / 1000).toFixed(0)} s`)
}
// Read last, so that two runs may measure different models side by side.
const kept: Row[] =
  wanted.size === 0 || !existsSync(OUT) ? [] : JSON.parse(readFileSync(OUT, 'utf8')).references
const references = [...COMPRESSORS, ...MODELS].flatMap(({ id }) =>
  [...fresh, ...kept].filter((row) => row.id === id).slice(0, 1),
)

// Passages once, and a column of bits for every reference.
const passages = sample.passages.map(({ domain, document, text }) => [domain, document, utf8(text).length])
/** SHA-256 over the hashes of the texts: other texts, other table. */
const texts = sha256(
  hashInputs(domains.flatMap((d) => d.files))
    .map((input) => input.sha256)
    .join(),
)
const rows = (values: readonly unknown[]): string =>
  `[\n${values.map((value) => `  ${JSON.stringify(value)}`).join(',\n')}\n ]`
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
for (const { id } of fresh) rmSync(join(tmpdir(), 'assay-references', id), { recursive: true, force: true })
console.error(`${OUT}: ${references.length} references on ${passages.length} passages`)
