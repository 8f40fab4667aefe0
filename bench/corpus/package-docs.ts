import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../../src/core/index.js'

/** Longer documents are left out. */
const LONGEST = 200_000

/** Documents of packages: .md, .txt, .html, .rst and copyright files under a folder, about `bytes` bytes of them. */
export function packageDocuments(folder: string, bytes: number): string[] {
  const found: string[] = []
  let held = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (held > bytes) break
    if (!entry.isFile() || !/\.(md|txt|html|rst)$|^copyright$/i.test(entry.name)) continue
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    if (text.length === 0 || text.length > LONGEST) continue
    found.push(text)
    held += Buffer.byteLength(text)
  }
  return found
}

/** A document with a share of its words replaced all over. */
export function variant(text: string, share: number, random: Random): string {
  return text.replace(/\w+/g, (word) => (random.uniform() < share ? `x${random.integer(1e6)}` : word))
}
