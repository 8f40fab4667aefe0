import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { isInstalled } from '../../src/engines/onnx-runtime/runtime.js'
import { runCli, smallestModel } from './run-cli.js'

const FOLDER = smallestModel().replace(/\.gguf$/, '')
const scratch = mkdtempSync(join(tmpdir(), 'assay-checkpoints-cli-'))
const env = { ASSAY_CACHE: join(scratch, 'cache') }
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Two checkpoints, the earlier with the last of its matrices empty. */
function makeRun(): string {
  const run = join(scratch, 'run')
  for (const step of [100, 20]) {
    const folder = join(run, `checkpoint-${step}`)
    mkdirSync(folder, { recursive: true })
    for (const file of readdirSync(FOLDER)) copyFileSync(join(FOLDER, file), join(folder, file))
  }
  // Still being written: no weights yet.
  mkdirSync(join(run, 'checkpoint-300'))
  copyFileSync(join(FOLDER, 'config.json'), join(run, 'checkpoint-300', 'config.json'))
  const weights = join(run, 'checkpoint-20', 'model.safetensors')
  const bytes = readFileSync(weights)
  bytes.fill(0, bytes.length - 2048)
  writeFileSync(weights, bytes)
  return run
}

interface Series {
  readonly findings: readonly { readonly code: string; readonly title: string }[]
  readonly model: { readonly name: string; readonly kind: string }
  readonly checkpoints: readonly {
    readonly step: number
    readonly model: string
    readonly metrics: readonly { readonly metric: string; readonly estimate: { readonly value: number } }[]
  }[]
}

describe('checkpoint folders at the command line', { timeout: 300_000 }, () => {
  it('give the figures of the GGUF of the same weights', async () => {
    const [folder, gguf] = await Promise.all(
      [FOLDER, `${FOLDER}.gguf`].map((model) =>
        runCli(['loss', model, 'texts/literature/*.txt', '--limit', '1', '--json', '--quiet'], { env }),
      ),
    )
    expect([folder!.code, gguf!.code]).toEqual([0, 0])
    const [a, b] = [JSON.parse(folder!.stdout), JSON.parse(gguf!.stdout)]
    // Single precision where ONNX Runtime is installed; else the same library.
    if (isInstalled()) {
      expect(a.protocol).toMatchObject({ engine: expect.stringContaining('onnx-runtime'), cacheType: 'F32' })
      const bits = ({ domains }: typeof a): number => domains[0].bitsPerByte.value
      expect(Math.abs(bits(a) / bits(b) - 1)).toBeLessThan(1e-4)
    } else {
      expect(a.domains).toEqual(b.domains)
      expect(a.protocol).toEqual(b.protocol)
      expect(a.protocol.cacheType).toBe('F16')
    }
  })

  it('are audited one by one as a series, with what moved, and go on with --resume', async () => {
    const run = makeRun()
    const args = [
      'audit',
      run,
      '--every-checkpoint',
      '--limit',
      '1',
      '--json',
      '--quiet',
      '--evidence',
      join(scratch, 'evidence'),
      '--out',
      join(scratch, 'out'),
    ]
    const first = await runCli(args, { env })
    const series: Series = JSON.parse(first.stdout)
    expect(series.model).toMatchObject({ name: 'run/checkpoint-100', kind: 'checkpoint folder' })
    expect(series.checkpoints.map(({ step, model }) => ({ step, model }))).toEqual([
      { step: 20, model: join(run, 'checkpoint-20') },
      { step: 100, model: join(run, 'checkpoint-100') },
    ])
    expect(series.findings).toContainEqual(
      expect.objectContaining({ code: 'checkpoints/left-out', title: expect.stringContaining('Step 300') }),
    )
    const [early, late] = series.checkpoints.map(
      ({ metrics }) => metrics.find(({ metric }) => metric === 'held-out-loss.macro')!.estimate.value,
    )
    expect(early).not.toBe(late)
    expect(readFileSync(join(scratch, 'out', 'report.html'), 'utf8')).toContain('along its training')
    expect(readdirSync(join(scratch, 'evidence'))).toEqual(['step-100', 'step-20'])
    const again = await runCli([...args, '--resume'], { env })
    const losses = ({ checkpoints }: Series) =>
      checkpoints.map(({ metrics }) => metrics.filter(({ metric }) => metric.startsWith('held-out-loss')))
    expect(losses(JSON.parse(again.stdout))).toEqual(losses(series))
  })

  it('refuses a series where there is none, and a revision of what has none', async () => {
    const none = await runCli(['audit', FOLDER, '--every-checkpoint', '--json'], { env })
    expect(none.code).toBe(3)
    expect(none.stdout).toContain('engines/no-checkpoints')
    const revision = await runCli(['loss', FOLDER, '--revision', 'step10', '--json'], { env })
    expect(revision.code).toBe(3)
    expect(revision.stdout).toContain('engines/bad-reference')
  })
})
