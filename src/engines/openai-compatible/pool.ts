import { setTimeout as sleep } from 'node:timers/promises'
import { raise as raiseEngines } from '../errors.js'
import type { Endpoint, Patience } from './endpoint.js'
import { raise } from './errors.js'
import { PassingFailure } from './passing.js'

/** Attempts at least, and at an answer that makes no sense, at most. */
const ATTEMPTS = 8
/** Failures of one question before somebody is told. */
const TOLD_AFTER = 4
const LONGEST_PAUSE = 10_000

/** One question: what to send, and what the answer says. */
export interface Question<T> {
  readonly path: string
  readonly body?: object
  /** Answers that make no sense before the last of them is believed to be meant; 8 where left out. */
  readonly tries?: number
  /** @throws {PassingFailure} `strange`: this is no answer to the question */
  read(answer: unknown): T
}

/** A place at a server, taken until the question that it is for is answered or has failed. */
interface Place {
  readonly endpoint: Endpoint
  readonly ticket: number
}

interface Waiter {
  readonly prefer: Endpoint | undefined
  readonly take: (place: Place) => void
  readonly refuse: (error: Error) => void
}

/** Shares questions out among servers, as many to each as it bears, and asks again where that may help. */
export class Pool {
  private waiting: Waiter[] = []
  private timer: NodeJS.Timeout | undefined

  constructor(
    readonly endpoints: readonly Endpoint[],
    private readonly patience: Patience,
    private readonly signal: AbortSignal,
    private readonly note: (text: string) => void = () => {},
  ) {
    signal.addEventListener('abort', () => this.refuseAll(), { once: true })
  }

  /**
   * Ask one question until it is answered.
   *
   * @param prefer the server that holds what the question begins with, if it has room
   * @returns      the answer, and who gave it
   * @throws {AssayError} `engines/server-unreachable`, `closed`; the verdict of a strange answer; what endpoints throw
   */
  async ask<T>(question: Question<T>, prefer?: Endpoint): Promise<{ value: T; endpoint: Endpoint }> {
    const begun = performance.now()
    for (let attempt = 1; ; attempt++) {
      // After a failure any server may do better.
      const { endpoint, ticket } = await this.freePlace(attempt === 1 ? prefer : undefined)
      try {
        const value = question.read(await endpoint.ask(question.path, question.body, ticket))
        return { value, endpoint }
      } catch (error) {
        if (!(error instanceof PassingFailure)) throw error
        await this.considerAnother(
          error,
          { attempt, tries: question.tries ?? ATTEMPTS, tried: performance.now() - begun },
          endpoint,
        )
      } finally {
        this.serve()
      }
    }
  }

  /** Wait before another attempt, or give up. */
  private async considerAnother(
    error: PassingFailure,
    { attempt, tries, tried }: { readonly attempt: number; readonly tries: number; readonly tried: number },
    endpoint: Endpoint,
  ): Promise<void> {
    if (attempt >= tries && error.verdict !== undefined) throw error.verdict
    if (attempt >= ATTEMPTS && tried > this.patience.outage)
      throw raise(
        'server-unreachable',
        `tried ${attempt} times in ${Math.round(tried / 1000)} s, the last time: ${error.message}`,
        { path: endpoint.root },
      )
    if (attempt >= TOLD_AFTER && !endpoint.isTroubled) {
      endpoint.isTroubled = true
      this.note(`${endpoint.root} gives no answer (${error.message}); it is asked again for a while.`)
    }
    const pause = Math.min(LONGEST_PAUSE, this.patience.pause * 2 ** (attempt - 1))
    this.serve()
    await sleep((error.pause ?? 0) + Math.random() * pause, undefined, { signal: this.signal }).catch(
      () => {},
    )
  }

  private freePlace(prefer: Endpoint | undefined): Promise<Place> {
    if (this.signal.aborted) throw stopped()
    return new Promise((take, refuse) => {
      this.waiting.push({ prefer, take, refuse })
      this.serve()
    })
  }

  /** Give places to those who wait longest. */
  private serve(): void {
    while (this.waiting.length > 0) {
      const { prefer, take } = this.waiting[0]!
      const endpoint = prefer?.isOpen === true ? prefer : this.leastBusy()
      if (endpoint === undefined) break
      this.waiting.shift()
      take({ endpoint, ticket: endpoint.load.begin() })
    }
    if (this.waiting.length > 0) this.wakeLater()
  }

  private leastBusy(): Endpoint | undefined {
    return this.endpoints
      .filter((endpoint) => endpoint.isOpen)
      .toSorted((a, b) => a.load.inFlight / a.load.limit - b.load.inFlight / b.load.limit)[0]
  }

  /** A server that asked to be left alone has places again without anything ending. */
  private wakeLater(): void {
    const now = performance.now()
    const holds = this.endpoints.map(({ holdUntil }) => holdUntil).filter((until) => until > now)
    if (this.timer !== undefined || holds.length === 0) return
    this.timer = setTimeout(
      () => {
        this.timer = undefined
        this.serve()
      },
      Math.min(...holds) - now + 1,
    )
  }

  private refuseAll(): void {
    clearTimeout(this.timer)
    for (const { refuse } of this.waiting) refuse(stopped())
    this.waiting = []
  }
}

const stopped = () => raiseEngines('closed', 'while a server was asked')
