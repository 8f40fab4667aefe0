import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

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

/** The call before: one at a time, since the working folder and what is printed belong to the process. */
let before: Promise<unknown> = Promise.resolve()
let calls = 0

/**
 * Run the built program within this process, whose modules stay loaded: a start takes more than most of what commands do that
 * open no model. Not for those that do in a test that loads engines from `src`: their types can be declared only once.
 *
 * @param main the program as it is called, which the help tells
 */
export function callCli(args: readonly string[], cwd: string = ROOT, main: string = MAIN): Promise<Ended> {
  const call = before.then(() => callNow(args, cwd, main))
  before = call.catch(() => undefined)
  return call
}

async function callNow(args: readonly string[], cwd: string, main: string): Promise<Ended> {
  const { argv, exitCode } = process
  const home = process.cwd()
  const printed = { stdout: '', stderr: '' }
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name]
    const { write } = stream
    stream.write = (block: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      printed[name] += typeof block === 'string' ? block : Buffer.from(block).toString()
      const told = typeof encoding === 'function' ? encoding : done
      if (typeof told === 'function') queueMicrotask(() => told())
      return true
    }
    return () => {
      stream.write = write
    }
  })
  try {
    process.argv = [argv[0] ?? '', main, ...args]
    process.exitCode = undefined
    process.chdir(cwd)
    await import(/* @vite-ignore */ `${pathToFileURL(realpathSync(main))}?call=${calls++}`)
    return { ...printed, code: Number(process.exitCode ?? 0), signal: null }
  } finally {
    for (const put of restore) put()
    process.chdir(home)
    process.argv = argv
    process.exitCode = exitCode
  }
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
