import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/core/index.js'
import { readGgufHeader } from '../../src/engines/gguf/header.js'
import { callCli, scratch, smallestModel } from '../cli/run-cli.js'

const folder = scratch()
const ALIGNMENT = 32

/** The smallest model that ships with each of its F16 weights made anew. */
async function remade(name: string, weightOf: (old: number, at: number) => number): Promise<string> {
  const { tensors } = await readGgufHeader(smallestModel())
  const file = readFileSync(smallestModel())
  const path = join(folder, `${name}.gguf`)
  let at = file.length - tensors.reduce((sum, t) => sum + ALIGNMENT * Math.ceil(t.bytes / ALIGNMENT), 0)
  for (const { type, elements, bytes } of tensors) {
    if (type === 'F16')
      for (let i = 0; i < elements; i++)
        file.writeUInt16LE(weightOf(file.readUInt16LE(at + 2 * i), i), at + 2 * i)
    at += ALIGNMENT * Math.ceil(bytes / ALIGNMENT)
  }
  writeFileSync(path, file)
  return path
}

const loss = (model: string) => callCli(['loss', model, 'texts/README.md', '--json'])

/** F16 of 2^−6 with a random sign and fraction: weights of about .02, as before training. */
function untrained(): (old: number) => number {
  const random = createRandom(1)
  return () => (random.uniform() < 0.5 ? 0x8000 : 0) | (9 << 10) | Math.floor(1024 * random.uniform())
}

describe('models that are not what they seem', { timeout: 60_000 }, () => {
  it.each([
    ['untrained', untrained()],
    ['of zeros alone', () => 0],
  ])('%s: scored, and said to answer as an untrained one', async (name, weightOf) => {
    const { code, stderr, stdout } = await loss(await remade(name, weightOf))
    expect(stderr).toMatch(/answers as an untrained one does, whatever engine scores it/)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      macro: { unit: 'bits/byte' },
      findings: expect.arrayContaining([
        expect.objectContaining({ code: expect.stringMatching(/^engine-check\/model-(untrained|uniform)$/) }),
      ]),
    })
  })

  it('weights that are not finite: refused as damaged, not as another engine’s fault', async () => {
    const { code, stderr } = await loss(await remade('nan', (old, i) => (i === 100 ? 0x7e00 : old)))
    expect(stderr).toContain('engines/non-finite-logits')
    expect(code).toBe(4)
  })
})
