import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { putS3 } from '../readers/s3.js'

/** Write a file so that it is there whole or not at all, whatever happens on the way. */
export function writeWhole(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.draft`
  const file = openSync(draft, 'w')
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
}

/** `writeWhole`, or one PUT where the path is an `s3://` object. */
export async function writeAnywhere(path: string, bytes: Uint8Array): Promise<void> {
  if (path.startsWith('s3://')) await putS3(path, bytes)
  else writeWhole(path, bytes)
}
