/**
 * Ten million spans of forty models from forty Parquet files, as `assay loss --spans` writes them: profiles, every fit that
 * reads no span, saliences of all spans; their stability apart. Beside it the same ridge in NumPy over the same files.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { createRandom } from '../../src/core/random/index.js'
import { analyseCapabilities } from '../../src/core/salience/analyse.js'
import type { SalienceData } from '../../src/core/salience/estimator.js'
import { residualRidge } from '../../src/core/salience/estimators/residual-ridge.js'
import { type LossBlock, ProfileSum } from '../../src/core/salience/profiles.js'
import { SpanWeights } from '../../src/core/salience/span-salience.js'
import { refitsOnDraws, SignAgreement } from '../../src/core/salience/span-stability.js'
import { trainingSpace } from '../../src/core/salience/training-space.js'
import { openLossFiles } from '../../src/ingest/index.js'

const SELF = fileURLToPath(import.meta.url)
/** Every so many spans one shares the factor that the score depends on. */
const PLANTED_EVERY = 20
const SAMPLED_EVERY = 10_000
const BAR_SPANS = 10_000_000
const DRAWS = 50

/** Wall and CPU seconds of each part. */
type Times = Readonly<Record<string, readonly [wall: number, cpu: number]>>

interface Measured {
  readonly times: Times
  readonly spans: number
  readonly rssMiB: number
  readonly sample: readonly number[]
}

/** Losses 1 + level + noise, of every 20th span with a factor whose deviation is the noise's; scores of level and factor. */
async function makeFiles(folder: string, spans: number, models: number): Promise<void> {
  const random = createRandom(1)
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const scores: number[] = []
  for (let m = 0; m < models; m++) {
    const level = 0.2 * random.uniform()
    const factor = 0.05 * random.normal()
    scores.push(0.9 - 0.3 * level - factor + 0.003 * random.normal())
    const name = `m${String(m).padStart(2, '0')}`
    // Uniform noise of deviation 0.05 from a hash of span and model: the database's own generator takes one seed a query.
    const noise = `(hash(i * ${models} + ${m}) % 1000003 / 1000003.0 - 0.5) * ${0.05 * Math.sqrt(12)}`
    await connection.run(`COPY (
      SELECT '${name}' AS model, '' AS checkpoint, 'made up' AS text_sha256, 'd' || i // 1000 AS document, 'made up' AS domain,
        'chunk' AS unit, (i % 1000 * 256)::INTEGER AS byte_start, (i % 1000 * 256 + 256)::INTEGER AS byte_end,
        256 * (1 + ${level} + ${noise} + if(i % ${PLANTED_EVERY} = 0, ${factor}, 0))::DOUBLE AS bits FROM range(${spans}) r(i)
    ) TO '${join(folder, `${name}.parquet`)}' (FORMAT parquet, COMPRESSION zstd)`)
  }
  instance.closeSync()
  writeFileSync(join(folder, 'scores.json'), JSON.stringify(scores))
}

/** What the command does with such files, part by part. */
async function measure(folder: string, models: number): Promise<Measured & { readonly planted: number }> {
  const times: Record<string, [number, number]> = {}
  const timed = async <T>(part: string, run: () => T | Promise<T>): Promise<T> => {
    const [wall, cpu] = [performance.now(), process.cpuUsage()]
    const value = await run()
    const { user, system } = process.cpuUsage(cpu)
    times[part] = [(performance.now() - wall) / 1e3, (user + system) / 1e6]
    return value
  }
  const paths = Array.from({ length: models }, (_, m) =>
    join(folder, `m${String(m).padStart(2, '0')}.parquet`),
  )
  const files = await openLossFiles(paths, { families: new Map() })
  if (files === null) throw new Error('the files are not taken')
  const eachBlock = async (use: (block: LossBlock) => void): Promise<void> => {
    for await (const block of files.blocks()) use(block)
  }
  const y = Float64Array.from(JSON.parse(readFileSync(join(folder, 'scores.json'), 'utf8')) as number[])
  const data = await timed('profiles', async (): Promise<SalienceData> => {
    const sum = new ProfileSum(models)
    const weights = new Float64Array(files.spans)
    let at = 0
    await eachBlock((block) => {
      sum.add(block)
      for (let i = 0; i < block.count; i++) weights[at++] = block.weights[i]
    })
    return { table: { models: files.models, spans: [], losses: [] }, weights, profiles: sum.profiles() }
  })
  const random = createRandom(1)
  const input = { name: 'score', y, isLog: false, lowerIsBetter: false }
  const [result] = await timed('fit', () =>
    analyseCapabilities(data, [input], { level: 0.9, skillAt: [], repeats: 0 }, random),
  )
  const { index } = result.fitted
  if (index === null) throw new Error(`${result.chosen} has no index`)
  const full = await timed('saliences', async () => {
    const collect = new SpanWeights(data, result.space, index)
    await eachBlock((block) => collect.add(block))
    return collect.weights
  })
  await timed('stability', async () => {
    const refits = refitsOnDraws(data, result.models, result.fitted, DRAWS, random)
    const agreement = new SignAgreement(data, refits, full, await files.domains())
    await eachBlock((block) => agreement.add(block))
    return agreement.agreement()
  })
  const { maxRSS } = process.resourceUsage()
  // NumPy's ridge, at the strength that is taken where nothing can be left out.
  const space = trainingSpace(
    data.profiles,
    files.models.map((_, m) => m),
  )
  const ridge = residualRidge.fit(data, space, y, []).index
  if (ridge === null) throw new Error('ridge has no index')
  const plain = new SpanWeights(data, space, ridge)
  await eachBlock((block) => plain.add(block))
  const wanted = full.length / PLANTED_EVERY
  const cut = full.map(Math.abs).sort()[full.length - wanted]
  const planted = full.filter((w, u) => u % PLANTED_EVERY === 0 && Math.abs(w) >= cut).length / wanted
  return {
    times,
    spans: full.length,
    rssMiB: maxRSS / 1024,
    sample: [...plain.weights.filter((_, u) => u % SAMPLED_EVERY === 0)],
    planted,
  }
}

const child = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'inherit'] })

/** The page's section. */
export async function largeSection(python: string, spans = 10_000_000, models = 40): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-large-'))
  try {
    await makeFiles(folder, spans, models)
    const ours = JSON.parse(
      child(process.execPath, [...process.execArgv, SELF, folder, String(models)]),
    ) as Awaited<ReturnType<typeof measure>>
    const theirs = JSON.parse(child(python, [join(SELF, '../large.py'), folder])) as Measured
    const scale = Math.max(...theirs.sample.map(Math.abs))
    const apart = Math.max(...theirs.sample.map((v, i) => Math.abs(v - ours.sample[i]))) / scale
    const sum = (times: Times, parts: readonly string[], which: 0 | 1): number =>
      parts.reduce((total, part) => total + times[part][which], 0)
    const parts = ['profiles', 'fit', 'saliences']
    const scaled =
      (sum(ours.times, ['profiles', 'saliences'], 1) * BAR_SPANS) / spans + sum(ours.times, ['fit'], 1)
    const reach =
      spans === BAR_SPANS
        ? ''
        : ` Not run at ten million here: the parts that read spans grow with them, to ${scaled.toFixed(0)} CPU s together.`
    const row = (part: string, of: readonly string[]): string => {
      const cells = ([1, 0] as const).flatMap((which) => {
        const mine = sum(ours.times, of, which)
        if (!(of[0] in theirs.times)) return [mine.toFixed(1), '–', '–']
        const other = sum(theirs.times, of, which)
        return [mine.toFixed(1), other.toFixed(1), (mine / other).toFixed(2)]
      })
      return `| ${part} | ${cells.join(' | ')} |`
    }
    return `## Many spans

\`bench/salience/large.ts\`, beside \`large.py\` (NumPy and pyarrow, the same files). ${spans.toLocaleString('en-US')} spans × ${models} models from ${models} Parquet files; \`fit\` is the whole analysis: five readings, every model left out in turn, strengths, gain and its interval (NumPy: one ridge at one strength).

| part | Assay, CPU s | NumPy, CPU s | ratio | Assay, wall s | NumPy, wall s | ratio |
|---|---|---|---|---|---|---|
${[...parts.map((part) => row(part, [part])), row('**together**', parts), row(`stability, ${DRAWS} draws`, ['stability'])].join('\n')}

Bar, at ten million: together ≤ 60 s and ≤ 2 GB on two cores.${reach} Peak memory ${(ours.rssMiB / 1024).toFixed(2)} GiB (stability included), NumPy ${(theirs.rssMiB / 1024).toFixed(2)} GiB. ${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, load ${loadavg()[0].toFixed(0)} from other work while this ran: CPU seconds and ratios count. Saliences of the ridge agree with NumPy's to ${apart.toExponential(0)} of the largest; ${(100 * ours.planted).toFixed(1)} % of the ${(spans / PLANTED_EVERY).toLocaleString('en-US')} highest-ranked spans are planted ones.
`
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[1] === SELF)
  console.log(JSON.stringify(await measure(process.argv[2], Number(process.argv[3]))))
