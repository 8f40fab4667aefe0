import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')

/** Milliseconds since 1970 of the last write; 0 for what is not there. */
const writtenAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** Tests run the program's bundle: made again where `tsc -b` alone has built since. Called for every project of the run. */
export default function setup(): void {
  const builds = readdirSync(DIST).filter((name) => name.endsWith('.tsbuildinfo'))
  const built = Math.max(...builds.map((name) => writtenAt(join(DIST, name))))
  if (writtenAt(join(DIST, 'cli', 'bundle', 'main.js')) < built)
    execFileSync('npm', ['run', '--silent', 'bundle'], { cwd: ROOT, stdio: 'inherit' })
}
