import { describe, expect, it } from 'vitest'
import { Congestion } from './congestion.js'

/** As many requests as it allows, all ending alike. */
function round(load: Congestion, ending: 'answered' | 'overloaded' | 'failed'): void {
  const tickets: number[] = []
  while (load.hasRoom) tickets.push(load.begin())
  for (const ticket of tickets) load.end(ticket, ending)
}

describe('how many requests a server is given', () => {
  it('begins with four, grows to the most, and never beyond', () => {
    const load = new Congestion(64)
    expect(load.limit).toBe(4)
    for (let i = 0; i < 100; i++) round(load, 'answered')
    expect(load.limit).toBe(64)
  })

  it('is halved by overload once for all that were under way, and grows slowly then', () => {
    const load = new Congestion(64)
    for (let i = 0; i < 100; i++) round(load, 'answered')
    round(load, 'overloaded')
    expect(load.limit).toBe(32)
    const before = load.limit
    round(load, 'answered')
    // One more for every limit's worth of answers.
    expect(load.limit - before).toBeLessThanOrEqual(1)
  })

  it('is never less than one', () => {
    const load = new Congestion(64)
    for (let i = 0; i < 100; i++) round(load, 'overloaded')
    expect(load.limit).toBe(1)
    expect(load.hasRoom).toBe(true)
  })

  it('stays where connections break, and where one answer in forty is turned away', () => {
    const load = new Congestion(64)
    for (let i = 0; i < 100; i++) round(load, 'answered')
    round(load, 'failed')
    expect(load.limit).toBe(64)
    for (let i = 0; i < 4000; i++) load.end(load.begin(), i % 40 === 0 ? 'overloaded' : 'answered')
    expect(load.limit).toBe(64)
  })
})
