import { describe, expect, it } from 'vitest'
import { gatherAdaptation, planAdaptation, WHOLE } from '../../src/audit/index.js'
import {
  createRandom,
  measureAdaptation,
  type OpenedModel,
  type ScoreRequest,
  type TaskItem,
} from '../../src/core/index.js'
import { openByteModel } from '../contract/engine.byte-model.js'
import { estimated } from '../estimated.js'

const NO_FACTS = { facts: [], templates: new Map(), notes: [] }
const SIZES = {
  ...WHOLE,
  items: 8,
  draws: 3,
  shots: [0, 1, 4],
  rules: 2,
  questions: 4,
  ruleShots: [0, 4],
  pairs: 2,
}
const io = {
  signal: new AbortController().signal,
  progress: () => ({ update() {}, end() {} }),
}

const verbs = (count: number, query = (i: number): string => `subject ${i}`): TaskItem[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `v${i}`,
    query: query(i),
    choices: [' is', ' are'],
    gold: i % 2,
  }))
const task = (items: readonly TaskItem[]) => [{ task: 'verbs', path: 'verbs.jsonl', items }]
const plans = (items: readonly TaskItem[], sizes = SIZES) =>
  planAdaptation(task(items), NO_FACTS, sizes, createRandom(7))

/** The byte model scored by a rule of one's own on the whole text of a request. */
function readBy(rule: (prompt: string, choice: string) => number, contextLength = 4096): OpenedModel {
  const model = openByteModel()
  const text = (tokens: Int32Array): string => Buffer.from(tokens.filter((t) => t < 256)).toString('utf8')
  return {
    ...model,
    scorer: {
      contextLength,
      score: async (requests: readonly ScoreRequest[]) =>
        requests.map(({ tokens, from }) => {
          const values = new Float64Array(tokens.length - from)
          values[0] = rule(text(tokens.subarray(0, from)), text(tokens.subarray(from)))
          return values
        }),
    },
  }
}

/** Answers as the shot of the same parity of its number did, where there is one; says the first choice otherwise. */
const learner = (prompt: string, choice: string): number => {
  const lines = prompt.split('\n')
  const number = (line: string): number => Number(/subject (\d+)/.exec(line)?.[1] ?? -1)
  const asked = lines.at(-1) ?? ''
  const alike = lines.slice(0, -1).find((line) => number(line) % 2 === number(asked) % 2)
  if (alike === undefined) return choice === ' is' ? -1 : -2
  return alike.endsWith(choice) ? -1 : -5
}

async function verbsOf(model: OpenedModel, items = verbs(40)) {
  const evidence = await gatherAdaptation(model, plans(items), io)
  const measured = measureAdaptation(evidence, 0.95)
  return { evidence, measured, verbs: measured.tasks.find((t) => t.task === 'verbs')! }
}

describe('asking tasks behind shots', () => {
  it('shows a learner of the shots: right behind four, wrong behind wrong ones, at chance behind none', async () => {
    const { verbs: found } = await verbsOf(readBy(learner))
    const accuracy = (k: number) => estimated(found.shots.find((p) => p.k === k)?.accuracy).value
    expect([accuracy(0), accuracy(4)]).toEqual([0.5, 1])
    const flipped = found.controls.find((c) => c.name === 'flipped')!.shots.at(-1)!
    expect([flipped.k, estimated(flipped.accuracy).value]).toEqual([4, 0])
    const symbols = found.controls.find((c) => c.name === 'symbols')!.shots.at(-1)!
    expect(estimated(symbols.accuracy).value).toBe(1)
    // −1 against −5, and the other way round.
    expect(estimated(found.labelsWorth).value).toBeCloseTo(8)
  })

  it('shows a prior that reads no shots: the same behind right and wrong labels', async () => {
    const { verbs: found } = await verbsOf(readBy((_, choice) => -choice.length))
    for (const { accuracy } of [...found.shots, ...found.controls.flatMap((c) => c.shots)])
      expect(estimated(accuracy).value).toBe(0.5)
    expect(estimated(found.labelsWorth).value).toBe(0)
    expect(estimated(found.gain).value).toBe(0)
  })

  it('takes from a choice of an item’s own what it has unasked: no choice is right by being short', async () => {
    const items: TaskItem[] = Array.from({ length: 30 }, (_, i) => ({
      id: String(i),
      query: `q${i}`,
      choices: [` a${i}`, ` much longer ${i}`],
      gold: 1,
    }))
    const { verbs: found } = await verbsOf(
      readBy((_, choice) => -choice.length),
      items,
    )
    // All choices tie once their own likelihood is off.
    expect(estimated(found.shots[0]!.accuracy).value).toBe(0.5)
  })

  it('evaluates shots once that prompts share, on an engine that can', async () => {
    const { evidence } = await verbsOf(openByteModel())
    expect(evidence.tokens.naive).toBeGreaterThan(0)
    expect(evidence.prefixToken).toBe('<s>')
    expect(new Set(evidence.outcomes.map((o) => o.task))).toEqual(new Set(evidence.tasks.map((t) => t.task)))
  })
})

describe('what does not fit', () => {
  it('is left out: shots that most items do not fit behind, said with the context', async () => {
    // A shot is `subject 10 is\n`, 14 bytes or so; four of them with a question take about 75.
    const { evidence } = await verbsOf(readBy(learner, 45))
    const about = evidence.tasks.find((t) => t.task === 'verbs')!
    expect(about.shots).toEqual([0, 1])
    expect(about.leftOut).toEqual(['4 shots: too long for a context of 45 tokens'])
  })

  it('is left out: items too long for the context, counted', async () => {
    const items = verbs(40, (i) => `subject ${i}${i === 3 ? ' and so on'.repeat(100) : ''}`)
    // All of them are asked, so that the long one is, too.
    const sizes = { ...SIZES, items: 40, shots: [0, 1] }
    const evidence = await gatherAdaptation(readBy(learner, 200), plans(items, sizes), io)
    const about = evidence.tasks.find((t) => t.task === 'verbs')!
    expect(about.leftOut.some((reason) => /items: too long for a context of 200 tokens/.test(reason))).toBe(
      true,
    )
    expect(evidence.outcomes.some((o) => o.item === 'v3')).toBe(false)
  })

  it('is an error where nothing fits, with task, tokens and context', async () => {
    const items = verbs(40, (i) => `subject ${i}${' and so on'.repeat(100)}`)
    await expect(gatherAdaptation(readBy(learner, 200), plans(items), io)).rejects.toMatchObject({
      code: 'adaptation/too-long',
      message: expect.stringMatching(/task "verbs": the shortest of 8 items has 10\d\d tokens.*200/),
    })
  })

  it('is said of k beyond the items', async () => {
    const { evidence } = await verbsOf(readBy(learner), verbs(4))
    const about = evidence.tasks.find((t) => t.task === 'verbs')!
    expect(about.shots).toEqual([0, 1])
    expect(about.leftOut).toEqual(['4 shots: the task has 4 items, of which 3 can be shown'])
  })
})

describe('what cannot be asked', () => {
  it('is a task of one label', () => {
    const items = verbs(40).map((item) => ({ ...item, gold: 0 }))
    expect(() => plans(items)).toThrow(
      expect.objectContaining({
        code: 'adaptation/one-label',
        message: expect.stringContaining('all 40 items of the task say " is"'),
        place: { path: 'verbs.jsonl' },
      }),
    )
  })

  it('is a choice without a finite log-likelihood, named by item and shots', async () => {
    const masked = readBy((_, choice) => (choice === ' are' ? Number.NEGATIVE_INFINITY : -1))
    await expect(gatherAdaptation(masked, plans(verbs(40)), io)).rejects.toMatchObject({
      code: 'adaptation/not-finite',
      message: expect.stringMatching(
        /found -Infinity for choice " are" of item v\d+ of task "verbs" behind \d shots/,
      ),
    })
  })

  it('ends when it is interrupted', async () => {
    const controller = new AbortController()
    controller.abort()
    await expect(
      gatherAdaptation(openByteModel(), plans(verbs(40)), { ...io, signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'audit/interrupted' })
  })
})
