import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTaskItems } from './task-items.js'

function write(...lines: readonly (object | string)[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'assay-test-')), 'verbs.jsonl')
  writeFileSync(
    path,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  )
  return path
}

const GOOD = { query: 'The keys', choices: ['is', ' are'], gold: 1 }

describe('readTaskItems', () => {
  it('reads the field’s names, right choices by index, letter or text, and writes choices behind a blank', async () => {
    const path = write(
      GOOD,
      { query: 'q', choices: ['is', 'are'], gold: 'B' },
      { query: 'r', choices: ['is', 'are'], gold: 'are' },
      { query: 's', choices: ['0', '1'], gold: '0', id: 'mine' },
    )
    const { task, items } = await readTaskItems(path)
    expect(task).toBe('verbs')
    expect(items.map((i) => i.gold)).toEqual([1, 1, 1, 0])
    expect(items[0]).toEqual({ id: 'line 1', query: 'The keys', choices: [' is', ' are'], gold: 1 })
    expect(items[3]!.id).toBe('mine')
    const { items: other } = await readTaskItems(
      write(
        { question: 'q', choices: ['a', 'b'], answer: 0 },
        { question: 'r', choices: ['a', 'b'], answer: 1 },
      ),
    )
    expect(other.map((i) => [i.query, i.gold])).toEqual([
      ['q', 0],
      ['r', 1],
    ])
  })

  it('names every bad line and field at once', async () => {
    const path = write(
      GOOD,
      { query: 'q', choices: 'is, are', gold: 0 },
      { query: 'q', choices: ['is'], gold: 0 },
      { query: 'q', choices: ['is', 'are'], gold: 2 },
      { query: '', choices: ['is', 'are'], gold: 'maybe' },
      { query: 'q', choices: ['is', ''], gold: 0 },
    )
    const failure = readTaskItems(path)
    await expect(failure).rejects.toMatchObject({
      code: 'table/bad-value',
      place: { path, line: 2, field: 'choices' },
    })
    const { message } = await failure.then(
      () => new Error(),
      (error: unknown) => error as Error,
    )
    for (const part of [
      'found "is, are"',
      'found ["is"]',
      'found 2, expected an index from 0 to 1',
      ':5, field "query"',
      'found "maybe"',
      'found "" among the choices',
    ])
      expect(message).toContain(part)
  })

  it('leaves out items of which a choice stands twice, as public benchmarks have them, and says so', async () => {
    const same = { query: 'q', choices: ['is', ' is'], gold: 0 }
    const { items, leftOut } = await readTaskItems(write(GOOD, same, { ...GOOD, query: 'r' }, same))
    expect(items.map((i) => i.id)).toEqual(['line 1', 'line 3'])
    expect(leftOut).toEqual(['2 of 4 items: a choice stands twice (line 2, 4)'])
    await expect(readTaskItems(write(same, same, GOOD))).rejects.toMatchObject({
      code: 'table/empty',
      message: expect.stringMatching(/found 1 item that can be asked.*2 of 3 items: a choice stands twice/),
    })
  })

  it('refuses ids that stand twice, a task of one item, and tables of another kind', async () => {
    const twice = write({ ...GOOD, id: 'a' }, { ...GOOD, id: 'a' })
    await expect(readTaskItems(twice)).rejects.toMatchObject({
      code: 'table/bad-value',
      message: expect.stringContaining('already stands on line 1'),
    })
    await expect(readTaskItems(write(GOOD))).rejects.toMatchObject({ code: 'table/empty' })
    await expect(
      readTaskItems(write({ context_options: ['a', 'b'], continuation: 'c', gold: 0 })),
    ).rejects.toMatchObject({ code: 'table/missing-column' })
    await expect(readTaskItems('no/such/file.jsonl')).rejects.toMatchObject({ code: 'table/unreadable' })
  })
})
