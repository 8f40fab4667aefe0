import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Ended, runCli, scratch, smallestModel } from '../cli/run-cli.js'

/** Input errors: exit code 3, a code, a place and a fix on stderr, no stack, no verdict. */
function expectInputError(ended: Ended, code: string): void {
  expect(ended.stderr).toContain(code)
  expect(ended.stderr).toContain('fix: ')
  expect(ended.stderr).not.toMatch(/\n\s+at .*\.js:\d+/)
  expect(ended.stdout).not.toMatch(/\bGO\b/)
  expect(ended.code).toBe(3)
}

const evidenceIn = (folder: string): string[] => [
  '--evidence',
  join(folder, 'evidence'),
  '--out',
  join(folder, 'out'),
]

describe('a model that cannot be audited', () => {
  it('a missing file', async () => {
    expectInputError(await runCli(['audit', '/no/such/model.gguf', ...evidenceIn(scratch())]), 'engines/')
  })

  it('a file that is no GGUF', async () => {
    const folder = scratch()
    writeFileSync(join(folder, 'm.gguf'), 'this is text, not a model '.repeat(100))
    expectInputError(await runCli(['audit', join(folder, 'm.gguf'), ...evidenceIn(folder)]), 'engines/')
  })

  it.each([0, 10, 5_000, 100_000])('a GGUF cut off after %i bytes', async (length) => {
    const folder = scratch()
    const path = join(folder, 'm.gguf')
    copyFileSync(smallestModel(), path)
    truncateSync(path, length)
    expectInputError(await runCli(['audit', path, ...evidenceIn(folder)]), 'engines/')
  })

  it('a download that --offline forbids', async () => {
    const folder = scratch()
    const env = { XDG_CACHE_HOME: folder, HF_ENDPOINT: 'http://127.0.0.1:9' }
    const ended = await runCli(['audit', 'hf:org/repo/file.gguf', '--offline', ...evidenceIn(folder)], {
      env,
    })
    expectInputError(ended, 'engines/')
    expect(ended.stderr).toMatch(/offline/)
  })
})

describe('text that cannot be scored', () => {
  const auditOf = async (content: string | Uint8Array): Promise<Ended> => {
    const folder = scratch()
    writeFileSync(join(folder, 'own.txt'), content)
    return runCli(['loss', smallestModel(), `own=${join(folder, 'own.txt')}`, '--json'])
  }

  it('an empty file', async () => {
    expectInputError(await auditOf(''), 'audit/no-text')
  })

  it('text in no known encoding, with the byte', async () => {
    const ended = await auditOf(
      Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9]), Buffer.from(' au lait')]),
    )
    expectInputError(ended, 'audit/not-utf8')
    expect(ended.stderr).toContain('own.txt')
  })

  it('a glob that matches nothing', async () => {
    expectInputError(await runCli(['loss', smallestModel(), 'own=/no/such/*.txt']), 'audit/no-text')
  })

  it('one byte is scored, but gives no interval and so no estimate', async () => {
    const ended = await auditOf('a')
    expect(ended.code).toBe(0)
    const { domains } = JSON.parse(ended.stdout) as {
      domains: { bitsPerByte: { kind: string; reason: string } }[]
    }
    expect(domains[0].bitsPerByte.kind).toBe('notEstimable')
    expect(ended.stdout).not.toMatch(/NaN|null/)
  })

  it('a document longer than any context is scored whole', async () => {
    const text = `${'The house stood at the end of the road. '.repeat(600)}\n`
    const ended = await auditOf(text)
    expect(ended.code).toBe(0)
    const { domains } = JSON.parse(ended.stdout) as {
      domains: { bytes: number; bitsPerByte: { kind: string } }[]
    }
    expect(domains[0].bytes).toBe(text.length)
    expect(domains[0].bitsPerByte.kind).toBe('estimate')
  })
})

describe('a config that cannot be used', () => {
  it('names line and nearest key', async () => {
    const folder = scratch()
    writeFileSync(join(folder, 'assay.yaml'), 'model: x.gguf\nlimt: 3\n')
    const ended = await runCli(['validate', join(folder, 'assay.yaml')])
    expectInputError(ended, 'audit/bad-config')
    expect(ended.stderr).toContain('assay.yaml:2')
    expect(ended.stderr).toContain('"limit"')
  })

  it('a gate on a metric that nothing measures', async () => {
    const folder = scratch()
    mkdirSync(join(folder, 'evidence'))
    writeFileSync(join(folder, 'policy.yaml'), 'gates:\n  - {metric: held-out-los.macro, max: 1}\n')
    const gathered = await runCli([
      'gather',
      smallestModel(),
      '--limit',
      '1',
      '--evidence',
      join(folder, 'evidence'),
    ])
    expect(gathered.stderr).not.toContain('bug')
    expect(gathered.code).toBe(0)
    const ended = await runCli(['gate', join(folder, 'evidence'), '--policy', join(folder, 'policy.yaml')])
    expectInputError(ended, 'audit/bad-config')
    expect(ended.stderr).toContain('did you mean "held-out-loss.macro"?')
    expect(ended.stderr).toContain('policy.yaml:2')
  })

  it('init writes a config that validates, and does not overwrite', async () => {
    const folder = scratch()
    expect((await runCli(['init'], { cwd: folder })).code).toBe(0)
    expect((await runCli(['validate'], { cwd: folder })).code).toBe(0)
    expectInputError(await runCli(['init'], { cwd: folder }), 'cli/bad-option')
    expect(readFileSync(join(folder, 'assay.yaml'), 'utf8')).toContain('gates:')
  })
})

describe('evidence that cannot be judged', () => {
  it('a folder without evidence', async () => {
    expectInputError(await runCli(['judge', scratch()]), 'audit/no-evidence')
  })
})
