import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requestOf } from '../../src/cli/alarm.js'
import { type FollowOptions, followLogs } from '../../src/cli/follow.js'
import { History } from '../../src/cli/history.js'
import { analyseLogs, type TrainingRun } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'
import { scratch } from './files.js'

const file = scratch()
const row = (step: number, loss: number): string => `step ${step} loss ${loss.toFixed(3)}\n`
const sound = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => row(from + i, 3 + 5 / Math.sqrt(1 + from + i))).join('')
const broken = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => row(from + i, 12)).join('')

async function runsOf(name: string, text: string): Promise<TrainingRun[]> {
  return readLogs([file(name, text)], { columns: {} })
}

/** Follow a log through what it holds at each look; the stream is over after the last one. */
async function follow(
  texts: readonly string[],
  options: Partial<FollowOptions> = {},
): Promise<{ notes: string[]; exitCode: number; looks: number }> {
  const notes: string[] = []
  const history = new History()
  let looks = 0
  const look = async () => {
    const runs = history.withEarlier(await runsOf('run.log', texts[Math.min(looks++, texts.length - 1)]))
    return { analysis: analyseLogs({ runs }), json: {}, text: '', exitCode: 0 as const }
  }
  const isOver = (): boolean => looks >= texts.length - 1
  const { exitCode } = await followLogs(
    look,
    { interval: 0.001, ...options },
    { note: (n) => notes.push(n) },
    isOver,
  )
  return { notes, exitCode, looks }
}

const received: { body: string; type: string }[] = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString()
  })
  request.on('end', () => {
    received.push({ body, type: request.headers['content-type'] ?? '' })
    response.end()
  })
})
beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)))
afterAll(() => server.close())

describe('a log that is followed', () => {
  it.each([0, 1])('does not wait for a loss below zero to pass (after %i looks)', async (looks) => {
    const below = `${sound(0, 50)}step 50 loss -3\n`
    await expect(follow([...Array(looks).fill(sound(0, 50)), below, below])).rejects.toMatchObject({
      code: 'logs/negative-loss',
    })
  })

  it('tells a changed verdict at the look that sees it, and those who asked', async () => {
    const mark = file('mark', '').replace('mark', 'failed')
    const { notes, looks } = await follow([sound(0, 100), sound(0, 100) + broken(100, 160)], {
      notify: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      onFail: `printf '%s %s' "$ASSAY_STEP" "$ASSAY_VERDICT" > "${mark}.part" && mv "${mark}.part" "${mark}"`,
    })
    expect(looks).toBe(2)
    expect(notes[1]).toMatch(/run\.log {2}step 159: healthy → diverged/)
    expect(received).toHaveLength(1)
    expect(JSON.parse(received[0].body)).toMatchObject({
      run: 'run.log',
      step: 159,
      verdict: 'diverged',
      before: 'healthy',
      failed: true,
    })
    for (let i = 0; i < 100 && !existsSync(mark); i++) await sleep(20)
    expect(readFileSync(mark, 'utf8')).toBe('159 diverged')
  })

  it('goes on when the receiver does not answer', async () => {
    const { notes } = await follow([sound(0, 100), sound(0, 100) + broken(100, 160)], {
      notify: 'http://127.0.0.1:1',
    })
    expect(notes.at(-1)).toMatch(/^--notify: /)
  })

  it.each([150, 101, 100])('keeps what a rotated log has lost (from step %i on)', async (from) => {
    const history = new History()
    history.withEarlier(await runsOf('rotated.log', sound(0, 150)))
    const [run] = history.withEarlier(await runsOf('rotated.log', sound(from, from + 60)))
    expect([run.step[0], Math.max(...run.step)]).toEqual([0, from + 59])
    // And once more: the history is what was kept, not the log of the look before.
    const [again] = history.withEarlier(await runsOf('rotated.log', sound(from + 60, from + 90)))
    expect([again.step[0], Math.max(...again.step)]).toEqual([0, from + 89])
  })

  it('takes one that begins at its start again for another run', async () => {
    const history = new History()
    history.withEarlier(await runsOf('anew.log', sound(0, 150)))
    const [run] = history.withEarlier(await runsOf('anew.log', sound(0, 30)))
    expect(run.step).toHaveLength(30)
  })
})

it.each([
  ['https://hooks.slack.com/services/a', { text: 'assay: a  step 5: diverged' }],
  ['https://discord.com/api/webhooks/a', { content: 'assay: a  step 5: diverged' }],
  [
    'https://example.org/hook',
    { text: 'a  step 5: diverged', run: 'a', step: 5, verdict: 'diverged', failed: true },
  ],
])('%s is told in its own words', (url, body) => {
  const request = requestOf(new URL(url), { run: 'a', step: 5, verdict: 'diverged', failed: true })
  expect(JSON.parse(String(request.body))).toEqual(body)
})

it('ntfy is told in text, with a title', () => {
  const change = { run: 'a', step: 5, verdict: 'diverged', failed: true }
  expect(requestOf(new URL('https://ntfy.sh/a'), change)).toMatchObject({
    headers: { title: 'assay: diverged', priority: 'high' },
    body: 'a  step 5: diverged',
  })
})
