import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
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

  it('installs into an empty folder and audits the model that ships, off-line', () => {
    const packed = scratch('assay-pack-')
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', packed], { cwd: ROOT })
    const [tarball] = readdirSync(packed)
    // The package itself: program, texts, facts and reference models.
    expect(statSync(join(packed, tarball)).size).toBeLessThan(60 * MEGABYTE)
    const home = join(packed, 'elsewhere')
    mkdirSync(home)
    execFileSync(
      'npm',
      ['install', '--silent', '--no-audit', '--no-fund', '--prefix', home, join(packed, tarball)],
      { cwd: home },
    )
    // GPU builds must not come along: they alone are more than 600 MB.
    const binaries = readdirSync(join(home, 'node_modules', '@node-llama-cpp'))
    expect(binaries.filter((name) => /cuda|vulkan/.test(name))).toEqual([])
    const code = ((): number => {
      try {
        execFileSync('npx', ['--no-install', 'assay', 'audit', '--offline', '--limit', '2', '--quiet'], {
          cwd: home,
          stdio: 'pipe',
        })
        return 0
      } catch (error) {
        return (error as { status: number }).status
      }
    })()
    expect([0, 1, 2]).toContain(code)
    expect(existsSync(join(home, 'assay-report', 'report.html'))).toBe(true)
    const { verdict } = JSON.parse(readFileSync(join(home, 'assay-report', 'report.json'), 'utf8')) as {
      verdict: string
    }
    expect(['GO', 'NO-GO', 'INCONCLUSIVE'][code]).toBe(verdict)
  }, 600_000)
})
