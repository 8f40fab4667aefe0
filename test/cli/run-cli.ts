import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The program as a user runs it: built, in its own process. `npm test` builds first, test/program.ts bundles. */
export const MAIN: string = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'bundle', 'main.js')
export const ROOT: string = join(import.meta.dirname, '..', '..')

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly cwd?: string
  readonly env?: Record<string, string>
}

/** Start the program; the process can be signalled before it ends. */
export function startCli(
  args: readonly string[],
  options: CliOptions = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return { child, ended }
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
  return startCli(args, options).ended
}

export function scratch(name = 'assay-test-'): string {
  return mkdtempSync(join(tmpdir(), name))
}

const bytes = (name: string): number =>
  Number(/(\d+(?:\.\d+)?)([kM])/.exec(name)?.[1] ?? 0) * (name.includes('M') ? 1e6 : 1e3)

/** The smallest model that ships: loads in a moment, so tests of the program can run it many times. */
export function smallestModel(): string {
  const folder = join(ROOT, 'models')
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.gguf')) : []
  const [first] = names.sort((a, b) => bytes(a) - bytes(b))
  if (first === undefined) throw new Error('no GGUF ships in models/')
  return join(folder, first)
}
