import { spawn } from 'node:child_process'

/** A verdict that changed. */
export interface Change {
  readonly run: string
  readonly step: number
  readonly verdict: string
  /** The verdict before; undefined at the first look. */
  readonly before?: string
  readonly reason?: string
  readonly failed: boolean
}

/** How long a receiver may take. */
const PATIENCE = 10_000

export function changeText({ run, step, verdict, before, reason }: Change): string {
  return `${run}  step ${step}: ${before === undefined ? '' : `${before} → `}${verdict}${reason === undefined ? '' : ` (${reason})`}`
}

/** The request that a receiver understands, by its host: Slack, Discord, ntfy, and JSON for all others. */
export function requestOf(url: URL, change: Change): RequestInit {
  const text = changeText(change)
  const json = (body: object): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (url.hostname === 'hooks.slack.com') return json({ text: `assay: ${text}` })
  if (url.hostname === 'discord.com') return json({ content: `assay: ${text}` })
  if (!/^ntfy\./.test(url.hostname)) return json({ text, ...change })
  return {
    method: 'POST',
    // A header holds no other characters.
    headers: { title: `assay: ${change.verdict}`, priority: change.failed ? 'high' : 'default' },
    body: text,
  }
}

async function post(url: URL, change: Change): Promise<void> {
  const answer = await fetch(url, { ...requestOf(url, change), signal: AbortSignal.timeout(PATIENCE) })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`${url.origin} answers ${answer.status}`)
}

/** Run a command by the shell, what happened in its environment; its output goes to stderr, its end is not waited for. */
function start(command: string, { run, step, verdict, reason }: Change, failed: (why: string) => void): void {
  const env = { ASSAY_RUN: run, ASSAY_STEP: `${step}`, ASSAY_VERDICT: verdict, ASSAY_REASON: reason ?? '' }
  const child = spawn(command, {
    shell: true,
    stdio: ['ignore', process.stderr, 'inherit'],
    env: { ...process.env, ...env },
    detached: true,
  })
  child.on('error', (error) => failed(error.message))
  child.unref()
}

/** Tells others of changed verdicts; what goes wrong there is a note, and the watching goes on. */
export function alarmOf(
  options: { readonly notify?: string; readonly onFail?: string },
  note: (text: string) => void,
): (change: Change) => Promise<void> {
  const url = options.notify === undefined ? undefined : new URL(options.notify)
  const failed = new Set<string>()
  return async (change) => {
    if (options.onFail !== undefined && change.failed && !failed.has(change.run)) {
      failed.add(change.run)
      start(options.onFail, change, (why) => note(`--on-fail: ${why}`))
    }
    if (url === undefined) return
    await post(url, change).catch((error: unknown) => {
      const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined }
      note(`--notify: ${cause instanceof Error ? cause.message : message}`)
    })
  }
}
