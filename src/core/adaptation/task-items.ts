import { groupBy } from '../collections.js'
import type { ShotCondition } from '../evidence/index.js'
import { type Random, shuffled } from '../random/index.js'
import { counted } from '../text/counted.js'
import type { Shot, TaskPlan, Trial } from './trial.js'

/** A multiple-choice item of a task. */
export interface TaskItem {
  readonly id: string
  readonly query: string
  readonly choices: readonly string[]
  readonly gold: number
}

export interface TaskSizes {
  /** Items asked, at most. */
  readonly items: number
  /** Draws of shots. */
  readonly draws: number
  readonly shots: readonly number[]
}

/** Letters that stand for labels: upper case, so that no label of words is one. */
const SYMBOLS = 'BCDFGHJKLMNPQRSTVWXZ'

/** The labels that all items choose among, in the first item's order; undefined where items bring their own choices. */
export function sharedLabels(items: readonly TaskItem[]): readonly string[] | undefined {
  const key = (choices: readonly string[]): string => JSON.stringify(choices.toSorted())
  const [first] = items
  return items.length > 1 && items.every(({ choices }) => key(choices) === key(first.choices))
    ? first.choices
    : undefined
}

const answerOf = (item: TaskItem): string => item.choices[item.gold]

/** Items in turn from each label, in an order drawn anew for every round: no stretch of them favours one label. */
function balanced(items: readonly TaskItem[], random: Random): TaskItem[] {
  const queues = [...groupBy(shuffled(items, random), answerOf).values()]
  const rounds = Math.max(...queues.map((queue) => queue.length))
  return Array.from({ length: rounds }, (_, r) =>
    shuffled(queues, random).flatMap((q) => q.slice(r, r + 1)),
  ).flat()
}

/** Test items: of shared labels as many of each, so that a model that always says the same is at chance. */
function testItems(
  items: readonly TaskItem[],
  labels: readonly string[] | undefined,
  most: number,
  random: Random,
): TaskItem[] {
  if (labels === undefined) return shuffled(items, random).slice(0, most)
  const byLabel = [...groupBy(shuffled(items, random), answerOf).values()]
  const each = Math.max(1, Math.min(Math.floor(most / byLabel.length), ...byLabel.map((own) => own.length)))
  return byLabel.flatMap((own) => own.slice(0, each))
}

/** Accuracy without reading: of shared labels the best constant answer's (a label may never be right), else of guessing. */
function chanceOf(asked: readonly TaskItem[], labels: readonly string[] | undefined): number {
  if (labels === undefined)
    return asked.reduce((sum, item) => sum + 1 / item.choices.length, 0) / asked.length
  const counts = [...groupBy(asked, answerOf).values()].map((own) => own.length)
  return Math.max(...counts) / asked.length
}

/** How a condition writes an item as a shot. */
type Writer = (item: TaskItem) => string

function writersOf(labels: readonly string[] | undefined, random: Random): Map<ShotCondition, Writer> {
  const writers = new Map<ShotCondition, Writer>([['given', answerOf]])
  if (labels === undefined) {
    // A wrong choice of the item's own, the same in every draw.
    writers.set('flipped', (item) => {
      const wrong = item.choices.filter((_, i) => i !== item.gold)
      return wrong[random.derive(item.id).integer(wrong.length)]
    })
    return writers
  }
  const at = (item: TaskItem): number => labels.indexOf(answerOf(item))
  writers.set('flipped', (item) => labels[(at(item) + 1) % labels.length])
  if (labels.length <= SYMBOLS.length) {
    const symbols = shuffled([...SYMBOLS], random.derive('symbols')).map((letter) => ` ${letter}`)
    writers.set('symbols', (item) => symbols[at(item)])
  }
  return writers
}

/** What is asked under a condition: the item's own choices, or the names that the shots give them. */
function choicesOf(
  item: TaskItem,
  condition: ShotCondition,
  labels: readonly string[] | undefined,
  write: Writer,
) {
  if (condition !== 'symbols' || labels === undefined) return { choices: item.choices, gold: item.gold }
  const named = labels.map((label) => write({ ...item, choices: [label], gold: 0 }))
  return { choices: named, gold: labels.indexOf(answerOf(item)) }
}

/**
 * A task's items behind shots from the same items: never the item itself, nor one of the same text. Every draw has its own
 * shots in its own order, the same for all items but those that stand among them, so that what a draw is worth is common
 * to its items and belongs to the interval.
 *
 * @throws {RangeError} for no items
 */
export function planTask(
  task: string,
  items: readonly TaskItem[],
  { items: most, draws, shots }: TaskSizes,
  format: Pick<TaskPlan, 'lead' | 'separator'>,
  random: Random,
): TaskPlan {
  if (items.length === 0) throw new RangeError(`task ${task} has no items`)
  const labels = sharedLabels(items)
  const asked = testItems(items, labels, most, random.derive('items'))
  const longest = Math.max(...shots)
  const rest = items.filter((item) => !asked.includes(item))
  const pool = rest.length >= longest ? rest : items
  const available = pool === rest ? rest.length : items.length - 1
  const possible = shots.filter((k) => k <= available)
  const leftOut = shots
    .filter((k) => k > available)
    .map(
      (k) =>
        `${counted(k, 'shot')}: the task has ${counted(items.length, 'item')}, of which ${available} can be shown`,
    )
  const writers = writersOf(labels, random.derive('labels'))
  const trials: Trial[] = []
  for (let draw = 0; draw < draws; draw++) {
    const order = orderOf(pool, labels, random.derive(`draw/${draw}`))
    for (const [condition, write] of writers)
      for (const item of asked) {
        const usable = order.filter((shot) => shot.id !== item.id && shot.query !== item.query)
        for (const k of possible) {
          // Without shots neither condition nor draw says anything.
          if (k === 0 && (draw > 0 || condition !== 'given')) continue
          if (k > usable.length) continue
          const shown = usable.slice(0, k).map((shot): Shot => ({ query: shot.query, answer: write(shot) }))
          trials.push({
            condition,
            k,
            draw,
            item: item.id,
            cluster: item.id,
            shots: shown,
            query: item.query,
            ...choicesOf(item, condition, labels, write),
          })
        }
      }
  }
  return {
    task,
    kind: labels === undefined ? 'answers' : 'labels',
    chance: chanceOf(asked, labels),
    draws,
    shots: possible,
    ...format,
    trials,
    leftOut,
  }
}

function orderOf(
  pool: readonly TaskItem[],
  labels: readonly string[] | undefined,
  random: Random,
): TaskItem[] {
  return labels === undefined ? shuffled(pool, random) : balanced(pool, random)
}
