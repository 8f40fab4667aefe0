import { open, stat } from 'node:fs/promises'
import { messageOf } from '../../core/errors.js'
import { raise } from '../errors.js'
import { openHttp } from './http.js'
import { openS3 } from './s3.js'

/** Bytes somewhere: a local file, an object of S3, an address. */
export interface Source {
  readonly path: string
  /** What it is asked for by, where `path` leaves out what may be secret in it. */
  readonly address?: string
  /** Length in bytes; null where the server does not tell. */
  readonly size: number | null
  /** Changes when the content does: modification time or entity tag. */
  readonly version: string
  /** Whether a read in the middle costs no more than what it reads; otherwise the file is read in one piece. */
  readonly hasRanges: boolean
  /** Bytes from…to. */
  read(from: number, to: number): Promise<Uint8Array>
  /** All bytes from `from` on, in blocks; each is valid until the next is asked for. */
  stream(from: number): AsyncIterable<Uint8Array>
}

const BLOCK_BYTES = 1 << 20

async function openLocal(path: string): Promise<Source> {
  let info: Awaited<ReturnType<typeof stat>>
  try {
    info = await stat(path)
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw raise('unreadable', missing ? 'there is no such file' : messageOf(error), { path }, error)
  }
  if (info.isFIFO())
    throw raise('unreadable', 'it is a pipe, which can be read only once: write it into a file', { path })
  if (!info.isFile() && !info.isDirectory())
    throw raise('unreadable', 'it is a device or a socket, not a file', { path })
  return {
    path,
    size: info.size,
    version: `${info.size}-${Math.trunc(info.mtimeMs)}`,
    hasRanges: true,
    async read(from, to) {
      const file = await open(path)
      try {
        const bytes = Buffer.alloc(to - from)
        const { bytesRead } = await file.read(bytes, 0, to - from, from)
        return bytes.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    },
    async *stream(from) {
      const file = await open(path)
      const block = Buffer.allocUnsafe(BLOCK_BYTES)
      try {
        for (let at = from; ; ) {
          const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, at)
          if (bytesRead === 0) return
          at += bytesRead
          yield block.subarray(0, bytesRead)
        }
      } finally {
        await file.close()
      }
    },
  }
}

/** Open a local path, an `s3://` object or an `https://` address. */
export async function openSource(path: string): Promise<Source> {
  if (path.startsWith('s3://')) return openS3(path)
  if (/^https?:\/\//.test(path)) return { ...(await openHttp(path, fetch)), address: path }
  const scheme = /^[a-z][a-z0-9+.-]+:\/\//i.exec(path)?.[0]
  if (scheme !== undefined)
    throw raise('no-input', `addresses that begin with ${scheme} are not read`, { path })
  return openLocal(path)
}
