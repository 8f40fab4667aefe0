import { raise as raiseEngines } from '../errors.js'
import { Congestion, type Ending } from './congestion.js'
import { raise } from './errors.js'
import { PassingFailure } from './passing.js'

/** How long and how hard a server is asked. */
export interface Patience {
  /** Requests under way at once, per server. */
  readonly inFlight: number
  /** Least time that a request is given, ms; more where answers take long. */
  readonly timeout: number
  /** Time that a server that gives no answer is tried for, ms. */
  readonly outage: number
  /** First pause before another attempt, ms; doubles, and a random part of it is taken. */
  readonly pause: number
}

export const DEFAULT_PATIENCE: Patience = { inFlight: 64, timeout: 60_000, outage: 120_000, pause: 250 }

/** A request is given this many times the slowest answer of late. */
const SLOWER = 8
/** What an answer leaves of the slowest before it. */
const FADING = 0.98
const LONGEST_TIMEOUT = 600_000
const LONGEST_RETRY_AFTER = 120_000
const SHOWN = 200

/** One server: its address, its load, and requests to it. */
export class Endpoint {
  readonly load: Congestion
  /** No new request before this time (performance.now). */
  holdUntil = 0
  /** Whether somebody was told that it gives no answers. */
  isTroubled = false
  private slowest = 0

  constructor(
    readonly root: string,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly patience: Patience,
    private readonly signal: AbortSignal,
  ) {
    this.load = new Congestion(patience.inFlight)
  }

  get isOpen(): boolean {
    return this.load.hasRoom && performance.now() >= this.holdUntil
  }

  /**
   * Ask for JSON: a GET without a body, else a POST.
   *
   * @param ticket from `load.begin`
   * @param longest wait for an answer, ms; by the patience and the slowest answer where left out
   * @throws {PassingFailure} where another attempt may help
   * @throws {AssayError} `engines/server-denied`, `server-refused`, `closed`
   */
  async ask(path: string, body: object | undefined, ticket: number, longest?: number): Promise<unknown> {
    let ending: Ending = 'failed'
    const start = performance.now()
    try {
      const answer = await this.exchange(path, body, longest)
      ending = 'answered'
      this.isTroubled = false
      this.slowest = Math.max(this.slowest * FADING, performance.now() - start)
      return answer
    } catch (error) {
      if (error instanceof PassingFailure && error.what === 'overloaded') {
        ending = 'overloaded'
        this.holdUntil = Math.max(this.holdUntil, performance.now() + (error.pause ?? 0))
      }
      throw error
    } finally {
      this.load.end(ticket, ending)
    }
  }

  private async exchange(
    path: string,
    body: object | undefined,
    longest = Number.POSITIVE_INFINITY,
  ): Promise<unknown> {
    const milliseconds = Math.ceil(
      Math.min(longest, LONGEST_TIMEOUT, Math.max(this.patience.timeout, SLOWER * this.slowest)),
    )
    const limit = AbortSignal.timeout(milliseconds)
    let response: Response
    let text: string
    try {
      response = await fetch(`${this.root}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...this.headers, accept: 'application/json', 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: AbortSignal.any([this.signal, limit]),
      })
      text = await response.text()
    } catch (error) {
      if (this.signal.aborted)
        throw raiseEngines('closed', 'while a server was asked', { path: this.root }, error)
      if (limit.aborted)
        throw new PassingFailure(
          'overloaded',
          `no answer to ${path} within ${Math.round(milliseconds / 1000)} s`,
        )
      throw new PassingFailure('lost', causeOf(error))
    }
    if (!response.ok) throw this.refusal(path, response, text)
    try {
      return JSON.parse(text)
    } catch {
      const other = notMeantAsJson(text)
      if (other !== undefined) throw new PassingFailure('strange', `it answers ${path} with ${other}`)
      throw new PassingFailure(
        'lost',
        `the answer to ${path} is no JSON, or cut short (${text.length} characters)`,
      )
    }
  }

  private refusal(path: string, response: Response, text: string): Error {
    const { status } = response
    const said = this.shown(text)
    const where = { path: `${this.root}${path}` }
    if (status === 429 || status === 503)
      return new PassingFailure('overloaded', `${path} answered ${status}${said}`, retryAfter(response))
    if (status >= 500 || status === 408)
      return new PassingFailure('lost', `${path} answered ${status}${said}`)
    if (status === 401 || status === 403) return raise('server-denied', `it answered ${status}`, where)
    return raise('server-refused', `it answered ${status}${said}`, where)
  }

  /** What a server says of an error, in one line, without the key that it was asked with. */
  private shown(text: string): string {
    const secret = this.headers.authorization?.slice('Bearer '.length)
    const clean = secret === undefined ? text : text.replaceAll(secret, '…')
    const line = (/"(?:message|detail)"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(clean)?.[1] ?? clean)
      .replace(/\s+/g, ' ')
      .trim()
    return line === '' ? '' : `: ${line.slice(0, SHOWN)}`
  }
}

/** What a whole answer is that never was JSON. */
function notMeantAsJson(text: string): string | undefined {
  if (text.trim() === '') return 'nothing (an empty body)'
  return /^\s*</.test(text) ? 'a web page (HTML)' : undefined
}

/** `Retry-After` in ms: seconds, or a date. */
function retryAfter(response: Response): number | undefined {
  const text = response.headers.get('retry-after')
  if (text === null) return undefined
  const milliseconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Number.isFinite(milliseconds) ? Math.min(LONGEST_RETRY_AFTER, Math.max(0, milliseconds)) : undefined
}

/** Why a request could not be sent or its answer not be read: fetch hides it in causes, one or several. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.errors.length > 0) return causeOf(error.errors[0])
  return error.cause === undefined ? error.message || error.name : causeOf(error.cause)
}
