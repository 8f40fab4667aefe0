import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Journal, requireSameSettings } from './journal.js'

const scratch = (): string => mkdtempSync(join(tmpdir(), 'assay-journal-'))
const HEAD = { settings: { window: 512, texts: 'a' } }

describe('Journal', () => {
  it('keeps whole items and cuts a torn one, wherever the process was killed', () => {
    const path = join(scratch(), 'j.jsonl')
    const journal = Journal.open<{ n: number }>(path, HEAD, false)
    for (let n = 0; n < 5; n++) journal.record(`k${n}`, { n })
    journal.close()
    const whole = readFileSync(path)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length }), (cut) => {
        writeFileSync(path, whole.subarray(0, cut))
        const reopened = Journal.open<{ n: number }>(path, HEAD, true)
        // Lines that end before the cut, less the header.
        const expected = Math.max(0, whole.subarray(0, cut).toString().split('\n').length - 2)
        expect(reopened.done.size).toBe(expected)
        for (let n = expected; n < 5; n++) reopened.record(`k${n}`, { n })
        reopened.close()
        expect(readFileSync(path)).toEqual(whole)
      }),
      { numRuns: 60 },
    )
  })

  it('refuses other settings, and names each with both values', () => {
    const path = join(scratch(), 'j.jsonl')
    const head = (seed: number, window: number, texts: string) => ({
      settings: { window, texts },
      asked: { seed },
    })
    Journal.open(path, head(1, 512, 'a'), false).close()
    // What was asked for bars nothing where it changes no setting.
    Journal.open(path, head(2, 512, 'a'), true).close()
    const refusal = { code: 'audit/other-plan', message: 'seed: was 1, now 2; window: was 512, now 256' }
    expect(() => Journal.open(path, head(2, 256, 'a'), true)).toThrow(expect.objectContaining(refusal))
    Journal.open(path, head(2, 256, 'a'), false).close()
  })

  it('compares beforehand what is known, and leaves the file as it is', () => {
    const path = join(scratch(), 'j.jsonl')
    requireSameSettings(path, HEAD)
    Journal.open(path, HEAD, false).close()
    const before = readFileSync(path)
    requireSameSettings(path, { settings: { window: 512 } })
    expect(() => requireSameSettings(path, { settings: { window: 256 } })).toThrow(
      expect.objectContaining({ message: 'window: was 512, now 256' }),
    )
    expect(readFileSync(path)).toEqual(before)
    writeFileSync(path, '{"plan":"5c1f"}\n')
    expect(() => requireSameSettings(path, HEAD)).toThrow(
      expect.objectContaining({ code: 'audit/other-plan' }),
    )
  })
})
