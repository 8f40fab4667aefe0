import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { ROOT, scratch } from './run-cli.js'

const INSTALL_MS = 240_000
const clone = join(scratch('assay-clone-'), 'assay')
const runs = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: clone, encoding: 'utf8', stdio: 'pipe', timeout: INSTALL_MS })
const skipWithoutRegistry = (context: TestContext): void => {
  try {
    runs('npm', 'view', 'koffi', 'name', '--fetch-retries=0', '--fetch-timeout=10000')
  } catch {
    context.skip('no package registry can be reached from here')
  }
}

describe('a fresh clone', () => {
  beforeAll(() => {
    execFileSync('git', ['clone', '--quiet', ROOT, clone], { stdio: 'pipe' })
  })
  afterAll(() => rmSync(clone, { recursive: true, force: true }))

  it(
    'is unchanged by npm ci (skipped where no package registry can be reached)',
    (context) => {
      skipWithoutRegistry(context)
      // The lock file is held against package.json whole, whatever is then left out.
      runs('npm', 'ci', '--ignore-scripts', '--no-audit', '--omit=dev', '--omit=optional')
      expect(runs('git', 'status', '--porcelain')).toBe('')
    },
    INSTALL_MS,
  )

  // npm 10 does not know the field `libc` and strikes it from any lock file; see docs/decisions/0001-dependencies.md.
  it(
    'is unchanged by npm install (skipped by npm 10, which strikes libc from the lock file, and where no package registry can be reached)',
    (context) => {
      context.skip(
        Number.parseInt(runs('npm', '--version'), 10) < 11,
        'npm 10 strikes libc from the lock file',
      )
      skipWithoutRegistry(context)
      runs('npm', 'install', '--ignore-scripts', '--no-audit', '--package-lock-only')
      expect(runs('git', 'status', '--porcelain')).toBe('')
    },
    INSTALL_MS,
  )
})
