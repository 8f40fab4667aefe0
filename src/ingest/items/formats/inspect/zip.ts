import { readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { loadZstd, unzstdPage } from '../../../../io/zstd.js'

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_HEADER = 0x04034b50
/** Bytes of the record at the end, and of the longest comment behind it. */
const END_BYTES = 22
const LONGEST_COMMENT = 0xffff
const METHODS = { stored: 0, deflate: 8, zstd: 93 } as const

/** A member of an archive, unpacked when it is asked for. */
export interface ZipMember {
  readonly name: string
  read(): string
}

function endOf(bytes: Buffer): number {
  const last = bytes.length - END_BYTES
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--)
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at
  throw new Error('no end of a ZIP archive was found')
}

function unpack(bytes: Buffer, method: number, packed: number, size: number, header: number): string {
  if (bytes.readUInt32LE(header) !== LOCAL_HEADER)
    throw new Error('a member of the ZIP archive is not where it should be')
  const from = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28)
  const page = bytes.subarray(from, from + packed)
  if (method === METHODS.stored) return page.toString('utf8')
  if (method === METHODS.deflate)
    return inflateRawSync(page, { maxOutputLength: Math.max(1, size) }).toString('utf8')
  if (method === METHODS.zstd) return Buffer.from(unzstdPage(page, size)).toString('utf8')
  throw new Error(`a member of the ZIP archive is packed by method ${method}, expected deflate or zstd`)
}

/**
 * The members of a ZIP archive by its central directory (PKWARE APPNOTE 6.3): stored, deflate and Zstandard.
 *
 * @throws {Error} where the archive is broken, or larger than 4 GB (ZIP64)
 */
export async function zipMembers(path: string): Promise<ZipMember[]> {
  await loadZstd()
  const bytes = readFileSync(path)
  const end = endOf(bytes)
  const count = bytes.readUInt16LE(end + 10)
  const members: ZipMember[] = []
  for (let i = 0, at = bytes.readUInt32LE(end + 16); i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw new Error('the directory of the ZIP archive is broken, or is one of ZIP64')
    const [method, packed, size] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 24),
    ]
    const name = bytes.readUInt16LE(at + 28)
    const header = bytes.readUInt32LE(at + 42)
    members.push({
      name: bytes.toString('utf8', at + 46, at + 46 + name),
      read: () => unpack(bytes, method, packed, size, header),
    })
    at += 46 + name + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return members
}
