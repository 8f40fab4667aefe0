import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { adaptDocument } from '../../src/report/schema/documents.js'
import { callCli, scratch, smallestModel } from '../cli/run-cli.js'
import { writeUntrained } from '../models/untrained.js'

const TASK = 'examples/adapt/verbs.jsonl'
const FEW = ['--items', '8', '--draws', '2', '--shots', '1,4', '--limit', '1', '--json', '--quiet']

async function adapt(model: string, ...more: readonly string[]): Promise<z.infer<typeof adaptDocument>> {
  const { code, stdout, stderr } = await callCli(['adapt', model, '--task', TASK, ...FEW, ...more])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const document: unknown = JSON.parse(stdout)
  const parsed = adaptDocument.parse(document)
  // Parsing drops what the schema does not name.
  expect(parsed).toEqual(document)
  return parsed
}

describe('assay adapt', () => {
  it('prints what its schema says, the same for the same seed', async () => {
    const first = await adapt(smallestModel())
    expect(first.tasks.map((t) => t.kind)).toEqual([
      'labels',
      ...Array.from({ length: 5 }, () => 'made-up'),
      'counterfactual',
    ])
    expect(first.tasks[0]!.shots.map((p) => p.k)).toEqual([0, 1, 4])
    expect(first.tasks[0]!.controls.map((c) => [c.name, c.k])).toEqual([
      ['flipped', 4],
      ['symbols', 4],
    ])
    // Which lane an item goes to is a matter of time, and with it what need not be evaluated again; no score is.
    const { tokens, ...again } = await adapt(smallestModel())
    const { tokens: before, ...scores } = first
    expect(again).toEqual(scores)
    expect(tokens.naive).toBe(before.naive)
    expect(tokens.evaluated / before.evaluated).toBeCloseTo(1, 1)
  })

  it('finds a model of random weights at chance in everything', async () => {
    const path = join(scratch(), 'untrained.gguf')
    await writeUntrained(smallestModel(), path, 1)
    const { code, stdout } = await callCli(['adapt', path, '--task', TASK, ...FEW])
    expect(code).toBe(0)
    const { tasks } = adaptDocument.parse(JSON.parse(stdout))
    const points = tasks.flatMap((task) =>
      [...task.shots, ...task.controls.flatMap((c) => c.shots)].map((p) => ({ ...p, task })),
    )
    expect(points.length).toBeGreaterThan(30)
    const off = points.filter(
      ({ accuracy: e, task }) => e.kind !== 'estimate' || e.low > task.chance || e.high < task.chance,
    )
    // At 95 % a few of so many intervals may miss it; bench/adaptation counts them over fifteen models.
    expect(off.length).toBeLessThanOrEqual(0.1 * points.length)
  })

  it.each([
    ['--shots', 'many', 'many'],
    ['--shots', '0', 'expected numbers such as 1,4,16'],
    ['--items', '0', 'expected a whole number of 1 or more'],
    ['--task', 'no/such.jsonl', 'table/unreadable'],
  ])('refuses %s %s', async (option, value, told) => {
    const { code, stderr } = await callCli(['adapt', smallestModel(), option, value])
    expect(code).toBe(3)
    expect(stderr).toContain(told)
  })
})
