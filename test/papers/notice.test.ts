import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const DATA = join(import.meta.dirname, 'data')
const NOTICE = readFileSync(join(DATA, 'NOTICE.md'), 'utf8')
const tables = readdirSync(DATA).filter((name) => !/^(?:NOTICE|LICENSE)/.test(name))
const MAX_BYTES = 3e6

describe('published figures', () => {
  it.each(tables)('%s stands in the NOTICE with its source, commit, licence and hash', (name) => {
    const line = NOTICE.split('\n').find((row) => row.startsWith(`| \`${name}\``))
    expect(line).toMatch(/ @ [0-9a-f]{40}.*\| (?:Apache-2\.0|MIT)/)
    expect(line).toContain(
      createHash('sha256')
        .update(readFileSync(join(DATA, name)))
        .digest('hex'),
    )
  })

  it('are small: the repository is no place for data sets', () => {
    const bytes = readdirSync(DATA).reduce((sum, name) => sum + statSync(join(DATA, name)).size, 0)
    expect(bytes).toBeLessThan(MAX_BYTES)
  })
})
