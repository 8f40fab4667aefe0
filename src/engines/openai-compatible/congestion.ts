/** How a request ended, as far as its server's load is concerned: answered, turned away for load, or neither. */
export type Ending = 'answered' | 'overloaded' | 'failed'

const FIRST_LIMIT = 4
/** What is left of the limit after overload. */
const DECREASE = 0.5
/** Overload is a share of recent answers: single ones are turned away by servers that are not full, too. */
const OVERLOAD_SHARE = 0.15
/** Weight of the last answer in that share. */
const MEMORY = 1 / 16

/**
 * How many requests one server is given at once: additive increase, multiplicative decrease (Chiu and Jain 1989), with a
 * slow start that doubles until the first overload. Overload is that of the last sixteen requests or so more than a few
 * were turned away (429, 503) or timed out; those that were under way together count once. Broken connections say nothing
 * of load and leave the limit as it is.
 */
export class Congestion {
  limit: number
  inFlight = 0
  private doubling = true
  private generation = 0
  private overloaded = 0

  constructor(private readonly most: number) {
    this.limit = Math.min(FIRST_LIMIT, most)
  }

  get hasRoom(): boolean {
    return this.inFlight < Math.floor(this.limit)
  }

  /** Returns what `end` wants back. */
  begin(): number {
    this.inFlight++
    return this.generation
  }

  end(begunIn: number, ending: Ending): void {
    const wasFull = this.inFlight >= Math.floor(this.limit)
    this.inFlight--
    if (ending === 'failed' || begunIn !== this.generation) return
    this.overloaded += ((ending === 'overloaded' ? 1 : 0) - this.overloaded) * MEMORY
    if (this.overloaded > OVERLOAD_SHARE) {
      this.limit = Math.max(1, this.limit * DECREASE)
      this.doubling = false
      this.overloaded = 0
      this.generation++
    } else if (ending === 'answered' && wasFull)
      this.limit = Math.min(this.most, this.limit + (this.doubling ? 1 : 1 / this.limit))
  }
}
