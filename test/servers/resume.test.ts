import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../src/core/index.js'
import { ROOT, runCli, scratch, startCli } from '../cli/run-cli.js'
import { type ConformanceServer, startConformanceServer } from './conformance.js'
import { LADDER_FOLDER, ladderBackend } from './ladder.js'

/** The bar is 20 (ASSAY_KILLS=20). */
const KILLS = Number(process.env.ASSAY_KILLS ?? 3)
let backend: Awaited<ReturnType<typeof ladderBackend>>
let server: ConformanceServer

beforeAll(async () => {
  backend = await ladderBackend()
  server = await startConformanceServer({
    dialect: 'sglang',
    backend,
    delay: 20,
    fault: (n) =>
      n % 10 === 9 ? (['drop', 'short', '500', 'truncated'] as const)[Math.floor(n / 10) % 4] : undefined,
  })
})

afterAll(async () => {
  await server.close()
  await backend.close()
})

/** A config that scores a few texts and asks a few facts. */
function config(): string {
  const path = join(scratch(), 'assay.yaml')
  writeFileSync(
    path,
    JSON.stringify({
      model: server.url,
      tokenizer: LADDER_FOLDER,
      default_texts: false,
      domains: { literature: join(ROOT, 'texts', 'literature', '*.txt') },
      adaptability: false,
      limit: 3,
      knowledge: { facts: join(ROOT, 'facts', 'planted.jsonl'), limit: 2 },
    }),
  )
  return path
}

/** Evidence by file; the manifest alone says when it was gathered, the journal in which order. */
function evidenceIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (f) => f.isFile() && f.name !== 'manifest.json',
  )
  return Object.fromEntries(
    files.map(({ name }) => [name, readFileSync(join(folder, name)).toString('base64')]),
  )
}

describe('gathering from a server', () => {
  it(`killed ${KILLS} times and resumed ends in the evidence of an undisturbed run`, {
    timeout: 1_200_000,
  }, async () => {
    const path = config()
    const whole = join(scratch(), 'evidence')
    const before = performance.now()
    expect((await runCli(['gather', path, '--evidence', whole])).code).toBe(0)
    const took = performance.now() - before
    const evidence = join(scratch(), 'evidence')
    const random = createRandom(11)
    let killed = 0
    for (let run = 0; killed < KILLS && run < 2 * KILLS; run++) {
      const { child, ended } = startCli([
        'gather',
        path,
        '--evidence',
        evidence,
        ...(run === 0 ? [] : ['--resume']),
      ])
      const timer = setTimeout(() => child.kill('SIGKILL'), took * (0.25 + 0.7 * random.uniform()))
      if ((await ended).signal === 'SIGKILL') killed++
      clearTimeout(timer)
    }
    expect(killed).toBeGreaterThan(0)
    expect((await runCli(['gather', path, '--evidence', evidence, '--resume'])).code).toBe(0)
    expect(evidenceIn(evidence)).toEqual(evidenceIn(whole))
    if (process.env.ASSAY_KILLS !== undefined) console.info(`${killed} kills`)
  })
})
