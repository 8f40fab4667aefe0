import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli, scratch, smallestModel } from '../cli/run-cli.js'
import { LADDER_FOLDER } from './ladder.js'
import { NO_VLLM, startVllm, type VllmServer } from './vllm-server.js'
import { writeWideHeads } from './wide-heads.js'

interface Domain {
  readonly domain: string
  readonly tokens: number
  readonly bitsPerByte: { readonly value: number }
}

async function json(args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runCli([...args, '--json'])
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Record<string, unknown>
}

describe.skipIf(NO_VLLM !== undefined)(`a real vLLM${NO_VLLM === undefined ? '' : ` (${NO_VLLM})`}`, () => {
  let server: VllmServer
  beforeAll(async () => {
    const model = scratch()
    writeWideHeads(LADDER_FOLDER, model)
    server = await startVllm(model)
  }, 660_000)
  afterAll(() => server?.close())

  it('gives the bits per byte of the model’s file and folder, all within 1e-4', {
    timeout: 600_000,
  }, async () => {
    // A server writes one token, so it takes two fewer than the model’s 256.
    const texts = ['--sample', '--window', '250']
    const file = await json(['loss', smallestModel(), ...texts])
    const folder = await json(['loss', LADDER_FOLDER, ...texts])
    const served = await json(['loss', server.url, '--tokenizer', LADDER_FOLDER, ...texts])
    expect(served.protocol).toMatchObject({
      engine: expect.stringMatching(/^openai-compatible\/vllm 0\.\d+/),
    })
    const domains = [file, folder, served].map((one) => one.domains as Domain[])
    expect(domains[0]!.length).toBeGreaterThan(3)
    domains[0]!.forEach(({ domain, tokens }, i) => {
      const values = domains.map((of) => {
        expect(of[i]).toMatchObject({ domain, tokens })
        return of[i]!.bitsPerByte.value
      })
      expect(Math.max(...values) / Math.min(...values) - 1, `${domain} ${values}`).toBeLessThan(1e-4)
    })
  })

  it('knows what the model’s file knows', { timeout: 600_000 }, async () => {
    const facts = ['--facts', 'facts/planted.jsonl', '--limit', '20', '--candidates', '8', '--exact']
    const file = await json(['knowledge', smallestModel(), ...facts])
    const served = await json(['knowledge', server.url, '--tokenizer', LADDER_FOLDER, ...facts])
    const unnamed = (retention: unknown) =>
      (retention as object[]).map((task) => ({ ...task, model: undefined }))
    expect(unnamed(served.retention)).toEqual(unnamed(file.retention))
  })

  it('is not given another model’s tokenizer', { timeout: 120_000 }, async () => {
    const folder = scratch()
    // The same vocabulary without its merges: every character by itself.
    const file = JSON.parse(readFileSync(join(LADDER_FOLDER, 'tokenizer.json'), 'utf8')) as { model: object }
    Object.assign(file.model, { merges: [] })
    writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(file))
    const ended = await runCli(['loss', server.url, '--tokenizer', folder])
    expect(ended.code).toBe(4)
    expect(ended.stderr).toContain('engines/server-vocabulary')
  })
})
