import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scratch } from '../cli/run-cli.js'

let proxy: Server
/** What the proxy was asked for: `CONNECT host:port` or `GET address`. */
let asked: string[]
let address: string

beforeEach(async () => {
  asked = []
  proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(404).end()
  })
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    // Refused for good: what matters here is who was asked.
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
})

afterEach(async () => {
  proxy.closeAllConnections()
  await new Promise((done) => proxy.close(done))
})

/** Download a model from a hub that no name server knows, in a process of its own. */
function download(environment: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const main = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'main.js')
  const child = spawn(process.execPath, [main, 'loss', 'hf:org/repo/m.gguf'], {
    env: { PATH: process.env.PATH, ASSAY_CACHE: scratch(), ...environment },
  })
  let stderr = ''
  child.stderr.on('data', (block: Buffer) => {
    stderr += block.toString('utf8')
  })
  return new Promise((done) => child.on('close', (code) => done({ code, stderr })))
}

describe('downloads', () => {
  it('go through the proxy of the environment', async () => {
    const { code } = await download({ HF_ENDPOINT: 'https://hub.invalid', HTTPS_PROXY: address })
    expect(code).toBe(4)
    expect(asked).toContain('CONNECT hub.invalid:443')
  })

  it('pass it by for hosts of NO_PROXY', async () => {
    const environment = { HF_ENDPOINT: 'https://hub.invalid', HTTPS_PROXY: address, NO_PROXY: 'hub.invalid' }
    expect((await download(environment)).code).toBe(4)
    expect(asked).toEqual([])
  })

  it('never send a token in clear, and show none', async () => {
    const environment = { HF_ENDPOINT: 'http://hub.invalid', HTTP_PROXY: address, HF_TOKEN: 'hf_secret' }
    const { code, stderr } = await download(environment)
    expect(code).toBe(3)
    expect(stderr).toContain('engines/token-in-clear')
    expect(stderr).not.toContain('hf_secret')
    expect(asked).toEqual([])
  })
})
