import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DEFAULT_GAIN_SETTINGS, gainDesign, pretrainingGain } from '../../core/index.js'
import { askedHash } from './asked.js'
import { pathReader } from './path-pattern.js'
import { type PairOptions, readArms } from './read-arms.js'
import { readItems } from './read-items.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-items-'))
let made = 0
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, String(made++), name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

const HEADER = 'n,seed,split,item,correct\n'
const table = (rows: readonly string[], header = HEADER): string =>
  file('arm.csv', `${header}${rows.join('\n')}\n`)
const arms = (
  pretrained: readonly string[],
  scratch: readonly string[],
  options: Partial<PairOptions> = {},
) => readArms([table(pretrained)], [table(scratch)], { settings: DEFAULT_GAIN_SETTINGS, ...options })
/** Rows of both items at one size and two seeds. */
const rows = (scores: readonly [number, number], n = 16, seeds = ['0', '1']): string[] =>
  seeds.flatMap((seed) => scores.map((score, i) => `${n},${seed},id,q${i},${score}`))

describe('two arms', () => {
  it('are paired item by item', async () => {
    const { outcomes, notes, settings } = await arms(rows([1, 1]), rows([0, 1]), {
      settings: { ...DEFAULT_GAIN_SETTINGS, chance: 0.25 },
    })
    expect(notes).toEqual([])
    expect(settings.chance).toBe(0.25)
    expect(outcomes).toHaveLength(8)
    expect(outcomes[0]).toEqual({
      arm: 'pretrained',
      n: 16,
      seed: '0',
      split: 'id',
      test: 'id',
      item: 'q0',
      score: 1,
    })
    // One of two items is gained.
    expect(pretrainingGain(gainDesign(outcomes), 0.9)).toMatchObject({ kind: 'estimate', value: 0.5 })
  })

  it('leave out what one arm alone has, and say so', async () => {
    const more = [...rows([1, 1]), '16,0,id,q9,1', ...rows([1, 1], 64), ...rows([1, 1], 16, ['2'])]
    const { outcomes, notes } = await arms(more, rows([0, 1]))
    expect(outcomes).toHaveLength(8)
    expect(notes.map((n) => n.code)).toEqual([
      'assumed',
      'unpaired-sizes',
      'unpaired-seeds',
      'unpaired-items',
    ])
    expect(notes[1].text).toMatch(
      /pre-trained arm alone was tested at n = 64 \(first at .*arm.csv:7\): 4 rows/,
    )
    expect(notes[3].text).toMatch(/1 item of id .*first: q9 at .*arm.csv:6/)
  })

  it('with other seeds are drawn apart, and said', async () => {
    const { outcomes, notes } = await arms(rows([1, 1]), rows([0, 1], 16, ['7', '8']))
    expect(gainDesign(outcomes).pairedSeeds).toBe(false)
    expect(notes.some((n) => n.code === 'unpaired-seeds' && n.text.includes('0, 1 and 7, 8'))).toBe(true)
  })

  it('of one seed tell nothing of others, and say so', async () => {
    const { notes } = await arms(rows([1, 1], 16, ['0']), rows([0, 1], 16, ['0']))
    expect(notes.find((n) => n.code === 'one-seed')?.text).toMatch(
      /pre-trained arm has one seed \(.*:2\), the arm from scratch/,
    )
  })

  it('out of distribution are told by name, else asked for', async () => {
    const two = (name: string): string[] => [
      ...rows([1, 1]),
      ...rows([1, 1]).map((r) => r.replace(',id,', `,${name},`)),
    ]
    const { outcomes } = await arms(two('ood_shift'), two('ood_shift'))
    expect(new Set(outcomes.map((o) => `${o.split} ${o.test} ${o.item}`))).toContain(
      'ood ood_shift ood_shift/q0',
    )
    await expect(arms(two('arc'), two('arc'))).rejects.toMatchObject({ code: 'items/unknown-split' })
    const named = await arms(two('arc'), two('arc'), { ood: ['arc'] })
    expect(named.outcomes.filter((o) => o.split === 'ood').every((o) => o.test === 'arc')).toBe(true)
    await expect(arms(two('arc'), two('arc'), { ood: ['piqa'] })).rejects.toThrow('expected one of id, arc')
  })

  it('take contamination from a table, and min-k from their own', async () => {
    const contamination = file('found.csv', 'item_id,task,clean\nq0,,0\nid/q1,,1\nq1,another,0\n')
    const header = 'n,seed,split,item,correct,min_k\n'
    const own = rows([1, 1]).map((row) => `${row},-3`)
    const { outcomes } = await readArms([table(own, header)], [table(own, header)], {
      contamination,
      settings: DEFAULT_GAIN_SETTINGS,
    })
    expect(outcomes.map((o) => o.contaminated)).toEqual([true, false, true, false, true, false, true, false])
    expect(outcomes.map((o) => o.minK)).toEqual([-3, -3, -3, -3, ...Array(4).fill(undefined)])
    const foreign = file('other.csv', 'item_id,clean\nzz,1\n')
    await expect(arms(rows([1, 1]), rows([1, 1]), { contamination: foreign })).rejects.toThrow(
      'tells of 1 item (as zz); what is measured is called id (as q0)',
    )
  })

  it('of several test sets are looked up each in its own rows of a table', async () => {
    const both = [...rows([1, 1]), ...rows([1, 1]).map((row) => row.replace(',id,', ',ood,'))]
    const flagged = async (table: string): Promise<string[]> => {
      const contamination = file('found.csv', table)
      const { outcomes } = await arms(both, both, { contamination })
      return [...new Set(outcomes.map((o) => `${o.item} ${o.contaminated}`))]
    }
    // The same ids are clean in the one and not in the other: neither the last row nor the first says it of both.
    const own = ['id/q0 false', 'id/q1 false', 'ood/q0 true', 'ood/q1 true']
    expect(await flagged('item_id,task,clean\nq0,id,1\nq1,id,1\nq0,ood,0\nq1,ood,0\n')).toEqual(own)
    expect(await flagged('item_id,clean\nid/q0,1\nid/q1,1\nood/q0,0\nood/q1,0\n')).toEqual(own)
    await expect(flagged('item_id,clean\nq0,1\n')).rejects.toMatchObject({
      code: 'items/ambiguous-item',
      message: expect.stringContaining('item q0 stands in id and ood'),
    })
    await expect(flagged('item_id,task,clean\nq0,id,1\nq0,id,0\n')).rejects.toThrow(
      'told otherwise at line 2',
    )
    await expect(flagged('item_id,task,clean\nq0,arc,1\n')).rejects.toThrow(
      'of arc (as q0); what is measured is called id, ood (as q0)',
    )
    // Too short to decide is no other item.
    expect(await flagged('item_id,task,clean\nq0,id,\nq1,id,\n')).toContain('id/q0 null')
  })
})

describe('bad input is named with its rows', () => {
  const good = rows([0, 1])
  it.each([
    [
      'scores in percent',
      ['16,0,id,q0,100', '16,0,id,q1,45.5'],
      'items/percent',
      /arm.csv:2: .*q0 has the score 100, which looks like a percentage\n {2}at .*:3: item q1 has the score 45.5/,
    ],
    ['negative scores', ['16,0,id,q0,-1'], 'items/percent', /q0 has the score -1/],
    [
      'items repeated',
      [...good, '16,0,id,q1,1'],
      'items/repeated',
      /arm.csv:6: item q1 \(n = 16, seed 0, id\) stands at line 3, too/,
    ],
    [
      'other items',
      rows([1, 1]).map((r) => r.replace('q', 'p')),
      'items/other-items',
      /pre-trained arm answered p0 .*\n[\s\S]*from scratch answered q0/,
    ],
    [
      'no common size',
      rows([1, 1], 64),
      'items/no-common-size',
      /pre-trained arm has n = 64\n.*from scratch has n = 16/,
    ],
    [
      'missing sizes',
      [',0,id,q0,1', '16,0,id,q1,1', ',1,id,q0,1'],
      'items/missing-sizes',
      /arm.csv:2, field "n": item q0: no size is told\n {2}at .*:4/,
    ],
    [
      'numbers of another base',
      ['16,0,id,q0,0x1'],
      'table/bad-value',
      /arm.csv:2, field "correct": found "0x1"/,
    ],
    ['no numbers', ['16,0,id,q0,yes'], 'table/bad-value', /arm.csv:2, field "correct": found "yes"/],
  ])('%s', async (_, bad, code, message) => {
    const { formatError } = await import('../../core/index.js')
    const error: unknown = await arms(bad, good).catch((e: unknown) => e)
    expect(error).toMatchObject({ code })
    expect(formatError(error as Parameters<typeof formatError>[0])).toMatch(message)
  })

  it('other prompts', async () => {
    const header = 'n,seed,split,item,correct,prompt\n'
    const of = (prompt: string): string =>
      table(
        rows([1, 0]).map((row) => `${row},${prompt}`),
        header,
      )
    await expect(
      readArms([of('Q:')], [of('Question:')], { settings: DEFAULT_GAIN_SETTINGS }),
    ).rejects.toMatchObject({
      code: 'items/other-prompts',
      message: expect.stringMatching(/q0 was asked in other words at .*arm.csv:2/),
    })
  })

  it('swapped arms, by their column or their names', async () => {
    const header = 'arm,n,seed,split,item,correct\n'
    const of = (arm: string): string =>
      table(
        rows([1, 0]).map((row) => `${arm},${row}`),
        header,
      )
    const settings = DEFAULT_GAIN_SETTINGS
    await expect(readArms([of('scratch')], [of('pretrained')], { settings })).rejects.toMatchObject({
      code: 'items/swapped-arms',
      message: expect.stringMatching(/found "scratch" among the rows of the pretrained arm[\s\S]*:5/),
    })
    const named = ['scratch.csv', 'pre-trained.csv'].map((name) =>
      file(name, `${HEADER}${good.join('\n')}\n`),
    )
    const below = file('pre-train/notes', '').replace('notes', '')
    for (const name of ['a', 'b']) writeFileSync(`${below}${name}.csv`, `${HEADER}${good.join('\n')}\n`)
    // A folder that both lie in says nothing.
    expect((await readArms([`${below}a.csv`], [`${below}b.csv`], { settings })).outcomes).toHaveLength(8)
    await expect(readArms([named[0]], [named[1]], { settings })).rejects.toMatchObject({
      code: 'items/swapped-arms',
    })
  })

  it('a file of both arms gives each its own', async () => {
    const header = 'arm,n,seed,split,item,correct\n'
    const both = table(
      [...rows([1, 1]).map((r) => `pretrained,${r}`), ...rows([0, 0]).map((r) => `scratch,${r}`)],
      header,
    )
    const { outcomes } = await readArms([both], [both], { settings: DEFAULT_GAIN_SETTINGS })
    expect(pretrainingGain(gainDesign(outcomes), 0.9)).toMatchObject({ value: 1 })
  })
})

describe('folders', () => {
  it('tell size, seed and split by --path', async () => {
    const read = pathReader('n{n}/seed{seed}/{split}')
    expect(read('arms/pretrained/n4k/seed0/id.csv')).toEqual({ n: 4000, seed: '0', split: 'id' })
    expect(read('arms/n16/seed3/ood/model/samples_x.jsonl')).toEqual({ n: 16, seed: '3', split: 'ood' })
    expect(() => read('arms/seed0/id.csv')).toThrow('expected n{n}/seed{seed}/{split}')
    expect(() => read('arms/nfew/seed0/id.csv')).toThrow('found "few"')
    expect(() => pathReader('n{size}')).toThrow('found {size}')
  })

  it('are read whole, with values for what nothing tells', async () => {
    const [own, other] = ['whole', 'other'].map((name) => join(folder, name))
    for (const arm of [own, other])
      for (const n of [16, 64])
        for (const [below, content] of [
          [`n${n}`, 'item,correct\nq0,1\nq1,0\n'],
          // Neither hidden folders nor installed packages hold results.
          ['.cache', 'no,results\n1,2\n'],
          ['node_modules', 'no,results\n1,2\n'],
        ]) {
          mkdirSync(join(arm, below), { recursive: true })
          writeFileSync(join(arm, below, 'a.csv'), content)
        }
    const { outcomes, notes } = await readArms([own], [other], {
      path: 'n{n}',
      set: { split: 'test' },
      settings: DEFAULT_GAIN_SETTINGS,
    })
    expect(outcomes.map((o) => o.n)).toEqual([16, 16, 64, 64, 16, 16, 64, 64])
    expect(notes.map((n) => n.text).join()).toMatch(/no seed is told/)
    expect(new Set(outcomes.map((o) => o.seed))).toEqual(new Set(['not told']))
    await expect(readArms([own], [own], { path: 'n{n}', settings: DEFAULT_GAIN_SETTINGS })).rejects.toThrow(
      'is given as both arms, and has no column arm',
    )
    await expect(
      readArms([join(folder, 'nowhere')], [own], { settings: DEFAULT_GAIN_SETTINGS }),
    ).rejects.toMatchObject({
      code: 'items/unreadable',
    })
  })
})

describe('foreign results', () => {
  it('of lm-evaluation-harness: score, margin, hashes; documents that stand twice are two items', async () => {
    const sample = (id: number, doc: string, acc: number) =>
      JSON.stringify({
        doc_id: id,
        target: '1',
        filtered_resps: [
          ['-3.5', 'False'],
          ['-1.25', 'False'],
          ['-2.0', 'False'],
        ],
        filter: 'none',
        metrics: ['acc', 'acc_norm'],
        doc_hash: doc,
        prompt_hash: 'p',
        target_hash: 't',
        acc,
        acc_norm: 1 - acc,
      })
    const name = 'samples_arc_easy_2026-01-02T03-04-05.6.jsonl'
    const path = file(name, `${sample(0, 'a', 1)}\n${sample(1, 'b', 0)}\n${sample(2, 'a', 0)}\n`)
    const { rows: read, format } = await readItems(path)
    expect(format).toBe('lm-evaluation-harness samples')
    // −1.25 for the right one, −2 for the best other.
    expect(read[0]).toEqual({
      item: '0',
      key: 'a/t',
      split: 'arc_easy',
      prompt: 'p',
      metric: 'acc',
      score: 1,
      margin: 0.75,
      line: 1,
    })
    expect((await readItems(path, { metric: 'acc_norm' })).rows.map((r) => r.score)).toEqual([0, 1, 1])
    await expect(readItems(path, { metric: 'f1' })).rejects.toThrow('found acc, acc_norm, expected "f1"')
    await expect(readItems(path, { filter: 'strict' })).rejects.toThrow('no row has the filter "strict"')
    const copy = file(basename(path), readFileSync(path))
    const { outcomes, settings } = await readArms([path], [copy], {
      set: { n: '100' },
      settings: DEFAULT_GAIN_SETTINGS,
    })
    expect(outcomes.map((o) => o.item)).toEqual(['0', '1', '2', '0', '1', '2'])
    // The task's own accuracy of guessing.
    expect(settings.chance).toBe(0.25)
  })

  it('of lighteval, as JSON lines of its details', async () => {
    const old = { example: 'Q', full_prompt: 'shots Q', gold_index: [1], metrics: { acc: 1, acc_norm: 0 } }
    const fresh = {
      doc: { id: '7', query: 'Q', gold_index: 1 },
      model_response: { input: 'Q' },
      metric: { em: 0.5 },
    }
    const path = file('details_lighteval|arc:easy|0_2025-01-01T00-00-00.jsonl', `${JSON.stringify(old)}\n`)
    const { rows: read, format } = await readItems(path)
    expect(format).toBe('lighteval details')
    expect(read[0]).toEqual({
      item: '0',
      key: 'Q\u0000[1]',
      split: 'lighteval|arc:easy|0',
      prompt: 'shots Q',
      asked: askedHash('shots Q'),
      metric: 'acc',
      shots: 0,
      score: 1,
      line: 1,
    })
    const newer = await readItems(file('d.jsonl', `${JSON.stringify(fresh)}\n`))
    expect(newer.rows[0]).toMatchObject({ item: '7', prompt: 'Q', score: 0.5 })
    const broken = { ...fresh, doc: '{"id": "7", ' }
    const lines = [fresh, broken].map((row) => JSON.stringify(row)).join('\n')
    await expect(readItems(file('d.jsonl', `${lines}\n`))).rejects.toMatchObject({
      code: 'items/malformed',
      place: { line: 2, field: 'doc' },
    })
  })

  const SAMPLES = [
    { id: 'a', epoch: 1, input: 'Q', target: 'x', scores: { match: { value: 'C' } } },
    { id: 'a', epoch: 2, input: 'Q', target: 'x', scores: { match: { value: 'I' } } },
    { id: 2, epoch: 1, input: 'R', target: 'y', scores: { match: { value: 'P' } } },
  ]
  it('of Inspect as JSON: epochs are averaged', async () => {
    const path = file('log.json', JSON.stringify({ eval: { task: 'popularity' }, samples: SAMPLES }))
    const { rows: read, format } = await readItems(path)
    expect(format).toBe('Inspect log')
    expect(read.map((r) => [r.item, r.split, r.score])).toEqual([
      ['a', 'popularity', 0.5],
      ['2', 'popularity', 0.5],
    ])
    await expect(readItems(file('x.json', '{"results": {}}'))).rejects.toMatchObject({
      code: 'items/unknown-format',
    })
    await expect(readItems(file('x.json', '{"results": '))).rejects.toMatchObject({ code: 'items/malformed' })
  })

  /** A ZIP archive by APPNOTE 4.3: local headers with data, the directory, its end. */
  function zip(members: Readonly<Record<string, string>>): Buffer {
    const locals: Buffer[] = []
    const entries: Buffer[] = []
    let at = 0
    for (const [name, text] of Object.entries(members)) {
      const plain = Buffer.from(text)
      const packed = deflateRawSync(plain)
      const label = Buffer.from(name)
      const common = Buffer.alloc(26)
      common.writeUInt16LE(20, 0)
      common.writeUInt16LE(8, 4)
      common.writeUInt32LE(packed.length, 14)
      common.writeUInt32LE(plain.length, 18)
      common.writeUInt16LE(label.length, 22)
      const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, label, packed])
      const tail = Buffer.alloc(14)
      tail.writeUInt32LE(at, 10)
      entries.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, tail, label]))
      locals.push(local)
      at += local.length
    }
    const directory = Buffer.concat(entries)
    const end = Buffer.alloc(18)
    end.writeUInt16LE(entries.length, 4)
    end.writeUInt16LE(entries.length, 6)
    end.writeUInt32LE(directory.length, 8)
    end.writeUInt32LE(at, 12)
    return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006'), end])
  }

  it('of Inspect as an archive', async () => {
    const members = Object.fromEntries(
      SAMPLES.map((s) => [`samples/${s.id}_epoch_${s.epoch}.json`, JSON.stringify(s)]),
    )
    const archive = zip({ 'header.json': '{"eval": {"task": "popularity"}}', ...members })
    const { rows: read } = await readItems(file('log.eval', archive))
    expect(read.map((r) => [r.item, r.split, r.score])).toEqual([
      ['a', 'popularity', 0.5],
      ['2', 'popularity', 0.5],
    ])
    for (const broken of [
      archive.subarray(0, archive.length - 30),
      archive.subarray(40),
      Buffer.from('no archive'),
    ])
      await expect(readItems(file('log.eval', broken))).rejects.toMatchObject({ code: 'items/malformed' })
  })
})

describe('the accuracy of guessing', () => {
  const header = 'n,seed,split,item,correct,chance\n'
  const own = (chances: readonly string[]): string =>
    table(
      chances.map((chance, i) => `16,0,id,q${i},1,${chance}`),
      header,
    )

  it('is refused in percent, with the row', async () => {
    await expect(
      readArms([own(['25', '25'])], [own(['25', '25'])], { settings: DEFAULT_GAIN_SETTINGS }),
    ).rejects.toThrow(/found "?25"?, expected the accuracy of guessing/)
  })

  it('is not known where rows tell several, and the note names them', async () => {
    const { settings, notes } = await readArms([own(['.25', '.5'])], [own(['.25', '.5'])], {
      settings: DEFAULT_GAIN_SETTINGS,
    })
    expect(settings.chance).toBeNull()
    expect(notes.map((n) => n.text).join()).toContain('several accuracies of guessing (0.25, 0.5)')
  })
})
