import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Where test/servers/vllm.sh has installed vLLM: `$ASSAY_VLLM`, else ~/.cache/assay/vllm. */
const INSTALLED = process.env.ASSAY_VLLM ?? join(homedir(), '.cache', 'assay', 'vllm')
/** On two cores with a load of 16 it took 250 s; ms. */
const STARTED_WITHIN = 600_000

/** Why a test of a real vLLM is skipped; undefined where it is installed. */
export const NO_VLLM: string | undefined = existsSync(join(INSTALLED, 'bin', 'vllm'))
  ? undefined
  : `no vLLM in ${INSTALLED}: run test/servers/vllm.sh install ${INSTALLED}`

export interface VllmServer {
  readonly url: string
  close(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

/** Serve a checkpoint folder by vLLM on this machine's processor, in float32. */
export async function startVllm(model: string, options: readonly string[] = []): Promise<VllmServer> {
  const port = await freePort()
  const script = join(import.meta.dirname, 'vllm.sh')
  // A group of its own: the engine runs in a process beside the server's.
  const child = spawn('bash', [script, 'serve', INSTALLED, model, String(port), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      log = `${log}${chunk.toString('utf8')}`.slice(-4000)
    })
  const url = `http://127.0.0.1:${port}/v1`
  const deadline = performance.now() + STARTED_WITHIN
  while (!(await answers(`${url}/models`))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop(child)
      throw new Error(`vLLM did not start: ${log}`)
    }
    await sleep(500)
  }
  return { url, close: () => stop(child) }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return
  const ended = new Promise((done) => child.once('exit', done))
  process.kill(-child.pid, 'SIGTERM')
  await ended
}
