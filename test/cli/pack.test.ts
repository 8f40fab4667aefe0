import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { beforeAll, describe, expect, it } from 'vitest'
import { ROOT, scratch } from './run-cli.js'

const MEGABYTE = 1e6

/** Every item, so many at once. */
async function inTurns<Item>(
  lanes: number,
  items: readonly Item[],
  each: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = [...items]
  const lane = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await each(item)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

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

  /** What `npx assay …` runs there; the exit code and what it wrote to stdout. */
  const assay = (...args: string[]): Promise<{ code: number; stdout: string }> =>
    new Promise((resolve) => {
      execFile(join('node_modules', '.bin', 'assay'), args, { cwd: home }, (error, stdout) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout }),
      )
    })

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

  it('tells examples that run there: their files are in the package', async () => {
    const namesIn = (help: string): string[] =>
      [...help.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1]).filter((name) => name !== 'help')
    const commands = namesIn((await assay('--help')).stdout)
    const parts = namesIn((await assay('corpus', '--help')).stdout)
    const helps = commands.flatMap((name) =>
      name === 'corpus' ? parts.map((part) => `corpus ${part}`) : [name],
    )
    expect(helps.length).toBeGreaterThan(15)
    await inTurns(2, helps, async (name) => {
      const { stdout } = await assay(...name.split(' '), '--help')
      const [, example = ''] = /\n {2}\$ (.+)\n/.exec(stdout) ?? []
      expect(example.startsWith(`npx assay ${name}`), `${name}: ${example}`).toBe(true)
      for (const path of example.split(' ').filter((word) => word.startsWith('node_modules/')))
        expect(globSync(path, { cwd: home, expandDirectories: true }), path).not.toEqual([])
      if (name === 'curve' || name === 'forecast')
        expect((await assay(...example.split(' ').slice(2))).code, example).toBe(0)
    })
  }, 300_000)

  it('audits the model that ships, off-line', async () => {
    const { code } = await assay('audit', '--offline', '--limit', '2', '--quiet')
    expect([0, 1, 2]).toContain(code)
    expect(existsSync(join(home, 'assay-report', 'report.html'))).toBe(true)
    const { verdict } = JSON.parse(readFileSync(join(home, 'assay-report', 'report.json'), 'utf8')) as {
      verdict: string
    }
    expect(['GO', 'NO-GO', 'INCONCLUSIVE'][code]).toBe(verdict)
  }, 600_000)
})
