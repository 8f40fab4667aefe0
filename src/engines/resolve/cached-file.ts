import { type FileHandle, mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AssayError, messageOf } from '../../core/index.js'
import { raise } from '../errors.js'

/** Write all of `chunk` at `position`. */
export async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < chunk.length)
    done += (await file.write(chunk, done, chunk.length - done, position + done)).bytesWritten
}

/**
 * A missing gigabyte is better known before than after an hour.
 *
 * @throws {AssayError} `engines/disk-full`
 */
export async function requireRoom(path: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path))
  if (needed > bavail * bsize)
    throw raise('disk-full', `${needed} bytes are needed, ${bavail * bsize} are free`, {
      path: dirname(path),
    })
}

/** An error of the disk or of permissions, which trying again does not mend. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error &&
  'syscall' in error &&
  /^E(NOSPC|DQUOT|FBIG|ACCES|PERM|ROFS|IO)$/.test(String((error as NodeJS.ErrnoException).code))

/** @throws {AssayError} `engines/disk-full`, `engines/cache-unwritable` in place of the system's errors */
export async function guardDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isSystemError(error)) throw error
    const full = error.code === 'ENOSPC' || error.code === 'EDQUOT'
    throw raise(full ? 'disk-full' : 'cache-unwritable', error.message, { path }, error)
  }
}

/** @throws {AssayError} `engines/cache-unwritable` */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw raise('cache-unwritable', messageOf(error), { path: folder }, error)
  }
}

/** A lock file with our process id; one that a dead process left behind is taken over. */
export async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await guardDisk(path, () => writeFile(path, String(process.pid), { flag: 'wx' }))
      return () => rm(path, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const owner = Number(await readFile(path, 'utf8').catch(() => '0'))
      if (owner !== 0 && owner !== process.pid && isAlive(owner))
        throw raise('download-running', `process ${owner}`, { path })
      await rm(path, { force: true })
    }
  }
}

const WAIT_MS = 250

/** As {@link lock}, but wait where another process holds it; `check` throws to end the waiting. */
export async function waitForLock(path: string, check: () => void): Promise<() => Promise<void>> {
  for (;;) {
    check()
    try {
      return await lock(path)
    } catch (error) {
      if (!(error instanceof AssayError) || error.code !== 'engines/download-running') throw error
      await sleep(WAIT_MS)
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
