import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  applicableLosses,
  parseVectorFile,
  readFamilies,
  readLosses,
  readScores,
  readVectorFile,
} from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-salience-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const none = { columns: {}, families: new Map<string, string>() }
const HEAD = 'model,checkpoint,text_sha256,document,domain,unit,byte_start,byte_end,bits\n'
const LONG = `${HEAD}a,step10,t,d,code,chunk,0,4,8\na,step10,t,d,code,chunk,4,8,4\nb,20,t,d,code,chunk,0,4,2\nb,20,t,d,code,chunk,4,8,1\n`

describe('losses of spans', () => {
  it('are read from the long table: bits over bytes, checkpoints by their number', async () => {
    const { table, textSha256 } = await readLosses([file('long.csv', LONG)], none)
    expect(table.models.map((m) => [m.id, m.family])).toEqual([
      ['a@10', 'a'],
      ['b@20', 'b'],
    ])
    expect(table.spans.map((s) => s.bytes)).toEqual([
      { start: 0, end: 4 },
      { start: 4, end: 8 },
    ])
    expect(table.losses.map((l) => [...l])).toEqual([
      [2, 1],
      [0.5, 0.25],
    ])
    expect(textSha256).toBe('t')
  })

  it('are read from a wide table: spans down, models across, the family in the name', async () => {
    const wide = file('wide.csv', `id,"('pythia', 'x/p-70m')",org/m,plain\nfirst,1.5,1,3\nsecond,2,1.25,3\n`)
    const { table } = await readLosses([wide], none)
    expect(table.models.map((m) => m.family)).toEqual(['pythia', 'org', 'plain'])
    expect([...table.losses[1]]).toEqual([1, 1.25])
  })

  it('in another unit than the others, or beyond guessing every byte, are said with their row', async () => {
    const head = 'id,a,b,c,d,e\n'
    const { notes } = await readLosses(
      [file('units.csv', `${head}x,1,1.1,.9,150,.1\ny,1,1.1,.9,50,.1\n`)],
      none,
    )
    // Means 1, 1.1, .9, 100 and .1 about the middle one, 1.
    expect(notes).toHaveLength(1)
    expect(notes[0]).toContain('2 of 5 models lose over 8 bits/byte')
    expect(notes[0]).toMatch(/d 100 \(from .*units\.csv:2\), e 0\.1 \(from .*units\.csv:2\)$/)
    const { notes: none_ } = await readLosses([file('one-unit.csv', `${head}x,1,2,3,1,1\n`)], none)
    expect(none_.join()).not.toContain('bits/byte')
  })

  it('take families from a map, of which a model has one', async () => {
    const map = await readFamilies(file('f.csv', 'model,family\na,x\nb,x\n'))
    const { table } = await readLosses([file('mapped.csv', LONG)], { columns: {}, families: map })
    expect(table.models.map((m) => m.family)).toEqual(['x', 'x'])
    await expect(readFamilies(file('f2.csv', 'model,family\na,x\na,y\n'))).rejects.toThrow('two families')
  })

  it('of a model that lacks a span, gives one twice or was scored on other text are refused by name and row', async () => {
    const lacking = file('lacking.csv', LONG.split('\n').slice(0, -2).join('\n'))
    await expect(readLosses([lacking], none)).rejects.toThrow('b@20 lacks 1 of 2 spans')
    const twice = file('twice.csv', `${LONG}b,20,t,d,code,chunk,4,8,1\n`)
    await expect(readLosses([twice], none)).rejects.toMatchObject({ place: { line: 6 } })
    const other = file('other.csv', LONG.replace('b,20,t,d,code,chunk,0', 'b,20,u,d,code,chunk,0'))
    await expect(readLosses([other], none)).rejects.toThrow('another text')
    const negative = file('negative.csv', LONG.replace(',8\n', ',-8\n'))
    await expect(readLosses([negative], none)).rejects.toMatchObject({ place: { line: 2 } })
  })

  it('beyond any text are refused with their row, wide or long', async () => {
    const long = file('huge.csv', LONG.replace(',2\n', ',1e200\n'))
    await expect(readLosses([long], none)).rejects.toMatchObject({
      code: 'table/bad-value',
      place: { line: 4, field: 'bits' },
    })
    const wide = file('huge-wide.csv', 'id,a,b\nx,1,2\ny,1,1e200\n')
    await expect(readLosses([wide], none)).rejects.toMatchObject({ place: { line: 3, field: 'b' } })
  })

  it('that are missing from a wide table or are words are named by row and column, all of them', async () => {
    const holes = file('holes.csv', 'id,a,b\nx,,2\ny,1,n/a\n')
    await expect(readLosses([holes], none)).rejects.toMatchObject({ place: { line: 2, field: 'a' } })
    await expect(readLosses([holes], none)).rejects.toThrow(/holes\.csv:3, field "b".*n\/a/)
  })

  it('of two columns with one name are refused: one of them would be lost', async () => {
    const twice = file('columns.csv', 'id,a,b,a\nx,1,2,3\n')
    await expect(readLosses([twice], none)).rejects.toThrow('two columns are named "a"')
    const scores = file('score-columns.csv', 'benchmark,a,b,a\narc,1,2,3\n')
    await expect(readScores([scores], {})).rejects.toThrow('two columns are named "a"')
  })

  it('of one model under two names make one family of theirs, and it is said', async () => {
    const copies = file('copies.csv', 'id,x/a,y/b,z/c,y/d\nfirst,1,1,2,3\nsecond,2,2,1,3\n')
    const { table, notes } = await readLosses([copies], none)
    expect(table.models.map((m) => m.family)).toEqual(['x', 'x', 'z', 'x'])
    expect(notes).toEqual(['y/b loses the same as x/a on every span: their families are taken as one'])
  })
})

describe('what is known of models beside their losses', () => {
  const table = (rows: string): string => `model,checkpoint,document,byte_start,byte_end,bits\n${rows}`
  const facts = new Map([
    ['a@9', { family: 'x', params: 7, tokens: 8 }],
    ['b@9', { family: 'x', params: null, tokens: null }],
    ['c@9', { family: 'z', params: null, tokens: null }],
  ])

  it('fills in what the table does not tell, of checkpoints, too', async () => {
    const long = file('facts.csv', table('a,9,d,0,4,8\nb,9,d,0,4,9\nc,9,d,0,4,10\n'))
    const { table: read } = await readLosses([long], { ...none, facts })
    expect(read.models).toEqual([
      { id: 'a@9', family: 'x', params: 7, tokens: 8 },
      { id: 'b@9', family: 'x', params: null, tokens: null },
      { id: 'c@9', family: 'z', params: null, tokens: null },
    ])
  })

  it('yields to a family that the table or the map of families tells', async () => {
    const header = 'model,checkpoint,family,params,document,byte_start,byte_end,bits\n'
    const long = file('told.csv', `${header}a,9,own,5,d,0,4,8\nb,9,b,,d,0,4,9\nc,9,,,d,0,4,10\n`)
    const { table: read } = await readLosses([long], { columns: {}, families: new Map([['c', 'm']]), facts })
    expect(read.models.map((m) => [m.family, m.params])).toEqual([
      ['own', 5],
      ['x', null],
      ['m', null],
    ])
  })

  it('is known before models that lose the same are joined: both bear one family', async () => {
    const long = file('facts-copies.csv', table('a,9,d,0,4,8\nc,9,d,0,4,8\n'))
    const { table: read, notes } = await readLosses([long], { ...none, facts })
    expect(read.models.map((m) => m.family)).toEqual(['x', 'x'])
    expect(notes).toEqual(['c@9 loses the same as a@9 on every span: their families are taken as one'])
    const wide = await readLosses([file('facts-wide.csv', 'id,a@9,c@9\nd,1,1\n')], { ...none, facts })
    expect(wide.table.models.map((m) => m.family)).toEqual(['x', 'x'])
  })
})

describe('scores', () => {
  it('are read wide or tidy; two scores of one model are named', async () => {
    const [wide] = await readScores([file('s.csv', 'benchmark,a,b\narc,.5,\n')], {})
    expect([wide.name, ...wide.scores]).toEqual(['arc', ['a', 0.5]])
    const tidy = 'model,checkpoint,benchmark,metric,value\na,step10,arc,acc,0.5\n'
    const [read] = await readScores([file('t.csv', tidy)], {})
    expect([...read.scores]).toEqual([['a@10', 0.5]])
    const unknown = file('n.csv', 'benchmark,a,b\narc,.5,NaN\n')
    await expect(readScores([unknown], {})).rejects.toMatchObject({ place: { line: 2, field: 'b' } })
    const notes: string[] = []
    const parts =
      'model,benchmark,metric,value,k,subset\na,arc,acc,.5,,\na,arc,acc,.6,4,\na,arc,acc,.7,,easy\n'
    const [only] = await readScores([file('parts.csv', parts)], {}, (text) => notes.push(text))
    expect([...only.scores]).toEqual([['a', 0.5]])
    expect(notes).toEqual(['of 3 scores 2 are left out: of a subset, or of k draws (columns subset and k)'])
    const doubled = file('u.csv', `${tidy}a,step10,arc,acc,0.6\n`)
    await expect(readScores([doubled], {})).rejects.toThrow('two scores of arc, 0.5 and 0.6')
  })
})

describe('scores that are none', () => {
  it('are named by their row and column in a wide table, where most cells are numbers', async () => {
    const words = file('words.csv', 'benchmark,a,b\narc,.5,.6\nsciq,.7,n/a\n')
    await expect(readScores([words], {})).rejects.toMatchObject({
      code: 'table/bad-value',
      place: { line: 3, field: 'b' },
    })
  })

  it('are refused beyond 1e100, wide or tidy; a perplexity of 1e30 is one', async () => {
    const wide = file('huge-scores.csv', 'benchmark,a,b\nlambada,1e30,1e200\n')
    await expect(readScores([wide], {})).rejects.toMatchObject({ place: { line: 2, field: 'b' } })
    const tidy = file('huge-tidy.csv', 'model,benchmark,metric,value\na,arc,ppl,1e30\nb,arc,ppl,1e200\n')
    await expect(readScores([tidy], {})).rejects.toThrow('b has the score 1e+200 of arc')
  })

  it('need no chance: the floor of every sigmoid is fitted', async () => {
    const [read] = await readScores(
      [file('chanceless.csv', 'model,benchmark,metric,value\na,own,acc,.5\n')],
      {},
    )
    expect([...read.scores]).toEqual([['a', 0.5]])
  })
})

describe('a saved vector', () => {
  const vector = (text: string | null) =>
    JSON.stringify({
      schema: 'assay/salience-vector@1',
      textSha256: text,
      models: [],
      spans: [
        { document: 'd', domain: 'code', bytes: { start: 4, end: 8 } },
        { document: 'd', domain: 'code', bytes: { start: 0, end: 4 } },
      ],
      capabilities: [],
    })

  it('takes the losses in the order of its own spans, of its own text alone', async () => {
    const losses = await readLosses([file('apply.csv', LONG)], none)
    const aligned = applicableLosses(parseVectorFile('v.json', vector('t')), losses, 'apply.csv')
    expect([...aligned[0]]).toEqual([1, 2])
    expect(() => applicableLosses(parseVectorFile('v.json', vector('u')), losses, 'apply.csv')).toThrow(
      'another text',
    )
  })

  it('is refused where it is none', () => {
    expect(() => parseVectorFile('v.json', '{')).toThrow()
    expect(() => parseVectorFile('v.json', '{"schema":"assay/audit@1"}')).toThrow(
      'expected one weight a span',
    )
    for (const broken of [
      { spans: [null, null] },
      { spans: [{ document: 'd', domain: '', bytes: 4 }] },
      { capabilities: [{ weights: [1, 1], intercept: 0, slope: 0, link: null, errors: [null] }] },
      { capabilities: [{ weights: [1, 1], intercept: 0, slope: 0, link: 'x', errors: [] }] },
    ])
      expect(() =>
        parseVectorFile('v.json', JSON.stringify({ ...JSON.parse(vector('t')), ...broken })),
      ).toThrow('expected one weight a span')
  })

  it('that is not there is told so', async () => {
    await expect(readVectorFile(join(folder, 'absent.json'))).rejects.toMatchObject({
      code: 'salience/not-a-vector',
    })
  })
})
