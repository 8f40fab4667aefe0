import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { beforeAll, describe, expect, it } from 'vitest'
import { AROUND_AN_AUDIT, commandNames, exampleOf, runExample } from './help-examples.js'
import { callCli, ROOT, scratch } from './run-cli.js'

const MEGABYTE = 1e6

describe('the packed program, installed into an empty folder,', () => {
  const packed = scratch('assay-pack-')
  const home = join(packed, 'elsewhere')

  /** What `npx assay …` runs there. */
  const place = { folder: home, main: join(home, 'node_modules', '.bin', 'assay') }

  let files: string[]

  beforeAll(() => {
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', packed]
    const [told] = JSON.parse(execFileSync('npm', pack, { cwd: ROOT, encoding: 'utf8' })) as [
      { files: { path: string }[]; filename: string; size: number },
    ]
    files = told.files.map(({ path }) => path)
    // The package itself: program, texts, facts and reference models.
    expect(told.size).toBeLessThan(60 * MEGABYTE)
    mkdirSync(home)
    execFileSync(
      'npm',
      ['install', '--silent', '--no-audit', '--no-fund', '--prefix', home, join(packed, told.filename)],
      { cwd: home },
    )
  }, 300_000)

  it('holds every page of the book of methods, which its findings cite', () => {
    const pages = readdirSync(join(ROOT, 'docs', 'methods')).map((name) => `docs/methods/${name}`)
    expect(files.filter((path) => path.startsWith('docs/methods/')).toSorted()).toEqual(pages.toSorted())
  })

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
    const names = commandNames()
    expect(names.length).toBeGreaterThan(15)
    for (const name of names) {
      const { stdout } = await callCli([...name.split(' '), '--help'], home, place.main)
      expect(stdout).toContain(`\n  $ npx assay ${name}`)
      for (const path of (await exampleOf(name, place)).filter((word) => word.startsWith('node_modules/')))
        expect(globSync(path, { cwd: home, expandDirectories: true }), path).not.toEqual([])
      if (name === 'curve' || name === 'forecast') expect((await runExample(name, place)).code).toBe(0)
    }
  }, 300_000)

  /** The audit before it asked the same of the same model: a minute's work that need not be done twice. */
  function withAuditsJournal(example: readonly string[]): string[] {
    const evidence = example[example.indexOf('--evidence') + 1]
    cpSync(join(home, 'assay-evidence'), join(home, evidence), { recursive: true })
    return ['--resume']
  }

  const codes = new Map<string, number | null>()
  const MORE: Readonly<Record<string, (example: readonly string[]) => string[]>> = {
    audit: () => ['--offline'],
    gather: withAuditsJournal,
  }

  it.each(AROUND_AN_AUDIT)(
    'does what the help of %s shows, the audit of the model that ships among it',
    async (name) => {
      const { code } = await runExample(name, place, MORE[name])
      codes.set(name, code)
    },
    600_000,
  )

  it('has ended that audit with its verdict, and written the report', () => {
    expect(existsSync(join(home, 'assay-report', 'report.html'))).toBe(true)
    const { verdict } = JSON.parse(readFileSync(join(home, 'assay-report', 'report.json'), 'utf8')) as {
      verdict: string
    }
    expect(['GO', 'NO-GO', 'INCONCLUSIVE'].indexOf(verdict)).toBe(codes.get('audit'))
  })
})
