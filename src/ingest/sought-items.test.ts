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
    const known = await readCleanItems(write('a.csv', table), [['arc', '1']])
    const items = ['1', '2', '3', '4'].map((id) => ['arc', id] as const)
    expect(items.map(([task, id]) => known.isClean(task, id))).toEqual([false, false, true, false])
    expect(known.count(items)).toEqual({ contaminated: 1, unknown: 2 })
    expect(known.isClean('law', 'd.txt#2')).toBe(true)
    expect(known.isClean('other', '3')).toBe(false)
  })

  it('is refused where it tells of none of the items, or of one both ways', async () => {
    await expect(readCleanItems(write('a.csv', table), [['boolq', '1']])).rejects.toMatchObject({
      code: 'items/other-items',
    })
    await expect(readCleanItems(write('a.csv', `${table}1,arc,0,true\n`), [['arc', '1']])).rejects.toThrow(
      'told otherwise at line 2',
    )
  })
})
