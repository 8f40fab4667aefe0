import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { callCli, type Ended, runCli, scratch, smallestModel } from '../cli/run-cli.js'

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
    expectInputError(await callCli(['audit', '/no/such/model.gguf', ...evidenceIn(scratch())]), 'engines/')
  })

  it('a file that is no GGUF', async () => {
    const folder = scratch()
    writeFileSync(join(folder, 'm.gguf'), 'this is text, not a model '.repeat(100))
    expectInputError(await callCli(['audit', join(folder, 'm.gguf'), ...evidenceIn(folder)]), 'engines/')
  })

  it.each([0, 10, 5_000, 100_000])('a GGUF cut off after %i bytes', async (length) => {
    const folder = scratch()
    const path = join(folder, 'm.gguf')
    copyFileSync(smallestModel(), path)
    truncateSync(path, length)
    expectInputError(await callCli(['audit', path, ...evidenceIn(folder)]), 'engines/')
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
    return callCli(['loss', smallestModel(), `own=${join(folder, 'own.txt')}`, '--json'])
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
    expectInputError(await callCli(['loss', smallestModel(), 'own=/no/such/*.txt']), 'audit/no-text')
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
    const ended = await callCli(['validate', join(folder, 'assay.yaml')])
    expectInputError(ended, 'audit/bad-config')
    expect(ended.stderr).toContain('assay.yaml:2')
    expect(ended.stderr).toContain('"limit"')
  })

  it('lists every fault with its line, files that are not there among them', async () => {
    const folder = scratch()
    const lines = [
      'model: none.gguf',
      'limt: 3',
      'domains:',
      '  a: "*.none"',
      'baseline: none',
      'training_logs: none.csv',
      'evaluations: {files: none.csv}',
      'knowledge: {facts: none.jsonl, counts: none.tsv}',
      'engine: {threads: 0}',
    ]
    writeFileSync(join(folder, 'assay.yaml'), `${lines.join('\n')}\n`)
    const ended = await callCli(['validate', join(folder, 'assay.yaml')])
    expectInputError(ended, 'audit/bad-config')
    expect(ended.stderr).toContain('unknown key "limt"; did you mean "limit"?')
    for (const told of [
      'line 1, model: there is no "none.gguf"',
      'line 4, domains.a: no file matches "*.none"',
      'line 5, baseline: there is no evidence in "none"',
      'line 6, training_logs: no file matches "none.csv"',
      'line 7, evaluations.files: no file matches "none.csv"',
      'line 7, evaluations: name the run to forecast',
      'line 8, knowledge.facts: there is no "none.jsonl"',
      'line 8, knowledge.counts: there is no "none.tsv"',
      'engine.threads',
    ])
      expect(ended.stderr).toContain(told)
  })

  it('a domain called __proto__; on the command line, and called constructor, it is scored', async () => {
    const folder = scratch()
    const text = join(folder, 'a.txt')
    writeFileSync(text, 'The house stood at the end of the road.')
    writeFileSync(join(folder, 'assay.yaml'), `domains:\n  __proto__: ${text}\n`)
    const ended = await callCli(['validate', join(folder, 'assay.yaml')])
    expectInputError(ended, 'audit/bad-config')
    expect(ended.stderr).toContain('assay.yaml:2')
    const scored = await callCli([
      'loss',
      smallestModel(),
      `__proto__=${text}`,
      `constructor=${text}`,
      '--json',
    ])
    const { domains } = JSON.parse(scored.stdout) as { domains: { domain: string }[] }
    expect(domains.map((d) => d.domain)).toEqual(['__proto__', 'constructor'])
    writeFileSync(join(folder, 'assay.yaml'), `domains:\n  constructor: ${text}\nseed: 7\n`)
    const valid = await callCli(['validate', join(folder, 'assay.yaml'), '--json'])
    // The config's own seed stands where the command line names none.
    expect([valid.code, (JSON.parse(valid.stdout) as { seed: number }).seed]).toEqual([0, 7])
  })

  it('a gate on a metric that nothing measures', async () => {
    const folder = scratch()
    mkdirSync(join(folder, 'evidence'))
    writeFileSync(join(folder, 'policy.yaml'), 'gates:\n  - {metric: held-out-los.macro, max: 1}\n')
    const gathered = await callCli([
      'gather',
      smallestModel(),
      '--limit',
      '1',
      '--evidence',
      join(folder, 'evidence'),
    ])
    expect(gathered.stderr).not.toContain('bug')
    expect(gathered.code).toBe(0)
    const ended = await callCli(['gate', join(folder, 'evidence'), '--policy', join(folder, 'policy.yaml')])
    expectInputError(ended, 'audit/bad-config')
    expect(ended.stderr).toContain('did you mean "held-out-loss.macro"?')
    expect(ended.stderr).toContain('policy.yaml:2')
  })

  it('init writes a config that validates, and does not overwrite', async () => {
    const folder = scratch()
    expect((await callCli(['init'], folder)).code).toBe(0)
    expect((await callCli(['validate'], folder)).code).toBe(0)
    expectInputError(await callCli(['init'], folder), 'cli/bad-option')
    expectInputError(await callCli(['init', '--force', '--model', ''], folder), 'cli/bad-option')
    expect(readFileSync(join(folder, 'assay.yaml'), 'utf8')).toContain('gates:')
  })

  it.each([
    ['a file', smallestModel(), []],
    ['a checkpoint folder', smallestModel().replace('.gguf', ''), []],
    ['a server', 'http://localhost:8000/v1', ['--tokenizer', 'hf:org/name']],
  ] as const)('init names %s in a config that validates, from its own folder', async (_, model, more) => {
    const config = join(scratch(), 'a.yaml')
    expect((await callCli(['init', config, '--model', model, ...more])).code).toBe(0)
    const ended = await callCli(['validate', config, '--json'])
    expect(ended.code, ended.stderr).toBe(0)
    expect(JSON.parse(ended.stdout).config.tokenizer).toBe(more[1])
    expect(parse(readFileSync(config, 'utf8')).model).toMatch(model.startsWith('http') ? model : /^\.\.\//)
  })
})

describe('evidence that cannot be judged', () => {
  it('a folder without evidence', async () => {
    expectInputError(await callCli(['judge', scratch()]), 'audit/no-evidence')
  })
})
