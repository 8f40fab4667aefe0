import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT, runCli, scratch, smallestModel } from '../cli/run-cli.js'
import { type ConformanceServer, startConformanceServer } from './conformance.js'
import { LADDER_FOLDER, ladderBackend } from './ladder.js'

const tokenizer = LADDER_FOLDER
let backend: Awaited<ReturnType<typeof ladderBackend>>
let servers: ConformanceServer[]

beforeAll(async () => {
  backend = await ladderBackend()
  servers = await Promise.all(
    (['vllm', 'sglang', 'echo'] as const).map((dialect) => startConformanceServer({ dialect, backend })),
  )
})

afterAll(async () => {
  for (const server of servers) await server.close()
  await backend.close()
})

async function json(args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runCli([...args, '--json'])
  expect(stderr, stderr).not.toContain('✖')
  expect([0, 1, 2]).toContain(code)
  return JSON.parse(stdout) as Record<string, unknown>
}

interface Domain {
  readonly domain: string
  readonly tokens: number
  readonly bitsPerByte: { readonly value: number }
}

describe('a model behind a server', () => {
  // A server always writes one token, so its sequences are two shorter than the model's 256.
  const texts = ['texts/literature/*.txt', '--limit', '2', '--sample', '--window', '250']

  it('has the held-out loss of its file, in every dialect', { timeout: 300_000 }, async () => {
    const file = (await json(['loss', smallestModel(), ...texts])).domains as Domain[]
    expect(file.length).toBeGreaterThan(0)
    for (const { url } of servers) {
      const served = (await json(['loss', url, '--tokenizer', tokenizer, ...texts])).domains as Domain[]
      for (const [i, { domain, tokens, bitsPerByte }] of file.entries()) {
        expect(served[i]).toMatchObject({ domain, tokens })
        // Issue's bar for a server in float32: 1e-4 relative. Here the same engine stands behind it.
        expect(Math.abs(served[i]!.bitsPerByte.value / bitsPerByte.value - 1)).toBeLessThan(1e-6)
      }
    }
  })

  it('knows what its file knows', { timeout: 300_000 }, async () => {
    const facts = [
      '--facts',
      'facts/planted.jsonl',
      '--limit',
      '8',
      '--candidates',
      '6',
      '--max-templates',
      '1',
      '--exact',
    ]
    const file = await json(['knowledge', smallestModel(), ...facts])
    for (const { url } of servers) {
      const served = await json(['knowledge', url, '--tokenizer', tokenizer, ...facts])
      expect(served.retention).toEqual(file.retention)
    }
  })

  it('scores what its file scores on benchmarks', { timeout: 300_000 }, async () => {
    const asked = [
      '--task',
      'agreement',
      '--task',
      'word-from-definition',
      '--limit',
      '8',
      '--shots',
      '1',
      '--exact',
    ]
    type Tasks = { task: string; accuracy: object; margin: { value: number } }[]
    const file = (await json(['choices', smallestModel(), ...asked])).tasks as Tasks
    for (const { url } of servers) {
      const served = (await json(['choices', url, '--tokenizer', tokenizer, ...asked])).tasks as Tasks
      for (const [i, { task, accuracy, margin }] of file.entries()) {
        expect(served[i]).toMatchObject({ task, accuracy })
        expect(Math.abs(served[i]!.margin.value - margin.value)).toBeLessThan(1e-4)
      }
    }
  })

  it('that does not answer ends with exit code 4, its address and the cause, with a tokenizer and without', async () => {
    const gone = await startConformanceServer({ dialect: 'vllm', backend })
    await gone.close()
    for (const more of [[], ['--tokenizer', tokenizer]]) {
      const { code, stderr } = await runCli([
        'loss',
        gone.url,
        'texts/literature/*.txt',
        '--limit',
        '1',
        ...more,
      ])
      expect(code).toBe(4)
      expect(stderr).toContain('engines/server-unreachable')
      expect(stderr).toContain(gone.url.replace('/v1', ''))
      expect(stderr).toContain('ECONNREFUSED')
    }
  })

  it('is audited, and what the server does not say is unknown', { timeout: 300_000 }, async () => {
    const out = scratch()
    const [{ url }] = servers as [ConformanceServer]
    const folders = ['--evidence', join(out, 'evidence'), '--out', join(out, 'report')]
    // Its texts, costs and self-check alone; what else an audit asks of it has been tried above.
    const config = join(out, 'assay.yaml')
    const domains = { literature: join(ROOT, 'texts', 'literature', '*.txt') }
    writeFileSync(config, JSON.stringify({ model: url, tokenizer, default_texts: false, domains, limit: 1 }))
    const audit = await json(['audit', config, ...folders])
    expect(audit.model).toMatchObject({ contextLength: 256 })
    expect(audit.model).not.toHaveProperty('params')
    expect(audit.model).not.toHaveProperty('sha256')
    const report = JSON.stringify(audit)
    expect(report).toContain('openai-compatible/vllm')
  })
})
