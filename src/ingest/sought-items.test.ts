import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCleanItems } from './clean-items.js'
import { readSoughtItems } from './sought-items.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-items-'))
function write(name: string, rows: readonly object[] | string): string {
  const path = join(folder, name)
  writeFileSync(
    path,
    typeof rows === 'string' ? rows : rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  )
  return path
}

describe('items to be looked for', () => {
  it.each([
    [
      { id: 'a', text: 'A text.' },
      { id: 'a', text: 'A text.', choices: [], gold: null },
    ],
    [
      { question: 'Q?', choices: ['x', 'y'], answer: 1 },
      { id: '0', text: 'Q?', choices: ['x', 'y'], gold: 1 },
    ],
    [
      { query: 'Q?', choices: ['x', 'y'], gold: 0 },
      { id: '0', text: 'Q?', choices: ['x', 'y'], gold: 0 },
    ],
    [
      { question: 'Q?', choices: ['x', 'y'], answer: 'B' },
      { id: '0', text: 'Q?', choices: ['x', 'y'], gold: 1 },
    ],
    // The second choice is the right one, whatever the first is.
    [
      { question: '2 + 2?', choices: [3, 4], answer: 1 },
      { id: '0', text: '2 + 2?', choices: ['3', '4'], gold: 1 },
    ],
    [
      { question: 'Q?', choices: [{ a: 2 }, { text: 'y', label: 'B' }], answer: 1 },
      { id: '0', text: 'Q?', choices: ['', 'y'], gold: 1 },
    ],
    [
      { context: 'A b', continuation: 'c' },
      { id: '0', text: 'A b c', choices: [], gold: null },
    ],
    [
      { context_options: ['Ann so Ann', 'Ann so Eve'], continuation: 'left.', gold: 1 },
      { id: '0', text: 'Ann so Eve left.', choices: [], gold: null },
    ],
    [
      { passage: 'P.', question: 'Q?', answer: true },
      { id: '0', text: 'P. Q?', choices: [], gold: null },
    ],
    [
      { goal: 'G', sol1: 'x', sol2: 'y', label: 1 },
      { id: '0', text: 'G', choices: ['x', 'y'], gold: 1 },
    ],
    [
      { question: 'Q?', choices: { text: ['x', 'y'], label: ['A', 'B'] }, answerKey: 'A' },
      { id: '0', text: 'Q?', choices: ['x', 'y'], gold: 0 },
    ],
    [
      { question: 'Q?', choices: { text: ['x', 'y'], label: ['1', '2'] }, answerKey: '2' },
      { id: '0', text: 'Q?', choices: ['x', 'y'], gold: 1 },
    ],
    [
      { sentence: 'A _.', option1: 'x', option2: 'y', answer: '2' },
      { id: '0', text: 'A _.', choices: ['x', 'y'], gold: 1 },
    ],
    [
      { ind: 29, query: 'Q', choices: ['x', 'y'] },
      { id: '29', text: 'Q', choices: ['x', 'y'], gold: null },
    ],
  ])('are read from %j', async (row, item) => {
    expect(await readSoughtItems(write('arc_easy.jsonl', [row]))).toEqual([{ ...item, task: 'arc_easy' }])
  })

  it('may be of several forms in one file', async () => {
    const path = write('mixed.jsonl', [{ text: 'T.' }, { question: 'Q?', choices: ['x', 'y'], answer: 1 }])
    expect(await readSoughtItems(path)).toMatchObject([{ text: 'T.' }, { text: 'Q?', gold: 1 }])
  })

  it('are refused without a text or under one id twice, naming the lines', async () => {
    await expect(readSoughtItems(write('a.jsonl', [{ id: 'x', body: 'b' }]))).rejects.toMatchObject({
      code: 'table/missing-column',
    })
    const asked = (row: object) =>
      readSoughtItems(write('a.jsonl', [{ text: 'a' }, { question: 'Q?', choices: ['x', 'y'], ...row }]))
    for (const [row, message] of [
      [{ id: { n: 1 } }, 'found {"n":1}, expected a text or a number'],
      [{ answer: 7 }, "found 7, expected an index from 0 to 1, a letter or a choice's text"],
      [{ choices: ['x'], answer: 'Z' }, `found "Z", expected 0, A or a choice's text`],
    ] as const)
      await expect(asked(row), message).rejects.toMatchObject({
        code: 'table/bad-value',
        message,
        place: { line: 2 },
      })
    // Test sets whose answers are kept back have −1.
    expect((await asked({ label: -1 }))[1]).toMatchObject({ gold: null })
    await expect(readSoughtItems(write('list.jsonl', '[{"text": "a"}]\n'))).rejects.toMatchObject({
      code: 'table/malformed',
      place: { line: 1 },
    })
    await expect(
      readSoughtItems(
        write('a.jsonl', [
          { id: 'x', text: 'a' },
          { id: 'x', text: 'b' },
        ]),
      ),
    ).rejects.toThrow('already stands on line 1')
  })
})

describe('a table of clean items', () => {
  const table = 'item_id,task,overlap,clean\n1,arc,.9,false\n2,arc,,\n3,arc,0,true\nd.txt,law,0,true\n'
  it('tells clean, contaminated and unknown ones, and passages by their document', async () => {
    const known = (await readCleanItems(write('a.csv', table)))([['arc', '1']])
    const items = ['1', '2', '3', '4'].map((id) => ['arc', id] as const)
    expect(items.map(([task, id]) => known.isClean(task, id))).toEqual([false, false, true, false])
    expect(known.count(items)).toEqual({ contaminated: 1, unknown: 2 })
    expect(known.isClean('law', 'd.txt#2')).toBe(true)
    expect(known.isClean('other', '3')).toBe(false)
  })

  it('is refused where it tells of none of the items, or of one both ways', async () => {
    const lookUp = await readCleanItems(write('a.csv', table))
    expect(() => lookUp([['boolq', '1']])).toThrow(
      expect.objectContaining({
        code: 'items/not-looked-up',
        message: 'the table tells of 4 items of arc, law (as 1); what is measured is called boolq (as 1)',
      }),
    )
    await expect(readCleanItems(write('a.csv', `${table}1,arc,0,true\n`))).rejects.toThrow(
      'told otherwise at line 2',
    )
  })
})
