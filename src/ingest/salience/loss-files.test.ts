import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ProfileSum, salienceData } from '../../core/index.js'
import { type LossFiles, openLossFiles, readLosses } from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-loss-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SPANS = 5000
const none = new Map<string, string>()

/** A file as `assay loss --spans` writes it, of more rows than come at once. */
async function write(name: string, bits: string, text = 't', rows = SPANS): Promise<string> {
  const path = join(folder, `${name}.parquet`)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(
    `COPY (SELECT '${name}' AS model, 'step7' AS checkpoint, '${text}' AS text_sha256, 'd' || i // 1000 AS document,
       'code' AS domain, 'chunk' AS unit, (i % 1000 * 256)::INTEGER AS byte_start,
       (i % 1000 * 256 + 100 + i % 150)::INTEGER AS byte_end, (${bits})::DOUBLE AS bits FROM range(${rows}) r(i))
     TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
  )
  connection.closeSync()
  instance.closeSync()
  return path
}

async function opened(paths: readonly string[]): Promise<LossFiles> {
  const files = await openLossFiles(paths, none)
  if (files === null) throw new Error('not taken')
  return files
}

let a: string
let b: string
beforeAll(async () => {
  a = await write('a', '100 + i % 7')
  b = await write('b', '120 + i % 11')
})

describe('losses in a file a model', () => {
  it('give in blocks what the whole table gives: models, losses, weights, profiles', async () => {
    const files = await opened([a, b])
    const { table, textSha256 } = await readLosses([a, b], { columns: {}, families: none })
    expect(files.models).toEqual(table.models)
    expect([files.spans, files.textSha256]).toEqual([SPANS, textSha256])
    const whole = salienceData(table)
    const sum = new ProfileSum(2)
    const second: number[] = []
    let blocks = 0
    for await (const block of files.blocks()) {
      sum.add(block)
      second.push(...Array.from(block.losses[1]).slice(0, block.count))
      blocks++
    }
    expect(blocks).toBeGreaterThan(1)
    expect(second).toEqual([...table.losses[1]])
    sum.profiles().gram.forEach((v, i) => {
      expect(v).toBeCloseTo(whole.profiles.gram[i], 12)
    })
    expect(await files.spansAt([4999, 0])).toEqual([table.spans[4999], table.spans[0]])
  })

  it('name the file and the row of a loss that is none', async () => {
    const files = await opened([a, await write('c', 'if(i = 4321, -1, 5)')])
    const read = async (): Promise<void> => {
      for await (const { count } of files.blocks()) expect(count).toBeGreaterThan(0)
    }
    await expect(read()).rejects.toMatchObject({
      code: 'table/bad-value',
      place: { path: join(folder, 'c.parquet'), line: 4322, field: 'bits' },
    })
  })

  it('are left to the reader of tables where they are of another text, of other length, have gaps or are no Parquet', async () => {
    for (const other of [
      await write('d', '5', 'u'),
      await write('e', '5', 't', SPANS - 1),
      await write('f', 'if(i = 3, NULL, 5)'),
      join(folder, 'absent.parquet'),
      'table.csv',
    ])
      expect(await openLossFiles([a, other], none)).toBeNull()
  })

  it('of one model twice are refused by both files', async () => {
    await expect(openLossFiles([a, b, a], none)).rejects.toThrow(/a@7 stands in .*a\.parquet already/)
  })
})
