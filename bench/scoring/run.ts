/**
 * How much of llama.cpp's own speed is left when every position's log-probability is wanted.
 *
 *   npx tsx bench/scoring/run.ts MODEL [--tokens 1024] [--rounds 5] [--threads 2] [--public] [--perplexity PROGRAM]
 *
 * Variants run in turn, `rounds` times, on the same tokens, threads and settings (flash attention off). Ratios
 * are to bare llama_decode with logits at every position and nothing read. Beside the wall clock stands the
 * processor time, which a busy machine disturbs less. PROGRAM is llama.cpp's llama-perplexity (perplexity.sh).
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { quantile } from '../../src/core/index.js'
import { readGgufHeader } from '../../src/engines/gguf/header.js'
import { openEngine } from '../../src/engines/index.js'
import { loadLlama } from '../../src/engines/llama-cpp/bindings.js'
import { batchTokensFor } from '../../src/engines/llama-cpp/defaults.js'
import { locateLibrary } from '../../src/engines/llama-cpp/library.js'
import { Session } from '../../src/engines/llama-cpp/session.js'
import type { Want } from '../../src/engines/request-trie.js'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tokens: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
    public: { type: 'boolean', default: false },
    perplexity: { type: 'string' },
  },
})
const path = positionals[0]
if (path === undefined) throw new Error('which model? npx tsx bench/scoring/run.ts MODEL')
const count = Number(options.tokens)
const threads = Number(options.threads)
const rounds = Number(options.rounds)

const text = readFileSync(new URL('../../texts/parallel/en.txt', import.meta.url), 'utf8').repeat(20)
const header = await readGgufHeader(path)
const vocabularyTokens = header.metadata.get('tokenizer.ggml.tokens')
const vocabulary = typeof vocabularyTokens === 'object' ? vocabularyTokens.length : 0
const batchTokens = batchTokensFor(vocabulary)

const nativeEngine = await openEngine(path, { threads, contextLength: count })
const publicEngine = options.public
  ? await openEngine(path, { threads, contextLength: count, engine: 'llama-cpp-public' })
  : null
const tokens = Int32Array.of(
  nativeEngine.prefix.document?.id ?? 0,
  ...nativeEngine.tokenizer.tokenize(text).subarray(0, count),
)

const llama = loadLlama(locateLibrary('off'))
const model = await llama.loadModelAsync(path, { ...llama.modelDefaults(), n_gpu_layers: 0 })
if (model === null) throw new Error('the model does not load')
const session = await Session.open(llama, model, vocabulary, {
  batchTokens,
  cells: count + 4,
  sequences: 16,
  threads,
  onGpu: false,
  singleCache: false,
})
const WANTED: readonly Want[] = [{ request: 0, index: 0, target: 0 }]

/** llama_decode over the whole text in the engine's own batches; logits at every position or at none, never read. */
async function decodeAll(wants: readonly Want[]): Promise<void> {
  session.clear()
  for (let at = 0; at < count; at += batchTokens) {
    const batch = tokens.subarray(at, Math.min(count, at + batchTokens))
    await session.decode(Array.from(batch, (token, i) => ({ token, position: at + i, sequence: 0, wants })))
  }
}

const textFile = join(mkdtempSync(join(tmpdir(), 'assay-bench-')), 'text.txt')
writeFileSync(textFile, text)

const variants: Record<string, () => Promise<unknown>> = {
  'bare llama_decode, logits everywhere': () => decodeAll(WANTED),
  'prefill without outputs': () => decodeAll([]),
  'llama-cpp/native': () => nativeEngine.scorer.score([{ tokens, from: 1 }]),
}
if (publicEngine !== null)
  variants['llama-cpp/public'] = () => publicEngine.scorer.score([{ tokens, from: 1 }])

interface Timing {
  wall: number
  processor: number
}
const timings = new Map<string, Timing[]>()
for (const work of Object.values(variants)) if (rounds > 1) await work()
for (let round = 0; round < rounds; round++) {
  for (const [name, work] of Object.entries(variants)) {
    const cpu = process.cpuUsage()
    const start = performance.now()
    await work()
    const { user, system } = process.cpuUsage(cpu)
    timings.set(name, [
      ...(timings.get(name) ?? []),
      { wall: (performance.now() - start) / 1e3, processor: (user + system) / 1e6 },
    ])
  }
  if (options.perplexity !== undefined) {
    const name = "llama.cpp's perplexity tool"
    timings.set(name, [...(timings.get(name) ?? []), perplexityTool(options.perplexity)])
  }
}

/**
 * The tool scores the second half of each window and prints how long its first pass took: a batch no larger than
 * the window makes that one window.
 */
function perplexityTool(program: string): Timing {
  const size = String(count)
  const batch = String(Math.min(batchTokens, count))
  const start = performance.now()
  const args = ['-m', path!, '-f', textFile, '-c', size, '-b', batch, '-ub', batch]
  const more = ['--chunks', '2', '-t', String(threads), '-fa', 'off', '-ngl', '0']
  const output = execFileSync('sh', ['-c', '"$0" "$@" 2>&1', program, ...args, ...more], { encoding: 'utf8' })
  const seconds = Number(/([\d.]+) seconds per pass/.exec(output)?.[1] ?? (performance.now() - start) / 2e3)
  return { wall: seconds, processor: Number.NaN }
}

const base = timings.get('bare llama_decode, logits everywhere') ?? []
console.log(
  `${path}: ${count} tokens, ${threads} threads, batches of ${batchTokens}, ${rounds} rounds, flash attention off`,
)
for (const [name, all] of timings) {
  const median = (values: number[]) => quantile(values, 0.5)
  const ratios = (key: keyof Timing) => all.map((timing, i) => base[i]![key] / timing[key])
  const spread = (values: number[]) =>
    values.some(Number.isNaN)
      ? '–'
      : `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`
  const speed = count / median(all.map(({ wall }) => wall))
  console.log(
    `${name.padEnd(38)} ${speed.toFixed(0).padStart(5)} tokens/s   ratio wall ${spread(ratios('wall'))}   processor ${spread(ratios('processor'))}`,
  )
}
await nativeEngine.close()
await publicEngine?.close()
