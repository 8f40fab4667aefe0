import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { callCli, scratch, smallestModel } from '../cli/run-cli.js'

const isRoot = process.getuid?.() === 0
const folder = scratch()
const evidence = join(folder, 'evidence')

beforeAll(async () => {
  const args = ['gather', smallestModel(), '--limit', '1', '--evidence', evidence, '--quiet']
  expect((await callCli(args)).code).toBe(0)
}, 120_000)

const audit = (out: string, to = join(folder, 'other')) =>
  callCli(['audit', smallestModel(), '--limit', '1', '--evidence', to, '--out', out])

describe('a folder that cannot be written', () => {
  it('is found before gathering, as a file in its path is', async () => {
    writeFileSync(join(folder, 'file'), '')
    for (const [out, to] of [
      [join(folder, 'file', 'out'), undefined],
      [join(folder, 'out'), join(folder, 'file', 'evidence')],
    ] as const) {
      const ended = await audit(out, to)
      expect([ended.code, ended.stderr.includes('audit/cannot-write')]).toEqual([3, true])
      // The line on what was opened names its parameters.
      expect(ended.stderr).not.toContain('parameters')
    }
    expect(existsSync(join(folder, 'other'))).toBe(false)
  }, 60_000)

  // Inputs that are not there would be told of as soon as the work began.
  it.each([
    ['loss', smallestModel(), 'none=/none', '--spans'],
    ['knowledge', smallestModel(), '--facts', '/none', '--out'],
    ['corpus', 'count', '--facts', '/none', '/none', '--out'],
    ['corpus', 'merge', '/none', '--facts', '/none', '--out'],
    ['salience', '--losses', '/none', '--scores', '/none', '--save'],
  ])('is found before the work of %s %s, as a folder in the place of the file is', async (...args) => {
    writeFileSync(join(folder, 'taken'), '')
    const inFile = await callCli([...args, join(folder, 'taken', 'table.parquet')])
    expect([inFile.code, inFile.stderr.includes('audit/cannot-write')]).toEqual([3, true])
    mkdirSync(join(folder, 'standing.parquet'), { recursive: true })
    const onFolder = await callCli([...args, join(folder, 'standing.parquet')])
    expect([onFolder.code, onFolder.stderr.includes('which is a folder and no file')]).toEqual([3, true])
  })

  it.skipIf(isRoot)('is called read-only where its mode forbids (root may write anywhere)', async () => {
    const out = join(folder, 'forbidden')
    mkdirSync(out)
    chmodSync(out, 0o555)
    const ended = await audit(out)
    expect([ended.code, ended.stderr.includes('permission denied')]).toEqual([3, true])
    expect(ended.stderr).toContain('audit/read-only-folder')
  })

  it.skipIf(!isRoot)('is called read-only where its file system is (needs root, to mount one)', async () => {
    const out = scratch()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=64k', 'tmpfs', out])
    try {
      for (const to of [out, join(out, 'deeper')]) {
        const ended = await audit(to)
        expect([ended.code, ended.stderr.includes('mounted read-only')]).toEqual([3, true])
        expect(ended.stderr).toContain('audit/read-only-folder')
      }
    } finally {
      execFileSync('umount', ['-l', out])
    }
  })
})

describe('report files that cannot be written', () => {
  it('keep back neither the verdict nor the other files, and give the exit code', async () => {
    const out = join(folder, 'report')
    // A folder that stands where the page should: renaming onto it fails, as late as a full disk would.
    mkdirSync(join(out, 'report.html', 'taken'), { recursive: true })
    const told = await callCli(['judge', evidence, '--out', out])
    expect(told.stdout).toMatch(/GO|INCONCLUSIVE/)
    expect([told.code, told.stderr.includes(join(out, 'report.html'))]).toEqual([3, true])
    expect(readdirSync(out).sort()).toEqual(['junit.xml', 'report.html', 'report.json', 'report.md'])
    const json = JSON.parse((await callCli(['judge', evidence, '--out', out, '--json'])).stdout)
    expect(json).toMatchObject({ error: { code: 'audit/cannot-write' } })
    expect(json.verdict).toMatch(/GO|INCONCLUSIVE/)
  }, 60_000)

  it.skipIf(!isRoot)('full disk: every file that failed is named (needs root, to mount one)', async () => {
    const out = scratch()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', out])
    try {
      const ended = await callCli(['judge', evidence, '--out', out])
      expect(ended.stdout).toMatch(/GO|INCONCLUSIVE/)
      expect([ended.code, ended.stderr.includes('audit/disk-full')]).toEqual([3, true])
      expect(ended.stderr).toContain(join(out, 'report.html'))
    } finally {
      execFileSync('umount', ['-l', out])
    }
  })
})
