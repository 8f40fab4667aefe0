import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  analyseCapabilities,
  createRandom,
  ProfileSum,
  salienceData,
  salienceOf,
  strongest,
  VectorCarrier,
} from '../../core/index.js'
import { meanLinear } from '../../core/salience/estimators/mean-linear.js'
import { residualRidge } from '../../core/salience/estimators/residual-ridge.js'
import { type LossFiles, type OpenedLosses, openLosses, openLossFiles, readLosses } from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-loss-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SPANS = 5000
const none = { columns: {}, families: new Map<string, string>() }

/** A file as `assay loss --spans` writes it, of more rows than come at once. */
async function write(
  name: string,
  bits: string,
  text = 't',
  rows = SPANS,
  domain = "'code'",
): Promise<string> {
  const path = join(folder, `${name}.parquet`)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(
    `COPY (SELECT '${name}' AS model, 'step7' AS checkpoint, '${text}' AS text_sha256, 'd' || i // 1000 AS document,
       ${domain} AS domain, 'chunk' AS unit, (i % 1000 * 256)::INTEGER AS byte_start,
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
    const { table, textSha256 } = await readLosses([a, b], none)
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

  it('that hold their spans in another order are refused', async () => {
    const path = join(folder, 'turned.parquet')
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(
      `COPY (SELECT * REPLACE ('turned' AS model) FROM read_parquet('${a}') ORDER BY byte_start, document) TO '${path}' (FORMAT parquet)`,
    )
    connection.closeSync()
    instance.closeSync()
    await expect(openLosses([a, path], none, (models) => [...models.keys()], 10)).rejects.toMatchObject({
      code: 'salience/other-text',
      place: { path },
    })
  })
})

describe('losses of many spans', () => {
  it('are fitted from blocks as they are from memory: vector, domains, the strongest spans', async () => {
    const paths: string[] = []
    const random = createRandom(4)
    const y: number[] = []
    for (let m = 0; m < 14; m++) {
      const [level, factor] = [random.normal(), random.normal()]
      y.push(level + factor)
      const noise = `(hash(i * 100 + ${m}) % 1009) / 100.0`
      paths.push(
        await write(
          `many${m}`,
          `300 + ${(10 * level).toFixed(6)} + ${noise} + if(i % 10 = 0, ${(20 * factor).toFixed(6)}, 0)`,
          'many',
          SPANS,
          "if(i < 2000, 'prose', 'code')",
        ),
      )
    }
    const all: (models: readonly unknown[]) => number[] = (models) => [...models.keys()]
    const fitted = async (losses: OpenedLosses) => {
      const input = { name: 'score', y: Float64Array.from(y), isLog: false, lowerIsBetter: false }
      const asked = { level: 0.9, skillAt: [], repeats: 0, estimators: [residualRidge, meanLinear] }
      const [result] = analyseCapabilities(losses.data, [input], asked, createRandom(1))
      const domains = await losses.domains()
      const carrier = new VectorCarrier(
        losses.data,
        result,
        domains,
        { draws: 30, level: 0.9 },
        createRandom(2),
      )
      for await (const block of losses.blocks()) carrier.add(block)
      const carried = carrier.finish()
      if (carried === null) throw new Error('no vector')
      const top = strongest(salienceOf(losses.data.weights, carried), 5)
      return { carried, top: await losses.spansAt(top) }
    }
    const [whole, blocks] = [await openLosses(paths, none, all), await openLosses(paths, none, all, 10)]
    expect([whole.isInMemory, blocks.isInMemory]).toEqual([true, false])
    const [one, other] = [await fitted(whole), await fitted(blocks)]
    expect(other.top).toEqual(one.top)
    expect(other.carried.domains.map((d) => d.domain)).toEqual(one.carried.domains.map((d) => d.domain))
    expect(other.carried.domains.length).toBe(2)
    expect(other.carried.agreement).toEqual(one.carried.agreement)
    other.carried.weights.forEach((w, u) => {
      expect(w).toBeCloseTo(one.carried.weights[u], 12)
    })
    expect(other.carried.intercept).toBeCloseTo(one.carried.intercept, 8)
  })
})
