import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import { planTask, sharedLabels, type TaskItem } from './task-items.js'

const FORMAT = { lead: '', separator: '\n' }
const sizes = { items: 6, draws: 3, shots: [0, 1, 2, 4] }
const verbs = (count: number): TaskItem[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `v${i}`,
    query: `subject ${i}`,
    choices: [' is', ' are'],
    // Two thirds are singular.
    gold: i % 3 === 0 ? 1 : 0,
  }))
const plan = (items: readonly TaskItem[], own = sizes) =>
  planTask('verbs', items, own, FORMAT, createRandom(1))

describe('items of a task behind shots', () => {
  it('are of either label as often, and so are the shots of every even number', () => {
    const { trials, kind, chance } = plan(verbs(60))
    expect([kind, chance]).toEqual(['labels', 1 / 2])
    const asked = trials.filter((t) => t.k === 0 && t.condition === 'given')
    expect(asked.map((t) => t.gold).toSorted()).toEqual([0, 0, 0, 1, 1, 1])
    for (const t of trials.filter((own) => own.k === 4 && own.condition === 'given'))
      expect(t.shots.filter((s) => s.answer === ' is').length).toBe(2)
  })

  it('have the chance of the best constant answer where a label is never right', () => {
    // Two of three labels occur, as often: who always says one of them gets half, not a third.
    const three = verbs(60).map((item) => ({ ...item, choices: [...item.choices, ' were'] }))
    expect(plan(three).chance).toBe(1 / 2)
  })

  it('never stand among their own shots, however few there are', () => {
    const { trials, shots, leftOut } = plan(verbs(4))
    expect(shots).toEqual([0, 1, 2])
    expect(leftOut).toEqual(['4 shots: the task has 4 items, of which 3 can be shown'])
    expect(trials.some((t) => t.k > 0)).toBe(true)
    expect(trials.filter((t) => t.shots.some((s) => s.query === t.query))).toEqual([])
  })

  it('never stand behind another item of the same text', () => {
    const twins = verbs(6).map((item, i) => ({ ...item, query: `subject ${i % 3}` }))
    const { trials } = plan(twins)
    expect(trials.filter((t) => t.shots.some((s) => s.query === t.query))).toEqual([])
  })

  it('share a draw’s shots and order, and draws differ', () => {
    const { trials } = plan(verbs(60))
    const of = (draw: number): string[] =>
      trials
        .filter((t) => t.k === 4 && t.condition === 'given' && t.draw === draw)
        .map((t) => JSON.stringify(t.shots))
    expect(new Set(of(0)).size).toBe(1)
    expect(new Set([of(0)[0], of(1)[0], of(2)[0]]).size).toBe(3)
  })

  it('get every label wrong when flipped, and another name for each as symbols', () => {
    const items = verbs(60)
    const truth = new Map(items.map((item) => [item.query, item.choices[item.gold]!]))
    const { trials } = plan(items)
    const flipped = trials.filter((t) => t.condition === 'flipped').flatMap((t) => t.shots)
    expect(flipped.length).toBeGreaterThan(0)
    expect(flipped.filter((s) => s.answer === truth.get(s.query))).toEqual([])
    const symbols = trials.filter((t) => t.condition === 'symbols')
    const names = new Map(symbols.flatMap((t) => t.shots.map((s) => [truth.get(s.query), s.answer] as const)))
    expect(names.size).toBe(2)
    // The question's right choice is the name that the shots give its label.
    for (const t of symbols) expect(t.choices[t.gold]).toBe(names.get(truth.get(t.query)))
  })

  it('with choices of their own are shown with a wrong one of theirs when flipped', () => {
    const items: TaskItem[] = Array.from({ length: 30 }, (_, i) => ({
      id: String(i),
      query: `q${i}`,
      choices: [` a${i}`, ` b${i}`, ` c${i}`],
      gold: i % 3,
    }))
    expect(sharedLabels(items)).toBeUndefined()
    const { trials, kind, chance } = plan(items)
    expect([kind, chance]).toEqual(['answers', 1 / 3])
    expect(new Set(trials.map((t) => t.condition))).toEqual(new Set(['given', 'flipped']))
    for (const { shots } of trials.filter((t) => t.condition === 'flipped'))
      for (const { query, answer } of shots) {
        const item = items.find((own) => own.query === query)!
        expect(item.choices.filter((_, c) => c !== item.gold)).toContain(answer)
      }
  })
})
