/**
 * Throughput of the HTTP engine beside `vllm bench serve`: one real vLLM on this processor, the same token-id prompts, output
 * length 1, a log-probability at every position, in turn in one run.
 *
 *     ASSAY_VLLM=… npx tsx bench/scoring/vllm.ts FOLDER [ROUNDS [PROMPTS [TOKENS]]]
 *
 * FOLDER: a float checkpoint whose heads are of 32 or more; ASSAY_VLLM: where test/servers/vllm.sh installed.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom, median } from '../../src/core/index.js'
import { openEngine } from '../../src/engines/index.js'
import { startVllm } from '../../test/servers/vllm-server.js'

const [folder, rounds = '3', prompts = '64', length = '128'] = process.argv.slice(2)
if (folder === undefined) throw new Error('give the folder of a checkpoint')
const python = join(process.env.ASSAY_VLLM ?? '', 'bin/python')
const work = mkdtempSync(join(tmpdir(), 'assay-bench-vllm-'))
const random = createRandom(1)
const drawn = () =>
  Array.from({ length: Number(prompts) }, () =>
    Array.from({ length: Number(length) }, () => 10 + random.integer(4000)),
  )

const server = await startVllm(folder)
const model = await openEngine(server.url, { tokenizer: folder })
try {
  const ours = async (ids: number[][]): Promise<number> => {
    const began = performance.now()
    await model.scorer.score(ids.map((tokens) => ({ tokens: Int32Array.from(tokens), from: 1 })))
    return (performance.now() - began) / 1e3
  }
  const theirs = (ids: number[][]): number => {
    const [given, result] = [join(work, 'prompts.json'), join(work, 'result.json')]
    writeFileSync(given, JSON.stringify(ids))
    const script = join(import.meta.dirname, 'vllm_bench.py')
    execFileSync(python, [script, server.url.replace(/\/v1$/, ''), folder, given, result], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const { seconds, completed } = JSON.parse(readFileSync(result, 'utf8')) as {
      seconds: number
      completed: number
    }
    if (completed !== ids.length) throw new Error(`vllm bench serve completed ${completed} of ${ids.length}`)
    return seconds
  }
  await ours(drawn())
  const ratios: number[] = []
  for (let round = 1; round <= Number(rounds); round++) {
    const [mine, its] = [await ours(drawn()), theirs(drawn())]
    ratios.push(its / mine)
    const rate = (seconds: number) => ((Number(prompts) * Number(length)) / seconds).toFixed(0)
    console.log(
      `round ${round}: ${rate(mine)} tokens/s, vllm bench serve ${rate(its)}, ratio ${(its / mine).toFixed(2)}`,
    )
  }
  console.log(
    `ratio ${median(ratios).toFixed(2)} [${Math.min(...ratios).toFixed(2)}, ${Math.max(...ratios).toFixed(2)}]`,
  )
} finally {
  await model.close()
  await server.close()
}
