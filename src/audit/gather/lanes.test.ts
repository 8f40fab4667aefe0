import { describe, expect, it } from 'vitest'
import { inLanes } from './lanes.js'

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

describe('lanes', () => {
  it('do every item once, as many at a time as there are lanes', async () => {
    const done: number[] = []
    let underWay = 0
    let most = 0
    await inLanes([0, 1, 2, 3, 4, 5, 6], 3, async (item) => {
      most = Math.max(most, ++underWay)
      await later()
      underWay--
      done.push(item)
    })
    expect(done.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(most).toBe(3)
  })

  it('are one where nobody says how many', async () => {
    const order: string[] = []
    await inLanes(['a', 'b'], undefined, async (item) => {
      order.push(`${item} begins`)
      await later()
      order.push(`${item} ends`)
    })
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  })

  it('let what is under way end before they throw, and begin nothing more', async () => {
    const ended: number[] = []
    const work = inLanes([0, 1, 2, 3], 2, async (item) => {
      if (item === 0) throw new Error('lost')
      await later()
      ended.push(item)
    })
    await expect(work).rejects.toThrow('lost')
    expect(ended).toEqual([1])
  })
})
