import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { beforeAll, describe, expect, it } from 'vitest'
import { ROOT, scratch } from './run-cli.js'

const MEGABYTE = 1e6

describe('the packed program', () => {
  it('holds every page of the book of methods, which its findings cite', () => {
    const [{ files }] = JSON.parse(
      execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
        cwd: ROOT,
        encoding: 'utf8',
      }),
    ) as [{ files: { path: string }[] }]
    const packed = files.map(({ path }) => path).filter((path) => path.startsWith('docs/methods/'))
    const pages = readdirSync(join(ROOT, 'docs', 'methods')).map((name) => `docs/methods/${name}`)
    expect(packed.toSorted()).toEqual(pages.toSorted())
  })
})

describe('the packed program, installed into an empty folder,', () => {
  const packed = scratch('assay-pack-')
  const home = join(packed, 'elsewhere')

  /** `npx assay …` there; the exit code and what it wrote to stdout. */
  function assay(...args: string[]): { code: number; stdout: string } {
    try {
      const stdout = execFileSync('npx', ['--no-install', 'assay', ...args], {
        cwd: home,
        stdio: 'pipe',
        encoding: 'utf8',
      })
      return { code: 0, stdout }
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string }
      return { code: status, stdout }
    }
  }

  beforeAll(() => {
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', packed], { cwd: ROOT })
    const [tarball] = readdirSync(packed)
    // The package itself: program, texts, facts and reference models.
    expect(statSync(join(packed, tarball)).size).toBeLessThan(60 * MEGABYTE)
    mkdirSync(home)
    execFileSync(
      'npm',
      ['install', '--silent', '--no-audit', '--no-fund', '--prefix', home, join(packed, tarball)],
      { cwd: home },
    )
  }, 300_000)

  it('gives a program every part of the library by its name', () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: object }
    const parts = ['.', './core', './ingest', './probes', './engines', './report', './corpus', './audit']
    expect(Object.keys(exports).toSorted()).toEqual([...parts, './package.json'].toSorted())
    const lines = parts.map(
      (part) => `console.log(Object.keys(await import('assay-audit${part.slice(1)}')).length)`,
    )
    const program = ['--input-type=module', '--eval', lines.join('\n')]
    const counts = execFileSync(process.execPath, program, { cwd: home, encoding: 'utf8' }).trim().split('\n')
    expect(counts.map(Number).every((count) => count > 2)).toBe(true)
    expect(counts).toHaveLength(parts.length)
  })

  it('brings no GPU builds along: they alone are more than 600 MB', () => {
    const binaries = readdirSync(join(home, 'node_modules', '@node-llama-cpp'))
    expect(binaries.filter((name) => /cuda|vulkan/.test(name))).toEqual([])
  })

  it('tells examples that run there: their files are in the package', () => {
    const commands = [...assay('--help').stdout.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1])
    const helps = commands.flatMap((name) => (name === 'corpus' ? ['corpus count', 'corpus merge'] : [name]))
    expect(helps.length).toBeGreaterThan(15)
    for (const name of helps.filter((command) => command !== 'help')) {
      const [, example = ''] = /\n {2}\$ (.+)\n/.exec(assay(...name.split(' '), '--help').stdout) ?? []
      expect(example.startsWith(`npx assay ${name}`), `${name}: ${example}`).toBe(true)
      for (const path of example.split(' ').filter((word) => word.startsWith('node_modules/')))
        expect(globSync(path, { cwd: home, expandDirectories: true }), path).not.toEqual([])
      if (name === 'curve' || name === 'forecast')
        expect(assay(...example.split(' ').slice(2)).code, example).toBe(0)
    }
  }, 300_000)

  it('audits the model that ships, off-line', () => {
    const { code } = assay('audit', '--offline', '--limit', '2', '--quiet')
    expect([0, 1, 2]).toContain(code)
    expect(existsSync(join(home, 'assay-report', 'report.html'))).toBe(true)
    const { verdict } = JSON.parse(readFileSync(join(home, 'assay-report', 'report.json'), 'utf8')) as {
      verdict: string
    }
    expect(['GO', 'NO-GO', 'INCONCLUSIVE'][code]).toBe(verdict)
  }, 600_000)
})
