/**
 * Peak memory of scoring one text, in a process that does nothing else.
 *
 *   npx tsx bench/scoring/memory.ts MODEL [TOKENS]
 */
import { readFileSync, statSync } from 'node:fs'
import { openEngine } from '../../src/engines/index.js'

const [path, count = '1024'] = process.argv.slice(2)
if (path === undefined) throw new Error('which model? npx tsx bench/scoring/memory.ts MODEL')
const model = await openEngine(path, { threads: 1 })
const text = readFileSync(new URL('../../texts/parallel/en.txt', import.meta.url), 'utf8')
const tokens = Int32Array.of(
  model.prefix.document?.id ?? 0,
  ...model.tokenizer.tokenize(text).subarray(0, Number(count)),
)
await model.scorer.score([{ tokens, from: 1 }])
await model.close()
const megabytes = (bytes: number) => Math.round(bytes / 1e6)
const peak = process.resourceUsage().maxRSS * 1024
console.log(
  `${path}: peak ${megabytes(peak)} MB, the file has ${megabytes(statSync(path).size)} MB, ${tokens.length} tokens`,
)
